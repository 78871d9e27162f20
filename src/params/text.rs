//! Values as text: parsing and printing without floats, so that every surface and both targets agree.
use super::{Key, Kind, MILLION};
use crate::words::{self, say};

/// Reads `text` as a value of `key`. `None`: not a value at all; the range is not checked here.
pub fn parse_value(key: Key, text: &str) -> Option<i64> {
    let text = text.trim();
    match key.param().kind {
        Kind::Integer => parse_decimal(text).filter(|v| v % MILLION == 0).map(|v| v / MILLION),
        Kind::Decimal => parse_decimal(text),
        Kind::Flag => match text {
            "on" | "true" => Some(1),
            "off" | "false" => Some(0),
            _ => None,
        },
        Kind::Choice(words) => words.iter().position(|w| *w == text).and_then(|i| i64::try_from(i).ok()),
        Kind::Sids => parse_sids(text),
    }
}

/// Reads `1,2` as bits. A sid that does not fit is no value.
fn parse_sids(text: &str) -> Option<i64> {
    let mut mask = 0;
    for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
        let sid = part.parse::<u8>().ok().filter(|sid| (1..=60).contains(sid))?;
        mask |= 1 << (sid - 1);
    }
    Some(mask)
}

/// Reads a plain decimal (`-12.5`, `.5`, `3.`) as millionths; digits past the sixth round to nearest.
pub fn parse_decimal(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let mut value: i64 = 0;
    for b in whole.bytes() {
        // Saturating: a number with 40 digits is out of range, not a parse error.
        value = value.saturating_mul(10).saturating_add(i64::from(b - b'0'));
    }
    value = value.saturating_mul(MILLION);
    let mut unit = MILLION / 10;
    for (i, b) in fraction.bytes().enumerate() {
        let digit = i64::from(b - b'0');
        if i == 6 {
            value = value.saturating_add(i64::from(digit >= 5));
            break;
        }
        value = value.saturating_add(digit * unit);
        unit /= 10;
    }
    Some(if negative { -value } else { value })
}

/// Prints millionths with as few digits as say it: `480`, `0.5`, `33.333333`.
pub fn format_decimal(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let (whole, fraction) =
        (value.unsigned_abs() / MILLION.unsigned_abs(), value.unsigned_abs() % MILLION.unsigned_abs());
    if fraction == 0 {
        return say!(sign, whole);
    }
    let mut digits = String::new();
    words::digits(&mut digits, fraction, 6);
    say!(sign, whole, ".", digits.trim_end_matches('0'))
}

/// The value, or what it stands for, where people read it.
pub(super) fn shown(key: Key, value: i64) -> String {
    match key {
        Key::Removed if value == 0 => "none".to_string(),
        Key::OldLeader if value == 0 => "the highest".to_string(),
        _ => format_value(key, value),
    }
}

/// Prints a value of `key` the way every surface spells it.
pub fn format_value(key: Key, value: i64) -> String {
    match key.param().kind {
        Kind::Integer => value.to_string(),
        Kind::Decimal => format_decimal(value),
        Kind::Flag => if value == 0 { "off" } else { "on" }.to_string(),
        Kind::Choice(words) => {
            usize::try_from(value).ok().and_then(|i| words.get(i)).copied().unwrap_or("?").to_string()
        }
        Kind::Sids => {
            let mut text = String::new();
            for sid in (1..=60).filter(|sid| value >> (sid - 1) & 1 == 1) {
                if !text.is_empty() {
                    text.push(',');
                }
                text.push_str(&sid.to_string());
            }
            text
        }
    }
}

/// `1–30`, or the legal words.
pub fn range_text(key: Key) -> String {
    let p = key.param();
    match p.kind {
        Kind::Flag => "on, off".to_string(),
        Kind::Choice(words) => words.join(", "),
        Kind::Sids => "sids 1–9".to_string(),
        _ => say!(format_value(key, p.min), "–", format_value(key, p.max)),
    }
}

/// A sentence about what is allowed.
pub fn range_message(key: Key) -> String {
    let p = key.param();
    match p.kind {
        Kind::Flag | Kind::Choice(_) => say!("must be one of ", range_text(key)),
        Kind::Integer => say!("must be a whole number in ", range_text(key)),
        Kind::Decimal => say!("must be a number in ", range_text(key)),
        Kind::Sids => "must be old sids, 1–9".to_string(),
    }
}
