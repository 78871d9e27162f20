//! Values as JSON, for scenario files and listings. Results are written by [`crate::export`].
use super::json::Json;
use crate::params::{Key, Kind, format_value};

/// A parameter's value as JSON: numbers, booleans and words.
pub fn value_json(key: Key, value: i64) -> Json {
    match key.param().kind {
        Kind::Integer | Kind::Decimal => Json::Number(format_value(key, value)),
        Kind::Flag => Json::Bool(value != 0),
        Kind::Choice(_) => Json::Text(format_value(key, value)),
        Kind::Sids => {
            let sids = (1..=60).filter(|sid| value >> (sid - 1) & 1 == 1);
            Json::List(sids.map(|sid: i64| Json::Number(sid.to_string())).collect())
        }
    }
}
