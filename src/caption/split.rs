//! What is said while there are two leaders or two controllers.
use super::{Caption, capitalised, operator, reached, say};
use crate::metrics::Milestone;
use crate::params::Source;
use crate::view::{EnsembleView, View};
use crate::words;

/// The odd brokers out: those that obey another ensemble than the first.
fn odd_brokers(view: &View) -> Vec<u8> {
    view.brokers.iter().filter(|b| b.ensemble.is_some_and(|e| e > 0)).map(|b| b.id).collect()
}

fn broker_words(ids: &[u8]) -> String {
    say!(if ids.len() == 1 { "broker" } else { "brokers" }, " ", words::list(ids))
}

pub(super) fn split(view: &View) -> Caption {
    let odd = odd_brokers(view);
    let second = view.ensembles.iter().skip(1).rfind(|e| !e.members.is_empty());
    let Some(second) = second else {
        return second_controller_only(view);
    };
    let wrong = view.metrics.acknowledged_wrong_side;
    if wrong > 0 && !odd.is_empty() {
        let (who, is) = (broker_words(&odd), if odd.len() == 1 { " obeys ensemble " } else { " obey ensemble " });
        let text = say!(
            words::count(wrong),
            " writes were acknowledged on the wrong side: ",
            who,
            is,
            second.label,
            " and have enough replicas there."
        );
        return say(Source::Recorded, text);
    }
    if view.failing > 0 && !odd.is_empty() && view.metrics.produced_while_split > 0 {
        let share = if view.metrics.produced_while_split >= 200 {
            view.metrics.failed_share()
        } else {
            u64::from(view.failing)
        };
        let answers = if odd.len() == 1 { " answers from ensemble " } else { " answer from ensemble " };
        let who = broker_words(&odd);
        let text = say!(
            words::percent(share),
            " of writes fail: ",
            who,
            answers,
            second.label,
            ", ",
            if second.topics == 0 { "which knows no topics.".to_string() } else { knows(second) },
        );
        return say(Source::Recorded, text);
    }
    if odd.is_empty() && view.controllers == 1 && reached(view, Milestone::SecondController) {
        let leader = second.leader.to_string();
        let tail = " still leads a second ensemble, and waits for the next one.";
        return say(Source::Simplified, ["Half a repair: the brokers are back, but zk", &leader, tail].concat());
    }
    if odd.is_empty() {
        let text = say!(
            "zk",
            second.leader,
            " was elected by ",
            second.members.len(),
            " hosts that list each other: a majority of the ",
            second.list_len,
            " in their list. zk",
            view.ensembles.first().map_or(0, |e| e.leader),
            " still leads its own. Nothing compares the two."
        );
        return say(Source::Recorded, text);
    }
    let text = say!(
        capitalised(&broker_words(&odd)),
        " found /controller free in ensemble ",
        second.label,
        " and elected itself: two brokers now believe they are the controller."
    );
    say(Source::Incident, text)
}

fn knows(e: &EnsembleView) -> String {
    say!("where ", words::plural(e.broker_ids.len() as u64, "broker is", "brokers are"), " registered.")
}

fn second_controller_only(view: &View) -> Caption {
    let ids: Vec<u8> = view.brokers.iter().filter(|b| b.controller.is_some()).map(|b| b.id).collect();
    let tail = if view.operator.is_empty() { String::new() } else { [" ", &operator(view)].concat() };
    let who = broker_words(&ids);
    let text = say!("The second ensemble is gone, but ", who, " each still believe they are the controller.", tail);
    say(Source::Recorded, text)
}
