//! The panel of the report, detector and invariants.
use super::{Ask, Ctx};
use crate::detector::{RULES, Rule};
use crate::invariant::MEANS;
use crate::player::Player;
use crate::report::Report;
use crate::view::Micros;
use crate::web::dom::{Markup, put};
use crate::words;

/// See the module's first line.
#[derive(Default)]
pub struct Panel {
    report: Option<Report>,
}

fn report(player: &Player) -> Report {
    Report::of(player.scenario(), player.sim(), player.recording().commands())
}

impl Panel {
    /// Tells the run anew.
    pub fn refresh(&mut self, ctx: &Ctx) {
        self.report = Some(report(ctx.player));
    }

    /// The post-mortem, its numbers, the monitoring, the invariants.
    pub fn draw(&self, m: &mut Markup, ctx: &Ctx) {
        let Some(report) = &self.report else { return };
        put!(m; "<h3>");
        m.quote(&report.title);
        put!(m; "</h3><p class=told>");
        m.quote(&report.paragraph);
        put!(m; "</p><p class=row><button type=button data-act=report:copy>Copy as text</button>\
            <button type=button data-act=report:save>Save as text</button></p><details open><summary>Numbers</summary><table><tbody>");
        for (what, value) in &report.rows {
            put!(m; "<tr><th scope=row>", *what, "</th><td class=num>", value.as_str(), "</td></tr>");
        }
        put!(m; "</tbody></table></details>");
        monitoring(m, ctx);
        invariants(m, ctx);
    }

    /// The text is wanted.
    pub fn act(&mut self, verb: &str, _: &str, player: &mut Player, asks: &mut Vec<Ask>) -> bool {
        let text = report(player).text();
        match verb {
            "copy" => asks.push(Ask::CopyWords(text)),
            "save" => asks.push(Ask::Save("report.txt".into(), super::WORDS, text)),
            _ => return false,
        }
        true
    }
}

fn when(at: Option<Micros>) -> String {
    at.map_or_else(|| "–".into(), words::clock)
}

/// What an operator would have seen, and when.
fn monitoring(m: &mut Markup, ctx: &Ctx) {
    put!(m; "<h4>What monitoring saw</h4><p class=note>Every host and broker is asked every 15 s. It changes nothing in the run.</p>\
        <table><thead><tr><th scope=col>Alarm</th><th scope=col class=num>First rang</th><th scope=col class=num>Silent again</th></tr></thead><tbody>");
    for (i, (alarm, rule)) in ctx.player.sim().detector().alarms().iter().zip(&RULES).enumerate() {
        put!(m; "<tr><td>", rule.says, "<br/><small><code>");
        m.quote(Rule::metric_in(i, ctx.view.kraft));
        put!(m; "</code> · ", rule.source, "</small></td><td class=num>", when(alarm.fired), "</td><td class=num>",
            if alarm.firing { "rings".to_string() } else { when(alarm.cleared) }, "</td></tr>");
    }
    put!(m; "</tbody></table>");
}

/// What must hold, and whether it does.
fn invariants(m: &mut Markup, ctx: &Ctx) {
    put!(m; "<h4>What must hold</h4><table><tbody>");
    for (state, means) in ctx.player.sim().invariants().iter().zip(MEANS) {
        let class = if state.broken_at.is_some() { "broken" } else { "held" };
        put!(m; "<tr><th scope=row>", state.id, "</th><td>", means, "<br/><small>", state.says, "</small></td><td class=", class, ">",
            if state.broken_at.is_some() { "✕ " } else { "✓ " }, state.verdict(), "</td></tr>");
    }
    put!(m; "</tbody></table>");
}
