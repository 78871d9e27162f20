//! What a step of a chain says beyond its own event: from the steps beside it, and from the run at that instant.
use super::chain::Step;
use super::sentence::{brokers, reason_words};
use super::{Events, job_of, who};
use crate::ensemble::Power;
use crate::event::{Event, EventId, What, Why};
use crate::params::Source;
use crate::sim::Simulation;
use crate::words::{list, say};

type Line<'a> = &'a [(Event, EventId)];

fn event_of<'a>(line: Line<'a>, step: &Step) -> Option<&'a Event> {
    line.iter().map(|(e, _)| e).find(|e| e.id == step.link.id)
}

/// All attempts of a job are one step, and whoever gave it up says how many there were.
pub(super) fn retell_attempts(line: Line<'_>, steps: &mut [Step]) {
    let Some(at) = steps.iter().position(|s| s.link.name == "attemptFailed") else { return };
    let job = steps[at].link.job;
    let failures: Vec<&What> = line.iter().map(|(e, _)| &e.what).filter(|w| job_of(w) == job).collect();
    let Some(told) = attempts(&failures) else { return };
    steps[at].text = told.text;
    for step in &mut steps[..at] {
        if step.link.job != job {
            continue;
        }
        match event_of(line, step).map(|e| e.what) {
            Some(What::DeadLettered { job, .. }) => {
                step.text = say!("Job ", job, " goes to the dead-letter queue: ", &told.how_many);
            }
            Some(What::Dropped { job }) => {
                step.text = say!("Job ", job, " is dropped: ", &told.how_many, ", and nothing keeps it")
            }
            Some(What::Failed { job, .. }) => {
                step.text = say!(who(step.link.actor), " gives up on job ", job, ": ", &told.how_many)
            }
            _ => {}
        }
    }
}

struct Attempts {
    text: String,
    how_many: String,
}

fn attempts(failures: &[&What]) -> Option<Attempts> {
    let tried = |what: &&What| match **what {
        What::AttemptFailed { by, attempt, reason, .. } => Some((by, attempt, reason)),
        _ => None,
    };
    let all: Vec<_> = failures.iter().filter_map(tried).collect();
    let &(by, latest, reason) = all.first()?;
    let whole = usize::from(latest) == all.len();
    let how_many = match latest {
        1 => "its only attempt failed".to_string(),
        n if whole => say!("all ", n, " attempts failed"),
        n => say!("attempt ", n, " failed, too"),
    };
    let head = match all.len() {
        1 => say!("Attempt ", latest, " fails"),
        2 => "The attempt and a retry fail".to_string(),
        n => say!("The attempt and ", n - 1, " retries fail"),
    };
    let mut ids: Vec<u8> = all.iter().map(|a| a.0).collect();
    crate::order::sort_few(&mut ids, |id| *id);
    ids.dedup();
    let place = if ids.len() == 1 { say!(" at broker ", by) } else { say!(" at brokers ", list(&ids)) };
    let same = all.iter().all(|a| a.2 == reason);
    let why = if same { reason_words(reason) } else { "for several reasons, the last" };
    Some(Attempts { text: say!(head, place, ": ", why, " (", reason.name(), ")"), how_many })
}

/// Metadata that an attempt ran into: whose it was, and whom it names.
pub(super) fn retell_metadata(line: Line<'_>, steps: &mut [Step]) {
    for step in steps {
        let Some(i) = line.iter().position(|(e, _)| e.id == step.link.id).filter(|i| *i > 0) else { continue };
        let (sent, ran_into) = (&line[i].0, &line[i - 1].0);
        if let (What::AttemptFailed { by, .. }, What::MetadataSent { epoch, brokers: set }) = (ran_into.what, sent.what)
        {
            let from = who(sent.actor).to_ascii_lowercase();
            let head = say!("Broker ", by, " answers from metadata that it got from ", from);
            let only = if set.count_ones() == 1 { " alone" } else { "" };
            step.text = say!(head, ", controller of epoch ", epoch, ": that knows ", brokers(set), only);
        }
    }
}

/// Who on a new host's list had not joined, and whether these hosts need anybody else.
pub(super) fn retell_lists(run: &dyn Events, line: Line<'_>, steps: &mut [Step]) {
    for step in steps {
        let Some(&Event { id, what: What::Booted { observer: false, .. }, .. }) = event_of(line, step) else {
            continue;
        };
        let mut told = None;
        run.scan(id..id + 1, &mut |sim, event| {
            told = listed(sim, event);
            false
        });
        if let Some(more) = told {
            step.text = say!(&step.link.text, more);
            step.source = Source::Recorded;
        }
    }
}

/// Who hung while somebody heard nothing from its leader.
pub(super) fn retell_silence(run: &dyn Events, line: Line<'_>, steps: &mut [Step]) {
    for step in steps {
        let silent = |e: &&Event| matches!(e.what, What::GaveUp { why: Why::Silence | Why::LostQuorum });
        let Some(&Event { id, .. }) = event_of(line, step).filter(silent) else { continue };
        let mut hang: Vec<u8> = Vec::new();
        run.scan(id..id + 1, &mut |sim, _| {
            hang.extend(sim.peers().iter().filter(|p| p.power == Power::Frozen).map(|p| p.sid));
            false
        });
        match hang.len() {
            0 => {}
            1 => step.text = say!(&step.link.text, "; zk", list(&hang), " hangs"),
            _ => step.text = say!(&step.link.text, "; zk", list(&hang), " hang"),
        }
    }
}

fn listed(sim: &Simulation, event: &Event) -> Option<String> {
    let What::Booted { list, .. } = event.what else { return None };
    let members = || sim.peers().iter().filter(|p| list.has(p.ix));
    let apart: u64 = members().filter(|p| !p.serves() && p.power != Power::Off).fold(0, |mask, p| mask | 1 << p.ix);
    let n = apart.count_ones();
    if n < 2 {
        return None;
    }
    let mutual = members().filter(|p| apart >> p.ix & 1 == 1).all(|p| p.list.0 & apart == apart);
    let head = say!("; ", n, " of them have not joined", if mutual { " and list each other" } else { "" });
    let tail = if n >= list.majority() { ": they need nobody else" } else { ": they need others" };
    Some(say!(head, tail))
}
