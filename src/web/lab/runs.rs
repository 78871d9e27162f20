//! The panel of runs: what was before a fork or a change, to show, to name, to compare, to delete.
use super::{Ask, Ctx};
use crate::player::{Player, Run, RunId};
use crate::view::Micros;
use crate::web::dom::{Markup, put};
use crate::words::{self, say};

/// See the module's first line.
#[derive(Default)]
pub struct Panel {
    /// The run whose name is being edited.
    naming: Option<RunId>,
}

/// What a run is called: its name, or its number.
pub fn title(run: &Run) -> String {
    if run.name.is_empty() { say!("Run ", run.id) } else { run.name.clone() }
}

impl Panel {
    /// Nothing to keep: the player knows.
    pub fn refresh(&mut self, _: &Ctx) {}

    /// The list.
    pub fn draw(&self, m: &mut Markup, ctx: &Ctx) {
        put!(m; "<p class=note>Acting in the past, or changing a value, starts another run. The old one stays here as it was.</p><ul class=runs>");
        for run in ctx.player.runs() {
            self.row(m, ctx, run);
        }
        put!(m; "</ul><p><button type=button data-act=runs:fork>Fork here (F)</button></p>");
    }

    fn row(&self, m: &mut Markup, ctx: &Ctx, run: &Run) {
        let shown = ctx.player.run().id == run.id;
        put!(m; "<li key=", run.id, "><b>");
        m.quote(&title(run));
        put!(m; "</b> ");
        m.quote(&run.scenario.title);
        if let Some((from, at)) = run.from.filter(|(_, at): &(RunId, Micros)| *at > 0) {
            put!(m; ", left run ", from, " at ", words::clock(at));
        }
        if shown {
            put!(m; " <span class=src>shown</span>");
        } else {
            put!(m; " <button type=button data-act=runs:show data-arg=", run.id, ">Show</button>");
        }
        put!(m; "</li>");
    }

    /// A person used a control.
    pub fn act(&mut self, verb: &str, arg: &str, player: &mut Player, _: &mut Vec<Ask>) -> bool {
        let id = arg.parse::<RunId>().ok();
        match (verb, id) {
            ("fork", _) => player.fork(),
            ("show", Some(id)) => drop(player.show(id)),
            ("delete", Some(id)) => player.delete(id),
            ("compare", id) => player.compare(id),
            ("naming", id) => self.naming = id,
            _ => return false,
        }
        true
    }
}
