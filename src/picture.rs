//! The stage as a picture that stands alone: an SVG file with its own colours, made from nothing but the view.
mod style;
mod xml;

pub use style::Theme;
pub(crate) use style::chart_rules;
pub(crate) use xml::escape;

use crate::caption::{Tone, banner, caption};
use crate::markup::{Markup, put};
use crate::params::{Key, format_value};
use crate::scenario::Scenario;
use crate::scene::{Point, Scene, Size};
use crate::sim::Simulation;
use crate::view::{Flight, FlightKind, Micros, View};
use crate::words;

/// Around everything.
const MARGIN: i32 = 16;
/// Where the headline, the scenario's line and the caption stand.
const HEADLINE: i32 = 30;
const LINE: i32 = 17;

/// What only pictures draw.
const RULES: &str = ".paper{fill:var(--paper)}.headline{font:700 17px system-ui,sans-serif}.said{font:13px system-ui,sans-serif;fill:var(--ink)}\
.small{font:12px system-ui,sans-serif;fill:var(--mute)}.calm{fill:var(--ink)}.warn{fill:var(--warn)}.bad{fill:var(--bad)}.good{fill:var(--ok)}\
.clock{font:700 17px system-ui,sans-serif;fill:var(--ink)}.dot{fill:var(--acc)}.dot.no{fill:var(--bad)}.dot.letter{fill:var(--dl)}";

/// An SVG file: its size, its words for those who do not see it, its styles and its body.
pub(crate) struct File<'a> {
    pub size: (i32, i32),
    pub title: &'a str,
    pub says: &'a str,
    pub theme: Theme,
    pub rules: &'a [&'a str],
}

impl File<'_> {
    /// The whole file around this body.
    pub(crate) fn write(&self, body: &Markup) -> String {
        let (width, height) = (words::number(self.size.0 as u64), words::number(self.size.1 as u64));
        let mut out = String::with_capacity(body.0.len() + 8_000);
        for part in
            ["<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"", &width, "\" height=\"", &height, "\" viewBox=\"0 0 "]
        {
            out.push_str(part);
        }
        for part in [&width, " ", &height, "\" role=\"img\" font-family=\"system-ui, sans-serif\"><title>"] {
            out.push_str(part);
        }
        escape(self.title, &mut out);
        out.push_str("</title><desc>");
        escape(self.says, &mut out);
        out.push_str("</desc><style>");
        for rules in self.rules {
            escape_rules(&self.theme.resolve(rules), &mut out);
        }
        out.push_str("</style><rect width=\"100%\" height=\"100%\" fill=\"");
        out.push_str(self.theme.colour("paper").unwrap_or("none"));
        out.push_str("\"/>");
        xml::xml(body, &mut out);
        out.push_str("</svg>\n");
        out
    }
}

/// In a style sheet quotes stay as they are.
fn escape_rules(rules: &str, out: &mut String) {
    for c in rules.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            c => out.push(c),
        }
    }
}

/// The stage of this instant, `width` CSS pixels wide without its margin.
pub fn stage_svg(scenario: &Scenario, sim: &Simulation, width: i32, theme: Theme) -> String {
    let view = sim.view();
    let scene = Scene::of(&view, Size { width });
    let said = caption(&view);
    let lines = wrap(&said, (scene.width / 7).max(20) as usize);
    let top = HEADLINE + LINE * (lines.len() as i32 + 2) + 8;
    let mut m = Markup::default();
    heading(&mut m, scenario, &view, &scene, &lines);
    put!(&mut m; "<g transform=translate(", MARGIN, ",", top, ")>");
    crate::stage::ground(&mut m, &view, &scene);
    flights(&mut m, &scene, view.now, sim);
    crate::stage::stage(&mut m, &view, &scene, &scenario.params, "", "");
    put!(&mut m; "</g>");
    let size = (scene.width + 2 * MARGIN, top + scene.height + MARGIN);
    let file = File { size, title: &scenario.title, says: &said, theme, rules: &[style::stage_rules(), RULES] };
    file.write(&m)
}

fn heading(m: &mut Markup, scenario: &Scenario, view: &View, scene: &Scene, lines: &[String]) {
    let head = banner(view);
    let tone = match head.tone {
        Tone::Calm => "calm",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
        Tone::Good => "good",
    };
    put!(m; "<text class=\"headline ", tone, "\" x=", MARGIN, " y=", HEADLINE, ">", head.headline, "</text><text class=clock x=",
        scene.width + MARGIN, " y=", HEADLINE, " text-anchor=end>", words::clock(view.now), "</text><text class=small x=", MARGIN, " y=", HEADLINE + LINE + 2, ">");
    m.quote(&scenario.title);
    put!(m; ", seed ", format_value(Key::Seed, scenario.params.get(Key::Seed)), "</text>");
    for (i, line) in lines.iter().enumerate() {
        put!(m; "<text class=said x=", MARGIN, " y=", HEADLINE + LINE * (i as i32 + 2) + 6, ">");
        m.quote(line);
        put!(m; "</text>");
    }
}

/// Messages on their way, where they are.
fn flights(m: &mut Markup, scene: &Scene, now: Micros, sim: &Simulation) {
    for f in sim.flights().filter(|f| f.sent <= now && now < f.arrives) {
        let (Some(from), Some(to)) = (scene.place(f.from), scene.place(f.to)) else { continue };
        let at = between(from, to, &f, now);
        let class = match f.kind {
            FlightKind::Failure => "dot no",
            FlightKind::DeadLetter | FlightKind::Drain => "dot letter",
            _ => "dot",
        };
        put!(m; "<circle class=\"", class, "\" r=3 cx=", at.x, " cy=", at.y, " />");
    }
}

fn between(from: Point, to: Point, f: &Flight, now: Micros) -> Point {
    let (done, all) = ((now - f.sent) as i64, (f.arrives - f.sent).max(1) as i64);
    let part = |a: i32, b: i32| a + (i64::from(b - a) * done / all) as i32;
    Point { x: part(from.x, to.x), y: part(from.y, to.y) }
}

/// Breaks a text into lines of at most about so many letters, between words.
pub(crate) fn wrap(text: &str, letters: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let full = |line: &String| !line.is_empty() && line.chars().count() + word.chars().count() >= letters;
        if lines.last().is_some_and(full) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
