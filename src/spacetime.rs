//! The space–time diagram: a lane per machine, an arrow per message, marks for events, and the cursor. In whole pixels.
//!
//! Wide pictures run from left to right, a lane per row; narrow ones from top to bottom, a lane per column.
use crate::event::{Actor, EventId};
use crate::limits::DIAGRAM_MESSAGES;
use crate::order::sort_few;
use crate::view::{Flight, FlightKind, Micros, Place};
use crate::why::Link;
use crate::words::{say, span};

mod lanes;
mod ticks;

pub use lanes::name_of;

/// How much time a diagram shows, µs: the zoom steps.
pub const STEPS: &[Micros] =
    &[5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000];

/// Room for the names of lanes in a wide picture, and for times in a narrow one, px.
pub const GUTTER: i32 = 84;
/// Room for times above or below, and for names above lanes, px.
pub const MARGIN: i32 = 28;
const ROW: i32 = 26;
const NARROWEST_COLUMN: i32 = 34;
/// From this width on a picture runs from left to right, px.
const WIDE: i32 = 640;
const TALL: i32 = 460;

/// What to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The cursor, µs.
    pub at: Micros,
    /// How much time to show: one of [`STEPS`], or anything else.
    pub span: Micros,
    /// The width there is, px.
    pub width: i32,
    /// Run by a KRaft quorum: the hosts are its controllers.
    pub kraft: bool,
}

impl Frame {
    /// Three quarters before the cursor, one after it.
    pub fn window(&self) -> (Micros, Micros) {
        let from = self.at.saturating_sub(self.span * 3 / 4);
        (from, from + self.span)
    }
}

/// A machine's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The machine.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// Where its line is: y in a wide picture, x in a narrow one, px.
    pub at: i32,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// What it is.
    pub flight: Flight,
    /// Its tail, px.
    pub from: (i32, i32),
    /// Its head, px.
    pub to: (i32, i32),
    /// It is still on its way at the cursor.
    pub flying: bool,
    /// It arrives within the window: its head is to be seen.
    pub ends: bool,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The event's number.
    pub id: EventId,
    /// When it happened.
    pub when: Micros,
    /// Where, px.
    pub at: (i32, i32),
    /// What it says.
    pub text: String,
}

/// A time on the axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Where, px: x in a wide picture, y in a narrow one.
    pub at: i32,
    /// Its distance from the cursor: `−20 ms`.
    pub text: String,
}

/// The picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagram {
    /// Its size, px.
    pub size: (i32, i32),
    /// Time runs from left to right.
    pub wide: bool,
    /// The machines that take part.
    pub lanes: Vec<Lane>,
    /// The messages.
    pub arrows: Vec<Arrow>,
    /// The events.
    pub marks: Vec<Mark>,
    /// The axis.
    pub ticks: Vec<Tick>,
    /// The cursor, px.
    pub cursor: i32,
    /// Messages in the window that are not drawn.
    pub left_out: usize,
    /// Machines that take part and have no lane for want of room.
    pub lanes_left_out: usize,
}

/// How telling a kind of message is: the lower, the sooner it is drawn.
fn rank(kind: FlightKind) -> u8 {
    match kind {
        FlightKind::Vote => 0,
        FlightKind::Zab | FlightKind::Failure | FlightKind::DeadLetter => 1,
        FlightKind::Session | FlightKind::Control | FlightKind::Drain => 2,
        FlightKind::Request | FlightKind::Reply => 3,
        FlightKind::Deliver => 4,
        FlightKind::Replicate => 5,
        FlightKind::Ping => 6,
    }
}

fn distance(flight: &Flight, at: Micros) -> Micros {
    if flight.sent > at { flight.sent - at } else { at.saturating_sub(flight.arrives) }
}

/// The messages of a window: the most telling kinds first, of one kind the nearest to the cursor; and how many are left out.
fn choose(flights: &mut dyn Iterator<Item = Flight>, frame: &Frame) -> (Vec<Flight>, usize) {
    let (from, to) = frame.window();
    let mut all: Vec<Flight> = flights.filter(|f| f.sent <= to && f.arrives >= from && f.from != f.to).collect();
    let left_out = all.len().saturating_sub(DIAGRAM_MESSAGES);
    if left_out > 0 {
        let mut chosen = order(&all, |f| u64::from(rank(f.kind)) << 56 | distance(f, frame.at).min(1 << 55));
        chosen.truncate(DIAGRAM_MESSAGES);
        all = chosen.into_iter().filter_map(|i| all.get(i).copied()).collect();
        all = order(&all, |f| f.sent).into_iter().filter_map(|i| all.get(i).copied()).collect();
    }
    (all, left_out)
}

/// The positions in the order of this key; of equals, the first comes first.
fn order(flights: &[Flight], key: impl Fn(&Flight) -> u64) -> Vec<usize> {
    let mut keys: Vec<(u64, usize)> = flights.iter().enumerate().map(|(i, f)| (key(f), i)).collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, i)| i).collect()
}

/// The zoom step that shows most without crowding: at most sixty messages, or else the shortest.
pub fn best_span(flights: &mut dyn Iterator<Item = Flight>, at: Micros) -> Micros {
    let all: Vec<Flight> = flights.filter(|f| f.from != f.to && rank(f.kind) < 6).collect();
    let crowd = |span: Micros| {
        let (from, to) = Frame { at, span, width: 0, kraft: false }.window();
        all.iter().filter(|f| f.sent <= to && f.arrives >= from).count()
    };
    STEPS.iter().rev().copied().find(|span| (1..=60).contains(&crowd(*span))).unwrap_or(STEPS[0])
}

