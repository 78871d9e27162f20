//! What the inspector shows: variables, trees, and a belief on the stage.
use crate::belief::Belief;
use crate::belief::picture::{Picture, Veil};
use crate::facts::{self, Row, Section, Subject};
use crate::scene::Scene;
use crate::sim::Simulation;
use crate::stage;
use crate::trees::{DUTIES, Path, Trees};
use crate::view::{Place, View};
use crate::web::dom::{Markup, put};
use crate::words;

/// Everything that can be chosen from a list.
pub fn choices(m: &mut Markup, sim: &Simulation, view: &View, chosen: Option<Subject>) {
    let mut option = |subject: Subject, word: &str, n: Option<u32>| {
        put!(m; "<option value=", word);
        if let Some(n) = n {
            put!(m; n);
        }
        if chosen == Some(subject) {
            put!(m; " selected=true");
        }
        put!(m; ">", facts::title(sim, subject), "</option>");
    };
    for p in &view.peers {
        option(Subject::Host(p.sid), "zk", Some(u32::from(p.sid)));
    }
    for (i, e) in view.ensembles.iter().enumerate().filter(|(_, e)| e.leader != 0) {
        let _ = e;
        option(Subject::Ensemble(i), "ensemble", Some(i as u32));
    }
    for b in &view.brokers {
        option(Subject::Broker(b.id), "broker", Some(u32::from(b.id)));
    }
    let partitions = sim.scenario().params.get(crate::params::Key::Partitions) as u8;
    for p in 0..partitions {
        option(Subject::Partition(p), "partition", Some(u32::from(p)));
    }
    for i in 0..view.producers {
        option(Subject::Producer(i), "producer", Some(u32::from(i)));
    }
    for i in 0..view.consumers {
        option(Subject::Consumer(i), "consumer", Some(u32::from(i)));
    }
    option(Subject::DeadLetters, "tray", None);
    match chosen {
        Some(job @ Subject::Job(n)) => option(job, "job", Some(n)),
        Some(message @ Subject::Message(_)) => option(message, "message", None),
        _ => {}
    }
}

/// Every variable of the subject.
pub fn variables(m: &mut Markup, sections: &[Section]) {
    if sections.is_empty() {
        put!(m; "<p class=note>There is no such thing in this run, now.</p>");
    }
    put!(m; "<div class=variables>");
    for (i, section) in sections.iter().enumerate() {
        put!(m; "<section key=g", i as i32, "><h4>", &*section.title, "</h4><dl>");
        section.rows.iter().for_each(|row| fact(m, row));
        put!(m; "</dl></section>");
    }
    put!(m; "</div>");
}

fn fact(m: &mut Markup, row: &Row) {
    put!(m; "<div class=\"", if row.differs { "fact differs" } else { "fact" }, "\"><dt>", &*row.name);
    if !row.source.is_empty() {
        put!(m; " <small>", row.source, "</small>");
    }
    put!(m; "</dt><dd>", if row.differs { "≠ " } else { "" }, &*row.value);
    if !row.note.is_empty() {
        put!(m; " <small>", row.note, "</small>");
    }
    put!(m; "</dd></div>");
}

/// The trees of all leaders, and of the host that is looked at.
pub fn side_by_side(m: &mut Markup, found: &Trees, kraft: bool) {
    put!(m; "<p class=note>Each server answers from its own copy. Rows that differ are marked ≠.</p><table class=trees><thead><tr><th scope=col>",
        if kraft { "record" } else { "path" }, "</th>");
    for copy in &found.copies {
        put!(m; "<th scope=col>", if kraft { "controller " } else { "zk" }, copy.sid);
        if let Some(letter) = copy.leads {
            put!(m; if kraft { ", leads " } else { ", leads ensemble " }, if kraft { ' ' } else { letter });
        }
        put!(m; if kraft { ", committed up to " } else { ", zxid 0x" }, if kraft { words::count(copy.applied) } else { words::hex(copy.applied) },
            if copy.serving { "" } else { ", not serving" }, "</th>");
    }
    put!(m; "</tr></thead><tbody>");
    for (duty, name) in DUTIES {
        let rows = || found.rows.iter().filter(|row| row.duty == *duty);
        let odd = rows().filter(|row| row.differs).count();
        if rows().next().is_some() {
            put!(m; "<tr class=duty><th scope=rowgroup colspan=", found.copies.len() as i32 + 1, ">", *name);
            if odd > 0 {
                put!(m; " · ", words::plural(odd as u64, "difference", "differences"));
            }
            put!(m; "</th></tr>");
            rows().for_each(|row| path(m, row));
        }
    }
    put!(m; "</tbody></table>");
}

fn path(m: &mut Markup, row: &Path) {
    put!(m; "<tr class=\"", if row.differs { "differs" } else { "" }, "\"><th scope=row>", if row.differs { "≠ " } else { "" }, &*row.path, "</th>");
    for value in &row.values {
        put!(m; "<td>", value.as_deref().unwrap_or("–"), "</td>");
    }
    put!(m; "</tr>");
}

/// The stage as this node believes it to be, with a banner and the way back.
pub fn as_seen(
    m: &mut Markup,
    title: &str,
    b: &Belief,
    drawn: &Picture,
    whole: &Scene,
    name: &dyn Fn(Place) -> String,
) {
    put!(m; "<div class=\"banner warn\"><p class=headline>As ", title, " sees it</p><p class=caption>", &*b.says,
        " <button type=button data-act=inspect:show data-arg=variables>Back to its variables</button></p></div><div class=stage-wrap>");
    stage::ground(m, &drawn.view, &drawn.scene);
    put!(m; "<svg class=stage width=", whole.width, " height=", whole.height, " role=group aria-label=\"", &*b.says, "\"><g>");
    for h in &drawn.scene.hulls {
        stage::hull_label(m, &drawn.view, h);
    }
    put!(m; "</g><g>");
    stage::hosts::hosts(m, &drawn.view, &drawn.scene);
    put!(m; "</g><g>");
    stage::brokers::brokers(m, &drawn.view, &drawn.scene);
    put!(m; "</g><g>");
    for (i, veil) in drawn.veils.iter().enumerate() {
        outline(m, veil, i, name);
    }
    put!(m; "</g></svg></div><p class=note>Pale, with a number: it knows that one by name, and nothing more. Pale, with a question mark: it does not \
        know that it exists.</p>");
}

/// A node that it does not know.
fn outline(m: &mut Markup, v: &Veil, i: usize, name: &dyn Fn(Place) -> String) {
    let knows = if v.named { ": known to it by name alone" } else { ": not known to it" };
    put!(m; "<g key=v", i as i32, " class=\"veil", if v.named { " named" } else { "" }, "\" role=img aria-label=\"", name(v.place), knows, "\"><rect x=",
        v.rect.x, " y=", v.rect.y, " width=", v.rect.w, " height=", v.rect.h, " rx=8 /><text x=", v.rect.center().x, " y=", v.rect.center().y + 4,
        " text-anchor=middle aria-hidden=true>");
    match (v.named, v.place) {
        (true, Place::Peer(n) | Place::Broker(n)) => put!(m; n),
        _ => put!(m; "?"),
    }
    put!(m; "</text></g>");
}
