//! The panel "Space–time": a lane per machine, an arrow per message, around the cursor.
use super::why::EVERY;
use super::{Ask, Ctx, Tab};
use crate::event::EventId;
use crate::log::{self, Filter};
use crate::player::{Player, RunId};
use crate::spacetime::{Arrow, Diagram, Frame, GUTTER, MARGIN, Mark, STEPS, best_span, layout};
use crate::view::{FlightKind, Micros};
use crate::web::dom::{Markup, put};
use crate::why::{Kind, Link};
use crate::words;

/// See the module's first line.
#[derive(Default)]
pub struct Panel {
    /// How much time, chosen by the visitor; `None`: as much as can be read.
    chosen: Option<Micros>,
    span: Micros,
    diagram: Option<Diagram>,
    /// What it was laid out for.
    shown: Option<(RunId, Micros, i32)>,
    looks: u32,
    /// The event that the buttons have stepped to.
    picked: Option<EventId>,
}

/// Kinds whose events are marked.
const MARKED: &[Kind] =
    &[Kind::Election, Kind::Membership, Kind::Session, Kind::Controller, Kind::Partition, Kind::Job];
/// Events that are looked up for marks: the window is short.
const MARKS: usize = 120;
/// The panel's padding and border, px.
const INSET: i32 = 26;

impl Panel {
    /// Lays it out again, if the cursor, the width or the zoom has changed.
    pub fn refresh(&mut self, ctx: &Ctx) {
        let run = ctx.player.recording();
        let (sim, width) = (run.sim(), (ctx.width - INSET).max(240));
        let wanted = (ctx.player.run().id, sim.now(), width);
        self.looks += 1;
        let skip = !ctx.player.paused() && !self.looks.is_multiple_of(EVERY);
        if self.shown.is_some() && (self.shown == Some(wanted) || skip) {
            return;
        }
        self.span = self.chosen.unwrap_or_else(|| best_span(&mut sim.flights(), sim.now()));
        let frame = Frame { at: sim.now(), span: self.span, width, kraft: ctx.view.kraft };
        let filter = Filter { kinds: MARKED.to_vec(), ..Filter::default() };
        let page = log::before(run, sim.event_count(), &filter, MARKS);
        let events: Vec<Link> = page.entries.into_iter().map(|e| e.link).collect();
        self.diagram = Some(layout(&mut sim.flights(), &events, &frame));
        self.shown = Some(wanted);
    }

    /// A person used a control.
    pub fn act(&mut self, verb: &str, arg: &str, _: &mut Player, asks: &mut Vec<Ask>) -> bool {
        match verb {
            "in" => self.zoom(-1),
            "out" => self.zoom(1),
            "fit" => self.chosen = None,
            "step" => {
                self.step(arg == "on");
                asks.extend(self.picked().map(|(_, mark)| Ask::Say(told(mark))));
                return true;
            }
            "why" => asks.push(Ask::Open(Tab::Why, "ask", arg.to_string())),
            _ => return false,
        }
        self.shown = None;
        true
    }

    /// One step closer (−1) or further away (1).
    fn zoom(&mut self, by: i8) {
        let at = STEPS.iter().position(|s| *s >= self.span).unwrap_or(STEPS.len() - 1);
        let at = if by < 0 { at.saturating_sub(1) } else { (at + 1).min(STEPS.len() - 1) };
        self.chosen = STEPS.get(at).copied();
    }

    /// The events on the picture, the first first.
    fn events(&self) -> Vec<&Mark> {
        let mut marks: Vec<&Mark> = self.diagram.iter().flat_map(|d| &d.marks).collect();
        marks.sort_by_key(|mark| (mark.when, mark.id));
        marks
    }

    /// The event that was stepped to, if it is on the picture, and its place among the others.
    fn picked(&self) -> Option<(usize, &Mark)> {
        let id = self.picked?;
        self.events().into_iter().enumerate().find(|(_, mark)| mark.id == id)
    }

    /// To the next event on the picture, or to the one before; the last one before the cursor comes first.
    fn step(&mut self, on: bool) {
        let at = self.picked().map(|(i, _)| i);
        let (events, now) = (self.events(), self.shown.map_or(0, |(_, now, _)| now));
        let last = events.len().saturating_sub(1);
        let to = match at {
            Some(i) if on => (i + 1).min(last),
            Some(i) => i.saturating_sub(1),
            None => events.iter().rposition(|mark| mark.when <= now).unwrap_or(0),
        };
        self.picked = events.get(to).map(|mark| mark.id);
    }

    /// The twin of a click on a mark: buttons that step through them, and what the one they have come to is.
    fn stepper(&self, m: &mut Markup) {
        put!(m; "<div class=filters role=group aria-label=\"Events on the picture\">");
        for (arg, word) in [("back", "‹ Event before"), ("on", "Next event ›")] {
            put!(m; "<button type=button data-act=spacetime:step data-arg=", arg, ">", word, "</button>");
        }
        if let Some((i, mark)) = self.picked() {
            put!(m; "<button type=button data-act=spacetime:why data-arg=", words::number(mark.id), ">Why?</button><span class=picked>", i as i32 + 1,
                " of ", self.events().len() as i32, " · ");
            m.quote(&told(mark));
            put!(m; "</span>");
        }
        put!(m; "</div>");
    }

