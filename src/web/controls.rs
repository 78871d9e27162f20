//! The panel of parameters, made from the one table. It renders only when a value changes, so that typing is never
//! disturbed by a running simulation.
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::dom::{button, view};
use crate::caption::{Forecast, hint};
use crate::params::{Group, KEYS, Key, Kind, MILLION, Param, Params, format_value, parse_value};
use crate::presets::{self, PRESETS};

/// What somebody changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Another scenario.
    Scenario(String),
    /// A value, as text.
    Value(Key, String),
    /// All values back to the scenario's.
    Defaults,
}

/// What the panel shows.
#[derive(Clone, PartialEq, Properties)]
pub struct ControlsProps {
    /// The effective values.
    pub params: Params,
    /// The scenario they started from.
    pub scenario: AttrValue,
    /// Beside the stage (true) or folded away below it.
    pub wide: bool,
    /// What the last change did.
    pub note: AttrValue,
    /// Counts changes, so that a rejected text is replaced even when no value changed.
    pub revision: u32,
}

/// Shown at once; the others are under "More".
const MAIN: &[Key] = &[
    Key::JoinRate,
    Key::NewNodes,
    Key::JoinJitter,
    Key::ListPolicy,
    Key::Brokers,
    Key::MovedBrokers,
    Key::WriteRate,
    Key::Retries,
    Key::Backoff,
    Key::Dlq,
    Key::DlqRate,
    Key::IdempotentConsumer,
    Key::Heal,
    Key::HealAt,
    Key::Seed,
];
const GROUPS: [Group; 5] = [Group::Maintenance, Group::ZooKeeper, Group::Kafka, Group::Clients, Group::Recovery];

/// The panel: stateless, and a component only so that it is left alone while its properties stay the same.
pub struct Controls;

impl Component for Controls {
    type Message = ();
    type Properties = ControlsProps;

    fn create(_: &Context<Self>) -> Self {
        Controls
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &ControlsProps) -> bool {
        ctx.props() != old
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        panel(ctx.props())
    }
}

/// Its inputs are heard at the root, by `data-key`.
fn panel(props: &ControlsProps) -> Html {
    let preset = presets::find(&props.scenario);
    let changed = preset.is_some_and(|p| !same(&p.params().effective_lenient().0, &props.params));
    let option = |p: &'static presets::Preset| {
        view!("<option value={} selected={}>{}</option>", p.id, p.id == &*props.scenario, p.title)
    };
    let all = |main: bool| GROUPS.iter().map(|group| section(props, *group, main)).collect::<Vec<Html>>();
    view!(
        "<details class=controls part=controls open={}><summary>Change the incident</summary>
        <div class=\"field choice pick\"><label for=scenario>Scenario</label><select id=scenario data-value={}>{}</select></div>
        <p class=about>{}</p><p class={}>Other values than the scenario's. {}</p><p class=note role=status>{}</p>
        <div>{}</div><details class=more><summary>More</summary>{}</details></details>",
        props.wide,
        props.scenario.to_string(),
        PRESETS.iter().map(option).collect::<Vec<Html>>(),
        preset.map_or("", |p| p.caption),
        if changed { "changed" } else { "none" },
        button("defaults", "", "Put them back"),
        props.note.to_string(),
        all(true),
        all(false),
    )
}

fn same(a: &Params, b: &Params) -> bool {
    KEYS.iter().all(|k| a.get(*k) == b.get(*k))
}

fn section(props: &ControlsProps, group: Group, main: bool) -> Html {
    let mut inner = Vec::new();
    for key in KEYS.iter().filter(|k| k.param().group == group && MAIN.contains(k) == main) {
        inner.push(field(*key, props.params.get(*key)));
    }
    if inner.is_empty() {
        return view!("<section class=none></section>");
    }
    if group == Group::Maintenance && main {
        let (forecast, text) = hint(&props.params);
        inner.push(view!("<p class={}>{}</p>", ["hint ", tone(forecast)].concat(), text));
    }
    view!("<section><h3>{}</h3>{}</section>", group.label(), inner)
}

fn tone(forecast: Forecast) -> &'static str {
    match forecast {
        Forecast::Join => "join",
        Forecast::Split => "split",
        Forecast::Stuck => "stuck",
        Forecast::Open => "open",
    }
}

fn field(key: Key, value: i64) -> Html {
    let p = key.param();
    match p.kind {
        Kind::Flag => view!(
            "<div class=\"field flag\" title={} data-key={}><input type=checkbox id={} checked={}/><label for={}>{}</label></div>",
            p.help,
            p.key,
            p.key,
            value != 0,
            p.key,
            p.label,
        ),
        Kind::Choice(words) => {
            let option = |(i, w): (usize, &&'static str)| {
                view!("<option value={} selected={}>{}</option>", *w, i as i64 == value, spaced(w))
            };
            view!(
                "<div class=\"field choice\" title={} data-key={}><label for={}>{}</label>
                <select id={} data-value={}>{}</select></div>",
                p.help,
                p.key,
                p.key,
                p.label,
                p.key,
                format_value(key, value),
                words.iter().enumerate().map(option).collect::<Vec<Html>>(),
            )
        }
        Kind::Integer | Kind::Decimal => number(key, p, value),
    }
}

