//! The panel that says the stage as a table: everything on it, what it is now, and what it goes by.
use super::{Ask, Ctx};
use crate::describe::{Row, rows, text};
use crate::player::Player;
use crate::web::dom::{Markup, put};
use crate::words;

/// See the module's first line.
#[derive(Default)]
pub struct Panel {
    rows: Vec<Row>,
}

impl Panel {
    /// Looks at the stage.
    pub fn refresh(&mut self, ctx: &Ctx) {
        self.rows = rows(ctx.view);
    }

    /// A row for each thing.
    pub fn draw(&self, m: &mut Markup, ctx: &Ctx) {
        put!(m; "<p class=note>The stage at ", words::clock(ctx.view.now), ", row by row. <button type=button data-act=table:say>Say all of it</button></p>\
            <table><thead><tr><th scope=col>What</th><th scope=col>What it is now</th><th scope=col>What it goes by</th></tr></thead><tbody>");
        for [name, what, by] in &self.rows {
            put!(m; "<tr><th scope=row>", name.as_str(), "</th><td>");
            m.quote(what);
            put!(m; "</td><td>");
            m.quote(by);
            put!(m; "</td></tr>");
        }
        put!(m; "</tbody></table>");
    }

    /// It is to be said aloud.
    pub fn act(&mut self, verb: &str, _: &str, player: &mut Player, asks: &mut Vec<Ask>) -> bool {
        if verb != "say" {
            return false;
        }
        asks.push(Ask::Say(text(player.scenario(), &player.sim().view())));
        true
    }
}
