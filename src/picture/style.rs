//! The page's own styles, for pictures that stand alone: the same rules, with every colour written out.

/// The style sheet that the page wears too.
const SHEET: &str = include_str!("../../www/second-leader.css");

/// … and that of its panels.
const LAB: &str = include_str!("../../www/lab.css");

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Where the theme's colours begin in the sheet.
    fn tokens(self) -> &'static str {
        match self {
            Theme::Light => ".mount, .cover {",
            Theme::Dark => ":host([theme=\"dark\"]) .mount",
        }
    }

    /// A colour by its token, as `ink`. `None`: there is no such token.
    pub fn colour(self, name: &str) -> Option<&'static str> {
        let block = after(SHEET, self.tokens())?.split('}').next()?;
        let pair = block.split(';').filter_map(|pair| pair.trim().rsplit_once("--").map(|_| pair.trim()));
        let value = pair.filter_map(|pair| after(pair, "--")).find_map(|pair| {
            let (key, value) = pair.split_once(':')?;
            (key == name).then_some(value.trim())
        })?;
        // A page may override it: `var(--second-leader-ink, #1b2430)`.
        Some(value.rsplit_once(", ").map_or(value, |(_, fallback)| fallback.trim_end_matches(')')))
    }

    /// Every `var(--token)` of `rules` replaced by its colour.
    pub fn resolve(self, rules: &str) -> String {
        let mut out = String::with_capacity(rules.len());
        let mut parts = rules.split("var(--");
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (name, rest) = part.split_once(')').unwrap_or((part, ""));
            out.push_str(self.colour(name).unwrap_or("currentColor"));
            out.push_str(rest);
        }
        out
    }
}

fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.find(mark).and_then(|at| text.get(at + mark.len()..))
}

/// The rules between two comments of a sheet.
fn section(sheet: &'static str, from: &str, to: &str) -> &'static str {
    let rest = after(sheet, from).unwrap_or_default();
    rest.find(to).and_then(|at| rest.get(..at)).unwrap_or(rest)
}

/// The stage's rules.
pub fn stage_rules() -> &'static str {
    section(SHEET, "/* stage */", "/* what lies over the stage */")
}

/// The charts' rules.
pub fn chart_rules() -> &'static str {
    section(LAB, "/* charts: pictures of them wear the same */", "/* end of charts */")
}
