//! The class that `www/second-leader.js` holds, one per instance, and the functions it starts with.
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Once;

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;
use yew::AppHandle;

use super::app::{App, AppProps};
use super::options::{self, Options};
use super::shared::{Shared, put};
use crate::ledger::FATES;
use crate::params::{KEYS, Key, Kind, MILLION, PARAMS, Params, format_value};
use crate::player::{Speed, Target};
use crate::presets::PRESETS;

/// One mounted instance.
#[wasm_bindgen]
pub struct Sandbox {
    app: RefCell<Option<AppHandle<App>>>,
    shared: Rc<Shared>,
}

/// Mounts the sandbox into `root`. `pairs` is a flat list of names and values, as attributes or a URL have them;
/// `emit(name, detail)` is called for every event.
#[wasm_bindgen]
pub fn mount(root: web_sys::Element, pairs: &Array, emit: js_sys::Function) -> Sandbox {
    install_panic_hook();
    let options = Options::read(&read_pairs(pairs));
    let shared = Shared::new(options.player(false), emit, options.notices.clone());
    *shared.player.borrow_mut() = options.player(shared.reduced);
    let props = AppProps { shared: Rc::clone(&shared), width: root.client_width() };
    let app = yew::Renderer::<App>::with_root_and_props(root, props).render();
    let sandbox = Sandbox { app: RefCell::new(Some(app)), shared };
    sandbox.announce_notices();
    sandbox.after();
    sandbox
}

/// Every parameter: `{key, label, unit, kind, default, min, max, values, help, source}`.
#[wasm_bindgen]
pub fn parameters() -> Array {
    KEYS.iter().map(|key| JsValue::from(describe(*key))).collect()
}

fn describe(key: Key) -> Object {
    let p = key.param();
    let o = Object::new();
    put(&o, "key", p.key);
    put(&o, "label", p.label);
    put(&o, "unit", p.unit);
    put(&o, "help", p.help);
    put(&o, "source", p.source.label());
    put(&o, "default", js_value(key, p.default));
    let kind = match p.kind {
        Kind::Integer | Kind::Decimal => {
            put(&o, "min", js_value(key, p.min));
            put(&o, "max", js_value(key, p.max));
            if p.kind == Kind::Integer { "integer" } else { "decimal" }
        }
        Kind::Flag => "flag",
        Kind::Choice(words) => {
            put(&o, "values", words.iter().map(|w| JsValue::from(*w)).collect::<Array>());
            "choice"
        }
    };
    put(&o, "kind", kind);
    o
}

fn js_value(key: Key, value: i64) -> JsValue {
    match key.param().kind {
        Kind::Integer => JsValue::from(value as f64),
        Kind::Decimal => JsValue::from(value as f64 / MILLION as f64),
        Kind::Flag => JsValue::from(value != 0),
        Kind::Choice(_) => JsValue::from(format_value(key, value)),
    }
}

fn read_pairs(pairs: &Array) -> Vec<(String, String)> {
    let texts: Vec<String> = pairs.iter().map(|v| v.as_string().unwrap_or_default()).collect();
    texts.chunks_exact(2).map(|p| (p[0].clone(), p[1].clone())).collect()
}

/// A panic kills every instance of this module: each element is told, and covers itself with a way out.
fn install_panic_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        yew::set_custom_panic_hook(Box::new(|info| {
            let text = info.to_string();
            web_sys::console::error_1(&text.as_str().into());
            let init = web_sys::CustomEventInit::new();
            init.set_detail(&text.as_str().into());
            if let (Some(window), Ok(event)) =
                (web_sys::window(), web_sys::CustomEvent::new_with_event_init_dict("second-leader-crash", &init))
            {
                let _ = window.dispatch_event(&event);
            }
        }));
    });
}

#[wasm_bindgen]
impl Sandbox {
    fn after(&self) {
        self.shared.flush();
        self.shared.refresh();
    }

