//! The class that `www/second-leader.js` holds, one per instance, and the functions it starts with. Values cross as
//! text: lines of `name=value`, which JavaScript makes objects of; a field at a time would cost more code than all of it.
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Once;

use wasm_bindgen::prelude::*;
use yew::AppHandle;

use super::app::{App, AppProps, Msg};
use super::options::{self, Options, rows, strictly};
use super::shared::{Host, Shared};
use crate::ledger::FATES;
use crate::params::{KEYS, Key, Kind, format_value};
use crate::player::{Player, Speed};
use crate::scenario::Scenario;

/// One mounted instance.
#[wasm_bindgen]
pub struct Sandbox {
    app: RefCell<Option<AppHandle<App>>>,
    pub(super) shared: Rc<Shared>,
}

/// Mounts the sandbox into `root`. `pairs` has a line `name=value` for every attribute and URL parameter.
///
/// `state` is what another module's [`Sandbox::state`] wrote: then it takes over instead of starting. Or it is a scenario file, which
/// only the build with the panels reads. Or "".
#[wasm_bindgen]
pub fn mount(root: web_sys::Element, pairs: &str, host: Host, reduced: bool, state: &str) -> Sandbox {
    install_panic_hook();
    let (player, notices, own) = start(pairs, state, reduced);
    let shared = Rc::new(Shared::new(player, host, reduced, notices, own));
    let props = AppProps { shared: Rc::clone(&shared), width: root.client_width() };
    let app = yew::Renderer::<App>::with_root_and_props(root, props).render();
    let sandbox = Sandbox { app: RefCell::new(Some(app)), shared };
    #[cfg(feature = "lab")]
    if state.starts_with('{') {
        sandbox.teach(state);
    }
    sandbox.announce_notices();
    sandbox.after();
    sandbox
}

/// What is shown first: the player, what was wrong, and the scenario file it came from.
fn start(pairs: &str, state: &str, reduced: bool) -> (Player, Vec<String>, Option<Scenario>) {
    #[cfg(feature = "lab")]
    if let Some(player) = Player::take_over(state) {
        return (player, Vec::new(), None);
    }
    #[cfg(feature = "lab")]
    if !state.is_empty() {
        return super::api::start(pairs, state, reduced);
    }
    let _ = state;
    let options = Options::read(pairs, None);
    (options.player(reduced), options.notices, None)
}

/// What is wrong with these values (lines of `name=value`) for the scenario of this id, a line each as [`Sandbox::set_params`] has it.
#[wasm_bindgen]
pub fn check(scenario: &str, pairs: &str) -> String {
    let Some(scenario) = Scenario::preset(scenario) else {
        return ["scenario\t", scenario, "\tmust be one of ", &options::shipped()].concat();
    };
    rows(&strictly(scenario.params, pairs).1)
}

#[wasm_bindgen]
extern "C" {
    /// The page is told that this module is dead. Defined by `www/second-leader.js`. In a release every panic is this call
    /// and nothing else: see `scripts/prune.mjs`.
    #[wasm_bindgen(js_name = secondLeaderCrashed)]
    fn crashed();
}

/// A panic kills every instance of this module: the page covers each with a way out.
fn install_panic_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        yew::set_custom_panic_hook(Box::new(|info| {
            if cfg!(debug_assertions) {
                web_sys::console::error_1(&info.to_string().into());
            }
            crashed();
        }));
    });
}

/// Appends `name=value`.
fn line(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push('=');
    out.push_str(value);
    out.push('\n');
}

#[wasm_bindgen]
impl Sandbox {
    pub(super) fn send(&self, msg: Msg) {
        if let Some(app) = self.app.borrow().as_ref() {
            app.send_message(msg);
        }
    }

    pub(super) fn after(&self) {
        self.shared.flush();
        self.send(Msg::Tick);
    }

    pub(super) fn announce_notices(&self) {
        let notices = self.shared.notices.borrow().join("\n");
        if !notices.is_empty() {
            self.shared.emit("invalidinput", &notices, 0.0);
        }
    }

