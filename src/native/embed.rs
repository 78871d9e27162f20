//! docs/EMBED.md: how the sandbox is put into other pages. Its tables are made from these and from the one table of parameters.
use crate::metrics::MILESTONES;
use crate::params::{KEYS, Key, format_value, kebab, range_text};
use std::fmt::Write;

/// A name, what it may be, and what it means.
pub type Row = (&'static str, &'static str, &'static str);

/// How it is shown: attributes (in kebab-case), parameters of the address, `ui` in a scenario file, options of `create`.
pub const PRESENTATION: &[Row] = &[
    ("scenario", "a preset's id", "Which shipped scenario it starts from."),
    ("view", "full, lesson, bare", "Everything; the stage with its words and the time; the stage and the time alone."),
    (
        "panels",
        "names, or none",
        "The only panels that are offered: inspect, why, log, spacetime, quorum, charts, runs, report, decide, table, share, lessons.",
    ),
    ("controls", "parameters, or none", "The only parameters that are shown; `scenario` is the menu of scenarios."),
    ("lock", "parameters", "Parameters that are shown and cannot be moved."),
    ("autoplay", "on, off", "Play at once? Without it: unless the visitor wants little motion."),
    ("speed", "auto, 0.05–600", "Simulated seconds per second."),
    ("start", "seconds, or a milestone", "Where it begins, paused."),
    ("stopAt", "seconds, or a milestone", "Where playing stops."),
    ("pauseAt", "milestones", "Where it pauses."),
    ("theme", "auto, light, dark, contrast", "Its colours."),
    ("motion", "auto, full, reduced", "How much moves by itself; `auto` asks the visitor's system."),
    (
        "locale",
        "en, de",
        "Its language: English, or German. Without it, that of a file's `locale`, if the page speaks it.",
    ),
    (
        "embed",
        "",
        "In a frame: tell the page around it how high it is, in Embedly's way and as Canvas's lti.frameResize, too.",
    ),
    ("origin", "an origin", "In a frame: only pages of this origin are heard, and told."),
    ("title", "text", "Its name for screen readers."),
    ("lesson", "a name", "A lesson of the directory `lessons` that begins by itself (attribute, address)."),
    ("xapi", "on, off, 0–1", "Tell lessons as xAPI statements; a number is the pass mark. See Grades."),
    ("edx", "", "Answer Open edX's getGrade, getState and setState. See Grades."),
    ("src", "an address", "A scenario file to show (attribute only)."),
    ("url-parameters", "", "It reads the address of the page: query and fragment (attribute only)."),
    ("data-no-keys", "", "Single keys do nothing (attribute only)."),
];

/// What an element does. Promises reject with an InvalidInputError or a LoadError.
pub const METHODS: &[Row] = &[
    ("play()", "", "Plays."),
    ("pause()", "", "Pauses."),
    ("step(n)", "", "n events on, or back when n is negative; it stays there, paused."),
    (
        "seek(t)",
        "Promise",
        "To seconds or a milestone; resolves when properties and page show it, paused. Beyond the end is the end.",
    ),
    ("reset()", "", "Back to the start with the same values."),
    ("setParams(values)", "", "Sets parameters, all or none, and restarts. Throws an InvalidInputError."),
    ("load(scenario)", "Promise", "Shows a scenario file (an object, JSON, its address) or a preset from its start."),
    (
        "act(action)",
        "Promise",
        "Does something to the cluster now: {do: 'stopNode', node: 'zk11'}, as in a scenario file without `at`.",
    ),
    ("link(options)", "Promise<string>", "A link to this moment; options say how it is to be shown."),
    ("embedCode(kind, options)", "Promise<string>", "What authors paste: iframe, element, markdown or link."),
    ("describe()", "Promise<string>", "The picture in words."),
    (
        "exportData(kind)",
        "Promise<string>",
        "The run so far: csv (samples), json (as the command line prints it), trace (every event).",
    ),
    ("exportImage(kind, options)", "Promise", "The stage: svg (text) or png (a Blob). Options: width, theme, scale."),
    ("dispose()", "", "Takes it off the page for good."),
];

/// What can be read.
pub const PROPERTIES: &[Row] = &[
    ("params", "object", "The effective parameters: numbers, booleans, words."),
    ("metrics", "object", "The cumulative numbers."),
    ("ledger", "object", "Every job by state; the states sum to `produced`."),
    ("phase", "string", "calm, joining, split, recovering or recovered."),
    ("paused", "boolean", "Does it stand still?"),
    ("currentTime", "number", "Simulated seconds; setting it seeks."),
    ("duration", "number", "Simulated seconds at which the run ends."),
    ("speed", "number", "Simulated seconds per second now; may be set, also to 'auto'."),
    ("scenario", "string", "The scenario's id."),
    ("version", "string", "The engine's version."),
    (
        "ready",
        "Promise",
        "Resolves to the element when it shows its first picture; rejects with a LoadError. Asking for it loads what nobody has seen yet.",
    ),
];

/// What is heard at an element: bubbling, composed CustomEvents.
pub const EVENTS: &[Row] = &[
    ("ready", "", "It shows its first picture."),
    ("play", "", "It plays."),
    ("pause", "", "It stopped."),
    ("ended", "", "It reached the end."),
    ("timeupdate", "currentTime", "While time passes, at most four times a second."),
    ("ratechange", "speed", "It plays at another speed."),
    ("paramchange", "", "It runs with other values, from the start."),
    ("phasechange", "phase", "The run is in another phase."),
    ("milestone", "name, time", "Something happened for the first time in this run."),
    ("invalidinput", "issues, notices", "Something it was given is not legal: refused (issues), or changed (notices)."),
    ("error", "code, message", "It could not be loaded, or crashed."),
    ("lessonstart", "lesson, title, locale, points, of", "A lesson begins, or goes on where it was left."),
    (
        "answer",
        "lesson, step, kind, question, options, given, yours, right, correct, locale, points, of",
        "A question was answered; `of` is 0 when nothing is right in this run.",
    ),
    (
        "lessonend",
        "lesson, title, locale, points, of",
        "A lesson is over. `of` counts its questions that were not answered, too.",
    ),
    ("xapi", "statement", "Any of the three as an xAPI statement, when asked for."),
];

/// What is said between a frame and the page around it.
pub const MESSAGES: &[Row] = &[
    ("ready", "frame → page: state", "It shows its first picture."),
    ("resize", "frame → page: height", "Its height in CSS pixels."),
    ("milestone", "frame → page: detail", "As the event."),
    ("phasechange", "frame → page: detail", "As the event."),
    ("state", "frame → page: event, state", "An event that was subscribed to, and everything that can be read."),
    ("invalidinput", "frame → page: detail", "As the event."),
    ("error", "frame → page: detail", "As the event."),
    ("lessonstart", "frame → page: detail", "As the event; so are answer and lessonend."),
    ("answer", "frame → page: detail", ""),
    ("lessonend", "frame → page: detail", ""),
    ("xapi", "frame → page: statement", "An xAPI statement, when asked for."),
    ("result", "frame → page: id, ok, value or error", "The one answer to a command with an id."),
    ("hello", "page → frame", "Answers the state, when it is ready."),
    ("play", "page → frame", "As the method; so are pause and reset."),
    ("pause", "page → frame", ""),
    ("reset", "page → frame", ""),
    ("seek", "page → frame: target", "As the method; answers the time."),
    ("setParams", "page → frame: params", "As the method; answers the parameters."),
    ("load", "page → frame: scenario", "As the method."),
    ("act", "page → frame: action", "As the method."),
    ("get", "page → frame: name", "state, one of its members, link, description, csv, json or trace."),
    (
        "subscribe",
        "page → frame: events",
        "Which of timeupdate, play, pause, ended, ratechange and paramchange are told as `state`.",
    ),
    ("theme", "page → frame: theme", "auto, light, dark or contrast."),
];

/// Colours that a page may set on the element.
pub const STYLES: &[Row] = &[
    ("--second-leader-ink", "colour", "Text."),
    ("--second-leader-mute", "colour", "Lesser text."),
    ("--second-leader-paper", "colour", "The ground."),
    ("--second-leader-card", "colour", "Fields and panels."),
    ("--second-leader-line", "colour", "Lines."),
    ("--second-leader-a", "colour", "The first ensemble; `--second-leader-a-fill` its ground."),
    ("--second-leader-b", "colour", "The second ensemble; `--second-leader-b-fill` its ground."),
];

/// Parts for `::part()`.
pub const PARTS: &[Row] = &[
    ("root", "", "All of it."),
    ("toolbar", "", "Play, speed and their kin."),
    ("stage", "", "Hosts, brokers, clients."),
    ("node", "", "A host or a broker."),
    ("chart", "", "The charts below the timeline."),
    ("log", "", "The panel of the log."),
    ("slider", "", "The timeline, and the speed."),
    ("notice", "", "What was wrong with the input."),
    ("panel", "", "An open panel."),
    ("controls", "", "The parameters."),
    ("banner", "", "What is going on, in words."),
    ("ledger", "", "The fate of every job."),
    ("popover", "", "The dialog of a host or a broker."),
];

/// Slots.
pub const SLOTS: &[Row] = &[
    ("(default)", "", "Shown until the first picture, and when there is none: tell the story here."),
    ("poster", "", "The same, before it."),
    ("caption", "", "Below the sandbox, always."),
];

/// Why loading can fail.
pub const CODES: &[Row] = &[
    ("wasm-csp", "", "The page's content security policy lacks 'wasm-unsafe-eval' in script-src."),
    ("wasm-mime", "", "The server sends .wasm files as something else than application/wasm."),
    ("wasm-cors", "", "The files come from another server, which does not allow it."),
    ("wasm-fetch", "", "The files are not where second-leader.js is."),
    ("file-protocol", "", "The page was opened from a file: take the single HTML file instead."),
    ("unsupported", "", "The browser has no WebAssembly."),
    ("crashed", "", "The simulation stopped because of an error in it."),
];

const INTRO: &str = "# Putting the sandbox into other pages\n\n\
This file is written by `make scenarios`; a test holds it to the code.\n\n\
```html\n<script type=\"module\" src=\"second-leader.js\"></script>\n<second-leader scenario=\"the-incident\" join-rate=\"480\" theme=\"auto\">\n  <p>What people read who have no JavaScript.</p>\n</second-leader>\n```\n\n\
`second-leader.js` must lie beside the other files of `dist/`. A whole scenario can stand inside the element, as\n\
`<script type=\"application/json\">…</script>`, or lie in a file that `src` names. The site reads the same from its address:\n\
`?scenario=patient&retries=0#s=…`, where `#s=` is a scenario file as base64url. The button \"Link to this moment\" writes such links.\n\
They carry `engine` (the version), `check` (the digest of all events up to that moment), `own` (how many of the actions people did) and\n\
`run` (its name) beside it. A link whose run comes out differently says so.\n\n\
Bad values in attributes and addresses never stop the sandbox: numbers are clamped, other words become the default, and one notice says\n\
`brokers=500 → 30 (1–30)`. Methods are strict: they change nothing, and throw. A query of more than 8 KiB, a fragment of more than 16 KiB,\n\
a file of more than 256 KiB and more than 200 actions are refused with a message.\n\n\
A page with a content security policy needs `script-src 'self' 'wasm-unsafe-eval'; style-src 'self'`, and `img-src blob:` for PNG files.\n\n\
Chrome 112, Firefox 113, Safari 15.4 and newer ones show it (older ones were not tried). Safari before 16 shows it in one column, and before\n\
16.4 `panels` and `controls` need a policy that allows inline styles. The page around it follows `theme` from Firefox 121 on.\n";

const GRADES: &str = include_str!("grades.md");

fn section(out: &mut String, title: &str, columns: [&str; 3], rows: &[Row]) {
    let plain = columns[1].is_empty();
    let head = if plain {
        format!("| {} | {} |\n|---|---|", columns[0], columns[2])
    } else {
        format!("| {} |\n|---|---|---|", columns.join(" | "))
    };
    let _ = writeln!(out, "\n## {title}\n\n{head}"); // writing to a String cannot fail
    for (name, what, means) in rows {
        let _ = if plain {
            writeln!(out, "| `{name}` | {means} |")
        } else {
            writeln!(out, "| `{name}` | {what} | {means} |")
        };
    }
}

/// The whole document.
pub fn document() -> String {
    let mut out = INTRO.to_string();
    section(&mut out, "How it is shown", ["name", "values", "what it does"], PRESENTATION);
    out.push_str("\nThese are attributes in kebab-case (`pause-at`), parameters of the address and members of a file's `ui` in camelCase (`pauseAt`); a file\nhas all up to `motion`, as JSON. What an element says itself counts more than the address, and that more than a file.\n");
    out.push_str("\n## Parameters\n\n| address, JSON, JavaScript | attribute | default | values | what it means |\n|---|---|---|---|---|\n");
    for key in KEYS {
        let p = key.param();
        let default = if *key == Key::OldLeader { "the highest".to_string() } else { format_value(*key, p.default) };
        let unit = if p.unit.is_empty() { String::new() } else { format!(" {}", p.unit) };
        let _ =
            writeln!(out, "| `{}` | `{}` | {default}{unit} | {} | {} |", p.key, kebab(p.key), range_text(*key), p.help);
    }
    section(&mut out, "Methods", ["method", "returns", "what it does"], METHODS);
    section(&mut out, "Properties", ["property", "type", "what it is"], PROPERTIES);
    section(&mut out, "Events", ["event", "detail", "when"], EVENTS);
    let names: Vec<String> = MILESTONES.iter().map(|(_, name)| format!("`{name}`")).collect();
    let _ = writeln!(out, "\nMilestones: {}.", names.join(", "));
    out.push_str("\n## The module\n\n`import { create, define, validate, simulate, parameters, InvalidInputError, LoadError, version } from './second-leader.js'`; its types are in\n`second-leader.d.ts`. `create(element, options)` puts a sandbox into an element; options are those above, `scenario` (an id or a file) and\n`params`. `validate(file)` resolves to a list of issues, `simulate(file, {params, until})` to the result of a run without a stage.\n");
    section(&mut out, "When loading fails", ["code", "", "why"], CODES);
    section(&mut out, "Messages between frames", ["type", "who says what", "what it is"], MESSAGES);
    out.push_str("\nEvery message is `{ns: \"second-leader\", v: 1, type, id?}` and what the table says. Only the page around the frame is heard. Anything else is\nignored.\n");
    out.push_str(GRADES);
    section(&mut out, "CSS properties", ["property", "type", "what it colours"], STYLES);
    section(&mut out, "Parts", ["part", "", "what it is"], PARTS);
    section(&mut out, "Slots", ["slot", "", "what it is"], SLOTS);
    out
}
