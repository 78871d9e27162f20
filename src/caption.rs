//! What is happening now, in words: one sentence and one headline, made from nothing but the picture.
use crate::metrics::Milestone;
use crate::params::Source;
use crate::provenance::Place;
use crate::view::{BrokerPhase, PeerPhase, PeerView, View, Wait};
use crate::words::{self, say};

mod hint;
mod kraft;
mod split;

pub use hint::{Forecast, hint};

/// How a headline should feel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Calm,
    /// Not yet, or no longer, as it should be.
    Warn,
    /// Broken.
    Bad,
    /// It was broken and is whole again.
    Good,
}

/// The headline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    /// How it should feel.
    pub tone: Tone,
    /// `2 leaders · 2 controllers`
    pub headline: String,
}

fn reached(view: &View, milestone: Milestone) -> bool {
    view.milestones.iter().any(|(m, _)| *m == milestone)
}

/// Hosts that have looked for so long that only their notifications' growing intervals tell: nobody will answer.
fn stuck(view: &View) -> u64 {
    let long = |p: &&PeerView| {
        let waits = p.arc.is_some_and(|a| a.wait == Wait::Notify && a.until.saturating_sub(a.since) >= 3_000_000);
        p.fresh && p.phase == PeerPhase::Looking && waits
    };
    view.peers.iter().filter(long).count() as u64
}

fn settled_badly(view: &View) -> bool {
    view.metrics.lost + view.metrics.dropped > 0
}

/// Headline and tone.
pub fn banner(view: &View) -> Banner {
    let leaders = words::plural(u64::from(view.leaders), "leader", "leaders");
    let controllers = words::plural(u64::from(view.controllers), "controller", "controllers");
    let mut headline = say!(leaders, " · ", controllers);
    let tone = if view.leaders != 1 || view.controllers > 1 {
        Tone::Bad
    } else if reached(view, Milestone::SecondLeader) {
        if reached(view, Milestone::DlqEmpty) || view.tray.depth == 0 && quiet(view) {
            headline.push_str(&outcome(view));
            match diverged(view) {
                _ if settled_badly(view) => Tone::Bad,
                0 => Tone::Good,
                n => {
                    headline.push_str(" · ");
                    headline.push_str(&words::plural(n, "tree differs", "trees differ"));
                    Tone::Warn
                }
            }
        } else {
            headline.push_str(" · recovering");
            Tone::Warn
        }
    } else if cut_off(view) > 0 {
        headline.push_str(" · links are cut");
        Tone::Warn
    } else if stuck(view) > 0 {
        headline.push_str(" · hosts are stuck");
        Tone::Warn
    } else if view.controllers == 0 {
        Tone::Bad
    } else {
        Tone::Calm
    };
    Banner { tone, headline }
}

/// Servers whose tree is not their leader's.
fn diverged(view: &View) -> u64 {
    view.peers.iter().filter(|p| p.diverged).count() as u64
}

/// Machines with a link that is cut, if any.
fn cut_off(view: &View) -> usize {
    view.peers.iter().filter(|p| p.cut).count() + view.brokers.iter().filter(|b| b.cut).count()
}

/// Nobody is down, booting or looking.
fn quiet(view: &View) -> bool {
    view.peers.iter().all(|p| p.serving) && view.brokers.iter().all(|b| b.phase == BrokerPhase::Up)
}

fn outcome(view: &View) -> String {
    let m = &view.metrics;
    if m.dropped > 0 && m.lost > 0 {
        say!(" · ", words::count(m.lost), " lost, ", words::count(m.dropped), " dropped")
    } else if m.dropped > 0 {
        say!(" · ", words::count(m.dropped), " dropped")
    } else {
        say!(" · ", words::count(m.lost), " lost")
    }
}

/// One sentence about now, and where what it says comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    /// The sentence.
    pub text: String,
    /// Its source.
    pub source: Source,
}

impl Caption {
    /// The caption of this picture.
    pub fn of(view: &View) -> Caption {
        if view.kraft {
            return say(Source::Code, kraft::caption(view));
        }
        with_zookeeper(view)
    }
}

fn say(source: Source, text: String) -> Caption {
    Caption { text, source }
}

/// Where the talk and reality differ about what is to be seen now.
pub fn place(view: &View) -> Option<Place> {
    let in_phase = |phase| view.peers.iter().any(|p| p.phase == phase);
    Some(match view {
        _ if view.kraft => Place::Kraft,
        _ if diverged(view) > 0 => Place::Tree,
        _ if view.controllers > 1 && view.failing == 0 => Place::Controller,
        _ if view.controllers > 1 && view.tray.depth == 0 => Place::Metadata,
        _ if view.controllers > 1 => Place::Conflict,
        _ if view.leaders > 1 || in_phase(PeerPhase::Looking) => Place::Election,
        _ if reached(view, Milestone::SecondLeader) && !view.operator.is_empty() => Place::Heal,
        _ if view.tray.depth > 0 => Place::DeadLetters,
        _ if in_phase(PeerPhase::Booting) => Place::JoinRate,
        _ => return None,
    })
}

/// One sentence about now.
pub fn caption(view: &View) -> String {
    Caption::of(view).text
}