    fn announce_notices(&self) {
        let notices: Array = self.shared.notices.borrow().iter().map(|n| JsValue::from(n.as_str())).collect();
        if notices.length() > 0 {
            let detail = Object::new();
            put(&detail, "notices", notices);
            self.shared.emit("invalidinput", &detail);
        }
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

    /// Goes to a time in seconds or to a milestone, and stays there paused. Rejects for what never comes.
    pub fn seek(&self, target: &JsValue) -> Promise {
        let found = match (target.as_f64(), target.as_string()) {
            (Some(s), _) if !s.is_nan() => Ok(Target::Time((s.max(0.0) * 1e6).round() as u64)),
            (None, Some(name)) => options::target(&name).ok_or_else(|| format!("there is no milestone named {name}")),
            _ => Err("seek needs seconds or the name of a milestone".to_string()),
        };
        match found {
            Err(text) => Promise::reject(&js_sys::Error::new(&text)),
            Ok(target) => {
                self.shared.player.borrow_mut().touch();
                Promise::new(&mut |resolve, reject| self.shared.seek(target, resolve, reject))
            }
        }
    }

    /// Sets parameters, all or none, and restarts. Returns what is wrong: `{field, value, message}`, empty when set.
    #[wasm_bindgen(js_name = setParams)]
    pub fn set_params(&self, pairs: &Array) -> Array {
        let issues = self.try_params(&read_pairs(pairs));
        let issues: Array = issues
            .iter()
            .map(|i| {
                let o = Object::new();
                put(&o, "field", i.field.as_str());
                put(&o, "value", i.value.as_str());
                put(&o, "message", i.message.as_str());
                JsValue::from(o)
            })
            .collect();
        if issues.length() == 0 {
            self.after();
        }
        issues
    }

    fn try_params(&self, pairs: &[(String, String)]) -> Vec<crate::params::Issue> {
        let mut player = self.shared.player.borrow_mut();
        let mut params: Params = player.chosen().clone();
        let mut issues = Vec::new();
        for (name, value) in pairs {
            match Key::find(name) {
                Some(key) => issues.extend(params.set_text(key, value).err()),
                None => issues.push(crate::params::Issue::new(name, value, "is not a parameter")),
            }
        }
        if issues.is_empty() {
            issues.extend(params.effective().err().into_iter().flatten());
        }
        if issues.is_empty() {
            player.touch();
            let base = player.scenario().clone();
            player.change(base, params);
        }
        issues
    }

    /// Reads all attributes anew. Restarts only when a value differs.
    pub fn configure(&self, pairs: &Array) {
        let options = Options::read(&read_pairs(pairs));
        {
            let mut player = self.shared.player.borrow_mut();
            if player.scenario().id == options.base.id && *player.chosen() == options.params {
                player.set_speed(options.speed.unwrap_or(Speed::Auto));
            } else {
                player.change(options.base.clone(), options.params.clone());
            }
            *self.shared.notices.borrow_mut() = options.notices.clone();
        }
        self.announce_notices();
        self.after();
    }

    /// Is it worth animating?
    #[wasm_bindgen(js_name = setVisible)]
    pub fn set_visible(&self, visible: bool) {
        self.shared.visible.set(visible);
    }

    /// The effective parameters, by camelCase name.
    #[wasm_bindgen(getter)]
    pub fn params(&self) -> Object {
        let player = self.shared.player.borrow();
        let o = Object::new();
        for (key, param) in KEYS.iter().zip(PARAMS) {
            put(&o, param.key, js_value(*key, player.scenario().params.get(*key)));
        }
        o
    }

    /// The cumulative numbers.
    #[wasm_bindgen(getter)]
    pub fn metrics(&self) -> Object {
        let m = self.shared.player.borrow().sim().metrics();
        let o = Object::new();
        let counts: [(&str, u64); 15] = [
            ("produced", m.produced),
            ("acknowledged", m.acknowledged),
            ("acknowledgedWrongSide", m.acknowledged_wrong_side),
            ("producedWhileSplit", m.produced_while_split),
            ("failedWhileSplit", m.failed_while_split),
            ("retried", m.retried),
            ("deadLettered", m.dead_lettered),
            ("dlqDepth", m.dlq_depth),
            ("dlqPeak", m.dlq_peak),
            ("processed", m.processed),
            ("duplicateEffects", m.duplicate_effects),
            ("lost", m.lost),
            ("dropped", m.dropped),
            ("divergentOffsets", m.divergent_offsets),
            ("failed", m.failed),
        ];
        for (name, value) in counts {
            put(&o, name, value as f64);
        }
        put(&o, "dlqOldestAge", m.dlq_oldest_age as f64 / 1e6);
        put(&o, "failedShare", m.failed_share() as f64 / 1e6);
        put(&o, "p50Ms", m.p50 as f64 / 1e3);
        put(&o, "p99Ms", m.p99 as f64 / 1e3);
        o
    }

    /// Every job by state; the states sum to `produced`.
    #[wasm_bindgen(getter)]
    pub fn ledger(&self) -> Object {
        let ledger = *self.shared.player.borrow().sim().ledger();
        let o = Object::new();
        put(&o, "produced", ledger.produced() as f64);
        for (fate, name) in FATES {
            put(&o, name, ledger.count(*fate) as f64);
        }
        o
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

    /// Chooses a speed: a number, or `"auto"`. Anything else changes nothing.
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

    /// The shipped scenarios' ids.
    #[wasm_bindgen(getter)]
    pub fn scenarios(&self) -> Array {
        PRESETS.iter().map(|p| JsValue::from(p.id)).collect()
    }

    /// Takes it off the page; it is of no use afterwards.
    pub fn destroy(&self) {
        self.shared.bury();
        if let Some(app) = self.app.borrow_mut().take() {
            app.destroy();
        }
    }
}
