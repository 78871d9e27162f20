//! Producers, jobs that wait to retry, the dead-letter tray, consumers.
use yew::Html;

use crate::scene::{Rect, Scene};
use crate::view::{RetryView, TrayView, View};
use crate::web::dom::view;
use crate::words;

/// Up to this many dead letters are drawn one by one.
const SQUARES: u64 = 30;

/// The clients' band.
pub fn clients(view: &View, scene: &Scene, drain_rate: &str) -> Html {
    let pills = |word: &'static str, rects: &[Rect]| {
        let pill = |(i, r): (usize, &Rect)| {
            view!(
                "<g class=client><rect x={} y={} width={} height={} rx=12 /><text x={} y={} text-anchor=middle>{}</text></g>",
                r.x,
                r.y,
                r.w,
                r.h,
                r.center().x,
                r.center().y + 4,
                format!("{word} {}", i + 1),
            )
        };
        rects.iter().enumerate().map(pill).collect::<Vec<Html>>()
    };
    view!(
        "<g><g>{}</g><g>{}</g>{}{}</g>",
        pills("producer", &scene.producers),
        pills("consumer", &scene.consumers),
        retry(view, &view.retry, scene),
        tray(&view.tray, scene, drain_rate),
    )
}

fn retry(view: &View, retry: &RetryView, scene: &Scene) -> Html {
    let span = retry.until.saturating_sub(retry.since).max(1);
    let done = view.now.saturating_sub(retry.since).min(span) * 100 / span;
    let jobs = words::plural(u64::from(retry.waiting), "job waits", "jobs wait");
    view!(
        "<g class={} transform={}><circle class=track r=9 />
        <circle class=arc r=9 pathLength=100 stroke-dasharray={} transform=rotate(-90)/>
        <text x=16 y=-2>{}</text><text x=16 y=11>{}</text></g>",
        if retry.waiting == 0 { "none" } else { "retry" },
        format!("translate({},{})", scene.retry.x, scene.retry.y),
        format!("{done} 100"),
        jobs,
        format!("{}, try {}", words::span(span), retry.attempt),
    )
}

fn tray(tray: &TrayView, scene: &Scene, drain_rate: &str) -> Html {
    let Rect { x, y, w, h } = scene.tray;
    if !tray.exists {
        return view!(
            "<g class=absent><rect x={} y={} width={} height={} rx=6 />
            <text x={} y={} text-anchor=middle>no dead-letter queue: what fails is dropped</text></g>",
            x,
            y,
            w,
            h,
            x + w / 2,
            y + h / 2 + 4,
        );
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
        view!("<rect class=letter x={} y={} width=13 height=13 rx=2 />", x, y)
    };
    let seen = |class: &'static str| if many { class } else { "none" };
    view!(
        "<g class=tray><text class=\"hull-label d\" x={} y={}>{}</text><path class=wall d={}/><g>{}</g>
        <rect class={} x={} y={} width={} height=34 rx=3 /><text class={} x={} y={}>{}</text></g>",
        x,
        y - 9,
        title,
        format!("M{x},{y}v{h}h{w}v-{h}"),
        (0..squares).map(letter).collect::<Vec<Html>>(),
        seen("letter"),
        x + 6,
        y + h - 40,
        bar.max(0),
        seen("number"),
        x + 8,
        y + h - 47,
        number,
    )
}
