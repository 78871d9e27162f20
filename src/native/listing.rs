//! The tables of `presets` and `params`, and the same as JSON.
use super::document::preset_json;
use super::json::Json;
use super::outcome::value_json;
use crate::params::{Group, KEYS, Key, Kind, format_value, kebab, range_text};
use crate::presets::PRESETS;
use crate::provenance::{DIFFERENCES, SOURCES};
use std::fmt::Write;
#[cfg(not(target_arch = "wasm32"))]
use std::path::Path;

/// Every preset as a table.
pub fn presets_table() -> String {
    let mut out = String::new();
    for preset in PRESETS {
        let values: Vec<String> =
            preset.values.iter().map(|(key, text)| format!("{} {text}", key.param().key)).collect();
        let values = if values.is_empty() { "all defaults".to_string() } else { values.join(", ") };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{}\n  {}\n  {values}\n", preset.id, preset.caption);
    }
    out.push_str("Run one: second-leader run the-incident\n");
    out
}

/// Every preset as JSON.
pub fn presets_json() -> Json {
    Json::List(PRESETS.iter().map(preset_json).collect())
}

/// The longer texts, which the page fetches when it first shows one: what parameters mean, what presets show, where the
/// talk and reality differ.
pub fn words_json() -> Json {
    let texts = |rows: Vec<(&str, &str)>| {
        Json::Object(rows.into_iter().map(|(key, text)| (key.to_string(), Json::text(text))).collect())
    };
    let help = KEYS.iter().map(|key| (key.param().key, key.param().help)).collect();
    let about = PRESETS.iter().map(|preset| (preset.id, preset.caption)).collect();
    Json::object([
        ("help", texts(help)),
        ("about", texts(about)),
        ("differs", Json::List(DIFFERENCES.iter().map(|(_, text)| Json::text(*text)).collect())),
        ("sources", Json::text(SOURCES)),
    ])
}

/// Writes each preset as a scenario file into `dir`, and `words.json` and `scenario.schema.json` beside it; returns the files' names. Errors: what the
/// file system says.
#[cfg(not(target_arch = "wasm32"))]
pub fn write_presets(dir: &Path) -> std::io::Result<Vec<String>> {
    std::fs::create_dir_all(dir)?;
    let mut names = Vec::new();
    for preset in PRESETS {
        let name = format!("{}.json", preset.id);
        std::fs::write(dir.join(&name), preset_json(preset).pretty())?;
        names.push(name);
    }
    if let Some(parent) = dir.parent() {
        std::fs::write(parent.join("words.json"), words_json().pretty())?;
        names.push("../words.json".to_string());
        std::fs::write(parent.join("scenario.schema.json"), super::schema::schema_json().pretty())?;
        names.push("../scenario.schema.json".to_string());
        // Only a checkout has docs beside www.
        if let Some(docs) = parent.parent().map(|root| root.join("docs")).filter(|docs| docs.is_dir()) {
            std::fs::write(docs.join("EMBED.md"), super::embed::document())?;
            names.push("../../docs/EMBED.md".to_string());
        }
    }
    Ok(names)
}

/// The default of `key` for people: "the highest" where it depends on another value.
fn default_text(key: Key) -> String {
    match key {
        Key::OldLeader => "highest".to_string(),
        _ => format_value(key, key.param().default),
    }
}

/// Every parameter as a table.
pub fn params_table() -> String {
    let mut out = String::new();
    let mut group: Option<Group> = None;
    for &key in KEYS {
        let p = key.param();
        if group != Some(p.group) {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{}{}", if group.is_some() { "\n" } else { "" }, p.group.label());
            group = Some(p.group);
        }
        let unit = if p.unit.is_empty() { String::new() } else { format!(" {}", p.unit) };
        let value = format!("{}{unit}", default_text(key));
        let _ = writeln!(out, "  {:<20}{:<16}{:<44}[{}]", p.key, value, range_text(key), p.source.label());
        let _ = writeln!(out, "  {:<20}{}", "", p.help);
    }
    let _ = writeln!(
        out,
        "\nColumns: name, default, legal values, where the default comes from. --joinRate and --join-rate are the same."
    );
    out
}

/// Every parameter as JSON.
pub fn params_json() -> Json {
    let row = |&key: &Key| {
        let p = key.param();
        let (kind, options) = match p.kind {
            Kind::Integer => ("integer", Json::Null),
            Kind::Decimal => ("decimal", Json::Null),
            Kind::Flag => ("boolean", Json::Null),
            Kind::Sids => ("sids", Json::Null),
            Kind::Choice(words) => ("choice", Json::List(words.iter().map(|word| Json::text(*word)).collect())),
        };
        let bound = |value| match p.kind {
            Kind::Integer | Kind::Decimal => value_json(key, value),
            Kind::Flag | Kind::Choice(_) | Kind::Sids => Json::Null,
        };
        let default = if key == Key::OldLeader { Json::Null } else { value_json(key, p.default) };
        Json::object([
            ("key", Json::text(p.key)),
            ("attribute", Json::text(kebab(p.key))),
            ("label", Json::text(p.label)),
            ("group", Json::text(p.group.label())),
            ("unit", Json::text(p.unit)),
            ("kind", Json::text(kind)),
            ("default", default),
            ("min", bound(p.min)),
            ("max", bound(p.max)),
            ("options", options),
            ("source", Json::text(p.source.label())),
            ("help", Json::text(p.help)),
        ])
    };
    Json::List(KEYS.iter().map(row).collect())
}
