//! JSON as a value that keeps the order of keys, repeated keys and the text of numbers, so that problems can be named
//! exactly and output stays byte for byte the same.
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt::{self, Write};

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as plain decimal text.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object: its members in the order they were written, repeated ones included.
    Object(Vec<(String, Json)>),
}

/// How a problem with JSON begins, and what people often forgot then.
const ADVICE: &[(&str, &str)] = &[
    ("expected `,`", "; is a comma missing before it?"),
    ("trailing comma", "; the comma before it is one too many"),
    (
        "expected value",
        "; a text stands between straight double quotes, and numbers, true, false and null stand as they are",
    ),
    (
        "key must be",
        "; a name between straight double quotes is expected here (JSON has no comments, and numbers have a point)",
    ),
    ("control character", "; is the quote missing that closes the text before it?"),
    ("EOF", "; is a closing } or ] or quote missing?"),
    ("trailing characters", "; is a closing } or ] there that belongs to nothing?"),
];

impl Json {
    /// Reads one JSON value. Errors: what is wrong and where (`line 3 column 7`), and what people often forgot then.
    pub fn parse(text: &str) -> Result<Json, String> {
        serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(text)).map_err(|e| {
            let wrong = e.to_string();
            let advice = ADVICE.iter().find(|(start, _)| wrong.starts_with(start)).map_or("", |(_, advice)| *advice);
            wrong + advice
        })
    }

    /// A number from anything that prints as one.
    pub fn number(value: impl ToString) -> Json {
        Json::Number(value.to_string())
    }

    /// A number from millionths: seconds from µs, shares from parts per million.
    pub fn millionths(value: u64) -> Json {
        Json::Number(crate::params::format_decimal(i64::try_from(value).unwrap_or(i64::MAX)))
    }

    /// A string.
    pub fn text(value: impl Into<String>) -> Json {
        Json::Text(value.into())
    }

    /// An object with these members.
    pub fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
        Json::Object(members.into_iter().map(|(key, value)| (key.to_string(), value)).collect())
    }

    /// The first member of this name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The same, however many there are.
    pub fn object_of(members: Vec<(&str, Json)>) -> Json {
        Json::Object(members.into_iter().map(|(key, value)| (key.to_string(), value)).collect())
    }

    /// On one line.
    pub fn line(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, None);
        out
    }

    /// On many lines, two spaces per level, with a newline at the end.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, Some(0));
        out.push('\n');
        out
    }

    /// On one line of at most about 60 characters, for messages.
    pub fn excerpt(&self) -> String {
        let line = self.line();
        if line.chars().count() <= 60 {
            return line;
        }
        line.chars().take(57).chain("...".chars()).collect()
    }

    fn write(&self, out: &mut String, indent: Option<usize>) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Number(text) => out.push_str(text),
            Json::Text(text) => quote(text, out),
            Json::List(items) => {
                bracket(out, indent, '[', ']', items.len(), |out, i, deeper| items[i].write(out, deeper));
            }
            Json::Object(members) => bracket(out, indent, '{', '}', members.len(), |out, i, deeper| {
                let (key, value) = &members[i];
                quote(key, out);
                out.push_str(if deeper.is_some() { ": " } else { ":" });
                value.write(out, deeper);
            }),
        }
    }
}

/// Writes `count` items between brackets, on lines of their own when there is an indent.
fn bracket(
    out: &mut String,
    indent: Option<usize>,
    open: char,
    close: char,
    count: usize,
    item: impl Fn(&mut String, usize, Option<usize>),
) {
    out.push(open);
    for i in 0..count {
        if i > 0 {
            out.push(',');
        }
        if let Some(depth) = indent {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth + 1));
        }
        item(out, i, indent.map(|depth| depth + 1));
    }
    if let (Some(depth), true) = (indent, count > 0) {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
    out.push(close);
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c)); // writing to a String cannot fail
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(Keep)
    }
}

/// Builds a [`Json`] from whatever comes.
struct Keep;

impl<'de> Visitor<'de> for Keep {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::number(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::number(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        // Prints the shortest decimal that means this float, never an exponent: 0.1 stays 0.1 and 1e3 becomes 1000.
        Ok(Json::number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = entries.next_entry()? {
            members.push(member);
        }
        Ok(Json::Object(members))
    }
}