    /// A frame of the page's only clock, at this many ms.
    pub fn frame(&self, time: f64) {
        self.send(Msg::Frame(time));
    }

    /// All that it has, for another module to take over.
    pub fn state(&self) -> String {
        self.shared.player.borrow().hand_over()
    }

    /// A person did this on the page: a button, a key, a node, a value. Unknown words change nothing.
    pub fn act(&self, what: &str, arg: &str) {
        if let Some(msg) = Msg::read(what, arg) {
            self.send(msg);
        }
    }

    /// The value of a parameter's slider at this position, as text.
    pub fn slide(&self, key: &str, position: i32) -> String {
        Key::find(key).map(|key| super::controls::text_at(key, i64::from(position))).unwrap_or_default()
    }

    /// The column and the root have these widths now.
    pub fn resize(&self, column: i32, root: i32) {
        self.send(Msg::Resize(column, root));
    }

    /// Plays.
    pub fn play(&self) {
        {
            let mut player = self.shared.player.borrow_mut();
            player.touch();
            player.play();
        }
        self.after();
    }

    /// Pauses.
    pub fn pause(&self) {
        {
            let mut player = self.shared.player.borrow_mut();
            player.touch();
            player.pause();
        }
        self.after();
    }

    /// Back to the start with the same values.
    pub fn reset(&self) {
        self.shared.player.borrow_mut().restart();
        self.after();
    }

    /// Goes to a time in seconds or to a milestone, and stays there paused; [`Host`] is told when it arrived. Returns
    /// what is wrong with the target, or "".
    pub fn seek(&self, target: &str, id: u32) -> String {
        let Some(target) = options::target(target) else { return ["there is no milestone named ", target].concat() };
        {
            let mut player = self.shared.player.borrow_mut();
            player.touch();
            player.seek(id, target);
        }
        String::new()
    }

    /// Works on seeks for a few milliseconds, also when no animation frames come. True: call again.
    pub fn travel(&self) -> bool {
        let more = {
            let mut player = self.shared.player.borrow_mut();
            player.work(&mut self.shared.budget(8.0));
            player.seeking()
        };
        if !more {
            self.after();
        }
        more
    }

    /// Sets parameters (lines of `name=value`), all or none, and restarts. Returns what is wrong, a line each: field,
    /// value, message, tabs between; nothing when set.
    #[wasm_bindgen(js_name = setParams)]
    pub fn set_params(&self, pairs: &str) -> String {
        let (params, issues) = strictly(self.shared.player.borrow().chosen().clone(), pairs);
        if issues.is_empty() {
            {
                let mut player = self.shared.player.borrow_mut();
                player.touch();
                let base = player.scenario().clone();
                player.change(base, params);
            }
            self.after();
        }
        rows(&issues)
    }

    /// Reads all attributes anew. Restarts only when a value differs.
    pub fn configure(&self, pairs: &str) {
        let options = Options::read(pairs, self.shared.own.borrow().clone());
        {
            let mut player = self.shared.player.borrow_mut();
            if player.scenario().id == options.base.id && *player.chosen() == options.params {
                player.set_speed(options.speed.unwrap_or(Speed::Auto));
            } else {
                player.change(options.base, options.params);
            }
            *self.shared.notices.borrow_mut() = options.notices;
        }
        self.announce_notices();
        self.after();
    }

    /// So many events on, or back; it stays there, paused.
    pub fn step(&self, by: i32) {
        {
            let mut player = self.shared.player.borrow_mut();
            player.touch();
            for _ in 0..by.unsigned_abs() {
                player.step(by > 0);
            }
        }
        self.after();
    }

    /// Where the run stands.
    #[wasm_bindgen(getter)]
    pub fn phase(&self) -> String {
        {
            let player = self.shared.player.borrow();
            crate::metrics::phase(player.sim().milestones(), player.sim().heads().0).to_string()
        }
    }

