//! The space–time diagram: everything it draws is a message or an event of the window, inside the picture.
use crate::common::{MS, SECOND, preset, run_until, trace};
use crate::why::recorded_preset;
use second_leader::limits::DIAGRAM_MESSAGES;
use second_leader::log::{self, Filter};
use second_leader::spacetime::{Diagram, Frame, STEPS, best_span, layout};
use second_leader::view::{Flight, FlightKind, Place};

fn frame(at: u64, span: u64, width: i32) -> Frame {
    Frame { at, span, width, kraft: false }
}

fn draw(at: u64, span: u64, width: i32) -> Diagram {
    let run = recorded_preset("the-incident", at);
    let events: Vec<_> =
        log::before(&run, u64::MAX, &Filter::default(), 200).entries.into_iter().map(|e| e.link).collect();
    layout(&mut run_until(&preset("the-incident", &[]), at).flights(), &events, &frame(at, span, width))
}

fn assert_inside(d: &Diagram) {
    let inside = |p: (i32, i32)| p.0 >= 0 && p.1 >= 0 && p.0 <= d.size.0 && p.1 <= d.size.1;
    assert!(d.arrows.iter().all(|a| inside(a.from) && inside(a.to)));
    assert!(d.marks.iter().all(|m| inside(m.at)));
    let along = if d.wide { d.size.0 } else { d.size.1 };
    assert!((0..=along).contains(&d.cursor) && d.ticks.iter().all(|t| (0..=along).contains(&t.at)));
}

#[test]
fn every_arrow_is_a_message_of_the_window_and_time_never_runs_back() {
    for (span, width) in [(10 * MS, 1000), (200 * MS, 1000), (SECOND, 700), (200 * MS, 400), (SECOND, 320)] {
        let d = draw(6_880 * MS, span, width);
        assert_eq!(d.wide, width >= 640);
        assert!(!d.arrows.is_empty() && !d.lanes.is_empty());
        assert_inside(&d);
        let (from, to) = frame(6_880 * MS, span, width).window();
        for arrow in &d.arrows {
            assert!(arrow.flight.sent <= to && arrow.flight.arrives >= from);
            let (a, b) = if d.wide { (arrow.from.0, arrow.to.0) } else { (arrow.from.1, arrow.to.1) };
            assert!(a <= b, "an arrow against time");
            assert!(arrow.flying == (arrow.flight.sent <= 6_880 * MS && arrow.flight.arrives > 6_880 * MS));
        }
        let mut at: Vec<i32> = d.lanes.iter().map(|l| l.at).collect();
        at.dedup();
        assert_eq!(at.len(), d.lanes.len(), "two lanes at one place");
        assert!(at.is_sorted() && at.windows(2).all(|w| w[1] - w[0] >= 24), "{at:?}");
    }
}

#[test]
fn only_machines_that_take_part_have_a_lane() {
    let votes = |d: &Diagram| d.arrows.iter().filter(|a| a.flight.kind == FlightKind::Vote).count();
    let d = draw(6_880 * MS, 10 * MS, 1000);
    assert!(votes(&d) > 50, "an election: {}", votes(&d));
    let named: Vec<&str> = d.lanes.iter().map(|l| l.name.as_str()).collect();
    for lane in &d.lanes {
        let used = d.arrows.iter().any(|a| a.flight.from == lane.place || a.flight.to == lane.place);
        assert!(used || d.marks.iter().any(|m| m.at.1 == lane.at), "{} has nothing to show", lane.name);
    }
    assert!(named.contains(&"zk11") && named.len() < 25, "{named:?}");
    // Hosts, brokers, producers, consumers, in this order.
    let rank = |name: &str| ["zk", "broker", "producer", "consumer", "dead"].iter().position(|p| name.starts_with(p));
    assert!(named.iter().map(|n| rank(n)).collect::<Vec<_>>().is_sorted(), "{named:?}");
}

#[test]
fn what_is_left_out_is_counted_and_pings_go_before_votes() {
    let at = 6_900 * MS;
    let sim = run_until(&preset("the-incident", &[]), at);
    let wide = frame(at, 5 * SECOND, 1000);
    let (from, to) = wide.window();
    let all = sim.flights().filter(|f| f.sent <= to && f.arrives >= from && f.from != f.to).count();
    let d = layout(&mut sim.flights(), &[], &wide);
    assert_eq!((d.arrows.len(), d.arrows.len() + d.left_out), (DIAGRAM_MESSAGES, all));
    let shown = |kind: FlightKind| d.arrows.iter().filter(|a| a.flight.kind == kind).count();
    assert_eq!(shown(FlightKind::Ping), 0);
    assert!(shown(FlightKind::Vote) > 150, "{}", shown(FlightKind::Vote));

    let ping = Flight { kind: FlightKind::Ping, ..message(1, 2, at) };
    let d = layout(&mut [ping, message(1, 1, at)].into_iter(), &[], &wide);
    assert_eq!((d.arrows.len(), d.left_out), (1, 0), "a host's word to itself is no message");
    let narrow = layout(&mut (1..40).map(|i| message(i, i + 1, at)), &[], &frame(at, 50 * MS, 320));
    assert!(narrow.lanes_left_out > 0 && narrow.left_out > 0);
    assert_eq!(narrow.lanes.len() + narrow.lanes_left_out, 40);
}

fn message(from: u8, to: u8, at: u64) -> Flight {
    let (from, to) = (Place::Peer(from), Place::Peer(to));
    Flight { kind: FlightKind::Vote, from, to, sent: at - MS, arrives: at + MS, hop: 0, job: 0 }
}

#[test]
fn the_zoom_shows_as_much_as_can_be_read() {
    let sim = run_until(&preset("the-incident", &[]), 6_880 * MS);
    let crowded = best_span(&mut sim.flights(), 6_880 * MS);
    let quiet = best_span(&mut [message(1, 2, SECOND)].into_iter(), SECOND);
    assert!(crowded <= 10 * MS, "{crowded}");
    assert_eq!(Some(&quiet), STEPS.last());
    assert_eq!(best_span(&mut std::iter::empty(), SECOND), STEPS[0]);
}

#[test]
fn marks_are_events_on_the_lane_of_their_machine() {
    let d = draw(7_085 * MS, 20 * MS, 1000);
    let leading =
        trace(&preset("the-incident", &[]), 8 * SECOND).lines().position(|l| l.contains(" leading ")).map(|i| i + 1);
    let mark = d.marks.iter().find(|m| Some(m.id as usize) == leading).expect("a mark for the election");
    let lane = d.lanes.iter().find(|l| l.name == "zk11").expect("its lane");
    assert_eq!(mark.at.1, lane.at);
    assert!(mark.text.starts_with("zk11 wins the election") && mark.at.0 < d.cursor);
    assert!(d.ticks.iter().any(|t| t.text == "now" && t.at == d.cursor));
    assert!(
        d.ticks.first().is_some_and(|t| t.text.starts_with('−'))
            && d.ticks.last().is_some_and(|t| t.text.starts_with('+'))
    );
}
