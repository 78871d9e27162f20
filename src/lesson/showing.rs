//! How much of the page a lesson shows at a step: what its file wants, and what its steps have changed since.
use super::ui::Ui;
use super::{Deed, Step};
use crate::params::Key;

/// What is shown. What is `None` is left to the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Showing {
    /// One of [`super::ui::VIEWS`].
    pub view: Option<&'static str>,
    /// The only panels that are offered.
    pub panels: Option<Vec<&'static str>>,
    /// The only controls that are shown.
    pub controls: Option<Vec<Key>>,
    /// Controls that are shown and cannot be moved.
    pub lock: Vec<Key>,
}

impl Showing {
    /// After these steps have been shown. A step's `controls` take the place of those before, and its `lock` with them; a `lock` alone
    /// takes the place of the lock. A panel that a step opens is offered from then on.
    pub fn of<'a>(ui: &Ui, steps: impl IntoIterator<Item = &'a Step>) -> Showing {
        let (panels, controls, lock) = (ui.panels.clone(), ui.controls.clone(), ui.lock.clone());
        let mut showing = Showing { view: ui.view, panels, controls, lock };
        for step in steps {
            if let Some(controls) = &step.controls {
                showing.controls = Some(controls.clone());
                showing.lock.clear();
            }
            if let Some(lock) = &step.lock {
                showing.lock.clone_from(lock);
            }
            if let (Some(panels), Some(panel)) = (&mut showing.panels, step.panel)
                && !panels.contains(&panel)
            {
                panels.push(panel);
            }
        }
        showing
    }

    /// Can a learner do what is asked? A parameter must be there, and must move.
    pub fn allows(&self, deed: &Deed) -> bool {
        let Deed::Value(key, ..) = deed else { return true };
        !self.lock.contains(key) && self.controls.as_ref().is_none_or(|controls| controls.contains(key))
    }
}
