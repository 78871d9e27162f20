//! The house rules that a machine can check. A rule without a gate is a wish.
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Longest file and longest function, in lines.
const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 70;
/// What is not the core: it may know the browser, the machine, or floats.
const OUTSIDE: &[&str] = &["src/main.rs", "src/web", "src/native", "src/bin"];
/// Drawing may use floats; nothing that the simulation depends on may.
const DRAWING: &[&str] = &["src/scene"];

/// Every file below `dir` with this extension, as (path from the root, text).
fn files(dir: &str, extensions: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let full = Path::new(ROOT).join(dir);
    let Ok(entries) = std::fs::read_dir(&full) else { return found };
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        let name = path.strip_prefix(ROOT).expect("below the root").to_string_lossy().replace('\\', "/");
        if path.is_dir() {
            found.extend(files(&name, extensions));
        } else if extensions.iter().any(|e| name.ends_with(&format!(".{e}"))) {
            found.push((name, std::fs::read_to_string(&path).expect("text")));
        }
    }
    found
}

fn rust() -> Vec<(String, String)> {
    ["src", "tests", "benches", "examples"].iter().flat_map(|dir| files(dir, &["rs"])).collect()
}

fn core() -> Vec<(String, String)> {
    files("src", &["rs"]).into_iter().filter(|(name, _)| !OUTSIDE.iter().any(|out| name.starts_with(out))).collect()
}

/// A line without its comment. Good enough: our strings hold no `//` that matters.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or("")
}

/// Does `word` stand in `line` by itself?
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        !line[..at].chars().next_back().is_some_and(part) && !line[at + word.len()..].chars().next().is_some_and(part)
    })
}

fn assert_none(found: Vec<String>, rule: &str) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut found = Vec::new();
    for (name, text) in rust() {
        let lines = text.lines().count();
        if lines > FILE_LINES {
            found.push(format!("{name}: {lines} lines"));
        }
        if !text.starts_with("//") {
            found.push(format!("{name}: the first line does not say what it is for"));
        }
    }
    assert_none(found, "at most 400 lines, and a first line that says what the file is for");
}

#[test]
fn functions_are_short() {
    let mut found = Vec::new();
    for (name, text) in rust() {
        let lines: Vec<&str> = text.lines().collect();
        for (start, line) in lines.iter().enumerate() {
            let body = line.trim_start();
            if !has_word(code(body), "fn") || !body.contains("fn ") || line.contains(';') || body.starts_with("//") {
                continue;
            }
            let close = format!("{}}}", &line[..line.len() - body.len()]);
            let length = lines[start..].iter().position(|l| *l == close).map_or(0, |end| end + 1);
            if length > FUNCTION_LINES {
                found.push(format!("{name}:{}: {length} lines", start + 1));
            }
        }
    }
    assert_none(found, "functions have at most 70 lines");
}

#[test]
fn the_core_knows_neither_browser_nor_clock_nor_hash_map_nor_float() {
    let never = [
        "web_sys",
        "js_sys",
        "yew",
        "wasm_bindgen",
        "serde",
        "serde_json",
        "HashMap",
        "HashSet",
        "Instant",
        "SystemTime",
        "thread",
        "SmallRng",
        "StdRng",
        "DefaultHasher",
        "unsafe",
    ];
    let mut found = Vec::new();
    for (name, text) in core() {
        let floats = !DRAWING.iter().any(|drawing| name.starts_with(drawing));
        for (i, line) in text.lines().enumerate() {
            let line = code(line);
            let allowed = |word: &str| word == "unsafe" && line.contains("unsafe_code");
            let words = never.iter().chain(["f32", "f64"].iter().filter(|_| floats));
            for word in words.filter(|word| has_word(line, word) && !allowed(word)) {
                found.push(format!("{name}:{}: {word}", i + 1));
            }
        }
    }
    // The two modules that lib.rs declares for one target only.
    assert_none(found, "the core is pure");
}

#[test]
fn nothing_that_the_page_runs_prints_with_debug() {
    // scripts/prune.mjs takes every `Debug` out of the released page: there it would be a crash.
    let page = files("src", &["rs"]).into_iter();
    let page = page.filter(|(name, _)| !["src/native", "src/bin"].iter().any(|out| name.starts_with(out)));
    let mut found = Vec::new();
    for (name, text) in page {
        for (i, line) in text.lines().enumerate() {
            let line = code(line);
            if (line.contains(":?}") || line.contains(":#?}")) && !line.contains("debug_assert") {
                found.push(format!("{name}:{}: {line}", i + 1));
            }
        }
    }
    assert_none(found, "no {:?} outside of debug_assert");
}