fn with_zookeeper(view: &View) -> Caption {
    if view.leaders > 1 || view.controllers > 1 {
        return split::split(view);
    }
    if view.leaders == 0 {
        return leaderless(view);
    }
    if reached(view, Milestone::SecondLeader) {
        return recovery(view);
    }
    let stuck = stuck(view);
    if stuck > 0 {
        let q = view.peers.iter().find(|p| p.phase == PeerPhase::Looking).map_or(0, |p| p.majority);
        let hosts = words::plural(stuck, "new host looks", "new hosts look");
        let text = say!(
            hosts,
            " for a leader in vain: a majority of the list they were given is ",
            q,
            ", and neither they nor the old hosts are that many."
        );
        return say(Source::Recorded, text);
    }
    joining(view)
}

/// What people are doing, as a sentence.
fn operator(view: &View) -> String {
    [&view.operator, "."].concat()
}

fn capitalised(text: &str) -> String {
    let mut text = text.to_string();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// A leader that hangs while others still follow it.
fn hanging(view: &View) -> Option<u8> {
    let frozen = |sid: u8| view.peers.iter().any(|p| p.sid == sid && p.phase == PeerPhase::Frozen);
    view.peers.iter().filter_map(|p| p.leader).find(|sid| frozen(*sid))
}

fn leaderless(view: &View) -> Caption {
    if let Some(leader) = hanging(view) {
        let tail = " hangs, and its followers have not noticed: they bear syncLimit ticks of silence.";
        return say(Source::Recorded, ["zk", &leader.to_string(), tail].concat());
    }
    let text = match best_candidate(view) {
        Some(p) => say!(
            "Nobody leads. The best placed candidate, zk",
            p.vote.unwrap_or(p.sid),
            ", has ",
            p.votes,
            " of the ",
            p.majority,
            " votes it needs."
        ),
        None => "Nobody leads, and too few hosts are up to elect anyone.".to_string(),
    };
    say(Source::Code, text)
}

fn best_candidate(view: &View) -> Option<&PeerView> {
    view.peers.iter().filter(|p| p.phase == PeerPhase::Looking).max_by_key(|p| (p.votes, p.sid))
}

fn recovery(view: &View) -> Caption {
    let m = &view.metrics;
    let depth = view.tray.depth;
    let differ = diverged(view);
    if differ > 0 && view.operator.is_empty() {
        let who = words::plural(differ, "server follows and holds", "servers follow and hold");
        let tail =
            " another tree than the leader. Nothing will tell them: logs are compared by number, never by content.";
        return say(Source::Recorded, who + tail);
    }
    if reached(view, Milestone::DlqEmpty) || depth == 0 && quiet(view) {
        if m.lost > 0 {
            let text = say!(
                words::count(m.lost),
                " acknowledged writes are lost: their only records were in the ensemble that is gone."
            );
            return say(Source::Recorded, text);
        }
        if m.dropped > 0 {
            let text = say!(words::count(m.dropped), " jobs were dropped: nothing kept them when their retries ended.");
            return say(Source::Simplified, text);
        }
        let late = words::count(m.dead_lettered);
        let twice = match m.duplicate_effects {
            0 => String::new(),
            n => say!(" But ", words::plural(n, "job", "jobs"), " took effect twice."),
        };
        let text = say!(
            "Every job came home: 0 lost. ",
            late,
            " were late, because they waited in the dead-letter queue.",
            twice
        );
        return say(Source::Incident, text);
    }
    if !view.operator.is_empty() {
        return say(Source::Simplified, operator(view));
    }
    if depth > 0 {
        let act = if view.tray.draining { " are drained" } else { " wait to be drained" };
        let text = say!(
            "One leader again. ",
            words::plural(depth, "dead letter", "dead letters"),
            act,
            "; the oldest has waited ",
            words::span(view.tray.oldest),
            "."
        );
        return say(Source::Talk, text);
    }
    say(Source::Recorded, "One leader again; the wiped hosts rejoin one at a time.".to_string())
}

fn joining(view: &View) -> Caption {
    let in_phase = |phase| view.peers.iter().filter(|p| p.phase == phase).count() as u64;
    let (booting, looking) = (in_phase(PeerPhase::Booting), in_phase(PeerPhase::Looking));
    if let Some(p) = best_candidate(view).filter(|_| looking > 0) {
        let hosts = words::plural(looking, "host looks", "hosts look");
        let text = say!(
            hosts,
            " for a leader. For zk",
            p.sid,
            ", a majority is ",
            p.majority,
            " of the ",
            p.list.len(),
            " in its list; ",
            p.votes,
            " of them agree with its vote so far."
        );
        return say(Source::Code, text);
    }
    if booting > 0 {
        let hosts = words::plural(booting, "host boots. It", "hosts boot. Each");
        return say(Source::Simplified, hosts + " counts a majority of the server list that it is given.");
    }
    if !view.operator.is_empty() {
        return say(Source::Simplified, operator(view));
    }
    let joined = view.peers.iter().filter(|p| p.fresh && p.serving).count() as u64;
    if joined > 0 {
        let text = say!(
            words::plural(joined, "new host", "new hosts"),
            " joined, and there is one leader, zk",
            first_leader(view),
            "."
        );
        return say(Source::Recorded, text);
    }
    let leader = first_leader(view);
    say(Source::Code, say!("All is well: one leader, zk", leader, ", one controller, and every job is done once."))
}

fn first_leader(view: &View) -> u8 {
    view.ensembles.iter().find(|e| e.serving).map_or(0, |e| e.leader)
}
