//! Reads the command line. Written by hand: one table of parameters, five commands, no dependency.
use super::sweep::request::SweepRequest;
use crate::params::{Issue, KEYS, Key, MILLION, Params, kebab, parse_decimal};
use std::ffi::OsString;

/// The longest run that can be asked for, in seconds.
const LONGEST: i64 = 86_400;

/// What somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Print how to use this.
    Help,
    /// Print the version.
    Version,
    /// Run a scenario.
    Run(RunRequest),
    /// Run a scenario many times, over a grid.
    Sweep(Box<SweepRequest>),
    /// Validate scenario files, and play their lessons.
    Check {
        /// Which.
        files: Vec<OsString>,
        /// Print what each lesson says, too.
        tell: bool,
    },
    /// List the presets, or write them as files.
    Presets {
        /// As JSON instead of a table.
        json: bool,
        /// Write one scenario file each into this directory.
        write: Option<OsString>,
    },
    /// List the parameters.
    Params {
        /// As JSON instead of a table.
        json: bool,
    },
}

/// What to print of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// A paragraph and numbers, for people.
    #[default]
    Report,
    /// One JSON object.
    Json,
    /// One line per event.
    Trace,
}

/// A run that somebody asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunRequest {
    /// A preset's id or a file; the first preset when `None`.
    pub source: Option<OsString>,
    /// Parameters given on the command line, as text.
    pub values: Vec<(Key, String)>,
    /// Where to stop, µs; the end of the run when `None`.
    pub until: Option<u64>,
    /// What to print.
    pub output: Output,
}

/// How to use this, for people.
pub const HELP: &str = "\
Second Leader simulates GitHub's outage of October 2020: hosts that join too quickly
elect a second ZooKeeper leader, a Kafka broker follows it, and a tenth of the writes fail.

  second-leader run [PRESET | SCENARIO.json] [options]   run it and tell what happened
  second-leader sweep [PRESET | SCENARIO.json] [options] run it many times, over a grid: how often is it so?
  second-leader check [--tell] SCENARIO.json...          say everything that is wrong with a file; play its
                                                         lesson to the end, and tell what it says
  second-leader presets [--json | --write DIR]           list the shipped scenarios
  second-leader params [--json]                          list the parameters: unit, default, range, source
  second-leader --help | --version

Options of run:
  --joinRate 30, --join-rate 30, --join-rate=30          any parameter, in either spelling
  --seed 7                                               same scenario and seed, same run
  --until 120s                                           stop there (120, 2m, 500ms also do)
  --json                                                 one JSON object instead of a report
  --trace                                                one line per event: time, actor, event, details

Options of sweep, besides any parameter:
  --x joinRate=10..600:25                                what changes from column to column: 25 values from 10 to 600
  --y listPolicy=renderedAtBoot,finalList                what changes from row to row
  --runs 200                                             runs in each cell, with the seeds from --seed on; else 100
  --metric lost,failedShare                              tell these numbers, too; then each run goes to its end
  --until 120s                                           or this far; else until its outcome is known
  --jobs 2                                               threads; the result is the same with any number
  --shard 2/8                                            the second eighth of the cells; put together, shards are the whole
  --json                                                 a line of JSON for each cell instead of a table

Without a name, they take the preset the-incident.
Exit codes: 0 it ran; 1 internal error, or the scenario's own `expect` does not hold; 2 bad input.
";

/// The arguments, and the problems found so far.
pub struct Arguments {
    rest: std::vec::IntoIter<OsString>,
    issues: Vec<Issue>,
}

/// An argument: a flag with its attached value, or a plain word.
pub enum Argument {
    /// `--name`, or `--name=value`.
    Flag(String, Option<String>),
    /// Anything else.
    Word(OsString),
}

impl Arguments {
    /// The next one.
    pub fn shift(&mut self) -> Option<Argument> {
        let arg = self.rest.next()?;
        let text = arg.to_string_lossy();
        let Some(flag) = text.strip_prefix("--").filter(|name| !name.is_empty()) else {
            return Some(Argument::Word(arg));
        };
        Some(match flag.split_once('=') {
            Some((name, value)) => Argument::Flag(name.to_string(), Some(value.to_string())),
            None => Argument::Flag(flag.to_string(), None),
        })
    }

    /// The value of a flag: attached with `=`, or the next argument.
    pub fn value(&mut self, name: &str, attached: Option<String>) -> Option<String> {
        let value = attached.or_else(|| self.rest.next().map(|v| v.to_string_lossy().into_owned()));
        if value.is_none() {
            self.bad(name, "", "needs a value");
        }
        value
    }

    /// A flag that takes no value.
    pub fn plain(&mut self, name: &str, attached: Option<String>) -> bool {
        if let Some(value) = &attached {
            self.bad(name, value, "takes no value");
        }
        attached.is_none()
    }

    /// Notes what is wrong with an option.
    pub fn bad(&mut self, name: &str, value: &str, message: impl Into<String>) {
        self.issues.push(Issue::new(format!("--{name}"), value, message));
    }

    /// Was nothing wrong so far?
    pub fn is_sound(&self) -> bool {
        self.issues.is_empty()
    }

    /// Notes an argument that nothing can be done with.
    pub fn unknown(&mut self, argument: Argument) {
        match argument {
            Argument::Flag(name, _) => self.bad(&name, "", "is not an option of this command"),
            Argument::Word(word) => {
                self.issues.push(Issue::new(word.to_string_lossy(), "", "is one argument too many"))
            }
        }
    }
}

