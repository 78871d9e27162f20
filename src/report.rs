//! A post-mortem of this very run, in plain words: what happened when, what it cost, how it was seen and repaired, and what
//! would have prevented it. Every sentence follows from the run's own state; a sentence without its facts is not there.
mod cost;
mod lesson;
mod story;

use crate::detector::Times;
use crate::metrics::{Metrics, Milestone};
use crate::scenario::{Command, Scenario};
use crate::sim::Simulation;
use crate::view::{Micros, View};
use crate::words::{self, say};

/// The report of a run so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The scenario's title, and whether the run is over.
    pub title: String,
    /// The post-mortem.
    pub paragraph: String,
    /// The numbers: what, and how much with its unit.
    pub rows: Vec<(&'static str, String)>,
}

/// What the sentences are made of.
struct Facts<'a> {
    scenario: &'a Scenario,
    sim: &'a Simulation,
    /// What people did by hand, by time.
    done: &'a [(Micros, Command)],
    view: View,
    m: Metrics,
    times: Times,
    over: bool,
}

impl Facts<'_> {
    /// When this happened, if it did.
    fn at(&self, milestone: Milestone) -> Option<Micros> {
        self.sim.milestones().iter().find(|(m, _)| *m == milestone).map(|(_, at)| *at)
    }

    fn split(&self) -> bool {
        self.view.leaders > 1 || self.view.controllers > 1
    }

    /// `zk3`, or in KRaft mode `controller 3`.
    fn host(&self, sid: u8) -> String {
        say!(if self.view.kraft { "controller " } else { "zk" }, sid)
    }

    fn hosts(&self, sids: &[u8]) -> String {
        let mut text = String::new();
        for (i, sid) in sids.iter().enumerate() {
            text.push_str(if i == 0 {
                ""
            } else if i + 1 == sids.len() {
                " and "
            } else {
                ", "
            });
            text.push_str(&self.host(*sid));
        }
        text
    }
}

impl Report {
    /// The report of this run. `done` is what people did by hand besides the scenario's own actions; what lies ahead of the
    /// run's present is left out.
    pub fn of(scenario: &Scenario, sim: &Simulation, done: &[(Micros, Command)]) -> Report {
        let view = sim.view();
        let facts = Facts {
            scenario,
            sim,
            done,
            m: sim.metrics(),
            times: Times::of(sim),
            over: sim.now() >= sim.end() || sim.stopped().is_some(),
            view,
        };
        let mut said = Vec::new();
        story::tell(&facts, &mut said);
        cost::tell(&facts, &mut said);
        story::tell_detection(&facts, &mut said);
        story::tell_repair(&facts, &mut said);
        lesson::tell(&facts, &mut said);
        let when = words::clock(sim.now());
        let so_far = if facts.over { String::new() } else { say!("So far, at ", &when, ": ") };
        let title = say!(&scenario.title, if facts.over { ", to its end at " } else { ", so far, at " }, when);
        Report { title, paragraph: [so_far, said.join(" ")].concat(), rows: cost::rows(&facts) }
    }

    /// The whole as plain text, to be copied.
    pub fn text(&self) -> String {
        let mut out = say!(&self.title, "\n\n", &self.paragraph, "\n\n");
        for (what, value) in &self.rows {
            out.push_str(&say!(*what, ": ", value, "\n"));
        }
        out
    }
}
