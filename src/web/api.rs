//! What the page's API needs beyond the first picture: scenario files, links, exports, pictures, runs without a stage. Values cross
//! as text, as in [`super::handle`].
use wasm_bindgen::prelude::*;

use super::app::Msg;
use super::handle::Sandbox;
use super::options::{Options, pairs, rows, strictly};
use crate::describe;
use crate::export::{result_json, samples_csv, trace_text};
use crate::native::actions::read_command;
use crate::native::document::Document;
use crate::native::share::{self, Moment, scenario_json};
use crate::params::{Issue, Params};
use crate::picture::{Theme, stage_svg};
use crate::player::Player;
use crate::scenario::{Command, Scenario};
use crate::sim::Simulation;
use crate::view::Micros;
use crate::words::say;

/// Steps of a run without a stage between two looks at the clock.
const SLICE: u32 = 20_000;

/// A scenario file, opened.
struct Opened {
    /// What runs, and where it begins.
    options: Options,
    /// What people did in it, besides what the scenario itself does.
    did: Vec<(Micros, Command)>,
    /// The run's name.
    name: String,
}

/// Reads a scenario file. Of `pairs`, parameters and presentation count on top of it; `own` says how many of its last actions people
/// did, and `run` what they called it. Errors: every problem of the file, with its JSON pointer.
fn open(json: &str, pairs_text: &str) -> Result<Opened, Vec<Issue>> {
    let mut scenario = Document::read(json)?.scenario;
    let (mut own, mut name, mut rest) = (0, String::new(), String::new());
    for (key, value) in pairs(pairs_text) {
        match key {
            "!own" => own = value.parse().unwrap_or(0),
            "!run" => name = value.to_string(),
            _ => rest.push_str(&say!(key, "=", value, "\n")),
        }
    }
    let scripted = scenario.actions.len().saturating_sub(own);
    let did = scenario.actions.split_off(scripted);
    crate::order::sort_few(&mut scenario.actions, |(at, _)| *at); // stable: what is written first happens first
    Ok(Opened { options: Options::read(&rest, Some(scenario)), did, name })
}

impl Opened {
    fn show(self, player: &mut Player, reduced: bool) -> (Vec<String>, Scenario) {
        player.open(self.options.base.clone(), self.options.params.clone(), self.did, &self.name);
        self.options.direct(player, reduced);
        (self.options.notices, self.options.base)
    }
}

/// What is shown first when a scenario file is given. A bad file is told of, and the incident shown instead.
pub(super) fn start(pairs: &str, json: &str, reduced: bool) -> (Player, Vec<String>, Option<Scenario>) {
    match open(json, pairs) {
        Ok(opened) => {
            let mut player = Player::new(opened.options.base.clone(), opened.options.params.clone());
            let (notices, own) = opened.show(&mut player, reduced);
            player.take_news();
            (player, notices, Some(own))
        }
        Err(issues) => {
            let clean: String =
                pairs.split_inclusive('\n').filter(|l| !l.starts_with("!own") && !l.starts_with("!run")).collect();
            let options = Options::read(&clean, None);
            let mut notices = options.notices.clone();
            notices.extend(issues.iter().map(Issue::text));
            (options.player(reduced), notices, None)
        }
    }
}

/// The moment that a player shows.
pub fn moment(player: &Player, presentation: &str) -> Moment {
    let (run, recording) = (player.run(), player.recording());
    let did = recording.commands();
    let json = scenario_json(player.scenario(), &run.chosen, did, Some(player.sim().now()));
    let digest = player.sim().trace_hash();
    let (name, presentation) = (run.name.clone(), presentation.to_string());
    Moment { json: json.line(), name, own: did.len(), digest, presentation }
}

/// The same run from its start: what people did in it is not there.
pub fn beginning(player: &Player, presentation: &str) -> Moment {
    let json = scenario_json(player.scenario(), &player.run().chosen, &[], None);
    let digest = Simulation::new(player.scenario()).trace_hash();
    Moment { json: json.line(), name: String::new(), own: 0, digest, presentation: presentation.to_string() }
}

/// The issue of a command that could not be done, in the form of an action's field.
fn refused(mut issue: Issue) -> Vec<Issue> {
    if !issue.field.starts_with('/') {
        issue.field.insert(0, '/');
    }
    vec![issue]
}

#[wasm_bindgen]
impl Sandbox {
    /// Shows a scenario file from its start; the run that was shown stays among the others. Returns what is wrong with it, a line each as
    /// [`Sandbox::set_params`] has it; then nothing has changed.
    pub fn load(&self, json: &str, pairs: &str) -> String {
        let opened = match open(json, pairs) {
            Ok(opened) => opened,
            Err(issues) => return rows(&issues),
        };
        {
            let mut player = self.shared.player.borrow_mut();
            player.touch();
            let (notices, own) = opened.show(&mut player, self.shared.reduced);
            *self.shared.notices.borrow_mut() = notices;
            *self.shared.own.borrow_mut() = Some(own);
        }
        self.teach(json);
        self.announce_notices();
        self.after();
        String::new()
    }

