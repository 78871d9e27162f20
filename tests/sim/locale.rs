//! The files of other languages: every text of the tables is in each of them, with the same holes, and none is stale. What runs and the
//! page say besides is held against them by scripts/locale.mjs and tests/page/locale.mjs.
use crate::common::read;
use crate::lessons::SHIPPED;
use second_leader::metrics::MILESTONES;
use second_leader::panels;
use second_leader::params::{KEYS, Kind, kebab};
use second_leader::presets::PRESETS;
use second_leader::scene::milestone_words;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every locale: its name, and its entries in the order of the file.
fn locales() -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(root().join("www/locales")).expect("a directory of locales") {
        let name = file.expect("an entry").file_name().to_string_lossy().into_owned();
        let text = read(&format!("www/locales/{name}"));
        let rows = text.lines().filter_map(|line| line.trim().trim_end_matches(',').split_once("\": \""));
        let spelt = |text: &str| serde_json::from_str::<String>(&format!("\"{text}\"")).expect("a text");
        let entries: Vec<_> = rows.map(|(key, value)| (spelt(&key[1..]), spelt(&value[..value.len() - 1]))).collect();
        let parsed: BTreeMap<String, String> = serde_json::from_str(&text).expect("an object of texts");
        assert_eq!(parsed.len(), entries.len(), "{name}: an entry to a line, and none twice");
        found.push((name, entries));
    }
    assert!(!found.is_empty());
    found
}

/// The texts of a JSON value, wherever they stand, or only those below these fields.
fn texts(value: &Value, fields: &[&str], inside: bool, out: &mut Vec<String>) {
    match value {
        Value::String(text) if inside => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, fields, inside, out)),
        Value::Object(pairs) => {
            for (name, item) in pairs {
                let read = fields.is_empty() || fields.contains(&name.as_str());
                texts(item, fields, read && (inside || !item.is_object()), out);
            }
        }
        _ => {}
    }
}

/// Every text of the tables, as the page shows it.
fn tables() -> Vec<String> {
    let mut all = Vec::new();
    for key in KEYS {
        let p = key.param();
        all.extend([p.label, p.unit, p.help, p.group.label(), p.source.label()].map(String::from));
        if let Kind::Choice(words) = p.kind {
            all.extend(words.iter().map(|word| kebab(word).replace('-', " ")));
        }
    }
    for preset in PRESETS {
        all.push(preset.title.to_string());
        all.push(preset.scenario().description);
    }
    all.extend(panels::TABLE.iter().map(|(_, title)| title.to_string()));
    all.extend(MILESTONES.iter().map(|(milestone, _)| milestone_words(*milestone).to_string()));
    let json = |path: &str| serde_json::from_str::<Value>(&read(path)).expect("JSON");
    texts(&json("www/words.json"), &[], true, &mut all);
    for id in SHIPPED {
        let lesson = json(&format!("www/lessons/{id}.json"));
        texts(&lesson, &["title", "steps", "text", "question", "ask", "then", "options", "task"], true, &mut all);
    }
    let keys = read("www/keys.js");
    all.extend(keys.split("says: '").skip(1).filter_map(|rest| rest.split('\'').next()).map(String::from));
    all.retain(|text| text.chars().any(char::is_alphabetic));
    all.sort();
    all.dedup();
    all
}

/// What stands between braces, sorted; a number by its place.
fn holes(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in text.split('{').skip(1) {
        let Some((hole, _)) = part.split_once('}') else { continue };
        let counted = hole.is_empty() || hole.parse::<u32>().is_ok();
        if counted {
            found.push("number".to_string());
        } else if hole.chars().all(|c| c.is_alphanumeric() || c == ':') {
            found.push(hole.to_string());
        }
    }
    found.sort();
    found
}

/// The text of the program: everything in which an English text may stand, with lines that a `\` continues made one.
fn program() -> String {
    fn add(dir: PathBuf, out: &mut String) {
        for file in std::fs::read_dir(dir).expect("a directory") {
            let path = file.expect("an entry").path();
            if path.is_dir() && !path.ends_with("locales") {
                add(path, out);
            } else if path.extension().is_some_and(|end| ["rs", "js", "json"].iter().any(|known| end == *known)) {
                out.push_str(&std::fs::read_to_string(path).expect("a text"));
            }
        }
    }
    let mut out = without_tags(&read("index.html"));
    out.push_str(&read("index.html"));
    for dir in ["src", "www"] {
        add(root().join(dir), &mut out);
    }
    let mut joined = String::new();
    for (i, part) in out.split("\\\n").enumerate() {
        joined.push_str(if i == 0 { part } else { part.trim_start() });
    }
    joined.replace("\\u{a0}", " ").replace("\\\"", "\"").replace("\\'", "'")
}

/// A page's words alone: its tags may have attributes, those of a key have none.
fn without_tags(html: &str) -> String {
    html.split('<')
        .enumerate()
        .map(|(i, part)| if i == 0 { part } else { part.split_once('>').map_or("", |p| p.1) })
        .collect()
}

/// Every two words that stand side by side.
fn pairs(text: &str) -> Vec<(String, String)> {
    let letters = |word: &&str| !word.is_empty();
    let words: Vec<String> =
        text.split(|c: char| !c.is_ascii_alphabetic()).filter(letters).map(str::to_ascii_lowercase).collect();
    words.iter().cloned().zip(words.iter().skip(1).cloned()).collect()
}

/// A key without its holes, in pieces.
fn pieces(key: &str) -> Vec<String> {
    key.split('{')
        .enumerate()
        .map(|(i, part)| part.split('}').next_back().filter(|_| i > 0).unwrap_or(part).to_string())
        .collect()
}

#[test]
fn every_text_of_the_tables_has_an_entry_in_every_locale() {
    for (name, entries) in locales() {
        let lacks: Vec<String> = (tables().into_iter())
            .filter(|text| !entries.iter().any(|(key, _)| key == text))
            .map(|text| format!("  {}: \"\",", serde_json::to_string(&text).expect("a text")))
            .collect();
        assert!(lacks.is_empty(), "www/locales/{name} lacks:\n{}", lacks.join("\n"));
    }
}

#[test]
fn an_entry_has_the_holes_of_its_key_and_says_something() {
    for (name, entries) in locales() {
        for (key, value) in entries {
            assert_eq!(holes(&key), holes(&value), "{name}: {key} → {value}");
            assert!(!value.trim().is_empty() || key.trim().is_empty(), "{name}: {key} is empty");
            assert_eq!(key.starts_with(' '), value.starts_with(' '), "{name}: {key} → {value}");
        }
    }
}

#[test]
fn a_locale_is_sorted() {
    for (name, entries) in locales() {
        for pair in entries.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{name}: {:?} stands before {:?}", pair[0].0, pair[1].0);
        }
    }
}

#[test]
fn no_entry_has_words_that_the_program_no_longer_says() {
    let (known, tables): (BTreeSet<_>, _) = (pairs(&program()).into_iter().collect(), tables());
    // Where a text is glued of two, one pair or two are new; more are not there any more.
    let stale = |key: &&String| {
        let all: Vec<_> = pieces(&without_tags(key)).iter().flat_map(|piece| pairs(piece)).collect();
        let new = all.iter().filter(|pair| !known.contains(pair)).count();
        !tables.contains(key) && (new > 2 || new > 1 && new == all.len())
    };
    for (name, entries) in locales() {
        let found: Vec<_> = entries.iter().map(|(key, _)| key).filter(stale).collect();
        assert!(found.is_empty(), "www/locales/{name} has stale entries: {found:#?}");
    }
}
