//! The panel of parameters, made from the one table. It renders only when a value changes, so that typing is never
//! disturbed by a running simulation.
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::caption::{Forecast, hint};
use crate::params::{Group, KEYS, Key, Kind, MILLION, Params, format_value, parse_value};
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
    /// Where changes go.
    pub on: Callback<Change>,
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

/// The panel.
#[function_component]
pub fn Controls(props: &ControlsProps) -> Html {
    let changed = PRESETS.iter().find(|p| p.id == &*props.scenario).is_some_and(|p| {
        p.params().effective_lenient().0 != props.params && !same(&p.params().effective_lenient().0, &props.params)
    });
    let preset = presets::find(&props.scenario);
    let pick = props.on.reform(|e: Event| Change::Scenario(e.target_unchecked_into::<HtmlSelectElement>().value()));
    html! {
        <details class="controls" part="controls" open={props.wide}>
            <summary>{ "Change the incident" }</summary>
            <div class="field choice">
                <label for="scenario">{ "Scenario" }</label>
                <select id="scenario" data-value={props.scenario.clone()} onchange={pick}>
                    { for PRESETS.iter().map(|p| html! { <option value={p.id} selected={p.id == &*props.scenario}>{ p.title }</option> }) }
                </select>
            </div>
            <p class="about">{ preset.map_or("", |p| p.caption) }</p>
            <p class={classes!("changed", (!changed).then_some("none"))}>{ "With other values than the scenario's. " }
                <button type="button" onclick={props.on.reform(|_| Change::Defaults)}>{ "Put them back" }</button></p>
            <p class="note" role="status">{ &props.note }</p>
            { for GROUPS.iter().map(|group| section(props, *group, true)) }
            <details class="more">
                <summary>{ "More" }</summary>{ for GROUPS.iter().map(|group| section(props, *group, false)) }
            </details>
        </details>
    }
}

fn same(a: &Params, b: &Params) -> bool {
    KEYS.iter().all(|k| a.get(*k) == b.get(*k))
}

fn section(props: &ControlsProps, group: Group, main: bool) -> Html {
    let of_group = |k: &&Key| k.param().group == group && MAIN.contains(k) == main;
    let mut keys = KEYS.iter().filter(of_group).peekable();
    if keys.peek().is_none() {
        return html! { <section class="none"></section> };
    }
    let foretold = (group == Group::Maintenance && main).then(|| hint(&props.params));
    let (tone, text) = foretold.map_or(("none", String::new()), |(forecast, text)| (tone(forecast), text));
    html! {
        <section>
            <h3>{ group.label() }</h3>
            { for keys.map(|k| field(props, *k)) }
            <p class={classes!("hint", tone)}>{ text }</p>
        </section>
    }
}

fn tone(forecast: Forecast) -> &'static str {
    match forecast {
        Forecast::Join => "join",
        Forecast::Split => "split",
        Forecast::Stuck => "stuck",
        Forecast::Open => "open",
    }
}

fn field(props: &ControlsProps, key: Key) -> Html {
    let p = key.param();
    let value = props.params.get(key);
    match p.kind {
        Kind::Flag => flag(props, key, value != 0),
        Kind::Choice(words) => choice(props, key, words, value),
        Kind::Integer | Kind::Decimal => number(props, key, value),
    }
}

fn flag(props: &ControlsProps, key: Key, on: bool) -> Html {
    let change = props.on.reform(move |e: Event| {
        let on = e.target_unchecked_into::<HtmlInputElement>().checked();
        Change::Value(key, if on { "on" } else { "off" }.to_string())
    });
    let p = key.param();
    html! {
        <div class="field flag" title={p.help}>
            <input type="checkbox" id={p.key} checked={on} onchange={change}/><label for={p.key}>{ p.label }</label>
        </div>
    }
}

/// `renderedAtBoot` as `rendered at boot`.
fn spaced(word: &str) -> String {
    crate::params::kebab(word).replace('-', " ")
}

fn choice(props: &ControlsProps, key: Key, words: &'static [&'static str], value: i64) -> Html {
    let change =
        props.on.reform(move |e: Event| Change::Value(key, e.target_unchecked_into::<HtmlSelectElement>().value()));
    let p = key.param();
    html! {
        <div class="field choice" title={p.help}>
            <label for={p.key}>{ p.label }</label>
            <select id={p.key} data-value={format_value(key, value)} onchange={change}>
                { for words.iter().enumerate().map(|(i, w)| html! {
                    <option value={*w} selected={i as i64 == value}>{ spaced(w) }</option>
                }) }
            </select>
        </div>
    }
}

fn number(props: &ControlsProps, key: Key, value: i64) -> Html {
    let p = key.param();
    let text = format_value(key, value);
    let label_id = format!("label-{}", p.key);
    let dragged = Callback::from(move |e: InputEvent| show_dragged(key, &e.target_unchecked_into()));
    let slid = props.on.reform(move |e: Event| {
        let position = e.target_unchecked_into::<HtmlInputElement>().value_as_number() as i64;
        Change::Value(key, format_value(key, value_at(key, position)))
    });
    let typed =
        props.on.reform(move |e: Event| Change::Value(key, e.target_unchecked_into::<HtmlInputElement>().value()));
    html! {
        <div class="field number" title={p.help}>
            <label for={p.key} id={label_id.clone()}>{ p.label }</label>
            <span class="value">
                <input type="number" id={p.key} value={text.clone()} min={format_value(key, p.min)} max={format_value(key, p.max)}
                    step="any" inputmode="decimal" onchange={typed}/>
                <span class="unit">{ p.unit }</span>
            </span>
            <input type="range" class="slide" min="0" max={steps(key).to_string()} step="1" value={position_of(key, value).to_string()}
                aria-labelledby={label_id} aria-valuetext={format!("{text} {}", p.unit)} oninput={dragged} onchange={slid}/>
        </div>
    }
}

/// While a slider is dragged, its number field follows; the run restarts when it is let go.
fn show_dragged(key: Key, slider: &HtmlInputElement) {
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
    if value <= 0 { 0 } else { (share * steps as f64).round().clamp(0.0, steps as f64) as i64 }
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