    /// Begins the lesson of the file that is shown from its start, if it has one.
    pub(super) fn teach(&self, json: &str) {
        self.send(Msg::Panel("lessons:begin".to_string(), json.to_string()));
    }

    /// Does an action now: JSON without a time. Returns what is wrong, as [`Sandbox::load`] does.
    #[wasm_bindgen(js_name = actOn)]
    pub fn act_on(&self, json: &str) -> String {
        let done = read_command(json).and_then(|command| {
            let mut player = self.shared.player.borrow_mut();
            player.touch();
            player.act(command).map_err(refused)
        });
        match done {
            Ok(()) => {
                self.after();
                String::new()
            }
            Err(issues) => rows(&issues),
        }
    }

    /// This moment as a `link` on the page of this address, or as an `iframe`, an `element` or `markdown` around it; "" for any other
    /// word. `script` is the address of the element's file.
    pub fn embed(&self, kind: &str, page: &str, script: &str, presentation: &str) -> String {
        let player = self.shared.player.borrow();
        let moment = moment(&player, presentation);
        let (link, title) = (moment.link(page), &player.scenario().title);
        match kind {
            "link" => link,
            "iframe" => share::iframe(&link, title),
            "element" => share::element(&moment, script, title),
            "markdown" => share::markdown(&link, title),
            _ => String::new(),
        }
    }

    /// Something to tell above the stage, until it is dismissed.
    pub fn notice(&self, text: &str) {
        self.shared.notices.borrow_mut().push(text.to_string());
        self.announce_notices();
        self.after();
    }

    /// The digest of all events so far, in hex, and how many of the things that people did there are.
    pub fn digest(&self) -> String {
        let player = self.shared.player.borrow();
        let recording = player.recording();
        say!(crate::words::hex(recording.sim().trace_hash()), " ", recording.commands().len())
    }

    /// The picture in words.
    pub fn describe(&self) -> String {
        let player = self.shared.player.borrow();
        describe::text(player.scenario(), &player.sim().view())
    }

    /// The run so far as `csv`, `json` or `trace`; "" for any other word.
    pub fn data(&self, kind: &str) -> String {
        let player = self.shared.player.borrow();
        let sim = player.sim();
        match kind {
            "csv" => samples_csv(sim.history()),
            "json" => result_json(player.scenario(), sim, sim.now()),
            "trace" => trace_text(player.recording()),
            _ => String::new(),
        }
    }

    /// The stage as an SVG file of this width.
    pub fn picture(&self, width: i32, dark: bool) -> String {
        let player = self.shared.player.borrow();
        stage_svg(player.scenario(), player.sim(), width, if dark { Theme::Dark } else { Theme::Light })
    }
}

/// What is wrong with a scenario file, a line each as [`Sandbox::load`] has it.
#[wasm_bindgen]
pub fn validate(json: &str) -> String {
    rows(&Document::read(json).err().unwrap_or_default())
}

/// A run without a stage.
#[wasm_bindgen]
pub struct Trial {
    scenario: Scenario,
    sim: Simulation,
    until: Micros,
}

#[wasm_bindgen]
impl Trial {
    /// Prepares a run of a scenario file with these values on top (lines of `name=value`) until so many simulated seconds; a negative
    /// number is the run's end. Throws what is wrong with them, a line each.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str, pairs: &str, until: f64) -> Result<Trial, String> {
        let mut scenario = Document::read(json).map_err(|issues| rows(&issues))?.scenario;
        let (params, issues): (Params, Vec<Issue>) = strictly(scenario.params.clone(), pairs);
        if !issues.is_empty() {
            return Err(rows(&issues));
        }
        scenario.params = params;
        let mut scenario = scenario.check().map_err(|issues| rows(&issues))?;
        crate::order::sort_few(&mut scenario.actions, |(at, _)| *at);
        let sim = Simulation::new(&scenario);
        let until = if until < 0.0 { sim.end() } else { (until * 1e6) as Micros };
        Ok(Trial { scenario, sim, until })
    }

    /// Goes on for a while. True: it has arrived.
    pub fn work(&mut self) -> bool {
        self.sim.advance(self.until, SLICE) || self.sim.stopped().is_some()
    }

    /// The result, as `second-leader run --json` prints it.
    pub fn result(&self) -> String {
        let reached = if self.sim.stopped().is_some() { self.sim.now() } else { self.until };
        result_json(&self.scenario, &self.sim, reached)
    }
}
