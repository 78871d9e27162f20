//! The clients' band: producers, the retry arc, the dead-letter tray, consumers.
use super::{Point, Rect, Scene};
use crate::view::View;

/// Places the clients; returns the stage's height.
pub(super) fn place(view: &View, scene: &mut Scene) -> i32 {
    let (producers, consumers) = (i32::from(view.producers), i32::from(view.consumers));
    if scene.narrow { stacked(scene, producers, consumers) } else { spread(scene, producers, consumers) }
}

fn spread(scene: &mut Scene, producers: i32, consumers: i32) -> i32 {
    let top = scene.clients_y + 34;
    let (w, h, pitch) = (92, 24, 31);
    for i in 0..producers {
        scene.producers.push(Rect { x: 6, y: top + i * pitch, w, h });
    }
    let right = scene.width - w - 10;
    for i in 0..consumers {
        scene.consumers.push(Rect { x: right, y: top + 14 + i * (pitch + 3), w: w + 4, h });
    }
    let left = (scene.width * 43 / 100).max(300);
    scene.tray = Rect { x: left, y: top + 26, w: (right - 60 - left).min(290), h: 78 };
    scene.retry = Point { x: 136, y: top + 100 };
    top + 4 * pitch + 10
}

fn stacked(scene: &mut Scene, producers: i32, consumers: i32) -> i32 {
    let top = scene.clients_y + 28;
    let row = |y: i32, n: i32, width: i32| -> Vec<Rect> {
        let pitch = width / n.max(1);
        (0..n).map(|i| Rect { x: i * pitch + 3, y, w: pitch - 6, h: 24 }).collect()
    };
    scene.producers = row(top, producers, scene.width);
    scene.retry = Point { x: 16, y: top + 46 };
    let tray = top + 88;
    scene.tray = Rect { x: 4, y: tray, w: scene.width - 8, h: 70 };
    scene.consumers = row(tray + 90, consumers, scene.width);
    tray + 90 + 34
}
