//! Any text as the value of any parameter, as in a URL: the first byte chooses the parameter.
#![no_main]
use libfuzzer_sys::fuzz_target;
use second_leader::params::{KEYS, Params, format_decimal, format_value, parse_decimal, parse_value};

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let key = KEYS[usize::from(*first) % KEYS.len()];
    let p = key.param();
    let (mut lenient, mut strict) = (Params::default(), Params::default());
    let notice = lenient.set_lenient(key, text);
    let refused = strict.set_text(key, text).is_err();
    let value = lenient.get(key);
    assert!((p.min..=p.max).contains(&value) || value == p.default);
    assert_eq!(notice.is_some(), refused, "a notice iff something was changed");
    assert!(refused || strict == lenient);
    assert_eq!(parse_value(key, &format_value(key, value)), Some(value), "what is printed is read again");
    if let Some(number) = parse_decimal(text) {
        assert_eq!(parse_decimal(&format_decimal(number)), Some(number));
    }
});
