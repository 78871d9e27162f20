//! The panel of decisions: what people can do now, what each of it would cost, and a button to do it.
use super::{Ask, Ctx};
use crate::decide::{DECISIONS, Decision, Lookahead, Price, Prospect};
use crate::player::{Player, RunId};
use crate::view::Micros;
use crate::web::dom::{Markup, put};
use crate::words;

/// Steps of a look ahead between two frames: some ten milliseconds.
const SLICE: u32 = 50_000;

/// What each decision is measured by.
const TITLES: [&str; 7] = [
    "Two leaders until",
    "Writes fail until",
    "Queue empty",
    "Dead letters",
    "99 of 100 done within",
    "Done twice",
    "Lost or stranded",
];

/// See the module's first line.
#[derive(Default)]
pub struct Panel {
    ahead: Lookahead,
    /// The run and the moment that it looks ahead from, and how much people had done by then.
    from: Option<(RunId, Micros, usize)>,
    /// What was decided then.
    decided: Option<Decision>,
    /// There is more to simulate.
    busy: bool,
}

impl Panel {
    /// Looks ahead: at once while the run stands still, otherwise when somebody asks.
    pub fn refresh(&mut self, ctx: &Ctx) {
        let player = ctx.player;
        let here = (player.run().id, player.sim().now(), player.recording().commands().len());
        let moved = self.from != Some(here) && player.paused() && !player.seeking() && self.decided.is_none();
        if moved || self.from.is_none() {
            self.look(player);
        }
        if self.busy {
            self.busy = !self.ahead.work(SLICE);
        }
    }

    fn look(&mut self, player: &Player) {
        self.from = Some((player.run().id, player.sim().now(), player.recording().commands().len()));
        self.ahead = Lookahead::from(player.sim());
        (self.decided, self.busy) = (None, true);
    }

    /// Is there more to simulate?
    pub fn busy(&self) -> bool {
        self.busy
    }

    /// A row for each decision.
    pub fn draw(&self, m: &mut Markup, ctx: &Ctx) {
        put!(m; "<p class=note>What can be done at ", words::clock(self.ahead.at), ", and what comes of it: each is simulated to the \
            end of the run. Jobs are counted from its beginning.");
        if ctx.view.now != self.ahead.at || self.decided.is_some() {
            put!(m; " <button type=button data-act=decide:again>Look ahead from now</button>");
        }
        put!(m; "</p><table class=decide><thead><tr><th scope=col>Decision</th>");
        for title in [
            "Two leaders until",
            "Writes fail until",
            "Queue empty",
            "Dead letters",
            "99 of 100 done within",
            "Done twice",
            "Lost or stranded",
        ] {
            put!(m; "<th scope=col class=num>", title, "</th>");
        }
        put!(m; "<th scope=col><span class=said>Do it</span></th></tr></thead><tbody>");
        for prospect in &self.ahead.prospects {
            self.row(m, prospect);
        }
        put!(m; "</tbody></table>");
    }

    fn row(&self, m: &mut Markup, prospect: &Prospect) {
        let Some((_, name, title, about)) = DECISIONS.iter().find(|(d, ..)| *d == prospect.decision) else { return };
        put!(m; "<tr><th scope=row>", *title, "<br/><small>", *about, "</small></th>");
        match &prospect.price {
            Some(price) => cells(m, price),
            None => put!(m; "<td colspan=7 class=sub>is being simulated …</td>"),
        }
        put!(m; "<td>");
        if self.decided == Some(prospect.decision) {
            put!(m; "<b>✓ decided</b>");
        } else {
            put!(m; "<button type=button data-act=decide:do data-arg=", *name, " aria-label=\"Do it: ", *title, "\">Do it</button>");
        }
        put!(m; "</td></tr>");
    }

    /// Somebody decided, or asks again.
    pub fn act(&mut self, verb: &str, arg: &str, player: &mut Player, asks: &mut Vec<Ask>) -> bool {
        match verb {
            "again" => self.look(player),
            "do" => {
                let Some((decision, _, title, _)) = DECISIONS.iter().find(|(_, name, ..)| *name == arg) else {
                    return false;
                };
                let commands = crate::decide::commands(*decision, player.sim()).unwrap_or_default();
                if player.sim().now() != self.ahead.at {
                    self.look(player);
                }
                for command in commands {
                    if player.act(command).is_err() {
                        break; // it said itself that it can be done
                    }
                }
                self.decided = Some(*decision);
                asks.push(Ask::Say((*title).to_string()));
                player.play();
            }
            _ => return false,
        }
        true
    }
}

/// A price.
fn cells(m: &mut Markup, price: &Price) {
    let when = |at: Option<Micros>, never: &str| match at {
        Some(0) => "–".to_string(),
        Some(at) => words::clock(at),
        None => never.to_string(),
    };
    let count = |n: u64| words::count(n);
    let late = "not in this run";
    let values = [
        (when(price.whole, "the end"), price.whole.is_none()),
        (when(price.writes, "the end"), price.writes.is_none()),
        (when(price.empty, late), price.empty.is_none()),
        (count(price.dead_lettered), false),
        (words::span(price.p99), false),
        (count(price.duplicates), price.duplicates > 0),
        (count(price.lost), price.lost > 0),
    ];
    for (title, (text, bad)) in TITLES.iter().zip(values) {
        // On a narrow page each value says what it is.
        put!(m; "<td class=\"num", if bad { " broken" } else { "" }, "\"><span class=which>", *title, "</span>", text, "</td>");
    }
}
