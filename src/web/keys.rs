//! What clicks, inputs and single keys mean. All are heard once, at the root; elements say what they are for through
//! `data-act`, `data-node` and `data-key`.
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, KeyboardEvent};

use super::app::Msg;
use super::controls::{Change, change_of, key_of, show_dragged};

fn target(e: &Event) -> Option<Element> {
    e.composed_path().get(0).dyn_into().ok()
}

fn closest(e: &Event, selector: &str) -> Option<Element> {
    target(e)?.closest(selector).ok().flatten()
}

/// The kinds of events that are heard.
pub const HEARD: [&str; 4] = ["click", "input", "change", "keydown"];

/// What an event means, if anything.
pub fn heard(e: &Event) -> Option<Msg> {
    match &*e.type_() {
        "click" => clicked(e),
        "input" => typed(e),
        "change" => change_of(&target(e)?).map(Msg::Change),
        _ => pressed(e.dyn_ref()?),
    }
}

/// A click on a button or on a node.
fn clicked(e: &Event) -> Option<Msg> {
    if let Some(button) = closest(e, "[data-act]") {
        let act = button.get_attribute("data-act")?;
        return Some(match &*act {
            "toggle" | "continue" => Msg::Toggle,
            "restart" => Msg::Restart,
            "back" => Msg::Step(-1),
            "next" => Msg::Step(1),
            "auto" => Msg::AutoPace,
            "slowly" => Msg::Slowly,
            "dismiss" => Msg::Dismiss,
            "close" => Msg::Close,
            "defaults" => Msg::Change(Change::Defaults),
            _ => Msg::Act(act),
        });
    }
    if let Some(node) = closest(e, "[data-node]") {
        return Some(Msg::Select(node));
    }
    closest(e, ".popover").is_none().then_some(Msg::Dropped)
}

/// A slider on its way.
fn typed(e: &Event) -> Option<Msg> {
    let input: HtmlInputElement = target(e)?.dyn_into().ok()?;
    let value = input.value_as_number() as i32;
    match &*input.id() {
        "time" => return Some(Msg::Scrub(value)),
        "speed" => return Some(Msg::Speed(value)),
        _ => {}
    }
    if input.type_() == "range"
        && let Some(key) = key_of(&input)
    {
        show_dragged(key, &input);
    }
    None
}

/// What a key means here, if anything: never those that the focused control needs itself.
fn pressed(e: &KeyboardEvent) -> Option<Msg> {
    let message = meaning(e);
    if message.is_some() && e.key() != "Escape" {
        e.prevent_default();
    }
    message
}

fn meaning(e: &KeyboardEvent) -> Option<Msg> {
    if e.ctrl_key() || e.alt_key() || e.meta_key() || e.default_prevented() {
        return None;
    }
    let key = e.key();
    if key == "Escape" {
        return Some(Msg::Close);
    }
    if matches!(&*key, "Enter" | " ")
        && let Some(node) = closest(e, "[data-node]")
    {
        return Some(Msg::Select(node));
    }
    let target = target(e);
    let (tag, kind) =
        target.as_ref().map_or_else(Default::default, |t| (t.tag_name(), t.get_attribute("type").unwrap_or_default()));
    let slider = kind == "range";
    let writes = tag == "SELECT" || tag == "INPUT" && !slider && kind != "checkbox";
    let presses = tag == "BUTTON" || tag == "SUMMARY" || kind == "checkbox";
    if writes || presses && matches!(&*key, " " | "Enter") || slider && key.starts_with("Arrow") {
        return None;
    }
    Some(match &*key {
        " " | "k" | "K" => Msg::Toggle,
        "ArrowLeft" => Msg::Skip(-5_000_000),
        "ArrowRight" => Msg::Skip(5_000_000),
        "[" => Msg::Step(-1),
        "]" => Msg::Step(1),
        "<" => Msg::Faster(-1),
        ">" => Msg::Faster(1),
        "r" | "R" => Msg::Restart,
        digit => {
            let tenth = digit.parse::<u8>().ok().filter(|_| digit.len() == 1)?;
            Msg::Tenth(tenth)
        }
    })
}
