//! The ZooKeeper band: one zone per ensemble that has members, and one for hosts that are part of none.
use super::{Hull, PeerSpot, Point, Rect, Scene};
use crate::view::View;

/// Sizes that depend on how many hosts there are.
struct Measure {
    radius: i32,
    pitch_x: i32,
    pitch_y: i32,
    roomy: bool,
}

/// Where zones begin when they stand side by side: below the band's name and their own labels.
const TOP: i32 = 44;
/// Space inside a zone for a crown.
const CROWN: i32 = 24;

impl Measure {
    fn of(total: i32, narrow: bool) -> Measure {
        let (radius, pitch_x, pitch_y, roomy) = match (total, narrow) {
            (..=14, false) => (20, 60, 66, true),
            (..=14, true) => (17, 62, 60, true),
            (..=26, false) => (16, 46, 44, false),
            (..=26, true) => (15, 42, 42, false),
            _ => (13, 33, 35, false),
        };
        Measure { radius, pitch_x, pitch_y, roomy }
    }

    fn pad(&self) -> i32 {
        self.radius + 18
    }

    /// The height that `n` hosts need in a zone of this width.
    fn need(&self, n: i32, width: i32) -> i32 {
        let (_, rows) = super::grid(n, (width - 20).max(self.pitch_x), self.pitch_x);
        rows * self.pitch_y + CROWN + 14
    }
}

/// Some hosts that stand together; the leader first.
struct Zone {
    ensemble: Option<usize>,
    sids: Vec<u8>,
}

fn len(v: &[u8]) -> i32 {
    i32::try_from(v.len()).unwrap_or(i32::MAX)
}

fn zones(view: &View) -> Vec<Zone> {
    let mut zones: Vec<Zone> = Vec::new();
    for (i, e) in view.ensembles.iter().enumerate() {
        let mut sids: Vec<u8> = view.peers.iter().filter(|p| p.ensemble == Some(i)).map(|p| p.sid).collect();
        if let Some(at) = sids.iter().position(|s| *s == e.leader) {
            sids[..=at].rotate_right(1);
        }
        if !sids.is_empty() {
            zones.push(Zone { ensemble: Some(i), sids });
        }
    }
    let alone: Vec<u8> = view.peers.iter().filter(|p| p.ensemble.is_none()).map(|p| p.sid).collect();
    if !alone.is_empty() || zones.is_empty() {
        zones.push(Zone { ensemble: None, sids: alone });
    }
    zones
}

/// Places every host; returns the lower edge of the band.
pub(super) fn place(view: &View, scene: &mut Scene) -> i32 {
    let total = i32::try_from(view.peers.len()).unwrap_or(i32::MAX);
    let fresh = i32::try_from(view.peers.iter().filter(|p| p.fresh).count()).unwrap_or(0);
    let m = Measure::of(total, scene.narrow);
    (scene.radius, scene.roomy) = (m.radius, m.roomy);
    let zones = zones(view);
    let rects = if scene.narrow {
        stack(&zones, &m, scene.width, total, fresh)
    } else {
        spread(&zones, &m, scene.width, total, fresh)
    };
    scene.peers = view.peers.iter().map(|p| PeerSpot { sid: p.sid, ..PeerSpot::default() }).collect();
    for (zone, rect) in zones.iter().zip(&rects) {
        let spots = arrange(zone, *rect, &m);
        match zone.ensemble {
            Some(ensemble) => {
                let label = Point { x: rect.center().x, y: rect.y - 7 };
                scene.hulls.push(Hull { ensemble, rect: *rect, label, split_label: rect.w < 236 });
            }
            None if !zone.sids.is_empty() => scene.waiting = Some(*rect),
            None => {}
        }
        let leader = spots.first().copied().filter(|_| zone.ensemble.is_some());
        for (i, (&sid, &at)) in zone.sids.iter().zip(&spots).enumerate() {
            let leader = leader.filter(|_| i > 0 && m.roomy && !scene.narrow);
            if let Some(spot) = scene.peers.iter_mut().find(|p| p.sid == sid) {
                *spot = PeerSpot { sid, at, leader, ensemble: zone.ensemble };
            }
        }
    }
    // The band's height must not depend on who stands where: take what the layout reserved.
    if scene.narrow {
        stacked_height(&m, scene.width, total, fresh)
    } else {
        TOP + spread_height(&m, scene.width, total, fresh)
    }
}

