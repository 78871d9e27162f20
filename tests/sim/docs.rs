//! docs/MODEL.md is about this code: the tests and constants that it names exist, and have the values it says.
use crate::common::read;
use std::path::Path;

/// Sections that are tables of rules: this many at least, so that nobody empties one by accident.
const TABLES: usize = 15;
const ROWS: usize = 110;

fn model() -> String {
    read("docs/MODEL.md")
}

/// The cells of a table's row.
fn cells(line: &str) -> Vec<&str> {
    line.trim().trim_matches('|').split('|').map(str::trim).collect()
}

/// What stands between backquotes, with the number of its line.
fn quoted(text: &str) -> Vec<(usize, &str)> {
    let odd = |line: usize, l| str::split(l, '`').skip(1).step_by(2).map(move |quote| (line + 1, quote)).collect();
    text.lines().enumerate().flat_map(|(line, l)| -> Vec<(usize, &str)> { odd(line, l) }).collect()
}

/// A file of the repository, if it is there.
fn source(path: &str) -> Option<String> {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).ok()
}

/// Is `module::name` a test: a function right below `#[test]` in `tests/sim/module.rs`, or in a file given by its path?
fn is_test(reference: &str) -> bool {
    let Some((file, name)) = reference.rsplit_once("::") else { return false };
    let file = if file.ends_with(".rs") { file.to_string() } else { format!("tests/sim/{file}.rs") };
    let Some(text) = source(&file) else { return false };
    let mut lines = text.lines().map(str::trim);
    while lines.by_ref().any(|line| line == "#[test]") {
        if lines.next().is_some_and(|line| line.starts_with(&format!("fn {name}("))) {
            return true;
        }
    }
    false
}

/// The rows of every table that has a column called `Test`, as (line, that cell).
fn test_cells(text: &str) -> Vec<(usize, &str)> {
    let (mut column, mut found) = (None, Vec::new());
    for (i, line) in text.lines().enumerate() {
        if !line.starts_with('|') {
            column = None;
        } else if let Some(at) = cells(line).iter().position(|cell| *cell == "Test") {
            column = Some(at);
        } else if let Some(at) = column.filter(|_| !line.starts_with("|---")) {
            found.push((i + 1, cells(line).get(at).copied().unwrap_or("")));
        }
    }
    found
}

#[test]
fn every_rule_names_tests_that_exist_or_says_that_there_is_none() {
    let text = model();
    let rows = test_cells(&text);
    assert!(rows.len() >= ROWS, "only {} rows", rows.len());
    let tables = text.lines().filter(|line| cells(line).contains(&"Test")).count();
    assert!(tables >= TABLES, "only {tables} tables");
    for (line, cell) in rows {
        let names = quoted(cell);
        assert!(!names.is_empty() || cell == "none", "docs/MODEL.md:{line}: no test, and no word that there is none");
        for (_, name) in names {
            assert!(is_test(name), "docs/MODEL.md:{line}: there is no test {name}");
        }
    }
}

#[test]
fn every_test_that_the_text_names_exists() {
    for (line, quote) in quoted(&model()) {
        let words = quote.rsplit_once("::").is_some_and(|(file, name)| {
            name.matches('_').count() > 1
                && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                && !file.is_empty()
        });
        assert!(!words || is_test(quote), "docs/MODEL.md:{line}: there is no test {quote}");
    }
}

#[test]
fn every_row_has_as_many_cells_as_its_table() {
    let text = model();
    let mut wanted = None;
    for (i, line) in text.lines().enumerate() {
        if !line.starts_with('|') {
            wanted = None;
            continue;
        }
        let n = cells(line).len();
        assert_eq!(n, *wanted.get_or_insert(n), "docs/MODEL.md:{}", i + 1);
    }
}

/// A number with its unit, in µs: `200 ms`, `5 s`, `50 µs`, or a plain number.
fn value(text: &str) -> Option<u64> {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let scale = match unit {
        "" | "µs" => 1,
        "ms" => 1_000,
        "s" => 1_000_000,
        _ => return None,
    };
    Some(number.parse::<u64>().ok()? * scale)
}

/// What a constant of this file is: numbers and other constants of the same file, from left to right.
fn constant(text: &str, name: &str) -> Option<u64> {
    let known = |name: &str| match name {
        "MS" => Some(1_000),
        "SECOND" => Some(1_000_000),
        _ => constant(text, name),
    };
    let line = text
        .lines()
        .find(|line| line.split([' ', ':']).collect::<Vec<_>>().windows(2).any(|w| w == ["const", name]))?;
    let formula = line.split_once("= ")?.1.split(';').next()?;
    let operand = |word: &str| word.replace('_', "").parse().ok().or_else(|| known(word));
    let mut words = formula.split(' ');
    let mut result = operand(words.next()?)?;
    while let Some(operator) = words.next() {
        let right = operand(words.next()?)?;
        result = match operator {
            "*" => result * right,
            "/" => result / right,
            "<<" => result << right,
            _ => return None,
        };
    }
    Some(result)
}

#[test]
fn every_constant_has_the_value_that_is_written() {
    let text = model();
    let written: Vec<(usize, &str)> = quoted(&text).into_iter().filter(|(_, quote)| quote.contains(" = ")).collect();
    assert!(written.len() > 50, "only {} constants", written.len());
    for (line, quote) in written {
        let (path, said) = quote.split_once(" = ").expect("a value");
        let (module, name) = path.rsplit_once("::").expect("a module");
        let file = format!("src/{}.rs", module.replace("::", "/"));
        let is = source(&file).and_then(|text| constant(&text, name));
        assert!(is.is_some(), "docs/MODEL.md:{line}: there is no constant {path}");
        assert_eq!(value(said), is, "docs/MODEL.md:{line}: {quote}");
    }
}

#[test]
fn a_renamed_test_and_a_changed_constant_are_noticed() {
    assert!(is_test("docs::a_renamed_test_and_a_changed_constant_are_noticed"));
    assert!(!is_test("docs::a_renamed_test"), "a part of a name is none");
    assert!(!is_test("docs::model"), "not every function is a test");
    assert!(!is_test("nowhere::the_incident"));
    let text = "const TICK: u64 = 2 * MS;\npub const LIMIT: usize = TICK * 3 / 2;\nconst BITS: u32 = 1 << 14;";
    assert_eq!(
        ["TICK", "LIMIT", "BITS", "TIC"].map(|name| constant(text, name)),
        [Some(2000), Some(3000), Some(16384), None]
    );
    assert_eq!(["2 ms", "7", "1 h"].map(value), [Some(2000), Some(7), None]);
}
