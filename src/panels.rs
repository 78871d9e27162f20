//! The panels that explain a run, in the order of the strip that opens them: everything else that names one asks this table.

/// Every panel: its name in files, addresses and markup, and its title.
pub const TABLE: [(&str, &str); 12] = [
    ("inspect", "Inspect"),
    ("why", "Why?"),
    ("log", "Log"),
    ("spacetime", "Messages"),
    ("quorum", "Majorities"),
    ("charts", "Charts"),
    ("runs", "Runs and compare"),
    ("report", "Report"),
    ("decide", "Decide"),
    ("table", "Table"),
    ("share", "Share"),
    ("lessons", "Lessons"),
];

/// Their names.
pub const NAMES: [&str; TABLE.len()] = {
    let mut names = [""; TABLE.len()];
    let mut i = 0;
    while i < names.len() {
        names[i] = TABLE[i].0;
        i += 1;
    }
    names
};

/// The title of a panel; "" if there is none of this name.
pub fn title(name: &str) -> &'static str {
    TABLE.iter().find(|(n, _)| *n == name).map_or("", |(_, title)| title)
}