    /// Is it worth animating?
    #[wasm_bindgen(js_name = setVisible)]
    pub fn set_visible(&self, visible: bool) {
        self.shared.visible.set(visible);
    }

    /// The effective parameters, by camelCase name; words have a quote before them.
    pub fn params(&self) -> String {
        let player = self.shared.player.borrow();
        let mut out = String::new();
        for key in KEYS {
            let value = format_value(*key, player.scenario().params.get(*key));
            // A word stays a word, even `off`.
            let word = matches!(key.param().kind, Kind::Choice(_) | Kind::Sids);
            line(&mut out, key.param().key, &[if word { "'" } else { "" }, &value].concat());
        }
        out
    }

    /// The cumulative numbers.
    pub fn metrics(&self) -> String {
        let m = self.shared.player.borrow().sim().metrics();
        let mut out = String::new();
        let counts: [(&str, u64); 15] = [
            ("produced", m.produced),
            ("acknowledged", m.acknowledged),
            ("acknowledgedWrongSide", m.acknowledged_wrong_side),
            ("producedWhileSplit", m.produced_while_split),
            ("failedWhileSplit", m.failed_while_split),
            ("failed", m.failed),
            ("retried", m.retried),
            ("deadLettered", m.dead_lettered),
            ("dlqDepth", m.dlq_depth),
            ("dlqPeak", m.dlq_peak),
            ("processed", m.processed),
            ("duplicateEffects", m.duplicate_effects),
            ("lost", m.lost),
            ("dropped", m.dropped),
            ("divergentOffsets", m.divergent_offsets),
        ];
        for (name, value) in counts {
            line(&mut out, name, &value.to_string());
        }
        let millionths = [
            ("dlqOldestAge", m.dlq_oldest_age),
            ("failedShare", m.failed_share()),
            ("p50Ms", m.p50 * 1000),
            ("p99Ms", m.p99 * 1000),
        ];
        for (name, value) in millionths {
            line(&mut out, name, &format_value(Key::HealAt, i64::try_from(value).unwrap_or(i64::MAX)));
        }
        out
    }

    /// Every job by state; the states sum to `produced`.
    pub fn ledger(&self) -> String {
        let ledger = *self.shared.player.borrow().sim().ledger();
        let mut out = String::new();
        line(&mut out, "produced", &ledger.produced().to_string());
        for (fate, name) in FATES {
            line(&mut out, name, &ledger.count(*fate).to_string());
        }
        out
    }

    /// Does it stand still?
    #[wasm_bindgen(getter)]
    pub fn paused(&self) -> bool {
        self.shared.player.borrow().paused()
    }

    /// Simulated seconds.
    #[wasm_bindgen(getter, js_name = currentTime)]
    pub fn current_time(&self) -> f64 {
        self.shared.player.borrow().sim().now() as f64 / 1e6
    }

    /// Simulated seconds at which the run ends.
    #[wasm_bindgen(getter)]
    pub fn duration(&self) -> f64 {
        self.shared.player.borrow().sim().end() as f64 / 1e6
    }

    /// Simulated seconds per second, now.
    #[wasm_bindgen(getter)]
    pub fn speed(&self) -> f64 {
        f64::from(self.shared.player.borrow().pace()) / 1e3
    }

    /// Chooses a speed: a number, or `auto`. False: it is neither, and nothing changed.
    #[wasm_bindgen(js_name = setSpeed)]
    pub fn set_speed(&self, text: &str) -> bool {
        let Some(speed) = options::speed(text) else { return false };
        {
            let mut player = self.shared.player.borrow_mut();
            player.touch();
            player.set_speed(speed);
        }
        self.after();
        true
    }

    /// The shipped scenario's id.
    #[wasm_bindgen(getter)]
    pub fn scenario(&self) -> String {
        self.shared.player.borrow().scenario().id.clone()
    }

    /// Takes it off the page; it is of no use afterwards.
    pub fn destroy(&self) {
        if let Some(app) = self.app.borrow_mut().take() {
            app.destroy();
        }
    }
}
