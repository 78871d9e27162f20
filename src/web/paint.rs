//! Messages in flight, on a canvas above the stage: never through the virtual DOM.
//!
//! A message's position is a pure function of time. Real delays are milliseconds, so the picture stretches them to a
//! length that an eye can follow, and keeps the order of an exchange by starting hop n that much later.
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::scene::{Point, Rect, Scene};
use crate::view::{Flight, FlightKind, Micros, Place};

/// Dots drawn at once; above, one dot stands for several jobs.
const MOST_DOTS: usize = 240;
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
}

/// Colours read from the style sheet.
#[derive(Clone, Default)]
struct Palette {
    hues: [String; 2],
    ink: String,
    mute: String,
    bad: String,
    dead: String,
    tints: [String; TINTS],
}

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

/// The canvas and what it needs to know.
#[derive(Default)]
pub struct Painter {
    context: Option<CanvasRenderingContext2d>,
    palette: Palette,
    spots: Spots,
    size: (i32, i32),
    ratio: f64,
    /// Dots by colour and shape, reused from frame to frame: (x, y, angle).
    buckets: Vec<Vec<(f64, f64, f64)>>,
    /// Does the canvas show something old?
    pub stale: bool,
    /// How many jobs a dot stands for, in the last frame.
    pub per_dot: usize,
}

impl std::fmt::Debug for Painter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Painter")
    }
}

const COLOURS: usize = 6 + TINTS;
const SHAPES: usize = 5;

fn index_of(ensemble: Option<usize>) -> u8 {
    ensemble.map_or(2, |e| e.min(1) as u8)
}

impl Painter {
    /// Takes over a canvas.
    pub fn attach(&mut self, canvas: &HtmlCanvasElement) {
        use wasm_bindgen::JsCast;
        self.context = canvas.get_context("2d").ok().flatten().and_then(|c| c.dyn_into().ok());
        self.buckets = vec![Vec::new(); COLOURS * SHAPES];
        self.size = (0, 0);
    }

