//! Where a belief is drawn: on the places of the whole picture, so that nothing moves and one sees what is missing.
use super::Belief;
use crate::scene::{BrokerSpot, PeerSpot, Point, Rect, Scene};
use crate::view::{Place, View};

/// A node that is not known: drawn pale, with a question mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Veil {
    /// Which.
    pub place: Place,
    /// Where its outline stands.
    pub rect: Rect,
    /// Its name is known; or nothing is.
    pub named: bool,
}

/// What is known as a picture of its own, and what is not as outlines.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The known nodes alone, in the order of [`Picture::scene`].
    pub view: View,
    /// Their places; hulls, links and tethers only where the node knows of them.
    pub scene: Scene,
    /// All others.
    pub veils: Vec<Veil>,
}

/// Draws a belief on the scene of the whole.
pub fn picture(whole: &Scene, b: &Belief) -> Picture {
    let mut view = b.view.clone();
    view.peers.retain(|p| b.knows(Place::Peer(p.sid)));
    view.brokers.retain(|x| b.knows(Place::Broker(x.id)));
    let led = |i: &usize| b.view.ensembles.get(*i).is_some_and(|e| e.leader != 0);
    let hulls: Vec<_> = whole.hulls.iter().filter(|h| led(&h.ensemble)).cloned().collect();
    let peers = whole.peers.iter().filter_map(|spot| {
        let peer = view.peers.iter().find(|p| p.sid == spot.sid)?;
        let leader = peer.leader.filter(|l| *l != peer.sid && peer.ensemble.is_some());
        let at = leader.and_then(|l| whole.peers.iter().find(|s| s.sid == l)).map(|s| s.at);
        Some(PeerSpot { leader: at.filter(|_| spot.leader.is_some()), ensemble: peer.ensemble, ..*spot })
    });
    let brokers = whole.brokers.iter().filter_map(|spot| {
        let broker = view.brokers.iter().find(|x| x.id == spot.id)?;
        let tether = spot.tether.filter(|_| broker.ensemble.is_some_and(|e| led(&e)));
        Some(BrokerSpot { tether, ensemble: broker.ensemble, ..*spot })
    });
    let scene = Scene { hulls, peers: peers.collect(), brokers: brokers.collect(), ..whole.clone() };
    Picture { veils: veils(whole, b), view, scene }
}

fn veils(whole: &Scene, b: &Belief) -> Vec<Veil> {
    let r = whole.radius;
    let around = |at: Point| Rect { x: at.x - r, y: at.y - r, w: 2 * r, h: 2 * r };
    let rect = |place: Place| match place {
        Place::Peer(sid) => whole.peers.iter().find(|p| p.sid == sid).map(|p| around(p.at)),
        Place::Broker(id) => whole.brokers.iter().find(|x| x.id == id).map(|x| x.card),
        Place::Producer(i) => whole.producers.get(usize::from(i)).copied(),
        Place::Consumer(i) => whole.consumers.get(usize::from(i)).copied(),
        Place::Tray => Some(whole.tray),
    };
    let outline = |named: bool| move |place: &Place| (*place, named);
    let all = b.unknown.iter().map(outline(false)).chain(b.named.iter().map(outline(true)));
    all.filter_map(|(place, named)| Some(Veil { place, rect: rect(place)?, named })).collect()
}
