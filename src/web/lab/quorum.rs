//! The panel of the quorum view: a row for each leader, a column for each host; who agreed, and who agreed to both.
use super::{Ask, Ctx};
use crate::player::Player;
use crate::quorum_sets::{Pair, Quorums, Side, Standing, quorums};
use crate::view::View;
use crate::web::dom::{Markup, put};

/// See the module's first line.
#[derive(Default)]
pub struct Panel {
    found: Quorums,
}

impl Panel {
    /// Looks at the run.
    pub fn refresh(&mut self, ctx: &Ctx) {
        self.found = quorums(ctx.player.sim());
    }

    /// Shows it.
    pub fn draw(&self, m: &mut Markup, ctx: &Ctx) {
        let host = if ctx.view.kraft { "controller " } else { "zk" };
        put!(m; "<h3>Does a majority not forbid two leaders?</h3><p class=answer>", &*self.found.says, "</p>");
        if self.found.sides.is_empty() {
            return;
        }
        put!(m; "<div class=scroll tabindex=0 role=group aria-label=\"Who agreed\">");
        matrix(m, ctx.view, &self.found, host);
        put!(m; "</div>");
        put!(m; "<p class=note>● on its list, and agreed · ○ on its list · blank: not on its list</p>");
        // One pair's sentence is the answer above already.
        for pair in self.found.pairs.iter().filter(|_| self.found.pairs.len() > 1) {
            put!(m; "<p>", &*pair.says, "</p>");
        }
    }

    /// It has no controls.
    pub fn act(&mut self, _verb: &str, _arg: &str, _: &mut Player, _: &mut Vec<Ask>) -> bool {
        false
    }
}

fn matrix(m: &mut Markup, view: &View, q: &Quorums, host: &str) {
    put!(m; "<table class=matrix><thead><tr><th scope=col>", if view.kraft { "controller" } else { "host" }, "</th>");
    for p in &view.peers {
        put!(m; "<th scope=col>", p.sid, "</th>");
    }
    put!(m; "<th scope=col>agreed</th></tr></thead><tbody>");
    for side in &q.sides {
        row(m, view, side, host);
    }
    for pair in &q.pairs {
        both(m, view, q, pair, host);
    }
    put!(m; "</tbody></table>");
}

fn row(m: &mut Markup, view: &View, side: &Side, host: &str) {
    let word = match side.standing {
        Standing::Leader => " leads",
        Standing::Elected => " was elected",
        Standing::Candidate => " asks for votes",
    };
    let hue = view.peers.iter().find(|p| p.sid == side.sid).and_then(|p| p.ensemble);
    put!(m; "<tr class=", crate::stage::hue(hue), "><th scope=row>", host, side.sid, word, "</th>");
    for p in &view.peers {
        let (class, dot, says) = match (side.list.contains(&p.sid), side.agreed.contains(&p.sid)) {
            (true, true) => ("agreed", "●", "agreed"),
            (true, false) => ("member", "○", "on its list"),
            _ => ("outside", "", "not on its list"),
        };
        put!(m; "<td class=", class, " title=\"", host, p.sid, ": ", says, "\">", dot, "</td>");
    }
    let (agreed, of) = (side.agreed.len() as i32, side.list.len() as i32);
    put!(m; "<td class=sum>", agreed, " of ", of, ", needs ", side.majority, "</td></tr>");
}

fn both(m: &mut Markup, view: &View, q: &Quorums, pair: &Pair, host: &str) {
    let sid = |i: usize| q.sides.get(i).map_or(0, |side| side.sid);
    put!(m; "<tr class=both><th scope=row>to both ", host, sid(pair.a), " and ", host, sid(pair.b), "</th>");
    for p in &view.peers {
        put!(m; "<td>", if pair.shared.contains(&p.sid) { "●" } else { "" }, "</td>");
    }
    match pair.shared.len() {
        0 => put!(m; "<td class=sum>nobody</td></tr>"),
        n => put!(m; "<td class=sum>", n as i32, "</td></tr>"),
    }
}