/// Reads the arguments after the program's name. Errors: every problem found.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Request, Vec<Issue>> {
    let all: Vec<OsString> = arguments.into_iter().collect();
    let first = all.first().and_then(|arg| arg.to_str());
    if all.is_empty() || first == Some("help") || all.iter().any(|arg| arg == "--help" || arg == "-h") {
        return Ok(Request::Help);
    }
    if matches!(first, Some("--version" | "-V")) {
        return Ok(Request::Version);
    }
    let mut rest = all.into_iter();
    let command = rest.next().unwrap_or_default();
    let mut arguments = Arguments { rest, issues: Vec::new() };
    let request = match command.to_str() {
        Some("run") => Request::Run(arguments.run()),
        Some("sweep") => Request::Sweep(Box::new(arguments.sweep())),
        Some("check") => arguments.check(),
        Some("presets") => arguments.listing(true),
        Some("params") => arguments.listing(false),
        _ => {
            let name = command.to_string_lossy();
            return Err(vec![Issue::new(
                name,
                "",
                "is not a command; they are run, sweep, check, presets, params (see --help)",
            )]);
        }
    };
    if arguments.issues.is_empty() { Ok(request) } else { Err(arguments.issues) }
}

impl Arguments {
    fn run(&mut self) -> RunRequest {
        let mut request = RunRequest::default();
        while let Some(argument) = self.shift() {
            let (name, attached) = match argument {
                Argument::Word(word) if request.source.is_none() => {
                    request.source = Some(word);
                    continue;
                }
                Argument::Flag(name, attached) => (name, attached),
                word => {
                    self.unknown(word);
                    continue;
                }
            };
            match name.as_str() {
                "json" if self.plain(&name, attached.clone()) => self.output(&mut request, Output::Json),
                "trace" if self.plain(&name, attached.clone()) => self.output(&mut request, Output::Trace),
                "json" | "trace" => {}
                _ => self.common(&mut request, &name, attached),
            }
        }
        request
    }

    /// An option that everything that runs has: how far, and any parameter.
    pub fn common(&mut self, request: &mut RunRequest, name: &str, attached: Option<String>) {
        match (name, Key::find(name)) {
            ("until", _) => {
                let text = self.value(name, attached);
                let until = text.as_deref().and_then(parse_time);
                if let (Some(text), None) = (text, until) {
                    self.bad(name, &text, format!("must be a time in 0–{LONGEST}s, such as 120s, 2m or 500ms"));
                }
                request.until = until.or(request.until);
            }
            (_, Some(key)) => {
                if request.values.iter().any(|(given, _)| *given == key) {
                    self.bad(name, "", "is given twice");
                }
                if let Some(text) = self.value(name, attached) {
                    self.issues.extend(Params::default().set_text(key, &text).err());
                    request.values.push((key, text));
                }
            }
            (_, None) => {
                let hint = nearest(name).map_or(String::new(), |near| format!("; did you mean --{near}?"));
                self.bad(name, "", format!("is neither an option nor a parameter{hint}"));
            }
        }
    }

    fn output(&mut self, request: &mut RunRequest, output: Output) {
        if request.output != Output::Report && request.output != output {
            self.issues.push(Issue::new("--json", "", "cannot be combined with --trace"));
        }
        request.output = output;
    }

    fn check(&mut self) -> Request {
        let (mut files, mut tell) = (Vec::new(), false);
        while let Some(argument) = self.shift() {
            match argument {
                Argument::Word(word) => files.push(word),
                Argument::Flag(name, attached) if name == "tell" => tell = self.plain(&name, attached),
                flag => self.unknown(flag),
            }
        }
        if files.is_empty() {
            self.issues.push(Issue::new("check", "", "needs a scenario file"));
        }
        Request::Check { files, tell }
    }

    fn listing(&mut self, presets: bool) -> Request {
        let (mut json, mut write) = (false, None);
        while let Some(argument) = self.shift() {
            match argument {
                Argument::Flag(name, attached) if name == "json" => json = self.plain(&name, attached),
                Argument::Flag(name, attached) if name == "write" && presets => {
                    write = self.value(&name, attached).map(OsString::from);
                }
                other => self.unknown(other),
            }
        }
        if presets { Request::Presets { json, write } } else { Request::Params { json } }
    }
}

/// Reads `120s`, `120`, `2m`, `500ms` or `1h` as µs. `None`: not a time, or longer than a day.
pub fn parse_time(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let (multiply, divide) = match &text[digits.len()..] {
        "" | "s" => (1, 1),
        "ms" => (1, 1000),
        "m" | "min" => (60, 1),
        "h" => (3600, 1),
        _ => return None,
    };
    let micros = parse_decimal(digits)?.saturating_mul(multiply) / divide;
    u64::try_from(micros).ok().filter(|_| micros <= LONGEST * MILLION)
}

/// The parameter whose name looks most like `name`, if any does.
pub fn nearest(name: &str) -> Option<&'static str> {
    if name.len() > 40 {
        return None;
    }
    // Our names are ASCII, and the tables for all of Unicode are large.
    let plain =
        |s: &str| s.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect::<String>();
    let wanted = plain(name);
    let far = |key: &Key| distance(&wanted, &plain(&kebab(key.param().key)));
    KEYS.iter()
        .map(|key| (far(key), key.param().key))
        .filter(|(d, _)| *d <= 2 && d * 3 <= wanted.len())
        .min()
        .map(|(_, key)| key)
}

/// How many characters must be changed, added or removed to make one text the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