/// `renderedAtBoot` as `rendered at boot`.
fn spaced(word: &str) -> String {
    crate::params::kebab(word).replace('-', " ")
}

fn number(key: Key, p: &'static Param, value: i64) -> Html {
    let text = format_value(key, value);
    let label = ["label-", p.key].concat();
    view!(
        "<div class=\"field number\" title={} data-key={}><label for={} id={}>{}</label>
        <span class=value><input type=number id={} min={} max={} step=any inputmode=decimal value={}/>
        <span class=unit>{}</span></span>
        <input type=range class=slide min=0 max={} step=1 aria-labelledby={} aria-valuetext={} value={}/></div>",
        p.help,
        p.key,
        p.key,
        label.clone(),
        p.label,
        p.key,
        format_value(key, p.min),
        format_value(key, p.max),
        text.clone(),
        p.unit,
        steps(key) as i32,
        label,
        [&*text, " ", p.unit].concat(),
        position_of(key, value) as i32,
    )
}

/// What an input that was let go says.
pub fn change_of(input: &Element) -> Option<Change> {
    if let Some(select) = input.dyn_ref::<HtmlSelectElement>().filter(|s| s.id() == "scenario") {
        return Some(Change::Scenario(select.value()));
    }
    let key = key_of(input)?;
    if let Some(select) = input.dyn_ref::<HtmlSelectElement>() {
        return Some(Change::Value(key, select.value()));
    }
    let input = input.dyn_ref::<HtmlInputElement>()?;
    let text = match &*input.type_() {
        "checkbox" => if input.checked() { "on" } else { "off" }.to_string(),
        "range" => format_value(key, value_at(key, input.value_as_number() as i64)),
        _ => input.value(),
    };
    Some(Change::Value(key, text))
}

/// The parameter that an input belongs to.
pub fn key_of(input: &Element) -> Option<Key> {
    let field = input.closest("[data-key]").ok().flatten()?;
    Key::find(&field.get_attribute("data-key")?)
}

/// While a slider is dragged, its number field follows; the run restarts when it is let go.
pub fn show_dragged(key: Key, slider: &HtmlInputElement) {
    let text = format_value(key, value_at(key, slider.value_as_number() as i64));
    let _ = slider.set_attribute("aria-valuetext", &format!("{text} {}", key.param().unit));
    let field = slider.parent_element().and_then(|f| f.query_selector("input[type=number]").ok().flatten());
    if let Some(field) = field.and_then(|f| f.dyn_into::<HtmlInputElement>().ok()) {
        field.set_value(&text);
    }
}

/// How many steps a slider has.
fn steps(key: Key) -> i64 {
    let p = key.param();
    match p.kind {
        _ if p.log => 200,
        Kind::Integer if p.max - p.min <= 1_000 => p.max - p.min,
        _ => 400,
    }
}

/// Where logarithmic sliders that include 0 begin to grow.
fn floor_of(key: Key) -> f64 {
    let p = key.param();
    let least = if p.min > 0 { p.min } else { p.max / 100_000 };
    least.max(1) as f64
}

fn position_of(key: Key, value: i64) -> i64 {
    let (p, steps) = (key.param(), steps(key));
    if !p.log {
        return (value - p.min) * steps / (p.max - p.min).max(1);
    }
    let low = floor_of(key);
    let share = js_sys::Math::log(value as f64 / low) / js_sys::Math::log(p.max as f64 / low);
    if value <= 0 { 0 } else { (share * steps as f64).round().max(0.0).min(steps as f64) as i64 }
}

fn value_at(key: Key, position: i64) -> i64 {
    let (p, steps) = (key.param(), steps(key));
    if position <= 0 {
        return p.min;
    }
    if position >= steps {
        return p.max;
    }
    if !p.log {
        let exact = p.min + (p.max - p.min) * position / steps;
        let unit = if p.kind == Kind::Decimal && p.max - p.min >= 40 * MILLION {
            MILLION / 2
        } else if p.kind == Kind::Decimal {
            MILLION / 10
        } else {
            1
        };
        return ((exact + unit / 2) / unit * unit).clamp(p.min, p.max);
    }
    let low = floor_of(key);
    let exact = low * js_sys::Math::pow(p.max as f64 / low, position as f64 / steps as f64);
    // Two significant digits: 48 s, 470 hosts/min, never 473.151.
    let mut unit = 1.0;
    while exact / unit >= 100.0 {
        unit *= 10.0;
    }
    let rounded = ((exact / unit).round() * unit) as i64;
    parse_value(key, &format_value(key, rounded)).unwrap_or(rounded).clamp(p.min, p.max)
}
