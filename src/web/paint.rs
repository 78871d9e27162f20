//! Where messages in flight are drawn: numbers for `www/paint.js`, never nodes of the virtual DOM.
//!
//! A message's position is a pure function of time. Real delays are milliseconds, so the picture stretches them to a
//! length that an eye can follow, and keeps the order of an exchange by starting hop n that much later.
use crate::scene::{Point, Rect, Scene};
use crate::sim::Simulation;
use crate::view::{Flight, FlightKind, Micros, Place};

/// Dots of the servers' own messages, and of the jobs', drawn at once; above, one dot stands for several. Half
/// as many where the stage is narrow.
const MOST: [usize; 2] = [80, 140];
/// Above this speed (thousandths), lines say how much flows, and dots say nothing.
pub const FLOW_SPEED: u32 = 20_000;
/// How long a message is on its way on screen, µs of wall time.
const STRETCH: u64 = 450_000;
/// Jobs wear one of these tints wherever they go.
const TINTS: usize = 5;

/// What a dot looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Dot,
    Ring,
    Star,
    Square,
    Small,
    Flow,
}

/// Looks are `colour × SHAPES + shape`; the names of the colours are in `www/paint.js`.
const SHAPES: usize = 8;

/// The places of a scene, by number. Hosts as middles, the others as their boxes.
#[derive(Default)]
struct Spots {
    peers: Vec<(Point, u8)>,
    brokers: Vec<(Rect, u8)>,
    producers: Vec<Rect>,
    consumers: Vec<Rect>,
    tray: Rect,
    radius: i32,
    narrow: bool,
}

/// What is drawn, and what it needs to know.
#[derive(Default)]
pub struct Painter {
    spots: Spots,
    /// Six numbers per mark, reused from frame to frame.
    marks: Vec<f32>,
    /// Does the canvas show something old?
    pub stale: bool,
    /// How many messages a dot stands for, of the servers' own and of the jobs', in the last frame.
    pub per_dot: [usize; 2],
}

fn index_of(ensemble: Option<usize>) -> u8 {
    ensemble.map_or(2, |e| e.min(1) as u8)
}

impl Painter {
    /// Learns where everything stands.
    pub fn learn(&mut self, scene: &Scene) {
        self.stale = true;
        let most = scene.peers.iter().map(|p| p.sid).max().unwrap_or(0);
        self.spots = Spots {
            peers: (0..=most)
                .map(|sid| {
                    let spot = scene.peers.iter().find(|p| p.sid == sid);
                    spot.map_or((Point::default(), 2), |p| (p.at, index_of(p.ensemble)))
                })
                .collect(),
            brokers: scene.brokers.iter().map(|b| (b.card, index_of(b.ensemble))).collect(),
            producers: scene.producers.clone(),
            consumers: scene.consumers.clone(),
            tray: scene.tray,
            radius: scene.radius,
            narrow: scene.narrow,
        };
    }

    /// Where a message of this kind leaves or enters, and whose hue the place wears: at edges, so that dots do not
    /// cover words.
    fn port(&self, place: Place, kind: FlightKind) -> Option<(Point, u8)> {
        let spots = &self.spots;
        let top = |r: Rect| Point { x: r.x + r.w / 2, y: r.y };
        let bottom = |r: Rect| Point { x: r.x + r.w / 2, y: r.y + r.h };
        let left = |r: Rect| Point { x: r.x, y: r.y + r.h / 2 };
        let right = |r: Rect| Point { x: r.x + r.w, y: r.y + r.h / 2 };
        Some(match place {
            Place::Peer(sid) => *spots.peers.get(usize::from(sid))?,
            Place::Broker(id) => {
                let (card, hue) = *spots.brokers.get(usize::from(id).wrapping_sub(1))?;
                let above = matches!(kind, FlightKind::Session | FlightKind::Control);
                (if above { top(card) } else { bottom(card) }, hue)
            }
            Place::Producer(i) => {
                let pill = *spots.producers.get(usize::from(i))?;
                let down = kind == FlightKind::DeadLetter;
                (
                    if !spots.narrow {
                        right(pill)
                    } else if down {
                        bottom(pill)
                    } else {
                        top(pill)
                    },
                    2,
                )
            }
            Place::Consumer(i) => {
                let pill = *spots.consumers.get(usize::from(i))?;
                (if spots.narrow { top(pill) } else { left(pill) }, 2)
            }
            Place::Tray => {
                let leaves = kind == FlightKind::Drain;
                let at = match (leaves, spots.narrow) {
                    (true, false) => right(spots.tray),
                    (true, true) => bottom(spots.tray),
                    (false, false) => left(spots.tray),
                    (false, true) => top(spots.tray),
                };
                (at, 2)
            }
        })
    }

    /// The messages of this instant. A still picture is that of the instant alone, however it was reached.
    pub fn draw(&mut self, sim: &Simulation, pace: u32, still: bool) -> &[f32] {
        let now = sim.now();
        if still {
            self.per_dot = [1; 2];
        }
        self.stale = false;
        self.marks.clear();
        if pace > FLOW_SPEED {
            self.flows(&mut sim.flights(), now, pace);
            return &self.marks;
        }
        // Faster than life, a journey also takes less wall time: else the stage fills with the same few seconds' jobs.
        let shown = if pace > 1000 { (pace * 1000).isqrt() } else { pace };
        let stretch = (STRETCH * u64::from(shown) / 1000).max(1);
        let mut live = [0_usize; 2];
        for flight in sim.flights().filter(|f| on_stage(f, stretch, now)) {
            live[class(&flight)] += 1;
        }
        for ((thin, live), most) in self.per_dot.iter_mut().zip(live).zip(MOST) {
            *thin = thinned(*thin, live, if self.spots.narrow { most / 2 } else { most });
        }
        for flight in sim.flights().filter(|f| on_stage(f, stretch, now)) {
            let identity = if flight.job == 0 { (flight.sent / 500) as u32 } else { flight.job };
            // Its upper bits are as good as chance: what is sent in step is thinned like everything else.
            let mixed = (identity.wrapping_mul(0x9e37_79b9) >> 16) as usize;
            if mixed & (self.per_dot[class(&flight)] - 1) == 0 {
                let (start, span) = stretched(&flight, stretch);
                self.put(&flight, (now - start) as f32 / span as f32);
            }
        }
        &self.marks
    }

