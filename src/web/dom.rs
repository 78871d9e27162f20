//! Builds virtual nodes from templates that are read at run time. `html!` unrolls a kilobyte of code per element
//! (measured), a function call per element 400 bytes; a template costs its text.
//!
//! A template is markup whose `{}` take the next argument: `<text x={} class="id">{}</text>`. Attributes of one word
//! need no quotes. `key`, `ref`, `value` and `checked` mean what they mean to Yew.
use std::rc::Rc;

use yew::virtual_dom::{Key, VNode, VTag, VText};
use yew::{AttrValue, Html, NodeRef};

/// `view!("<b>{}</b>", text)`.
macro_rules! view {
    ($template:literal $(, $arg:expr)* $(,)?) => {
        $crate::web::dom::render($template, &mut [$($crate::web::dom::A::from($arg)),*])
    };
}
pub(crate) use view;

/// An argument of a template.
#[derive(Default)]
pub enum A {
    /// No such attribute; no such child.
    #[default]
    Gone,
    /// A text known at compile time.
    S(&'static str),
    /// A whole number.
    N(i32),
    /// Any other text.
    T(String),
    /// A child.
    H(Html),
    /// Children.
    L(Vec<Html>),
    /// A place to find the element by.
    R(NodeRef),
}

macro_rules! from {
    ($($kind:ty => $variant:ident),*) => {
        $(impl From<$kind> for A {
            fn from(value: $kind) -> A {
                A::$variant(value)
            }
        })*
    };
}
from!(&'static str => S, i32 => N, String => T, Html => H, Vec<Html> => L, NodeRef => R);

impl From<bool> for A {
    fn from(there: bool) -> A {
        if there { A::S("") } else { A::Gone }
    }
}

impl A {
    fn text(self) -> Option<AttrValue> {
        match self {
            A::S(s) => Some(AttrValue::Static(s)),
            A::N(n) => Some(AttrValue::from(n.to_string())),
            A::T(t) => Some(AttrValue::from(t)),
            _ => None,
        }
    }
}

/// One element and all in it. Templates are ours: a malformed one shows less than it should, and never panics.
#[inline(never)]
pub fn render(template: &'static str, args: &mut [A]) -> Html {
    let mut reader = Reader { template, at: 0, args: args.iter_mut() };
    let mut nodes = Vec::new();
    reader.children(&mut nodes);
    nodes.pop().unwrap_or_default()
}

struct Reader<'a> {
    template: &'static str,
    at: usize,
    args: std::slice::IterMut<'a, A>,
}

impl Reader<'_> {
    fn peek(&self) -> u8 {
        self.template.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// Takes everything up to one of these bytes.
    fn until(&mut self, ends: &[u8]) -> &'static str {
        let rest = self.template.get(self.at..).unwrap_or_default();
        let n = rest.bytes().position(|b| ends.contains(&b)).unwrap_or(rest.len());
        self.at += n;
        rest.get(..n).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), b' ' | b'\n') {
            self.at += 1;
        }
    }

    fn arg(&mut self) -> A {
        self.at += 2; // {}
        self.args.next().map(std::mem::take).unwrap_or_default()
    }

    fn children(&mut self, out: &mut Vec<Html>) {
        loop {
            self.skip_space();
            match self.peek() {
                0 => return,
                b'<' if self.template.as_bytes().get(self.at + 1) == Some(&b'/') => {
                    self.until(b">");
                    self.at += 1;
                    return;
                }
                b'<' => {
                    let element = self.element();
                    out.push(element);
                }
                b'{' => match self.arg() {
                    A::H(html) => out.push(html),
                    A::L(list) => out.extend(list),
                    other => out.push(VText::new(other.text().unwrap_or_default()).into()),
                },
                _ => {
                    let text = self.until(b"<{");
                    out.push(VText::new(AttrValue::Static(text)).into());
                }
            }
        }
    }

    fn element(&mut self) -> Html {
        self.at += 1;
        let mut tag = VTag::new(self.until(b" />"));
        loop {
            self.skip_space();
            match self.peek() {
                b'/' => {
                    self.at += 2;
                    break;
                }
                b'>' => {
                    self.at += 1;
                    let mut kids = Vec::new();
                    self.children(&mut kids);
                    tag.add_children(kids);
                    break;
                }
                0 => break,
                _ => self.attribute(&mut tag),
            }
        }
        VNode::VTag(Rc::new(tag))
    }

    fn attribute(&mut self, tag: &mut VTag) {
        let key = self.until(b"= />");
        if self.peek() != b'=' {
            tag.add_attribute(key, AttrValue::Static(""));
            return;
        }
        self.at += 1;
        let value = match self.peek() {
            b'{' => self.arg(),
            b'"' => {
                self.at += 1;
                let text = self.until(b"\"");
                self.at += 1;
                A::S(text)
            }
            _ => A::S(self.until(b" />")),
        };
        match (key, value) {
            ("ref", A::R(reference)) => tag.node_ref = reference,
            ("checked", value) => tag.set_checked(!matches!(value, A::Gone)),
            ("key", value) => tag.key = Some(Key::from(&*value.text().unwrap_or_default())),
            ("value", value) if tag.tag() == "input" => tag.set_value(value.text()),
            (key, value) => {
                if let Some(text) = value.text() {
                    tag.add_attribute(key, text);
                }
            }
        }
    }
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

/// A button that says what it does through `data-act`.
pub fn button(act: &'static str, class: &'static str, label: impl Into<A>) -> Html {
    view!("<button key={} type=button class={} data-act={}>{}</button>", act, class, act, label.into())
}