    /// Writes the panel.
    pub fn draw(&self, m: &mut Markup, _: &Ctx) {
        let Some(d) = &self.diagram else { return };
        put!(m; "<div class=filters role=group aria-label=Zoom>");
        for (act, word) in [("in", "Closer"), ("out", "Further away"), ("fit", "Fit")] {
            put!(m; "<button type=button data-act=spacetime:", act, ">", word, "</button>");
        }
        put!(m; "<span class=mute>", words::span(self.span), " around the cursor</span></div>");
        self.stepper(m);
        picture(m, d, self.picked);
        put!(m; "<p class=note>Circles are events: click one, or step through them, and ask why it happened. The log has them all. ");
        if d.arrows.is_empty() {
            put!(m; "No message is on its way here. Go further away, or step forward.");
        }
        if d.left_out > 0 {
            put!(m; words::plural(d.left_out as u64, "message is", "messages are"), " left out: votes come first, pings last. ");
        }
        if d.lanes_left_out > 0 {
            put!(m; words::plural(d.lanes_left_out as u64, "machine has", "machines have"), " no room. ");
        }
        put!(m; "</p>");
    }
}

fn class(kind: FlightKind) -> &'static str {
    match kind {
        FlightKind::Vote => "vote",
        FlightKind::Zab => "zab",
        FlightKind::Ping => "ping",
        FlightKind::Session => "session",
        FlightKind::Control => "control",
        FlightKind::Replicate => "replicate",
        FlightKind::Request => "request",
        FlightKind::Reply => "reply",
        FlightKind::Failure => "failure",
        FlightKind::Deliver => "deliver",
        FlightKind::DeadLetter | FlightKind::Drain => "dead",
    }
}

fn word(kind: FlightKind) -> &'static str {
    match kind {
        FlightKind::Vote => "vote",
        FlightKind::Zab => "ZooKeeper's broadcast",
        FlightKind::Ping => "ping",
        FlightKind::Session => "session",
        FlightKind::Control => "controller's word",
        FlightKind::Replicate => "replication",
        FlightKind::Request => "request",
        FlightKind::Reply => "reply",
        FlightKind::Failure => "an answer that says no",
        FlightKind::Deliver => "record to a consumer",
        FlightKind::DeadLetter => "dead letter",
        FlightKind::Drain => "drained letter",
    }
}

/// When it happened, and what.
fn told(mark: &Mark) -> String {
    words::say!(words::clock(mark.when), ": ", mark.text.as_str())
}

fn picture(m: &mut Markup, d: &Diagram, picked: Option<EventId>) {
    put!(m; "<svg class=\"chart lanes\" width=", d.size.0, " height=", d.size.1, " role=img aria-label=\"",
        words::plural(d.arrows.len() as u64, "message", "messages"), " between ", words::plural(d.lanes.len() as u64, "machine", "machines"), "\">");
    put!(m; "<path class=grid d=\"");
    for lane in &d.lanes {
        if d.wide {
            put!(m; "M", GUTTER, ",", lane.at, "H", d.size.0 - 12);
        } else {
            put!(m; "M", lane.at, ",", MARGIN, "V", d.size.1 - MARGIN);
        }
    }
    put!(m; "\"/>");
    for lane in &d.lanes {
        let (x, y, anchor) = if d.wide { (GUTTER - 8, lane.at + 4, "end") } else { (lane.at, MARGIN - 8, "middle") };
        put!(m; "<text class=lane x=", x, " y=", y, " text-anchor=", anchor, ">", lane.name.as_str(), "</text>");
    }
    for tick in &d.ticks {
        let (x, y, anchor) = if d.wide { (tick.at, d.size.1 - 8, "middle") } else { (GUTTER - 8, tick.at + 4, "end") };
        put!(m; "<text class=axis x=", x, " y=", y, " text-anchor=", anchor, ">", tick.text.as_str(), "</text>");
    }
    if d.wide {
        put!(m; "<path class=cursor d=M", d.cursor, ",", MARGIN / 2, "V", d.size.1 - MARGIN, " />");
    } else {
        put!(m; "<path class=cursor d=M", GUTTER - 4, ",", d.cursor, "H", d.size.0, " />");
    }
    for arrow in &d.arrows {
        draw_arrow(m, arrow);
    }
    for mark in &d.marks {
        put!(m; "<circle class=\"mark", if picked == Some(mark.id) { " picked" } else { "" }, "\" cx=", mark.at.0, " cy=", mark.at.1, " r=4 data-act=spacetime:why data-arg=", words::number(mark.id), "><title>",
            mark.text.as_str(), "</title></circle>");
    }
    put!(m; "</svg>");
}

fn draw_arrow(m: &mut Markup, arrow: &Arrow) {
    let ((x, y), (dx, dy)) = (arrow.to, (arrow.to.0 - arrow.from.0, arrow.to.1 - arrow.from.1));
    let length = (dx * dx + dy * dy).isqrt().max(1);
    // The head: two strokes back along the arrow, to either side.
    let (ux, uy) = (dx * 6 / length, dy * 6 / length);
    let (sx, sy) = (-dy * 3 / length, dx * 3 / length);
    put!(m; "<path class=\"hop ", class(arrow.flight.kind), if arrow.flying { " flying" } else { "" }, "\" d=\"M", arrow.from.0, ",",
        arrow.from.1, "L", x, ",", y);
    if arrow.ends {
        put!(m; "M", x - ux + sx, ",", y - uy + sy, "L", x, ",", y, "L", x - ux - sx, ",", y - uy - sy);
    }
    put!(m; "\"><title>", word(arrow.flight.kind), "</title></path>");
}
