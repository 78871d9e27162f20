//! The panel of the quorum view.
use super::{Ask, Ctx};
use crate::player::Player;
use crate::web::dom::{Markup, put};

/// See the module's first line.
#[derive(Default)]
pub struct Panel {}

impl Panel {
    /// Looks at the run.
    pub fn refresh(&mut self, _: &Ctx) {}

    /// Shows it.
    pub fn draw(&self, m: &mut Markup, _: &Ctx) {
        put!(m; "<p>Under construction.</p>");
    }

    /// A person used a control.
    pub fn act(&mut self, _verb: &str, _arg: &str, _: &mut Player, _: &mut Vec<Ask>) -> bool {
        false
    }
}
