//! Numbers and lists as people read them, without floats: the same words in captions, labels and tests.
use crate::view::Micros;

/// Makes a text of texts and whole numbers: `say!("zk", sid, " leads")`. The standard library's `format!` would bring 4 kB
/// along, of which the page needs nothing else.
macro_rules! say {
    ($($value:expr),* $(,)?) => {{
        let mut text = String::new();
        $( $crate::words::Say::say($value, &mut text); )*
        text
    }};
}
pub(crate) use say;

/// What can be said.
pub(crate) trait Say {
    /// Appends itself.
    fn say(self, out: &mut String);
}

impl Say for &str {
    fn say(self, out: &mut String) {
        append(out, self);
    }
}
impl Say for &String {
    fn say(self, out: &mut String) {
        append(out, self);
    }
}
impl Say for String {
    fn say(self, out: &mut String) {
        append(out, &self);
    }
}
impl Say for char {
    fn say(self, out: &mut String) {
        out.push(self);
    }
}
impl Say for i64 {
    fn say(self, out: &mut String) {
        append(out, if self < 0 { "-" } else { "" });
        digits(out, self.unsigned_abs(), 1);
    }
}
macro_rules! counts {
    ($($kind:ty),*) => {
        $(impl Say for $kind {
            fn say(self, out: &mut String) {
                digits(out, self as u64, 1);
            }
        })*
    };
}
counts!(u8, u32, u64, usize);

#[inline(never)]
fn append(out: &mut String, text: &str) {
    out.push_str(text);
}

/// Appends a number, with at least this many digits.
#[inline(never)]
pub(crate) fn digits(out: &mut String, mut n: u64, least: usize) {
    let mut text = [b'0'; 20];
    let mut at = text.len();
    while n > 0 || text.len() - at < least {
        at -= 1;
        text[at] += (n % 10) as u8;
        n /= 10;
    }
    for digit in &text[at..] {
        out.push(char::from(*digit));
    }
}

/// A number.
pub(crate) fn number(n: u64) -> String {
    say!(n)
}

/// The same with at least two digits.
fn two(n: u64) -> String {
    let mut text = String::new();
    digits(&mut text, n, 2);
    text
}

/// `2 074`, with a narrow no-break space between groups of three.
pub fn count(n: u64) -> String {
    let digits = number(n);
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(c);
    }
    out
}

/// `100000005`: hexadecimal, as ZooKeeper prints zxids.
pub fn hex(n: u64) -> String {
    let digit = |shift: u32| char::from(b"0123456789abcdef"[(n >> shift & 15) as usize]);
    let digits = (64 - n.leading_zeros()).div_ceil(4).max(1);
    (0..digits).rev().map(|i| digit(i * 4)).collect()
}

/// A value in millionths with one decimal: `9.8`.
pub fn tenths(millionths: u64) -> String {
    let t = (millionths + 50_000) / 100_000;
    say!(t / 10, ".", t % 10)
}

/// A share in millionths of 1 as `9.8 %`.
pub fn percent(millionths: u64) -> String {
    say!(tenths(millionths * 100), "\u{a0}%")
}

/// `0:56.0`.
pub fn clock(t: Micros) -> String {
    let tenth = t / 100_000;
    say!(tenth / 600, ":", two(tenth / 10 % 60), ".", tenth % 10)
}

/// `0:56`, for ends and ticks.
pub fn clock_short(t: Micros) -> String {
    let s = (t + 500_000) / 1_000_000;
    say!(s / 60, ":", two(s % 60))
}

/// `31 s`, `2 min 5 s`, `400 ms`: about how long.
pub fn span(t: Micros) -> String {
    match t {
        0..1_000_000 => say!(t / 1000, "\u{a0}ms"),
        1_000_000..10_000_000 => say!(tenths(t), "\u{a0}s"),
        10_000_000..120_000_000 => say!(t / 1_000_000, "\u{a0}s"),
        _ => say!(t / 60_000_000, "\u{a0}min ", t / 1_000_000 % 60, "\u{a0}s"),
    }
}

/// `1 host`, `8 hosts`.
pub fn plural(n: u64, one: &str, many: &str) -> String {
    say!(count(n), " ", if n == 1 { one } else { many })
}

/// `8`, `8 and 9`, `7, 8 and 9`.
pub fn list(ids: &[u8]) -> String {
    let mut out = String::new();
    for (i, id) in ids.iter().enumerate() {
        if i > 0 {
            out.push_str(if i + 1 == ids.len() { " and " } else { ", " });
        }
        out.push_str(&id.to_string());
    }
    out
}

/// Server lists as ranges: `1–11`, `1–3, 5`.
pub fn ranges(ids: &[u8]) -> String {
    let mut out = String::new();
    let mut i = 0;
    while let Some(&first) = ids.get(i) {
        let mut last = first;
        while ids.get(i + 1).is_some_and(|&next| u16::from(next) == u16::from(last) + 1) {
            i += 1;
            last = ids[i];
        }
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(&first.to_string());
        if last > first {
            out.push_str(if last == first + 1 { ", " } else { "–" });
            out.push_str(&last.to_string());
        }
        i += 1;
    }
    out
}

/// The smallest of 1, 2, 3, 4, 5, 6, 8 × 10ⁿ that is at least `n`: the top of an axis.
pub fn nice_ceiling(n: u64) -> u64 {
    let mut unit: u64 = 1;
    loop {
        for step in [1, 2, 3, 4, 5, 6, 8] {
            if step * unit >= n {
                return step * unit;
            }
        }
        unit *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_the_way_people_write_them() {
        assert_eq!(count(0), "0");
        assert_eq!(count(2074), "2\u{202f}074");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(percent(97_600), "9.8\u{a0}%");
        assert_eq!(percent(1_000_000), "100.0\u{a0}%");
        assert_eq!([hex(0), hex(0x1_0000_0005)], ["0", "100000005"]);
        assert_eq!(clock(56_049_999), "0:56.0");
        assert_eq!(clock_short(300_000_000), "5:00");
        assert_eq!(span(400_000), "400\u{a0}ms");
        assert_eq!(span(31_400_000), "31\u{a0}s");
        assert_eq!(span(125_000_000), "2\u{a0}min 5\u{a0}s");
    }

    #[test]
    fn lists_and_axes_are_short() {
        assert_eq!(list(&[8, 9, 10]), "8, 9 and 10");
        assert_eq!(ranges(&[1, 2, 3, 5, 7, 8]), "1–3, 5, 7, 8");
        assert_eq!(ranges(&[255]), "255");
        assert_eq!([0, 1, 3, 40, 51, 100, 101].map(nice_ceiling), [1, 1, 3, 40, 60, 100, 200]);
    }
}