#[test]
fn no_unsafe_in_the_library_or_the_programs() {
    for name in ["src/lib.rs", "src/main.rs", "src/bin/second-leader.rs"] {
        let text = std::fs::read_to_string(Path::new(ROOT).join(name)).expect(name);
        assert!(text.contains("#![forbid(unsafe_code)]"), "{name}");
    }
}

/// What browsers lack that are still in people's hands (Safari 15.4, Firefox 113, Chrome 110), and the one file that does well without it.
const TOO_NEW: [(&str, &str); 17] = [
    ("(?<=", ""),
    ("(?<!", ""),
    (":has(", "www/page.css"),
    ("static {", ""),
    ("color-mix(", "www/second-leader.css"),
    ("light-dark(", ""),
    ("@scope", ""),
    ("@layer", ""),
    ("@starting-style", ""),
    ("withResolvers", ""),
    (".fromAsync(", ""),
    (".groupBy(", ""),
    (".toSorted(", ""),
    (".toReversed(", ""),
    (".toSpliced(", ""),
    ("AbortSignal.any(", ""),
    (".checkVisibility(", ""),
];

#[test]
fn the_page_asks_nothing_of_browsers_that_those_of_2022_lack() {
    let mut found = Vec::new();
    for (name, text) in files("www", &["js", "css", "html"]) {
        for (word, but) in TOO_NEW {
            if text.contains(word) && name != but {
                found.push(format!("{name}: {word}"));
            }
        }
    }
    assert_none(found, "too new for Safari 15.4, Firefox 113 or Chrome 110");
}

#[test]
fn nothing_names_a_machine() {
    // In two parts, so that this file does not name them either.
    let never = [("/ro", "ot/"), ("/wo", "rk/"), ("/ho", "me/"), ("C:", "\\Users"), ("/us", "ers/")];
    let mut texts = rust();
    for dir in ["scripts", "www", "docs", "tests", ".ci"] {
        texts.extend(files(dir, &["sh", "env", "mjs", "js", "css", "html", "md", "json", "txt", "toml", "run"]));
    }
    for name in [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Makefile",
        "Cargo.toml",
        "index.html",
        "Trunk.toml",
        ".ci/run",
    ] {
        texts.extend(std::fs::read_to_string(Path::new(ROOT).join(name)).map(|text| (name.to_string(), text)));
    }
    let mut found = Vec::new();
    for (name, text) in texts {
        for (i, line) in text.lines().enumerate() {
            if never.iter().any(|(a, b)| line.contains(&format!("{a}{b}"))) {
                found.push(format!("{name}:{}: {line}", i + 1));
            }
        }
    }
    assert_none(found, "no path of anybody's machine");
}

#[test]
fn pinned_versions_agree() {
    let read = |name: &str| std::fs::read_to_string(Path::new(ROOT).join(name)).expect(name);
    let lock = read("Cargo.lock");
    let after = |text: &str, before: &str| -> String {
        let rest = text.split(before).nth(1).unwrap_or_else(|| panic!("no {before:?}"));
        rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect()
    };
    let locked = after(&lock, "name = \"wasm-bindgen\"\nversion = \"");
    assert_eq!(after(&read("scripts/tools.env"), "WASM_BINDGEN_VERSION="), locked);
    assert_eq!(after(&read("Cargo.toml"), "wasm-bindgen = \"="), locked);
    let changelog = read("CHANGELOG.md");
    assert!(
        changelog.contains(&format!("## [{}]", env!("CARGO_PKG_VERSION"))),
        "CHANGELOG.md has no entry for this version"
    );
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut found = Vec::new();
    let mut texts = files("docs", &["md"]);
    for name in ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"] {
        texts.push((name.to_string(), std::fs::read_to_string(Path::new(ROOT).join(name)).expect(name)));
    }
    for (name, text) in texts {
        let base = Path::new(ROOT).join(&name);
        let base = base.parent().expect("a directory");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap_or("");
            if !path.is_empty() && !path.contains("://") && !base.join(path).exists() {
                found.push(format!("{name}: {target}"));
            }
        }
    }
    assert_none(found, "a link that leads nowhere");
}
