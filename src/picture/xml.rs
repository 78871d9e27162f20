//! Makes XML of the page's markup: quotes every value, escapes what XML needs, and leaves out what only a page uses.
use crate::markup::Markup;

/// Attributes that mean something on the page alone.
const PAGE_ONLY: [&str; 8] = ["key", "role", "tabindex", "part", "aria-hidden", "aria-label", "data-node", "data-act"];

/// Appends the markup as XML. Elements that the page hides (`class=none`) are left out.
pub fn xml(markup: &Markup, out: &mut String) {
    let mut reader = Reader { text: &markup.0, at: 0 };
    reader.children(out);
}

/// Appends text, escaped for XML.
pub fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has no other control characters.
            c if c.is_control() && c != '\n' && c != '\t' => out.push(' '),
            c => out.push(c),
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// What an element was opened with.
#[derive(Default)]
struct Open {
    hidden: bool,
    x: String,
    y: String,
}

impl<'a> Reader<'a> {
    fn peek(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn until(&mut self, ends: &[u8]) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let n = rest.bytes().position(|b| ends.contains(&b)).unwrap_or(rest.len());
        self.at += n;
        rest.get(..n).unwrap_or_default()
    }

    fn children(&mut self, out: &mut String) {
        loop {
            match (self.peek(0), self.peek(1)) {
                (0, _) => return,
                (b'<', b'/') => {
                    self.until(b">");
                    self.at += 1;
                    return;
                }
                (b'<', _) => {
                    let mut element = String::new();
                    if !self.element(&mut element) {
                        out.push_str(&element);
                    }
                }
                _ => escape(self.until(b"<"), out),
            }
        }
    }

    /// One element. True: the page hides it.
    fn element(&mut self, out: &mut String) -> bool {
        self.at += 1;
        let name = self.until(b" />");
        out.push('<');
        out.push_str(name);
        let mut open = Open::default();
        loop {
            while matches!(self.peek(0), b' ' | b'\n') {
                self.at += 1;
            }
            match self.peek(0) {
                b'/' => {
                    self.at += 2;
                    place(&open, out);
                    out.push_str("/>");
                    break;
                }
                b'>' => {
                    self.at += 1;
                    place(&open, out);
                    out.push('>');
                    self.children(out);
                    out.push_str("</");
                    out.push_str(name);
                    out.push('>');
                    break;
                }
                0 => break,
                _ => self.attribute(&mut open, out),
            }
        }
        open.hidden
    }

    fn attribute(&mut self, open: &mut Open, out: &mut String) {
        let name = self.until(b"= />");
        let mut value = "";
        if self.peek(0) == b'=' {
            let quoted = self.peek(1) == b'"';
            self.at += 1 + usize::from(quoted);
            value = self.until(if quoted { b"\"" } else { b" />" });
            self.at += usize::from(quoted);
        }
        match name {
            "data-x" => open.x.push_str(value),
            "data-y" => open.y.push_str(value),
            "class" if value == "none" => open.hidden = true,
            _ if PAGE_ONLY.contains(&name) || value.is_empty() => {}
            _ => {
                out.push(' ');
                out.push_str(name);
                out.push_str("=\"");
                escape(value, out);
                out.push('"');
            }
        }
    }
}

/// The page moves nodes by script; a picture says where they are.
fn place(open: &Open, out: &mut String) {
    if !open.x.is_empty() {
        for part in [" transform=\"translate(", &open.x, ",", &open.y, ")\""] {
            out.push_str(part);
        }
    }
}