    /// Learns where everything stands, and the colours of the theme.
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
        let Some(context) = &self.context else { return };
        let Some(canvas) = context.canvas() else { return };
        let ratio = web_sys::window().map_or(1.0, |w| w.device_pixel_ratio()).max(1.0).min(3.0);
        if self.size != (scene.width, scene.height) || self.ratio != ratio {
            self.size = (scene.width, scene.height);
            self.ratio = ratio;
            canvas.set_width((f64::from(scene.width) * ratio) as u32);
            canvas.set_height((f64::from(scene.height) * ratio) as u32);
        }
        self.read_palette(&canvas);
    }

    fn read_palette(&mut self, canvas: &HtmlCanvasElement) {
        let Some(style) = web_sys::window().and_then(|w| w.get_computed_style(canvas).ok().flatten()) else { return };
        let colour = |name: &str| style.get_property_value(name).unwrap_or_default();
        self.palette = Palette {
            hues: [colour("--a"), colour("--b")],
            ink: colour("--ink"),
            mute: colour("--mute"),
            bad: colour("--bad"),
            dead: colour("--dl"),
            tints: ["--job0", "--job1", "--job2", "--job3", "--job4"].map(colour),
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

    /// Draws the messages of this instant.
    pub fn draw(&mut self, flights: &mut dyn Iterator<Item = Flight>, now: Micros, pace: u32, paused: bool) {
        self.stale = false;
        let Some(context) = self.context.clone() else { return };
        let _ = context.set_transform(self.ratio, 0.0, 0.0, self.ratio, 0.0, 0.0);
        context.clear_rect(0.0, 0.0, f64::from(self.size.0), f64::from(self.size.1));
        if pace > FLOW_SPEED {
            self.per_dot = 0;
            self.draw_flow(&context, flights, now, pace);
            return;
        }
        // Faster than life, a journey also takes less wall time: else the stage fills with the same few seconds' jobs.
        let shown = if pace > 1000 { (pace * 1000).isqrt() } else { pace };
        let stretch = (STRETCH * u64::from(shown) / 1000).max(1);
        let (mut live, mut last_k) = (0_usize, self.per_dot.max(1));
        for flight in flights {
            let (start, span) = stretched(&flight, stretch);
            if now < start || now >= start + span {
                continue;
            }
            live += 1;
            let identity = if flight.job == 0 { flight.sent as usize / 500 } else { flight.job as usize };
            if identity.is_multiple_of(last_k) {
                self.put(&flight, (now - start) as f64 / span as f64);
            }
        }
        // How many there are is known only now: the next frame thins accordingly.
        last_k = live.div_ceil(MOST_DOTS).max(1);
        self.per_dot = last_k;
        self.paint(&context, paused);
    }

    /// Puts a dot into its bucket.
    fn put(&mut self, flight: &Flight, t: f64) {
        let ends = (self.port(flight.from, flight.kind), self.port(flight.to, flight.kind));
        let (Some((a, hue_a)), Some((b, hue_b))) = ends else { return };
        let (mut ax, mut ay, mut bx, mut by) = (f64::from(a.x), f64::from(a.y), f64::from(b.x), f64::from(b.y));
        let (dx, dy) = (bx - ax, by - ay);
        let length = (dx * dx + dy * dy).sqrt().max(1.0);
        let edge =
            |place| if matches!(place, Place::Peer(_)) { f64::from(self.spots.radius + 4) / length } else { 0.0 };
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
        let angle = js_sys::Math::atan2(u * (cy - ay) + t * (by - cy), u * (cx - ax) + t * (bx - cx));
        let (colour, shape) = looks(flight, hue_a, hue_b);
        if let Some(bucket) = self.buckets.get_mut(colour * SHAPES + shape as usize) {
            bucket.push((x, y, angle));
        }
    }

    fn colour(&self, index: usize) -> &str {
        let p = &self.palette;
        match index {
            0 | 1 => &p.hues[index],
            2 => &p.mute,
            3 => &p.ink,
            4 => &p.bad,
            5 => &p.dead,
            i => &p.tints[(i - 6) % TINTS],
        }
    }

    fn paint(&mut self, context: &CanvasRenderingContext2d, paused: bool) {
        let mut buckets = std::mem::take(&mut self.buckets);
        for (i, bucket) in buckets.iter_mut().enumerate() {
            if bucket.is_empty() {
                continue;
            }
            let (colour, shape) = (self.colour(i / SHAPES), i % SHAPES);
            context.begin_path();
            for &(x, y, angle) in bucket.iter() {
                trace(context, shape, x, y);
                if paused && shape != Shape::Small as usize {
                    arrow(context, x, y, angle);
                }
            }
            if shape == Shape::Ring as usize || shape == Shape::Star as usize {
                context.set_stroke_style_str(colour);
                context.set_line_width(1.8);
                context.stroke();
            } else {
                context.set_fill_style_str(colour);
                context.fill();
            }
            bucket.clear();
        }
        self.buckets = buckets;
    }

    /// At high speed: lines whose width says how much flows where.
    fn draw_flow(
        &self,
        context: &CanvasRenderingContext2d,
        flights: &mut dyn Iterator<Item = Flight>,
        now: Micros,
        pace: u32,
    ) {
        let window = u64::from(pace) * 500;
        let mut flows: Vec<(Place, Place, FlightKind, u32)> = Vec::new();
        for f in flights.filter(|f| f.sent + window >= now && f.job != 0) {
            match flows.iter().position(|(a, b, k, _)| *a == f.from && *b == f.to && *k == f.kind) {
                Some(i) => flows[i].3 += 1,
                None if flows.len() < 400 => flows.push((f.from, f.to, f.kind, 1)),
                None => {}
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
            context.set_global_alpha(if colour >= 4 { 0.75 } else { 0.28 });
            context.set_stroke_style_str(self.colour(colour));
            context.set_line_width(1.0 + f64::from(n.ilog2()));
            context.begin_path();
            context.move_to(f64::from(a.x), f64::from(a.y));
            context.line_to(f64::from(b.x), f64::from(b.y));
            context.stroke();
        }
        context.set_global_alpha(1.0);
    }
}

/// When it leaves on screen, and how long it travels there.
fn stretched(flight: &Flight, stretch: u64) -> (Micros, u64) {
    let start = flight.sent + u64::from(flight.hop) * stretch;
    (start, (flight.arrives.saturating_sub(flight.sent)).max(stretch))
}

/// Colour (an index of [`Painter::colour`]) and shape.
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

fn trace(context: &CanvasRenderingContext2d, shape: usize, x: f64, y: f64) {
    const DOT: usize = Shape::Dot as usize;
    const RING: usize = Shape::Ring as usize;
    const STAR: usize = Shape::Star as usize;
    const SQUARE: usize = Shape::Square as usize;
    match shape {
        DOT | RING => {
            let r = if shape == DOT { 3.6 } else { 3.2 };
            context.move_to(x + r, y);
            let _ = context.arc(x, y, r, 0.0, std::f64::consts::TAU);
        }
        STAR => {
            for (dx, dy) in [(5.0, 0.0), (2.5, 4.3), (-2.5, 4.3)] {
                context.move_to(x - dx, y - dy);
                context.line_to(x + dx, y + dy);
            }
        }
        SQUARE => context.rect(x - 3.2, y - 3.2, 6.4, 6.4),
        _ => context.rect(x - 1.5, y - 1.5, 3.0, 3.0),
    }
}

/// When nothing moves, heads say where things are going.
fn arrow(context: &CanvasRenderingContext2d, x: f64, y: f64, angle: f64) {
    let (dx, dy) = (js_sys::Math::cos(angle), js_sys::Math::sin(angle));
    let at = |along: f64, across: f64| (x + dx * along - dy * across, y + dy * along + dx * across);
    let (tip, left, right) = (at(11.0, 0.0), at(5.5, 3.4), at(5.5, -3.4));
    context.move_to(tip.0, tip.1);
    context.line_to(left.0, left.1);
    context.line_to(right.0, right.1);
    context.line_to(tip.0, tip.1);
}
