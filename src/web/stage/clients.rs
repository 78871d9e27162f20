//! Producers, jobs that wait to retry, the dead-letter tray, consumers.
use yew::Html;

use crate::scene::{Rect, Scene};
use crate::view::{RetryView, TrayView, View};
use crate::web::dom::{el, t};
use crate::words;

/// Up to this many dead letters are drawn one by one.
const SQUARES: u64 = 30;

/// The clients' band.
pub fn clients(view: &View, scene: &Scene, drain_rate: &str) -> Html {
    let pills = |word: &'static str, rects: &[Rect]| {
        let pill = |(i, r): (usize, &Rect)| {
            el!("g", "class" = "client";
                el!("rect", "x" = r.x, "y" = r.y, "width" = r.w, "height" = r.h, "rx" = 12),
                el!("text", "x" = r.center().x, "y" = r.center().y + 4, "text-anchor" = "middle";
                    t(format!("{word} {}", i + 1))))
        };
        el!("g"; ..rects.iter().enumerate().map(pill).collect())
    };
    el!("g";
        pills("producer", &scene.producers),
        pills("consumer", &scene.consumers),
        retry(view, &view.retry, scene),
        tray(&view.tray, scene, drain_rate))
}

fn retry(view: &View, retry: &RetryView, scene: &Scene) -> Html {
    let span = retry.until.saturating_sub(retry.since).max(1);
    let done = view.now.saturating_sub(retry.since).min(span) * 100 / span;
    let jobs = words::plural(u64::from(retry.waiting), "job waits", "jobs wait");
    el!("g", "class" = if retry.waiting == 0 { "none" } else { "retry" },
        "transform" = format!("translate({},{})", scene.retry.x, scene.retry.y);
        el!("circle", "class" = "track", "r" = 9),
        el!("circle", "class" = "arc", "r" = 9, "pathLength" = 100, "stroke-dasharray" = format!("{done} 100"),
            "transform" = "rotate(-90)"),
        el!("text", "x" = 16, "y" = -2; t(jobs)),
        el!("text", "x" = 16, "y" = 11; t(format!("{}, try {}", words::span(span), retry.attempt))))
}

fn tray(tray: &TrayView, scene: &Scene, drain_rate: &str) -> Html {
    let Rect { x, y, w, h } = scene.tray;
    if !tray.exists {
        return el!("g", "class" = "absent";
            el!("rect", "x" = x, "y" = y, "width" = w, "height" = h, "rx" = 6),
            el!("text", "x" = x + w / 2, "y" = y + h / 2 + 4, "text-anchor" = "middle";
                t("no dead-letter queue: what fails is dropped")));
    }
    let mut title = ["dead letters ", &words::count(tray.depth)].concat();
    if tray.depth > 0 {
        title.push_str(" · oldest ");
        title.push_str(&words::span(tray.oldest));
    }
    if tray.draining {
        title.push_str(&format!(" · draining {drain_rate}/s"));
    }
    let columns = ((w - 12) / 16).max(1);
    let many = tray.depth > SQUARES;
    let squares = if many { 0 } else { tray.depth as i32 };
    let bar = if many { (w as u64 * tray.depth / tray.peak.max(1)) as i32 - 12 } else { 0 };
    let number = format!("{} jobs; at most {} so far", words::count(tray.depth), words::count(tray.peak));
    let letter = |i: i32| {
        let (x, y) = (x + 7 + i % columns * 16, y + h - 20 - i / columns * 17);
        el!("rect", "class" = "letter", "x" = x, "y" = y, "width" = 13, "height" = 13, "rx" = 2)
    };
    let seen = |class: &'static str| if many { class } else { "none" };
    el!("g", "class" = "tray";
        el!("text", "class" = "hull-label d", "x" = x, "y" = y - 9; t(title)),
        el!("path", "class" = "wall", "d" = format!("M{x},{y}v{h}h{w}v-{h}")),
        el!("g"; ..(0..squares).map(letter).collect()),
        el!("rect", "class" = seen("letter"), "x" = x + 6, "y" = y + h - 40, "width" = bar.max(0), "height" = 34, "rx" = 3),
        el!("text", "class" = seen("number"), "x" = x + 8, "y" = y + h - 47; t(number)))
}
