//! Which machines get a lane, and what they are called there.
use super::in_order;
use crate::view::{Flight, Place};
use crate::why::Link;
use crate::words::say;

/// A machine's name; short where columns are narrow.
pub fn name_of(place: Place, kraft: bool, short: bool) -> String {
    match place {
        Place::Peer(sid) if kraft => say!(if short { "ctl" } else { "controller " }, sid),
        Place::Peer(sid) => say!("zk", sid),
        Place::Broker(id) => say!(if short { "b" } else { "broker " }, id),
        Place::Producer(i) => say!(if short { "p" } else { "producer " }, u32::from(i) + 1),
        Place::Consumer(i) => say!(if short { "c" } else { "consumer " }, u32::from(i) + 1),
        Place::Tray => if short { "dlq" } else { "dead letters" }.to_string(),
    }
}

/// The machines that take part, in order, and how many have no room: those with the fewest messages go first.
pub(super) fn places(flights: &[Flight], events: &[(&Link, Place)], room: usize) -> (Vec<Place>, usize) {
    let mut counted: Vec<(Place, usize)> = Vec::new();
    let ends = flights.iter().flat_map(|f| [f.from, f.to]);
    for place in ends.chain(events.iter().map(|(_, place)| *place)) {
        match counted.iter_mut().find(|(p, _)| *p == place) {
            Some((_, n)) => *n += 1,
            None => counted.push((place, 1)),
        }
    }
    let left_out = counted.len().saturating_sub(room);
    if left_out > 0 {
        crate::order::sort_few(&mut counted, |(_, n)| std::cmp::Reverse(*n));
        counted.truncate(room);
    }
    let mut places: Vec<Place> = counted.into_iter().map(|(place, _)| place).collect();
    in_order(&mut places);
    (places, left_out)
}