fn spread_height(m: &Measure, width: i32, total: i32, fresh: i32) -> i32 {
    if m.roomy {
        return 192;
    }
    let old = total - fresh;
    let two = m.need(old, width / 3).max(m.need(fresh, width * 2 / 3 - 30));
    two.max(m.need(total, width - 40)).max(150) + m.pitch_y / 2
}

/// Zones side by side; each as wide as its hosts ask for.
fn spread(zones: &[Zone], m: &Measure, width: i32, total: i32, fresh: i32) -> Vec<Rect> {
    const GAP: i32 = 26;
    let h = spread_height(m, width, total, fresh);
    let (left, top) = (6, TOP);
    let room = width - 2 * left - GAP * (i32::try_from(zones.len()).unwrap_or(1) - 1);
    let least = if zones.len() > 2 { 196 } else { 244 };
    let wish = |z: &Zone| (len(&z.sids) * m.pitch_x + 2 * m.pad()).clamp(least, room.max(least));
    let wishes: Vec<i32> = zones.iter().map(wish).collect();
    let (sum, spare): (i32, i32) = (wishes.iter().sum(), wishes.iter().map(|w| w - least).sum());
    let mut x = left;
    let mut rects = Vec::new();
    for wish in wishes {
        let w = if sum > room && spare > 0 {
            wish - (sum - room) * (wish - least) / spare
        } else {
            wish + (room - sum) * wish / sum
        };
        let w = w.max(60);
        rects.push(Rect { x, y: top, w, h });
        x += w + GAP;
    }
    rects
}

fn stacked_height(m: &Measure, width: i32, total: i32, fresh: i32) -> i32 {
    let label = 28;
    let two = m.need(total - fresh, width) + m.need(fresh, width) + 2 * label;
    24 + two.max(m.need(total, width) + label) + m.pitch_y
}

/// Zones on top of each other; each as high as its hosts ask for.
fn stack(zones: &[Zone], m: &Measure, width: i32, total: i32, fresh: i32) -> Vec<Rect> {
    let count = i32::try_from(zones.len()).unwrap_or(1);
    let room = stacked_height(m, width, total, fresh) - 24 - 28 * count;
    let needs: Vec<i32> = zones.iter().map(|z| m.need(len(&z.sids), width)).collect();
    let sum: i32 = needs.iter().sum();
    let mut y = 24;
    let mut rects = Vec::new();
    for need in needs {
        let h = if sum > room { need * room / sum } else { need + (room - sum) / count };
        y += 28;
        rects.push(Rect { x: 4, y, w: width - 8, h });
        y += h;
    }
    rects
}

/// The hosts of a zone: followers on an arc under their leader, or rows when there are too many.
fn arrange(zone: &Zone, rect: Rect, m: &Measure) -> Vec<Point> {
    let n = len(&zone.sids);
    let inner = rect.w - 2 * m.pad();
    if zone.ensemble.is_some() && n > 1 && rect.h >= 180 && m.roomy && (n - 2) * (m.pitch_x - 4) <= inner {
        return arc(n, rect, m);
    }
    let (columns, rows) = super::grid(n, (rect.w - 16).max(m.pitch_x), m.pitch_x);
    let head = if zone.ensemble.is_some() { CROWN } else { 6 };
    let foot = if m.roomy { 14 } else { 4 };
    let row = ((rect.h - head - foot) / rows).min(m.pitch_y);
    let top = rect.y + head + (rect.h - head - foot - rows * row) / 2 + row / 2;
    let pitch = ((rect.w - 16) / columns).min(m.pitch_x + 22);
    (0..n)
        .map(|i| {
            let here = if i / columns == rows - 1 { n - (rows - 1) * columns } else { columns };
            let x = rect.center().x - (here - 1) * pitch / 2 + i % columns * pitch;
            Point { x, y: top + i / columns * row }
        })
        .collect()
}

fn arc(n: i32, rect: Rect, m: &Measure) -> Vec<Point> {
    let center = rect.center().x;
    let leader = Point { x: center, y: rect.y + m.radius + 36 };
    let followers = n - 1;
    let base = rect.y + rect.h - m.radius - 28;
    let half = ((rect.w - 2 * m.pad()) / 2).min(followers * (m.pitch_x + 16) / 2);
    let mut spots = vec![leader];
    for i in 0..followers {
        // t runs from -1000 to 1000; the outer ones stand higher, as on the lower half of an ellipse.
        let t = if followers == 1 { 0 } else { 2000 * i / (followers - 1) - 1000 };
        let rise = if followers < 3 { 0 } else { 66 };
        spots.push(Point { x: center + half * t / 1000, y: base - rise * (t * t / 1000) / 1000 });
    }
    spots
}
