//! The log around the cursor: it shows what the trace holds, filtered, and never looks without a bound.
use crate::common::{SECOND, preset, trace};
use crate::why::recorded_preset;
use second_leader::limits::LOG_ENTRIES;
use second_leader::log::{self, Filter};
use second_leader::recording::Recording;
use second_leader::scenario::Node;
use second_leader::why::{Events, Kind};

fn until_ten() -> (Recording, Vec<String>) {
    let text = trace(&preset("the-incident", &[]), 10 * SECOND);
    (recorded_preset("the-incident", 10 * SECOND), text.lines().map(str::to_string).collect())
}

#[test]
fn without_a_filter_it_is_the_end_of_the_trace() {
    let (run, trace) = until_ten();
    let page = log::before(&run, u64::MAX, &Filter::default(), 50);
    let lines: Vec<&String> = page.entries.iter().map(|e| &e.trace).collect();
    assert_eq!(lines, trace[trace.len() - 50..].iter().collect::<Vec<_>>());
    assert_eq!(page.from, trace.len() as u64 - 49);
    assert!(page.cut);

    let first = log::before(&run, 7, &Filter::default(), 50);
    assert_eq!(first.entries.iter().map(|e| e.link.id).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!((first.from, first.cut), (1, false));
    assert_eq!(log::before(&run, u64::MAX, &Filter::default(), 10_000).entries.len(), LOG_ENTRIES);
}

#[test]
fn it_filters_by_machine_kind_job_and_text() {
    let (run, trace) = until_ten();
    let find = |filter: Filter| -> Vec<String> {
        log::before(&run, u64::MAX, &filter, 200).entries.into_iter().map(|e| e.trace).collect()
    };
    let lines = |wanted: &dyn Fn(&str) -> bool| -> Vec<String> {
        trace.iter().filter(|line| wanted(line)).cloned().collect::<Vec<_>>()
    };
    let host = find(Filter { nodes: vec![Node::Peer(11)], ..Filter::default() });
    assert_eq!(host, lines(&|line| line.contains(" zk11 ")));
    let with_people = find(Filter { nodes: vec![Node::Peer(11)], others: true, ..Filter::default() });
    assert!(with_people.len() > host.len());
    let controllers = find(Filter { kinds: vec![Kind::Controller], ..Filter::default() });
    assert_eq!(
        controllers,
        lines(&|l| [" metadataSent", " controller", " topicCreated"].iter().any(|n| l.contains(n)))
    );
    let job = find(Filter { job: 337, ..Filter::default() });
    assert_eq!(job, lines(&|line| line.contains("job=337 ")));
    let said = find(Filter { text: "WINS the election".to_string(), ..Filter::default() });
    assert_eq!(said, lines(&|line| line.contains(" leading ")));
    let traced = find(Filter { text: "invalid_replication".to_string(), ..Filter::default() });
    assert_eq!(traced.len(), lines(&|line| line.contains("INVALID_REPLICATION")).len().min(200));
    assert!(find(Filter { text: "no such words".to_string(), ..Filter::default() }).is_empty());
}

#[test]
fn it_goes_on_after_the_cursor_too() {
    let (run, trace) = until_ten();
    let page = log::after(&run, 100, &Filter::default(), 20);
    assert_eq!(page.entries.iter().map(|e| e.link.id).collect::<Vec<_>>(), (101..=120).collect::<Vec<_>>());
    assert!(page.cut);
    let last = run.now().event_count();
    assert_eq!(last, trace.len() as u64);
    assert!(log::after(&run, last, &Filter::default(), 20).entries.is_empty());
}
