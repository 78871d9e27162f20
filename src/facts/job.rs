//! A job: its fate, where it is now, and whose log holds its record.
use super::{Sheet, until, yes};
use crate::client::job::{Job, Known};
use crate::ledger::FATES;
use crate::limits::CONSUMERS;
use crate::message::{Due, JobMsg};
use crate::sim::Simulation;
use crate::view::Place;
use crate::words::{number, say};

pub(super) fn fill(sim: &Simulation, serial: u32, s: &mut Sheet) {
    let clients = &sim.clients;
    if serial == 0 || serial > clients.serial {
        return;
    }
    s.open("Job");
    s.row("serial", number(u64::from(serial)), "");
    s.row("enqueued by", super::place(sim, Place::Producer(crate::client::producer_of(serial))), "");
    match clients.jobs.iter().find(|j| j.serial == serial) {
        Some(job) => about(sim, job, s),
        None => s.noted("fate", "settled".into(), "", "nothing can happen to it any more, so the books have closed it"),
    }
    whereabouts(sim, serial, s);
    records(sim, serial, s);
}

fn about(sim: &Simulation, j: &Job, s: &mut Sheet) {
    let fate = FATES.iter().find(|(fate, _)| *fate == j.fate).map_or("", |(_, name)| name);
    s.row("fate", fate.into(), "");
    let known = match j.known {
        Known::Trying => "an attempt is under way",
        Known::Waiting => "it waits for its next attempt",
        Known::Acked => "acknowledged",
        Known::InTray => "given to the dead-letter queue",
        Known::Draining => "on its way out of the dead-letter queue",
        Known::Drained => "drained",
        Known::GivenUp => "given up",
    };
    s.row("its producer knows", known.into(), "");
    s.row("enqueued at", until(sim, j.produced), "ProducerRecord.timestamp");
    let most = u32::from(sim.clients.settings.retries) + 1;
    s.row("attempts", say!(j.attempts, " of ", most), "ProducerBatch.attempts");
    if j.bootstrap != 0 {
        let note = "it asks this one for metadata, through all its retries";
        let kept = sim.clients.long_lived.is_some();
        s.noted("bootstrap broker", number(u64::from(j.bootstrap)), "bootstrap.servers", if kept { "" } else { note });
    }
    if j.witness != 0 {
        s.row("asks as well", say!("broker ", j.witness), "");
    }
    s.row("partition", say!("jobs-", j.partition), "Partitioner");
    s.row("read by", super::place(sim, Place::Consumer(j.partition % CONSUMERS)), "ConsumerPartitionAssignor");
    s.row("enqueued while two controllers existed", yes(j.while_split), "");
    s.row("processed", yes(j.processed), "");
    s.row("in the surviving log", yes(j.committed), "");
    s.row("committed records on their way", number(u64::from(j.undelivered)), "");
    s.row("records in the other cluster", number(u64::from(j.elsewhere)), "");
}

/// Everything that is due for it: messages in flight, back-off, and what waits for a cut link.
fn whereabouts(sim: &Simulation, serial: u32, s: &mut Sheet) {
    s.open("Where it is now");
    let mut due: Vec<(u64, &JobMsg)> = sim
        .out
        .agenda
        .iter()
        .filter_map(|(at, item)| match &item.due {
            Due::Job { job, msg } if job.serial == serial => Some((at, msg)),
            _ => None,
        })
        .collect();
    crate::order::sort_few(&mut due, |(at, _)| *at);
    for (at, msg) in due {
        let (name, value) = moving(sim, msg);
        s.row(name, say!(value, until(sim, at)), "");
    }
    for (from, to, item) in &sim.out.network.held {
        if let Due::Job { job, .. } = &item.due
            && job.serial == serial
        {
            let value = say!("from ", super::place(sim, *from), " to ", super::place(sim, *to));
            s.noted("held back", value, "", "the link is cut: it arrives when the link is mended");
        }
    }
    for (i, letter) in sim.clients.dead_letters.tray.iter().enumerate().filter(|(_, l)| l.job.serial == serial) {
        let by = if letter.of_handler { "; its handler failed" } else { "" };
        s.row("in the dead-letter queue", say!("place ", i + 1, ", since ", until(sim, letter.since), by), "");
    }
}

/// What is due, and a text that the time follows.
pub(super) fn moving(sim: &Simulation, msg: &JobMsg) -> (&'static str, String) {
    let broker = |id: u8| super::place(sim, Place::Broker(id));
    match *msg {
        JobMsg::Retry => ("back-off until", String::new()),
        JobMsg::Ask { broker: b, .. } => ("metadata request", say!("reaches ", broker(b), " at ")),
        JobMsg::Answer { broker: b, told, .. } => match told.leader {
            Ok(leader) => ("metadata response", say!(broker(b), " names leader ", leader, "; arrives at ")),
            Err(reason) => ("metadata response", say!(broker(b), " says ", reason.name(), "; arrives at ")),
        },
        JobMsg::Produce { broker: b, waited: false } => ("produce request", say!("reaches ", broker(b), " at ")),
        JobMsg::Produce { broker: b, waited: true } => {
            ("produce request", say!("quota of ", broker(b), " delays it until "))
        }
        JobMsg::Done { broker: b, result: Ok(()) } => ("produce response", say!("ack of ", broker(b), " arrives at ")),
        JobMsg::Done { broker: b, result: Err(r) } => {
            ("produce response", say!(broker(b), ": ", r.name(), ", known at "))
        }
        JobMsg::Deliver { offset, partition, .. } => {
            ("fetch response", say!("jobs-", partition, " offset ", offset, ", reaches its consumer at "))
        }
        JobMsg::Handle { consumer, attempt } => {
            let who = super::place(sim, Place::Consumer(consumer));
            ("its handler tries again", say!(who, ", attempt ", attempt, ", at "))
        }
        JobMsg::DeadLetter { .. } => ("on its way to the dead-letter queue", "arrives at ".into()),
        JobMsg::Drained { .. } => ("dead letter", "reaches the secondary system at ".into()),
        JobMsg::Bypass => ("past Kafka", "reaches the secondary system at ".into()),
    }
}

/// Records above the high watermark, by replica: those below it are settled, and no broker of the simulation keeps them.
fn records(sim: &Simulation, serial: u32, s: &mut Sheet) {
    s.open("Records");
    for b in sim.brokers().iter().skip(1) {
        for (p, r) in b.replicas.iter().enumerate() {
            for (i, _) in r.tail.iter().enumerate().filter(|(_, job)| job.serial == serial) {
                let offset = r.hw() as usize + i;
                let note = "above the high watermark: not committed as far as this broker knows";
                s.noted(&say!("broker ", b.id), say!("jobs-", p, " offset ", offset), "Log", note);
            }
        }
    }
    for (p, (leader, jobs)) in sim.clients.elsewhere.iter().enumerate() {
        for (_, offset) in jobs.iter().filter(|(job, _)| job.serial == serial) {
            let note = "committed by the leader of the other cluster";
            s.noted(&say!("broker ", *leader), say!("jobs-", p, " offset ", *offset), "Log", note);
        }
    }
    for (i, c) in sim.clients.consumers.iter().enumerate() {
        for (_, p, offset) in c.read.iter().filter(|(job, ..)| job.serial == serial) {
            let note = "read, and its offset is not committed yet";
            s.noted(&super::place(sim, Place::Consumer(i as u8)), say!("jobs-", *p, " offset ", *offset), "", note);
        }
    }
}
