//! Virtual nodes from markup text. `html!` unrolls a kilobyte of code per element (measured); appending text costs a few
//! bytes per value, and one reader makes nodes of it all.
//!
//! The text is ours, so the reader is simple: see [`crate::markup`].
use std::rc::Rc;

use yew::virtual_dom::{AttributeOrProperty, Attributes, Key, VNode, VTag, VText};
use yew::{AttrValue, Html};

pub use crate::markup::Markup;
use crate::markup::Reader;
pub(crate) use crate::markup::put;

impl Markup {
    /// Makes nodes of it.
    pub fn nodes(&self) -> Html {
        let mut nodes = Vec::new();
        children(&mut Reader::new(self), &mut nodes);
        nodes.pop().unwrap_or_default()
    }
}

/// Every tag that markup here may use, sorted: what is not in it is dropped, and the page tests would notice.
#[rustfmt::skip]
#[cfg(not(feature = "lab"))]
static TAGS: [&str; 31] = [
    "b", "button", "canvas", "circle", "dd", "defs", "details", "div", "dl", "dt", "g", "h2", "h3", "input",
    "label", "li", "line", "option", "p", "path", "pattern", "rect", "section", "select", "span", "summary", "svg", "text",
    "title", "tspan", "ul",
];

/// … and with the panels.
#[rustfmt::skip]
#[cfg(feature = "lab")]
static TAGS: [&str; 60] = [
    "a", "b", "br", "button", "canvas", "caption", "circle", "clipPath", "code", "dd", "defs", "details", "div", "dl", "dt",
    "em", "figcaption", "figure", "g", "h2", "h3", "h4", "hr", "input", "kbd", "label", "li", "line", "mark",
    "marker", "nav", "ol", "option", "p", "path", "pattern", "polyline", "pre", "progress", "rect", "section",
    "select", "small", "span", "strong", "sub", "summary", "sup", "svg", "table", "tbody", "td", "text", "textarea", "th",
    "thead", "title", "tr", "tspan", "ul",
];

/// Every attribute, sorted. All elements have this one list: Yew compares two values at the same place without looking names
/// up in maps, which would cost the page 4 kB gzip.
#[rustfmt::skip]
#[cfg(not(feature = "lab"))]
static ATTRIBUTES: [&str; 51] = [
    "aria-expanded", "aria-hidden", "aria-label", "aria-labelledby", "aria-pressed", "aria-valuetext", "class", "cx", "cy",
    "d", "data-act", "data-arg", "data-key", "data-lab", "data-left", "data-node", "data-top", "data-value", "data-words",
    "data-x", "data-y", "dy", "fill", "for", "height", "hidden", "id", "inputmode", "max", "min", "open", "part",
    "pathLength", "patternTransform", "patternUnits", "r", "role", "rx", "selected", "step", "stroke-dasharray", "tabindex",
    "text-anchor", "title", "transform", "type", "value", "width", "x", "y", "y2",
];

/// … and with the panels.
#[rustfmt::skip]
#[cfg(feature = "lab")]
static ATTRIBUTES: [&str; 106] = [
    "aria-controls", "aria-current", "aria-describedby", "aria-disabled", "aria-expanded", "aria-haspopup", "aria-hidden", "aria-invalid",
    "aria-label", "aria-labelledby", "aria-modal", "aria-pressed", "aria-roledescription", "aria-selected",
    "aria-valuemax", "aria-valuemin", "aria-valuenow", "aria-valuetext", "autocomplete", "checked", "class", "clip-path",
    "cols", "colspan", "cx", "cy", "d", "data-act", "data-arg", "data-code", "data-controls", "data-in", "data-job", "data-key", "data-lab",
    "data-left", "data-lock", "data-node", "data-panels", "data-point", "data-spots", "data-t", "data-top", "data-value", "data-view", "data-words", "data-x", "data-y", "disabled", "download",
    "dy", "fill", "for", "height", "hidden", "href", "id", "inert", "inputmode", "lang", "marker-end", "markerHeight",
    "markerWidth", "max", "maxlength", "min", "name", "open", "orient", "part", "pathLength", "patternTransform",
    "patternUnits", "placeholder", "points", "preserveAspectRatio", "r", "readonly", "refX", "refY", "rel", "role", "rows",
    "rowspan", "rx", "scope", "selected", "spellcheck", "step", "stroke-dasharray", "stroke-width", "tabindex", "target",
    "text-anchor", "title", "transform", "type", "value", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2",
];

fn place(names: &[&str], name: &str) -> Option<usize> {
    names.binary_search(&name).ok()
}

fn children(reader: &mut Reader, out: &mut Vec<Html>) {
    loop {
        match (reader.peek(0), reader.peek(1)) {
            (0, _) => return,
            (b'\n', _) => reader.skip_space(),
            (b'<', b'/') => {
                reader.until(b">");
                reader.skip(1);
                return;
            }
            (b'<', _) => {
                let element = element(reader);
                out.push(element);
            }
            _ => {
                let text = reader.until(b"<");
                out.push(VText::new(AttrValue::from(text.to_string())).into());
            }
        }
    }
}

fn element(reader: &mut Reader) -> Html {
    reader.skip(1);
    let name = reader.until(b" />");
    let mut tag = VTag::new(place(&TAGS, name).map_or("", |i| TAGS[i]));
    let mut values = Box::new([const { None }; ATTRIBUTES.len()]);
    loop {
        reader.skip_space();
        match reader.peek(0) {
            b'/' => {
                reader.skip(2);
                break;
            }
            b'>' => {
                reader.skip(1);
                let mut kids = Vec::new();
                children(reader, &mut kids);
                tag.add_children(kids);
                break;
            }
            0 => break,
            _ => attribute(reader, &mut tag, &mut *values),
        }
    }
    tag.set_attributes(Attributes::Dynamic { keys: &ATTRIBUTES, values });
    VNode::VTag(Rc::new(tag))
}

fn attribute(reader: &mut Reader, tag: &mut VTag, values: &mut [Option<AttributeOrProperty>]) {
    let (name, value) = reader.attribute();
    if name == "key" {
        tag.key = Some(Key::from(value));
        return;
    }
    #[cfg(feature = "lab")]
    if name == "value" && tag.tag() == "textarea" {
        return tag.set_value(Some(AttrValue::from(value.replace('\u{1}', "\"")))); // what exact() wrote
    }
    let text = AttrValue::from(value.to_string());
    if name == "value" && tag.tag() == "input" {
        tag.set_value(Some(text));
    } else if let Some(slot) = place(&ATTRIBUTES, name).and_then(|i| values.get_mut(i)) {
        *slot = Some(AttributeOrProperty::Attribute(text));
    } else {
        debug_assert!(false, "the list of attributes lacks {name}");
    }
}

/// A button that says what it does through `data-act`.
pub fn button(m: &mut Markup, act: &str, class: &str, label: &str) {
    put!(m; "<button key=", act, " type=button class=\"", class, "\" data-act=", act, ">", label, "</button>");
}
