//! Producers, jobs that wait to retry, the dead-letter tray, consumers.
use crate::markup::{Markup, put};
use crate::scene::{Rect, Scene};
use crate::view::{RetryView, TrayView, View};
use crate::words;

/// Up to this many dead letters are drawn one by one.
const SQUARES: u64 = 30;

/// The clients' band.
pub fn clients(m: &mut Markup, view: &View, scene: &Scene, drain_rate: &str) {
    for (word, rects) in [("producer ", &scene.producers), ("consumer ", &scene.consumers)] {
        put!(m; "<g>");
        for (i, r) in rects.iter().enumerate() {
            put!(m; "<g class=client><rect x=", r.x, " y=", r.y, " width=", r.w, " height=", r.h, " rx=12 /><text x=", r.center().x,
                " y=", r.center().y + 4, " text-anchor=middle>", word, i as i32 + 1, "</text></g>");
        }
        put!(m; "</g>");
    }
    retry(m, view, &view.retry, scene);
    tray(m, &view.tray, scene, drain_rate);
}

fn retry(m: &mut Markup, view: &View, retry: &RetryView, scene: &Scene) {
    let span = retry.until.saturating_sub(retry.since).max(1);
    let done = view.now.saturating_sub(retry.since).min(span) * 100 / span;
    put!(m; "<g class=", if retry.waiting == 0 { "none" } else { "retry" }, " transform=translate(", scene.retry.x, ",", scene.retry.y,
        ")><circle class=track r=9 /><circle class=arc r=9 pathLength=100 stroke-dasharray=\"", done as i32,
        " 100\" transform=rotate(-90) /><text x=16 y=-2>", words::plural(u64::from(retry.waiting), "job waits", "jobs wait"),
        "</text><text x=16 y=11>", words::span(span), ", try ", retry.attempt, "</text></g>");
}

fn tray(m: &mut Markup, tray: &TrayView, scene: &Scene, drain_rate: &str) {
    let Rect { x, y, w, h } = scene.tray;
    if !tray.exists {
        put!(m; "<g class=absent><rect x=", x, " y=", y, " width=", w, " height=", h, " rx=6 /><text x=", x + w / 2, " y=", y + h / 2 + 4,
            " text-anchor=middle>no dead-letter queue: what fails is dropped</text></g>");
        return;
    }
    put!(m; "<g class=tray><text class=\"hull-label d\" x=", x, " y=", y - 9, ">dead letters ", words::count(tray.depth));
    if tray.depth > 0 {
        put!(m; " · oldest ", words::span(tray.oldest));
    }
    if tray.draining {
        put!(m; " · draining ", drain_rate, "/s");
    }
    put!(m; "</text><path class=wall d=M", x, ",", y, "v", h, "h", w, "v", -h, " />");
    let columns = ((w - 12) / 16).max(1);
    if tray.depth > SQUARES {
        let bar = (w as u64 * tray.depth / tray.peak.max(1)) as i32 - 12;
        put!(m; "<rect class=letter x=", x + 6, " y=", y + h - 40, " width=", bar.max(0), " height=34 rx=3 /><text class=number x=", x + 8,
            " y=", y + h - 47, ">", words::count(tray.depth), " jobs; at most ", words::count(tray.peak), " so far</text>");
    } else {
        for i in 0..tray.depth as i32 {
            put!(m; "<rect class=letter x=", x + 7 + i % columns * 16, " y=", y + h - 20 - i / columns * 17, " width=13 height=13 rx=2 />");
        }
    }
    put!(m; "</g>");
}
