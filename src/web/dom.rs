//! Builds virtual nodes with little code: `html!` unrolls every attribute where it stands (a kilobyte per element,
//! measured), this keeps one function for all of them.
use std::rc::Rc;

use yew::virtual_dom::{AttributeOrProperty, Attributes, Key, VNode, VTag, VText};
use yew::{AttrValue, Html, NodeRef};

/// `el!("g", "class" = "peer", "x" = 3; child, child)` or `el!("g"; ..children)`.
macro_rules! el {
    ($tag:literal $(, $k:literal = $v:expr)* ; .. $kids:expr) => {
        $crate::web::dom::build($tag, &[$($k),*], &mut [$($crate::web::dom::V::from($v)),*], $kids)
    };
    ($tag:literal $(, $k:literal = $v:expr)* $(; $($kid:expr),+ $(,)?)?) => {
        $crate::web::dom::build($tag, &[$($k),*], &mut [$($crate::web::dom::V::from($v)),*], vec![$($($kid),+)?])
    };
}
pub(crate) use el;

/// An attribute's value, or a text.
#[derive(Default)]
pub enum V {
    /// No such attribute.
    #[default]
    Gone,
    /// Known at compile time.
    S(&'static str),
    /// A whole number.
    N(i32),
    /// Anything else.
    T(String),
}

impl From<&'static str> for V {
    fn from(s: &'static str) -> V {
        V::S(s)
    }
}
impl From<i32> for V {
    fn from(n: i32) -> V {
        V::N(n)
    }
}
impl From<String> for V {
    fn from(t: String) -> V {
        V::T(t)
    }
}
impl From<bool> for V {
    fn from(there: bool) -> V {
        if there { V::S("") } else { V::Gone }
    }
}

impl V {
    fn value(self) -> Option<AttrValue> {
        match self {
            V::Gone => None,
            V::S(s) => Some(AttrValue::Static(s)),
            V::N(n) => Some(AttrValue::from(n.to_string())),
            V::T(t) => Some(AttrValue::from(t)),
        }
    }
}

/// One element. `keys` and `values` belong together.
#[inline(never)]
pub fn build(tag: &'static str, keys: &'static [&'static str], values: &mut [V], kids: Vec<Html>) -> Html {
    let mut node = VTag::new(tag);
    let values = values.iter_mut().map(|v| std::mem::take(v).value().map(AttributeOrProperty::Attribute)).collect();
    node.set_attributes(Attributes::Dynamic { keys, values });
    node.add_children(kids);
    VNode::from(node)
}

/// Text.
#[inline(never)]
pub fn text_of(v: V) -> Html {
    VNode::from(VText::new(v.value().unwrap_or_default()))
}

/// Text.
pub fn t(v: impl Into<V>) -> Html {
    text_of(v.into())
}

#[inline(never)]
fn change(html: Html, f: &mut dyn FnMut(&mut VTag)) -> Html {
    match html {
        VNode::VTag(mut tag) => {
            f(Rc::make_mut(&mut tag));
            VNode::VTag(tag)
        }
        other => other,
    }
}

/// An element that a list knows by this key.
pub fn keyed(key: impl Into<V>, html: Html) -> Html {
    let key = Key::from(&*key.into().value().unwrap_or_default());
    change(html, &mut |tag| tag.key = Some(key.clone()))
}

/// An element that Rust can find again.
pub fn found(reference: &NodeRef, html: Html) -> Html {
    change(html, &mut |tag| tag.node_ref = reference.clone())
}

/// An input that shows this value.
pub fn valued(value: impl Into<V>, html: Html) -> Html {
    let value = value.into().value();
    change(html, &mut |tag| tag.set_value(value.clone()))
}

/// A checkbox.
pub fn checked(on: bool, html: Html) -> Html {
    change(html, &mut |tag| tag.set_checked(on))
}

/// Joins class names; empty ones vanish.
#[inline(never)]
pub fn classes(names: &[&str]) -> String {
    let mut out = String::new();
    for name in names.iter().filter(|n| !n.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(name);
    }
    out
}

/// `"none"` for what is not to be seen.
pub fn none_if(hidden: bool) -> &'static str {
    if hidden { "none" } else { "" }
}

/// A button that says what it does through `data-act`.
pub fn button(act: &'static str, class: &'static str, label: impl Into<V>) -> Html {
    el!("button", "type" = "button", "class" = class, "data-act" = act; t(label))
}
