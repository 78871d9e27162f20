//! The stage in words: a table of everything that stands on it, and a text that says the whole picture aloud.
use crate::caption::{banner, caption};
use crate::client::{REASONS, Reason};
use crate::compare::{broker_words, peer_words};
use crate::params::{Key, format_value};
use crate::scenario::Scenario;
use crate::view::{BrokerView, PeerPhase, PeerView, View};
use crate::words::{self, say};

/// What stands on the stage: its name, what it is now, and what it goes by.
pub type Row = [String; 3];

/// Every host, broker, client and the dead-letter queue, in the order of the stage.
pub fn rows(view: &View) -> Vec<Row> {
    let machine = if view.kraft { "controller " } else { "zk" };
    let mut rows: Vec<Row> =
        view.peers.iter().map(|p| [say!(machine, p.sid), peer_words(view, p), peer_goes_by(p)]).collect();
    rows.extend(view.brokers.iter().map(|b| [say!("broker ", b.id), broker_words(view, b), broker_goes_by(b)]));
    rows.push(producers(view));
    rows.push(consumers(view));
    rows.push(tray(view));
    rows
}

fn peer_goes_by(p: &PeerView) -> String {
    if matches!(p.phase, PeerPhase::Planned | PeerPhase::Booting) {
        return String::new();
    }
    let mut text = say!("list ", words::ranges(&p.list), ", majority ", p.majority, ", epoch ", p.epoch);
    for (holds, more) in [
        (p.leader.is_some() && !p.counted, ", not counted in its leader's list"),
        (p.cut, ", a link is cut"),
        (p.diverged, ", its tree is not its leader's"),
    ] {
        if holds {
            text.push_str(more);
        }
    }
    text
}

fn broker_goes_by(b: &BrokerView) -> String {
    let mut text = match b.cluster {
        Some(cluster) => say!("cluster ", cluster),
        None => String::new(),
    };
    let mut add = |more: &str| {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(more);
    };
    if b.throttling {
        add("throttled");
    }
    if let Some(epoch) = b.controller {
        add(&say!("controller epoch ", epoch));
    }
    for (reason, n) in b.failures.iter().filter(|(_, n)| *n > 0) {
        add(&say!(
            words::plural(u64::from(*n), "write", "writes"),
            " failed: ",
            reason.plain(),
            " (",
            words_of(*reason),
            ")"
        ));
    }
    if b.cut {
        add("a link is cut");
    }
    text
}

/// Kafka's name of a reason.
fn words_of(reason: Reason) -> &'static str {
    REASONS.iter().find(|(r, ..)| *r == reason).map_or("", |(_, name, _)| name)
}

fn producers(view: &View) -> Row {
    let waiting = words::plural(u64::from(view.retry.waiting), "job waits", "jobs wait");
    let what = say!(
        words::count(view.metrics.produced),
        " jobs produced, ",
        words::count(view.metrics.acknowledged),
        " acknowledged"
    );
    let mut by = say!(waiting, " for another attempt");
    if view.retry.waiting > 0 {
        let span = words::span(view.retry.until.saturating_sub(view.retry.since));
        by.push_str(&say!(", the latest ", span, " for try ", u32::from(view.retry.attempt)));
    }
    [words::plural(u64::from(view.producers), "producer", "producers"), what, by]
}

fn consumers(view: &View) -> Row {
    let what = say!(words::count(view.metrics.processed), " jobs processed");
    [words::plural(u64::from(view.consumers), "consumer", "consumers"), what, String::new()]
}

fn tray(view: &View) -> Row {
    let name = say!("dead letters");
    if !view.tray.exists {
        return [name, say!("there is no dead-letter queue"), String::new()];
    }
    let mut what = words::plural(view.tray.depth, "job waits", "jobs wait");
    if view.tray.depth > 0 {
        what.push_str(&say!(", the oldest for ", words::span(view.tray.oldest)));
    }
    if view.tray.draining {
        what.push_str(", drained");
    }
    [name, what, say!("at most ", words::count(view.tray.peak), " so far")]
}

/// The whole picture as sentences, for people who do not see it.
pub fn text(scenario: &Scenario, view: &View) -> String {
    let seed = format_value(Key::Seed, scenario.params.get(Key::Seed));
    let mut out = say!(&scenario.title, ", seed ", seed, ", at ", words::clock(view.now), ". ");
    out.push_str(&say!(banner(view).headline, ". ", caption(view)));
    for row in rows(view) {
        let [name, what, by] = row;
        out.push_str(&say!("\n", name, ": ", what));
        out.push_str(&if by.is_empty() { say!(".") } else { say!("; ", by, ".") });
    }
    out
}
