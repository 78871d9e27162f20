//! Producers, consumers and the dead-letter queue.
use super::{Sheet, cluster, set, until, yes};
use crate::client::job::Known;
use crate::client::producer_of;
use crate::kafka::metadata::Metadata;
use crate::limits::{CONSUMERS, PRODUCERS};
use crate::params::{Key, format_value};
use crate::sim::Simulation;
use crate::words::{self, number, say, span};

pub(super) fn producer(sim: &Simulation, i: u8, s: &mut Sheet) {
    if i >= PRODUCERS {
        return;
    }
    let clients = &sim.clients;
    s.open("Its jobs");
    let mine = || clients.jobs.iter().filter(|j| j.serial > 0 && producer_of(j.serial) == i);
    let count = |known: Known| number(mine().filter(|j| j.known == known).count() as u64);
    s.row("attempts under way", count(Known::Trying), "RecordAccumulator");
    s.row("waiting to retry", count(Known::Waiting), "retry.backoff.ms");
    s.row("given to the dead-letter queue", count(Known::InTray), "");
    if let Some(job) = mine().max_by_key(|j| j.serial) {
        s.row("latest that is not settled", say!("job ", job.serial, ", attempt ", job.attempts), "");
        if clients.long_lived.is_none() && job.bootstrap != 0 {
            let note = "a short-lived client asks this one alone";
            s.noted("… which asks", say!("broker ", job.bootstrap), "bootstrap.servers", note);
        }
    }
    settings(sim, s);
    let Some(kept) = &clients.long_lived else { return };
    let last = (0..u32::from(PRODUCERS)).map(|back| clients.serial.saturating_sub(back));
    let Some(serial) = last.filter(|n| *n > 0).find(|n| producer_of(*n) == i) else { return };
    let (at, client) = kept.of(serial);
    s.open("The client of its latest job");
    s.row("client", say!(at + 1, ", of job ", serial), "");
    s.row("bootstrap broker", number(u64::from(client.bootstrap)), "bootstrap.servers");
    s.row("its process ends at", until(sim, client.dies), "");
    match &client.metadata {
        Some(m) => metadata(m, s),
        None => s.row("metadata", "none".into(), "Metadata"),
    }
    s.row("metadata expires at", until(sim, client.expires), "metadata.max.age.ms");
}

fn metadata(m: &Metadata, s: &mut Sheet) {
    s.row("cluster.id", cluster(Some(m.cluster)), "MetadataResponse.clusterId");
    s.row("controller", say!("broker ", m.controller), "MetadataResponse.controllerId");
    s.row("brokers", set(m.live), "MetadataResponse.brokers");
    s.row("partitions of jobs", number(m.jobs.len() as u64), "MetadataResponse.topics");
}

fn settings(sim: &Simulation, s: &mut Sheet) {
    let c = &sim.clients.settings;
    s.open("Settings of all producers");
    s.row("retries", number(u64::from(c.retries)), "retries");
    let law = format_value(Key::Backoff, sim.scenario().params.get(Key::Backoff));
    s.row("back-off", say!(law, ", ", span(c.backoff.first), " to ", span(c.backoff.longest)), "retry.backoff.ms");
    let numbered = sim.brokers().get(1).is_some_and(|b| b.settings.idempotent);
    s.row("enable.idempotence", yes(numbered), "ProducerConfig");
    s.row("compares the cluster ids of two brokers", yes(c.strict), "");
}

pub(super) fn consumer(sim: &Simulation, i: u8, s: &mut Sheet) {
    let Some(c) = sim.clients.consumers.get(usize::from(i)) else { return };
    s.open("State");
    let running = if c.down_until == 0 { "running".into() } else { say!("down until ", until(sim, c.down_until)) };
    s.row("state", running, "");
    s.row("remembers job ids", yes(sim.clients.settings.idempotent), "");
    s.row("reads cluster", cluster(Some(sim.out.home)), "");
    s.noted("read since its last commit", words::count(c.read.len() as u64), "", "these it reads again after a crash");
    s.row("commits next at", until(sim, c.next_commit), "auto.commit.interval.ms");
    s.open("Positions");
    for (p, position) in sim.clients.positions.iter().enumerate().filter(|(p, _)| *p as u8 % CONSUMERS == i) {
        s.row(&say!("jobs-", p), say!("reads offset ", *position, " next"), "position");
    }
}

pub(super) fn dead_letters(sim: &Simulation, s: &mut Sheet) {
    let (d, c) = (&sim.clients.dead_letters, &sim.clients.settings);
    s.open("Dead-letter queue");
    s.row("exists", yes(c.dlq), "");
    s.row("depth", words::count(d.depth()), "");
    s.row("deepest it was", words::count(sim.metrics_raw().dlq_peak), "");
    let room = if c.dlq_capacity == 0 { "any number".into() } else { words::count(c.dlq_capacity) };
    s.row("holds at most", room, "");
    s.row("came", words::count(d.counts.0), "");
    s.row("went", words::count(d.counts.1), "");
    s.row("oldest has waited", span(d.oldest_age(sim.now())), "");
    s.open("Drain");
    s.row("open", yes(d.open), "");
    s.row("at work on one", yes(d.busy), "");
    let each = if c.drain_time == 0 { "it never takes one".into() } else { span(c.drain_time) };
    s.row("time for one job", each, "");
    s.open("The oldest in it");
    for letter in d.tray.iter().take(8) {
        let by = if letter.of_handler { "its handler failed" } else { "" };
        s.noted(&say!("job ", letter.job.serial), say!("since ", until(sim, letter.since)), "", by);
    }
}
