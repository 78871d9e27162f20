//! Makes XML of the page's markup: quotes every value, escapes what XML needs, and leaves out what only a page uses.
use crate::markup::{Markup, Reader};

/// Attributes that mean something on the page alone.
const PAGE_ONLY: [&str; 8] = ["key", "role", "tabindex", "part", "aria-hidden", "aria-label", "data-node", "data-act"];

/// Appends the markup as XML. Elements that the page hides (`class=none`) are left out.
pub fn xml(markup: &Markup, out: &mut String) {
    children(&mut Reader::new(markup), out);
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

/// What an element was opened with.
#[derive(Default)]
struct Open {
    hidden: bool,
    x: String,
    y: String,
}

fn children(reader: &mut Reader, out: &mut String) {
    loop {
        match (reader.peek(0), reader.peek(1)) {
            (0, _) => return,
            (b'<', b'/') => {
                reader.until(b">");
                reader.skip(1);
                return;
            }
            (b'<', _) => {
                let mut text = String::new();
                if !element(reader, &mut text) {
                    out.push_str(&text);
                }
            }
            _ => escape(reader.until(b"<"), out),
        }
    }
}

/// One element. True: the page hides it.
fn element(reader: &mut Reader, out: &mut String) -> bool {
    reader.skip(1);
    let name = reader.until(b" />");
    out.push('<');
    out.push_str(name);
    let mut open = Open::default();
    loop {
        reader.skip_space();
        match reader.peek(0) {
            b'/' => {
                reader.skip(2);
                place(&open, out);
                out.push_str("/>");
                break;
            }
            b'>' => {
                reader.skip(1);
                place(&open, out);
                out.push('>');
                children(reader, out);
                out.push_str("</");
                out.push_str(name);
                out.push('>');
                break;
            }
            0 => break,
            _ => attribute(reader, &mut open, out),
        }
    }
    open.hidden
}

fn attribute(reader: &mut Reader, open: &mut Open, out: &mut String) {
    let (name, value) = reader.attribute();
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

/// The page moves nodes by script; a picture says where they are.
fn place(open: &Open, out: &mut String) {
    if !open.x.is_empty() {
        for part in [" transform=\"translate(", &open.x, ",", &open.y, ")\""] {
            out.push_str(part);
        }
    }
}
