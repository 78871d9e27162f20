//! The charts as markup for the page, and as a picture that stands alone.
use super::{Charts, Line, NAMES, Plot};
use crate::markup::{Markup, put};
use crate::picture::{File, Theme, chart_rules};
use crate::scenario::Scenario;
use crate::sim::Simulation;
use crate::view::Micros;
use crate::words::{self, say};

/// Letters are about this wide at 11 px, in tenths of a pixel.
const LETTER: i32 = 62;

impl Charts {
    /// Appends the charts as one `g`. `now` is where the run stands, `cursor` where values are read off.
    pub fn draw(&self, m: &mut Markup, now: Micros, cursor: Option<Micros>) {
        let (first, last) = (self.plots.first(), self.plots.last());
        let (top, bottom) = (first.map_or(0, |p| p.rect.y), last.map_or(0, |p| p.rect.y + p.rect.h));
        put!(m; "<g class=charts>");
        for plot in &self.plots {
            self.draw_ground(m, plot);
        }
        for label in &self.names {
            put!(m; "<text x=", label.x, " y=", 12 + 15 * label.row, ">", label.text, "</text>");
        }
        for plot in &self.plots {
            for line in &plot.lines {
                draw_line(m, line);
            }
            self.draw_title(m, plot);
        }
        put!(m; "<path class=now d=M", self.x(now), ",", top, "V", bottom, " />");
        if let Some(at) = cursor {
            put!(m; "<path class=reads d=M", self.x(at), ",", NAMES + 4, "V", bottom, " />");
        }
        self.draw_times(m, bottom);
        put!(m; "</g>");
    }

    fn draw_ground(&self, m: &mut Markup, plot: &Plot) {
        let rect = plot.rect;
        for (from, to) in &self.shade {
            put!(m; "<rect class=two x=", *from, " y=", rect.y, " width=", to - from, " height=", rect.h, " />");
        }
        for (_, at) in &self.marks {
            put!(m; "<path class=mark d=M", self.x(*at), ",", rect.y, "v", rect.h, " />");
        }
        for (y, text) in &plot.grid {
            put!(m; "<path class=grid d=M", rect.x, ",", *y, "h", rect.w, " /><text x=", rect.x - 5, " y=", y + 4, " text-anchor=end>",
                text.as_str(), "</text>");
        }
    }

    /// The title on the left, the key on the right; narrow charts have the key in a row of shorter gaps.
    fn draw_title(&self, m: &mut Markup, plot: &Plot) {
        let (x, y) = (plot.rect.x, plot.rect.y - 8);
        put!(m; "<text class=name x=", x, " y=", y, ">", plot.title, "</text>");
        if plot.lines.len() < 2 {
            return;
        }
        let mut right = plot.rect.x + plot.rect.w;
        let title = x + letters(plot.title) * 11 / 10 + 8; // bold
        for line in plot.lines.iter().rev() {
            let roomy = self.width >= 520;
            let name = if roomy { line.name } else { short(line.name) };
            let left = right - letters(name) - 24;
            if left < title {
                return;
            }
            put!(m; "<path class=\"line ", line.class, "\" d=M", left, ",", y - 4, "h16 /><text x=", left + 20, " y=", y, ">", name, "</text>");
            right = left - if roomy { 12 } else { 4 };
        }
    }

    fn draw_times(&self, m: &mut Markup, bottom: i32) {
        for (i, (x, at)) in self.times.iter().enumerate() {
            let anchor = if i > 0 && *x > self.width - 24 { "end" } else { "middle" };
            put!(m; "<path class=grid d=M", *x, ",", bottom, "v4 /><text x=", *x, " y=", bottom + 16, " text-anchor=", anchor, ">",
                words::clock_short(*at), "</text>");
        }
    }
}

fn letters(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(0) * LETTER / 10
}

/// The same in less room.
fn short(name: &'static str) -> &'static str {
    match name {
        "acknowledged" => "acked",
        "dead-lettered" => "dead",
        "99th percentile" => "p99",
        other => other,
    }
}

fn draw_line(m: &mut Markup, line: &Line) {
    put!(m; "<path class=\"line ", line.class, "\" d=\"");
    let mut pen = 'M';
    for point in &line.points {
        match point {
            Some((x, y)) => {
                put!(m; pen, *x, ",", *y);
                pen = 'L';
            }
            None => pen = 'M',
        }
    }
    put!(m; "\"/>");
}

/// The charts so far as an SVG file.
pub fn charts_svg(scenario: &Scenario, sim: &Simulation, width: i32, theme: Theme) -> String {
    let charts = Charts::of(sim.history(), sim.milestones(), sim.end(), width);
    let (mut m, head) = (Markup::default(), 30);
    let title = say!(&scenario.title, ", at ", words::clock(sim.now()));
    put!(&mut m; "<g class=charts><text class=name x=12 y=19>");
    m.quote(&title);
    put!(&mut m; "</text></g><g transform=translate(0,", head, ")>");
    charts.draw(&mut m, sim.now(), None);
    put!(&mut m; "</g>");
    let says = say!(
        "Writes per second by fate, the share that fails, dead letters that wait, and delays. ",
        charts.values_at(sim.now())
    );
    File { size: (charts.width, charts.height + head), title: &title, says: &says, theme, rules: &[chart_rules()] }
        .write(&m)
}