    fn mark(&mut self, colour: usize, shape: Shape, numbers: [f32; 5]) {
        self.marks.push((colour * SHAPES + shape as usize) as f32);
        self.marks.extend_from_slice(&numbers);
    }

    /// Marks a message that has gone this share of its way.
    fn put(&mut self, flight: &Flight, t: f32) {
        let ends = (self.port(flight.from, flight.kind), self.port(flight.to, flight.kind));
        let (Some((a, hue_a)), Some((b, hue_b))) = ends else { return };
        let (mut ax, mut ay, mut bx, mut by) = (a.x as f32, a.y as f32, b.x as f32, b.y as f32);
        let (dx, dy) = (bx - ax, by - ay);
        let length = (dx * dx + dy * dy).sqrt().max(1.0);
        let edge = |place| if matches!(place, Place::Peer(_)) { (self.spots.radius + 4) as f32 / length } else { 0.0 };
        let (from, to) = (edge(flight.from), edge(flight.to));
        if from + to < 0.9 {
            (ax, ay, bx, by) = (ax + dx * from, ay + dy * from, bx - dx * to, by - dy * to);
        }
        // A gentle bow to the right of the way, so that a request and its answer do not meet.
        let bow = 0.09;
        let (cx, cy) = ((ax + bx) / 2.0 - (by - ay) * bow, (ay + by) / 2.0 + (bx - ax) * bow);
        let u = 1.0 - t;
        let x = u * u * ax + 2.0 * u * t * cx + t * t * bx;
        let y = u * u * ay + 2.0 * u * t * cy + t * t * by;
        let (ahead_x, ahead_y) = (u * (cx - ax) + t * (bx - cx), u * (cy - ay) + t * (by - cy));
        let (colour, shape) = looks(flight, hue_a, hue_b);
        self.mark(colour, shape, [x, y, ahead_x, ahead_y, 0.0]);
    }

    /// At high speed: lines whose width says how much flows where.
    fn flows(&mut self, flights: &mut dyn Iterator<Item = Flight>, now: Micros, pace: u32) {
        let window = u64::from(pace) * 500;
        let mut flows: Vec<(Place, Place, FlightKind, u32)> = Vec::new();
        for f in flights.filter(|f| f.sent + window >= now && f.job != 0) {
            match flows.iter_mut().find(|(a, b, k, _)| *a == f.from && *b == f.to && *k == f.kind) {
                Some(flow) => flow.3 += 1,
                None => flows.push((f.from, f.to, f.kind, 1)),
            }
        }
        for (from, to, kind, n) in flows {
            let (Some((a, _)), Some((b, _))) = (self.port(from, kind), self.port(to, kind)) else { continue };
            let colour = match kind {
                FlightKind::Failure => 4,
                FlightKind::DeadLetter | FlightKind::Drain => 5,
                FlightKind::Request => 3,
                _ => 2,
            };
            let width = 1.0 + n.ilog2() as f32;
            self.mark(colour, Shape::Flow, [a.x as f32, a.y as f32, b.x as f32, b.y as f32, width]);
        }
    }
}

/// The servers' own (0), or a job's (1).
fn class(flight: &Flight) -> usize {
    usize::from(flight.job != 0)
}

/// Is it between its places now?
fn on_stage(flight: &Flight, stretch: u64, now: Micros) -> bool {
    let (start, span) = stretched(flight, stretch);
    now >= start && now < start + span
}

/// How many messages a dot stands for, when so many are on their way: a power of two, so that the dots that stay when there
/// are more or fewer are the same ones; and slow to fall, so that it does not go back and forth.
fn thinned(before: usize, live: usize, most: usize) -> usize {
    let mut thin = before.max(1);
    while thin > 1 && live * 2 <= most * thin * 3 / 4 {
        thin /= 2;
    }
    while live > most * thin {
        thin *= 2;
    }
    thin
}

/// When it leaves on screen, and how long it travels there.
fn stretched(flight: &Flight, stretch: u64) -> (Micros, u64) {
    let start = flight.sent + u64::from(flight.hop) * stretch;
    (start, (flight.arrives.saturating_sub(flight.sent)).max(stretch))
}

/// Colour and shape.
fn looks(flight: &Flight, hue_from: u8, hue_to: u8) -> (usize, Shape) {
    let tint = 6 + flight.job as usize % TINTS;
    let hue = usize::from(if hue_from < 2 { hue_from } else { hue_to });
    match flight.kind {
        FlightKind::Vote => (3, Shape::Square),
        FlightKind::Zab | FlightKind::Control => (hue, Shape::Dot),
        FlightKind::Ping | FlightKind::Session => (hue, Shape::Small),
        FlightKind::Replicate => (2, Shape::Small),
        FlightKind::Request => (tint, Shape::Dot),
        FlightKind::Reply => (tint, Shape::Ring),
        FlightKind::Failure => (4, Shape::Star),
        FlightKind::Deliver => (tint, Shape::Dot),
        FlightKind::DeadLetter | FlightKind::Drain => (5, Shape::Square),
    }
}