/// Lays the window out. `events` are entries of the log in it; those of machines without a message get a lane of their own.
pub fn layout(flights: &mut dyn Iterator<Item = Flight>, events: &[Link], frame: &Frame) -> Diagram {
    let (flights, mut left_out) = choose(flights, frame);
    let (from, to) = frame.window();
    let seen = |link: &&Link| (from..=to).contains(&link.at);
    let events: Vec<(&Link, Place)> =
        events.iter().filter(seen).filter_map(|l| Some((l, place_of(l.actor)?))).collect();
    let wide = frame.width >= WIDE;
    let room = if wide { usize::MAX } else { ((frame.width - GUTTER) / NARROWEST_COLUMN).max(2) as usize };
    let (places, lanes_left_out) = lanes::places(&flights, &events, room);
    let axis = Axis::new(frame, wide, places.len());
    let lanes: Vec<Lane> = places.iter().enumerate().map(|(i, p)| axis.lane(i, *p)).collect();
    let line = |place: Place| lanes.iter().find(|l| l.place == place).map(|l| l.at);
    let mut arrows = Vec::new();
    for flight in &flights {
        match (line(flight.from), line(flight.to)) {
            (Some(a), Some(b)) => arrows.push(axis.arrow(flight, a, b, frame.at)),
            _ => left_out += 1,
        }
    }
    let mark = |(link, place): &(&Link, Place)| {
        Some(Mark { id: link.id, when: link.at, at: axis.point(link.at, line(*place)?), text: link.text.clone() })
    };
    let marks = events.iter().filter_map(mark).collect();
    let (ticks, cursor) = (ticks::ticks(frame, &axis), axis.along(frame.at));
    Diagram { size: axis.size, wide, lanes, arrows, marks, ticks, cursor, left_out, lanes_left_out }
}

/// The machine that an event happened at; what people do and the observer's milestones have no lane.
fn place_of(actor: Actor) -> Option<Place> {
    Some(match actor {
        Actor::Peer(sid) | Actor::Controller(sid) => Place::Peer(sid),
        Actor::Broker(id) => Place::Broker(id),
        Actor::Producer(i) => Place::Producer(i),
        Actor::Consumer(i) => Place::Consumer(i),
        Actor::DeadLetters => Place::Tray,
        Actor::Operator | Actor::Run => return None,
    })
}

/// Where things are.
struct Axis {
    wide: bool,
    kraft: bool,
    size: (i32, i32),
    from: Micros,
    span: Micros,
    lanes: i32,
}

impl Axis {
    fn new(frame: &Frame, wide: bool, lanes: usize) -> Axis {
        let lanes = lanes.max(1) as i32;
        let height = if wide { 2 * MARGIN + lanes * ROW } else { TALL };
        let (from, to) = frame.window();
        Axis {
            wide,
            kraft: frame.kraft,
            size: (frame.width.max(2 * GUTTER), height),
            from,
            span: (to - from).max(1),
            lanes,
        }
    }

    /// The pixel of an instant, along the direction of time. What lies outside the window stays at its edge.
    fn along(&self, at: Micros) -> i32 {
        let (start, length) =
            if self.wide { (GUTTER, self.size.0 - GUTTER - 12) } else { (MARGIN, self.size.1 - 2 * MARGIN) };
        let t = at.clamp(self.from, self.from + self.span) - self.from;
        start + (t * length.max(0) as u64 / self.span) as i32
    }

    fn lane(&self, i: usize, place: Place) -> Lane {
        let i = i as i32;
        let width = (self.size.0 - GUTTER) / self.lanes;
        let at = if self.wide { MARGIN + i * ROW + ROW / 2 } else { GUTTER + i * width + width / 2 };
        Lane { place, name: name_of(place, self.kraft, !self.wide), at }
    }

    fn point(&self, at: Micros, line: i32) -> (i32, i32) {
        let along = self.along(at);
        if self.wide { (along, line) } else { (line, along) }
    }

    fn arrow(&self, flight: &Flight, a: i32, b: i32, now: Micros) -> Arrow {
        let (sent, arrives) = (flight.sent.max(self.from), flight.arrives.min(self.from + self.span));
        // A message that crosses the edge of the window is cut where it crosses it.
        let across = |t: Micros| {
            let whole = flight.arrives.saturating_sub(flight.sent).max(1) as i64;
            a + (i64::from(b - a) * t.saturating_sub(flight.sent) as i64 / whole) as i32
        };
        let (from, to) = (self.point(sent, across(sent)), self.point(arrives, across(arrives)));
        let (flying, ends) = (flight.sent <= now && flight.arrives > now, arrives == flight.arrives);
        Arrow { flight: *flight, from, to, flying, ends }
    }
}

/// `−20 ms`, `now`, `+5 ms`: an instant from the cursor.
fn relative(at: Micros, cursor: Micros) -> String {
    match at {
        _ if at == cursor => "now".to_string(),
        _ if at < cursor => say!("−", span(cursor - at)),
        _ => say!("+", span(at - cursor)),
    }
}

/// Sorts places the way the page shows them: hosts, brokers, producers, consumers, the tray.
fn in_order(places: &mut [Place]) {
    sort_few(places, |place| match *place {
        Place::Peer(sid) => (0, sid),
        Place::Broker(id) => (1, id),
        Place::Producer(i) => (2, i),
        Place::Consumer(i) => (3, i),
        Place::Tray => (4, 0),
    });
}
