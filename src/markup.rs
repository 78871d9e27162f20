//! Markup as text: values appended one after the other, the same for the page and for pictures of it.
//!
//! The text is ours and its syntax small: values without quotes end at a space or `>`, texts have no entities, and other
//! people's words come in through [`Markup::quote`], which takes the four characters that mean something here.

/// Text being written.
#[derive(Debug, Default)]
pub struct Markup(pub(crate) String);

/// Appends values, one after the other: `put!(m; "<text x=", x, ">", name, "</text>")`.
macro_rules! put {
    ($m:expr; $($value:expr),* $(,)?) => {{
        $( $crate::markup::Put::put($value, $m); )*
    }};
}
pub(crate) use put;

/// What can be appended.
pub trait Put {
    /// Appends itself.
    fn put(self, out: &mut Markup);
}

impl Put for &str {
    fn put(self, out: &mut Markup) {
        out.str(self);
    }
}
impl Put for String {
    fn put(self, out: &mut Markup) {
        out.str(&self);
    }
}
impl Put for i32 {
    fn put(self, out: &mut Markup) {
        out.int(self);
    }
}
impl Put for u8 {
    fn put(self, out: &mut Markup) {
        out.int(i32::from(self));
    }
}
impl Put for u32 {
    fn put(self, out: &mut Markup) {
        out.int(i32::try_from(self).unwrap_or(i32::MAX));
    }
}
impl Put for char {
    fn put(self, out: &mut Markup) {
        out.0.push(self);
    }
}

impl Markup {
    #[inline(never)]
    fn str(&mut self, text: &str) {
        self.0.push_str(text);
    }

    #[inline(never)]
    fn int(&mut self, n: i32) {
        if n < 0 {
            self.0.push('-');
        }
        let mut digits = [0_u8; 10];
        let (mut rest, mut i) = (n.unsigned_abs(), digits.len());
        while i > 0 && (rest > 0 || i == digits.len()) {
            i -= 1;
            if let Some(digit) = digits.get_mut(i) {
                *digit = b'0' + (rest % 10) as u8;
            }
            rest /= 10;
        }
        for digit in digits.iter().skip(i) {
            self.0.push(char::from(*digit));
        }
    }

    /// Appends other people's words.
    pub fn quote(&mut self, text: &str) {
        for c in text.chars() {
            self.0.push(match c {
                '<' => '‹',
                '>' => '›',
                '"' => '”',
                '\n' => ' ',
                other => other,
            });
        }
    }

    /// Appends other people's words that may be in another language than the page: a tag, or nothing for the page's own.
    #[cfg(feature = "lab")]
    pub fn quote_in(&mut self, locale: &str, text: &str) {
        if locale.is_empty() {
            return self.quote(text);
        }
        self.0.push_str("<span lang=\"");
        self.quote(locale);
        self.0.push_str("\">");
        self.quote(text);
        self.0.push_str("</span>");
    }

    /// A text within an attribute's quotes as it is, to the character: code that people copy. The page reads it back.
    pub fn exact(&mut self, text: &str) {
        self.0.extend(text.chars().map(|c| if c == '"' { '\u{1}' } else { c }));
    }
}

/// Reads markup back, piece by piece.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// At the beginning of it.
    pub(crate) fn new(markup: &'a Markup) -> Reader<'a> {
        Reader { text: &markup.0, at: 0 }
    }

    /// The byte so far ahead; 0 beyond the end.
    pub(crate) fn peek(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Takes so many bytes.
    pub(crate) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Takes everything up to one of these bytes.
    pub(crate) fn until(&mut self, ends: &[u8]) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let n = rest.bytes().position(|b| ends.contains(&b)).unwrap_or(rest.len());
        self.at += n;
        rest.get(..n).unwrap_or_default()
    }

    /// Takes spaces and line ends.
    pub(crate) fn skip_space(&mut self) {
        while matches!(self.peek(0), b' ' | b'\n') {
            self.at += 1;
        }
    }

    /// Takes an attribute: its name and its value, "" without one.
    pub(crate) fn attribute(&mut self) -> (&'a str, &'a str) {
        let name = self.until(b"= />");
        let mut value = "";
        if self.peek(0) == b'=' {
            let quoted = self.peek(1) == b'"';
            self.at += 1 + usize::from(quoted);
            value = self.until(if quoted { b"\"" } else { b" />" });
            self.at += usize::from(quoted);
        }
        (name, value)
    }
}
