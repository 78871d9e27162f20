//! The panel of the charts with one cursor, and exports.
use super::{Ask, Ctx};
use crate::chart::{Charts, charts_svg};
use crate::export::{result_json, samples_csv, trace_text};
use crate::picture::{Theme, stage_svg};
use crate::player::Player;
use crate::view::Micros;
use crate::web::dom::{Markup, put};
use crate::words::{self, say};

/// Rows of the table that says the same as the charts.
const ROWS: usize = 40;
/// How wide exported pictures are, CSS pixels.
const PICTURE: i32 = 1000;

/// See the module's first line.
#[derive(Default)]
pub struct Panel {
    charts: Option<Charts>,
    /// Where values are read off; `None` follows the run.
    cursor: Option<Micros>,
    dark: bool,
}

impl Panel {
    /// Draws the charts anew.
    pub fn refresh(&mut self, ctx: &Ctx) {
        let sim = ctx.player.sim();
        self.charts = Some(Charts::of(sim.history(), sim.milestones(), sim.end(), ctx.width - 26));
    }

    /// The charts, their cursor, the table, and what can be taken away.
    pub fn draw(&self, m: &mut Markup, ctx: &Ctx) {
        let Some(charts) = &self.charts else { return };
        let at = self.cursor.unwrap_or(ctx.view.now);
        let said = charts.values_at(at);
        let said = if said.is_empty() { say!(words::clock(at), ": nothing was recorded here yet.") } else { said };
        put!(m; "<p class=reading>", said.as_str(), "</p><svg class=figure data-point=\"charts:point\" width=", charts.width, " height=", charts.height,
            " role=img aria-label=\"Writes per second, share that fails, dead letters and delays; the slider below reads values off.\">");
        charts.draw(m, ctx.view.now, self.cursor);
        put!(m; "</svg><input class=reader type=range data-in=charts:at min=0 max=", (charts.end / 1_000_000) as u32, " step=1 value=",
            (at / 1_000_000) as u32, " aria-label=\"Read values at\" aria-valuetext=\"", said.as_str(), "\"/><p class=row>");
        for (act, arg, words) in [
            ("step", "back", "‹ Step"),
            ("step", "on", "Step ›"),
            ("seek", "", "Go to the cursor"),
            ("follow", "", "Follow the run"),
        ] {
            put!(m; "<button type=button data-act=charts:", act, " data-arg=\"", arg, "\">", words, "</button>");
        }
        put!(m; "</p><details><summary>The same as a table</summary>");
        table(m, charts);
        put!(m; "</details><h3>Take away</h3><p class=row>");
        for (arg, words) in [
            ("csv", "Samples (CSV)"),
            ("json", "Result (JSON)"),
            ("trace", "Trace (text)"),
            ("charts", "Charts (SVG)"),
            ("charts-png", "Charts (PNG)"),
            ("stage", "Stage (SVG)"),
            ("stage-png", "Stage (PNG)"),
        ] {
            put!(m; "<button type=button data-act=charts:save data-arg=", arg, ">", words, "</button>");
        }
        put!(m; "<button type=button data-act=charts:dark aria-pressed=", if self.dark { "true" } else { "false" }, ">Dark pictures</button></p>");
    }

    /// The cursor moves, or a file is wanted.
    pub fn act(&mut self, verb: &str, arg: &str, player: &mut Player, asks: &mut Vec<Ask>) -> bool {
        let at = self.cursor.unwrap_or(player.sim().now());
        match verb {
            "at" => self.cursor = arg.parse::<u64>().ok().map(|second| second.saturating_mul(1_000_000)),
            "point" => {
                let x = arg.parse::<i32>().ok();
                self.cursor = self.charts.as_ref().zip(x).map(|(charts, x)| charts.time_at(x));
            }
            "step" => self.cursor = self.charts.as_ref().map(|c| c.step(at, if arg == "on" { 1 } else { -1 })),
            "follow" => self.cursor = None,
            "seek" => asks.push(Ask::Seek(at)),
            "dark" => self.dark = !self.dark,
            "save" => asks.extend(self.file(arg, player)),
            _ => return false,
        }
        true
    }

    fn file(&self, what: &str, player: &Player) -> Option<Ask> {
        let (scenario, sim) = (player.scenario(), player.sim());
        let theme = if self.dark { Theme::Dark } else { Theme::Light };
        let (end, kind, text) = match what {
            "csv" => (".csv", "text/csv", samples_csv(sim.history())),
            "json" => (".json", "application/json", result_json(scenario, sim, sim.now())),
            "trace" => ("-trace.txt", "text/plain", trace_text(player.recording())),
            "charts" => ("-charts.svg", "image/svg+xml", charts_svg(scenario, sim, PICTURE, theme)),
            "stage" => ("-stage.svg", "image/svg+xml", stage_svg(scenario, sim, PICTURE, theme)),
            // The page paints these: it gets a picture in SVG for a name in PNG.
            "charts-png" => ("-charts.png", "image/png", charts_svg(scenario, sim, PICTURE, theme)),
            "stage-png" => ("-stage.png", "image/png", stage_svg(scenario, sim, PICTURE, theme)),
            _ => return None,
        };
        let name = if scenario.id.is_empty() { "second-leader" } else { scenario.id.as_str() };
        Some(Ask::Save(say!(name, end), kind, text))
    }
}

fn table(m: &mut Markup, charts: &Charts) {
    put!(m; "<table><thead><tr>");
    for name in Charts::COLUMNS {
        put!(m; "<th scope=col class=num>", name, "</th>");
    }
    put!(m; "</tr></thead><tbody>");
    for row in charts.table(ROWS) {
        put!(m; "<tr>");
        for value in row {
            put!(m; "<td class=num>", value, "</td>");
        }
        put!(m; "</tr>");
    }
    put!(m; "</tbody></table>");
}
