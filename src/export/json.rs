//! Writes JSON on one line, member by member. Reading it is the browser's and serde's work.
use crate::params::format_decimal;
use crate::words;

/// JSON being written.
#[derive(Debug, Default)]
pub struct Json {
    out: String,
    /// The next value is not the first of its list or object.
    more: bool,
}

impl Json {
    /// What was written.
    pub fn finish(self) -> String {
        self.out
    }

    fn next(&mut self) {
        if self.more {
            self.out.push(',');
        }
        self.more = true;
    }

    /// An object or a list of what `fill` writes; `brackets` are its two brackets.
    pub fn nest(&mut self, brackets: [char; 2], fill: impl FnOnce(&mut Json)) {
        self.next();
        self.out.push(brackets[0]);
        self.more = false;
        fill(self);
        self.out.push(brackets[1]);
        self.more = true;
    }

    /// A member's name; its value must follow.
    pub fn key(&mut self, name: &str) -> &mut Json {
        self.text(name);
        self.out.push(':');
        self.more = false;
        self
    }

    /// A value that is written as it stands: a number, `true`, `null`.
    pub fn raw(&mut self, value: &str) {
        self.next();
        self.out.push_str(value);
    }

    /// A whole number.
    pub fn number(&mut self, n: u64) {
        self.raw(&words::number(n));
    }

    /// A number from millionths: seconds from µs, shares from parts per million.
    pub fn millionths(&mut self, n: u64) {
        self.raw(&format_decimal(i64::try_from(n).unwrap_or(i64::MAX)));
    }

    /// A truth.
    pub fn truth(&mut self, value: bool) {
        self.raw(if value { "true" } else { "false" });
    }

    /// A string.
    pub fn text(&mut self, text: &str) {
        self.next();
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                c if c.is_control() => {
                    self.out.push_str("\\u");
                    let code = words::hex(u32::from(c).into());
                    self.out.extend(std::iter::repeat_n('0', 4_usize.saturating_sub(code.len())));
                    self.out.push_str(&code);
                }
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }
}
