//! Single keys, only while the focus is inside, and never those that the focused control needs itself.
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::app::Msg;

/// What a key means here, if anything.
pub fn message(e: &KeyboardEvent) -> Option<Msg> {
    if e.ctrl_key() || e.alt_key() || e.meta_key() || e.default_prevented() {
        return None;
    }
    let key = e.key();
    if key == "Escape" {
        return Some(Msg::Close);
    }
    let target = e.composed_path().get(0).dyn_into::<Element>().ok();
    let (tag, kind, role) = target.as_ref().map_or_else(Default::default, |t| {
        let attribute = |name| t.get_attribute(name).unwrap_or_default();
        (t.tag_name().to_ascii_lowercase(), attribute("type"), attribute("role"))
    });
    let slider = tag == "input" && kind == "range";
    let writes = tag == "select" || tag == "input" && !slider && kind != "checkbox";
    let presses = matches!(&*tag, "button" | "summary") || role == "button" || kind == "checkbox";
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

/// The node that an event on the stage is about.
pub fn node_of(target: Option<web_sys::EventTarget>) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest("[data-node]").ok().flatten()
}
