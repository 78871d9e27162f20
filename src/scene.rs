//! Where everything stands on the stage: a pure function of the picture and the width, in whole CSS pixels.
//!
//! The height depends on the width and on how many hosts and brokers there are, never on what they do, so that the
//! page does not jump while a run plays.
use crate::view::{Place, View};

mod clients;
mod hosts;
mod timeline;

pub use timeline::{Label, THUMB, Track, milestone_words};

/// A point on the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

/// A rectangle on the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub w: i32,
    /// Height.
    pub h: i32,
}

impl Rect {
    /// Its middle.
    pub fn center(self) -> Point {
        Point { x: self.x + self.w / 2, y: self.y + self.h / 2 }
    }
}

/// The room there is. The height follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// CSS pixels.
    pub width: i32,
}

/// Below this width, bands are stacked instead of spread.
pub const NARROW: i32 = 640;

/// A logical ensemble's soft hull.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hull {
    /// Its index in [`View::ensembles`].
    pub ensemble: usize,
    /// Where.
    pub rect: Rect,
    /// The baseline and middle of its label.
    pub label: Point,
    /// Does the label need two lines?
    pub split_label: bool,
}

/// A host on the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeerSpot {
    /// Its sid.
    pub sid: u8,
    /// Its middle.
    pub at: Point,
    /// Its leader's middle, when there is room to draw the line.
    pub leader: Option<Point>,
    /// Which ensemble's hue it wears.
    pub ensemble: Option<usize>,
}

/// A broker on the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokerSpot {
    /// Its id.
    pub id: u8,
    /// Its card.
    pub card: Rect,
    /// Where its tether ends: on the hull it obeys.
    pub tether: Option<Point>,
    /// Which ensemble's hue it wears.
    pub ensemble: Option<usize>,
}

/// The stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// Its width.
    pub width: i32,
    /// Its height.
    pub height: i32,
    /// Stacked?
    pub narrow: bool,
    /// The upper edge of the brokers' band.
    pub kafka_y: i32,
    /// The upper edge of the clients' band.
    pub clients_y: i32,
    /// Half the size of a host.
    pub radius: i32,
    /// Is there room for words under a host?
    pub roomy: bool,
    /// Hulls of ensembles that have members.
    pub hulls: Vec<Hull>,
    /// Hosts that are part of no ensemble stand here.
    pub waiting: Option<Rect>,
    /// Every host.
    pub peers: Vec<PeerSpot>,
    /// Cards without room for words.
    pub compact: bool,
    /// Every broker.
    pub brokers: Vec<BrokerSpot>,
    /// Producers.
    pub producers: Vec<Rect>,
    /// Consumers.
    pub consumers: Vec<Rect>,
    /// The arc of the jobs that wait to retry.
    pub retry: Point,
    /// The dead-letter tray.
    pub tray: Rect,
}

impl Scene {
    /// Lays out the picture.
    pub fn of(view: &View, size: Size) -> Scene {
        let width = size.width.clamp(240, 2400);
        let mut scene = Scene { width, narrow: width < NARROW, ..Scene::default() };
        let below = hosts::place(view, &mut scene);
        scene.kafka_y = below + 14;
        let below = place_brokers(view, &mut scene);
        scene.clients_y = below + 10;
        scene.height = clients::place(view, &mut scene);
        scene
    }

    /// Where messages leave from and arrive at.
    pub fn place(&self, place: Place) -> Option<Point> {
        match place {
            Place::Peer(sid) => self.peers.iter().find(|p| p.sid == sid).map(|p| p.at),
            Place::Broker(id) => self.brokers.get(usize::from(id).wrapping_sub(1)).map(|b| b.card.center()),
            Place::Producer(i) => self.producers.get(usize::from(i)).map(|r| r.center()),
            Place::Consumer(i) => self.consumers.get(usize::from(i)).map(|r| r.center()),
            Place::Tray => Some(Point { x: self.tray.x + self.tray.w / 2, y: self.tray.y + self.tray.h / 2 }),
        }
    }

    /// The ensemble whose hue a place wears.
    pub fn hue(&self, place: Place) -> Option<usize> {
        match place {
            Place::Peer(sid) => self.peers.iter().find(|p| p.sid == sid).and_then(|p| p.ensemble),
            Place::Broker(id) => self.brokers.get(usize::from(id).wrapping_sub(1)).and_then(|b| b.ensemble),
            _ => None,
        }
    }
}

/// How many columns of at least `pitch` fit, and how many rows `n` things then need, rows evenly filled.
pub(crate) fn grid(n: i32, width: i32, pitch: i32) -> (i32, i32) {
    let most = (width / pitch).max(1);
    let rows = (n.max(1) + most - 1) / most;
    ((n.max(1) + rows - 1) / rows, rows)
}

fn place_brokers(view: &View, scene: &mut Scene) -> i32 {
    let n = i32::try_from(view.brokers.len()).unwrap_or(i32::MAX);
    scene.compact = n > 12;
    let (columns, rows) = grid(n, scene.width, if scene.narrow { 68 } else { 70 });
    let pitch = (scene.width / columns).min(120);
    let (w, h) = ((pitch - 8).min(92), if scene.compact { 42 } else { 60 });
    let row = if scene.compact { h + 26 } else { h + 48 };
    let top = scene.kafka_y + if scene.narrow { 36 } else { 44 };
    let left = (scene.width - columns * pitch) / 2;
    for (i, broker) in view.brokers.iter().enumerate() {
        let i = i32::try_from(i).unwrap_or(0);
        let x = left + i % columns * pitch + (pitch - w) / 2;
        let card = Rect { x, y: top + i / columns * row, w, h };
        let hull = scene.hulls.iter().find(|h| Some(h.ensemble) == broker.ensemble);
        let tether = hull.map(|h| Point { x: h.rect.center().x, y: h.rect.y + h.rect.h });
        // A later row's tether would run through the row above: there only the odd one out keeps its own.
        let tether = tether.filter(|_| i < columns || broker.ensemble != Some(0));
        scene.brokers.push(BrokerSpot { id: broker.id, card, tether, ensemble: broker.ensemble });
    }
    top + rows * row
}
