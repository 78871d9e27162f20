//! The panel "Why?": the chain from an event back to its root, what came of it, and the life of its job.
use super::{Ask, Ctx};
use crate::event::{Event, EventId, What};
use crate::metrics::{MILESTONES, Milestone};
use crate::player::{Player, RunId};
use crate::recording::Recording;
use crate::scene::milestone_words;
use crate::view::Micros;
use crate::web::dom::{Markup, put};
use crate::why::{self, Chain, Forward, Kind, Life, Link, Step};
use crate::words::{self, say};

/// Events before the present that are looked through for what one may ask about.
const NEARBY: u64 = 4_000;
/// While it plays, only every so many looks are real ones: simulating again costs time.
pub(super) const EVERY: u32 = 5;

/// See the module's first line.
#[derive(Default)]
pub struct Panel {
    link: Option<Link>,
    chain: Option<Chain>,
    forward: Option<Forward>,
    life: Option<Life>,
    /// Show the steps that only carry the chain on.
    all: bool,
    /// The number of a job, as it stands in its field, and why nothing is known of it.
    draft: String,
    unknown: String,
    /// The latest events of some kinds, at this many events.
    latest: (u64, Vec<Link>),
    looks: u32,
    /// The run that all this is about.
    run: RunId,
}

impl Panel {
    /// Looks for what one may ask about at this instant. An answer stays until something else is asked.
    pub fn refresh(&mut self, ctx: &Ctx) {
        let (run, id) = (ctx.player.recording(), ctx.player.run().id);
        self.belong(id);
        let now = run.sim().event_count();
        self.looks += 1;
        let skip = !ctx.player.paused() && !self.looks.is_multiple_of(EVERY);
        if now == self.latest.0 || (skip && !self.latest.1.is_empty()) {
            return;
        }
        let mut latest: Vec<Link> = Vec::new();
        run.replay(now.saturating_sub(NEARBY).max(1)..now + 1, &mut |sim, event| {
            if is_offered(event) {
                latest.retain(|link| link.name != event.what.name());
                latest.push(Link::of(event, sim.sids()));
            }
            true
        });
        latest.reverse();
        self.latest = (now, latest);
    }

    /// Forgets what was asked about another run.
    fn belong(&mut self, run: RunId) {
        if self.run != run {
            *self = Panel { run, all: self.all, ..Panel::default() };
        }
    }

    /// A person used a control.
    pub fn act(&mut self, verb: &str, arg: &str, player: &mut Player, asks: &mut Vec<Ask>) -> bool {
        self.belong(player.run().id);
        let run = player.recording();
        let number = arg.parse::<u64>().ok();
        let asked = self.link.as_ref().map_or(0, |link| link.id);
        match (verb, number) {
            ("ask", Some(id)) => self.ask(run, id, asks),
            ("milestone", _) => match Milestone::find(arg).and_then(|m| event_of(run, m)) {
                Some(id) => self.ask(run, id, asks),
                None => return false,
            },
            ("draft", _) => self.draft = arg.to_string(),
            ("about" | "open", _) => {
                let number = if verb == "open" { arg } else { self.draft.as_str() };
                let job = number.trim().parse::<u32>().ok();
                match job.and_then(|job| why::about_job(run, job)) {
                    Some(id) => self.ask(run, id, asks),
                    None => self.unknown = say!("Nothing is known of job ", number, " up to now."),
                }
            }
            ("seek", Some(at)) => asks.push(Ask::Seek(at)),
            ("forward", _) => self.forward = why::forward(run, asked),
            ("job", _) => {
                let job = self.link.as_ref().and_then(|link| link.job);
                self.life = job.map(|job| why::of_job(run, job, asked));
            }
            ("all", _) => self.all = !self.all,
            _ => return false,
        }
        true
    }

    fn ask(&mut self, run: &Recording, id: EventId, asks: &mut Vec<Ask>) {
        let latest = std::mem::take(&mut self.latest);
        *self = Panel { all: self.all, run: self.run, latest, chain: why::chain(run, id), ..Panel::default() };
        self.link = self.chain.as_ref().and_then(|chain| chain.steps.first()).map(|step| step.link.clone());
        if let Some(chain) = &self.chain {
            let told: Vec<&str> = chain.steps.iter().filter(|s| !s.minor).map(|s| s.text.as_str()).collect();
            asks.push(Ask::Say(told.join("\nbecause\n")));
        }
    }

    /// Writes the panel.
    pub fn draw(&self, m: &mut Markup, ctx: &Ctx) {
        put!(m; "<div class=why>");
        match (&self.link, &self.chain) {
            (Some(link), Some(chain)) => self.answer(m, link, chain),
            _ => {
                put!(m; "<p class=note>Ask about anything that happened: every step leads back to what caused it, and to what it ran into.</p>")
            }
        }
        self.offered(m, ctx);
        put!(m; "</div>");
    }

    fn offered(&self, m: &mut Markup, ctx: &Ctx) {
        put!(m; "<h3>", if self.chain.is_none() { "Why did this happen?" } else { "Ask about something else" }, "</h3><p class=filters>");
        for (milestone, at) in ctx.view.milestones.iter().filter(|(m, _)| *m != Milestone::End) {
            let name = MILESTONES[*milestone as usize].1;
            put!(m; "<button type=button class=chip data-act=why:milestone data-arg=", name, ">", milestone_words(*milestone), " ", words::clock(*at), "</button> ");
        }
        put!(m; "</p><p class=actions><label for=why-job>Or about job</label> <input type=text inputmode=numeric id=why-job autocomplete=off \
            data-in=why:draft value=\"");
        m.quote(&self.draft);
        put!(m; "\"/> <button type=button data-act=why:about>Why?</button> <span class=oops>");
        m.quote(&self.unknown);
        put!(m; "</span></p><ul class=events>");
        for link in &self.latest.1 {
            event(m, link, "why:ask");
        }
        put!(m; "</ul>");
    }

    fn answer(&self, m: &mut Markup, link: &Link, chain: &Chain) {
        put!(m; "<h3>Why? ", link.text.as_str(), ".</h3>");
        let minor = chain.steps.iter().filter(|s| s.minor).count() as i32;
        if minor > 0 {
            put!(m; "<p><button type=button class=chip data-act=why:all aria-pressed=", if self.all { "true" } else { "false" },
                ">with ", minor, if minor == 1 { " small step" } else { " small steps" }, "</button></p>");
        }
        put!(m; "<ul class=chain>");
        let mut because = "";
        for one in chain.steps.iter().filter(|s| self.all || !s.minor) {
            step(m, one, because);
            because = "because ";
        }
        put!(m; "<li class=root><p class=note>", chain.root.says(), ".</p></li></ul>");
        self.consequences(m);
        self.job(m, link);
    }

    fn consequences(&self, m: &mut Markup) {
        let Some(f) = &self.forward else {
            put!(m; "<p><button type=button data-act=why:forward>What came of it?</button></p>");
            return;
        };
        put!(m; "<h3>What came of it</h3><p class=note>", words::plural(f.total, "event", "events"), " among the ",
            words::count(f.looked_at), " seen after it", if f.cut { "; it looked no further" } else { "" }, ".</p><p class=filters>");
        for (kind, n) in &f.counts {
            put!(m; "<span class=chip>", kind.label(), " ", words::count(*n), "</span> ");
        }
        put!(m; "</p><ul class=events>");
        for first in &f.notable {
            event(m, &first.link, "why:ask");
            if first.count > 1 {
                put!(m; "<li class=more>and ", words::count(first.count - 1), " more of this sort</li>");
            }
        }
        put!(m; "</ul>");
    }

    fn job(&self, m: &mut Markup, link: &Link) {
        let told = link;
        let Some(job) = told.job else { return };
        let Some(life) = &self.life else {
            put!(m; "<p><button type=button data-act=why:job>The life of job ", job, "</button></p>");
            return;
        };
        put!(m; "<h3>The life of job ", job, "</h3><ul class=events>");
        for link in &life.links {
            event(m, link, if told.id == link.id { "" } else { "why:ask" });
        }
        put!(m; "</ul>");
        if life.cut {
            put!(m; "<p class=note>Only a stretch of the run was searched.</p>");
        }
    }
}

/// When something happened, as a button that goes there.
pub(super) fn when(m: &mut Markup, at: Micros) {
    put!(m; "<button type=button class=when title=\"Go to this instant\" data-act=why:seek data-arg=", words::number(at), ">", stamp(at), "</button>");
}

/// `0:07.081`: within an election a tenth of a second says nothing.
fn stamp(at: Micros) -> String {
    let [tens, ones] = [at / 10_000 % 10, at / 1_000 % 10].map(words::number);
    [words::clock(at), tens, ones].concat()
}

/// An event as one line of a list.
pub(super) fn event(m: &mut Markup, link: &Link, ask: &str) {
    put!(m; "<li>");
    when(m, link.at);
    put!(m; "<span class=told>", link.text.as_str(), "</span>");
    if !ask.is_empty() {
        put!(m; "<button type=button class=quiet data-act=", ask, " data-arg=", words::number(link.id), " aria-label=\"Why? ",
            link.text.as_str(), "\">Why?</button>");
    }
    put!(m; "</li>");
}

fn step(m: &mut Markup, step: &Step, because: &str) {
    put!(m; "<li class=\"step ", step.link.kind.label(), if step.minor { " minor" } else { "" }, "\">");
    when(m, step.link.at);
    put!(m; "<div class=told><p><span class=mute>", because, "</span>", step.text.as_str(), " <span class=src title=Source>", step.source.label(),
        "</span></p>");
    if let Some(aside) = &step.aside {
        put!(m; "<p class=aside><span class=mute>beside it:</span> ", aside.text.as_str(),
            " <button type=button class=quiet data-act=why:ask data-arg=", words::number(aside.id), ">Why?</button></p>");
    }
    if !step.settings.is_empty() {
        put!(m; "<p class=settings>");
        for setting in &step.settings {
            put!(m; "<span class=chip>", setting.key.param().label, " <b>", setting.value.as_str(), "</b></span> ");
        }
        put!(m; "</p>");
    }
    if !step.folded.is_empty() {
        put!(m; "<details><summary>", words::plural(step.folded.len() as u64, "earlier one", "earlier ones"), "</summary><ul class=events>");
        for link in &step.folded {
            event(m, link, "");
        }
        put!(m; "</ul></details>");
    }
    put!(m; "</div></li>");
}

/// Is this worth asking about? The latest of each name is offered.
fn is_offered(event: &Event) -> bool {
    let telling = matches!(
        event.what,
        What::DeadLettered { .. } | What::Dropped { .. } | What::LostJob { .. } | What::DuplicateEffect { .. }
    );
    let kind = Kind::of(event);
    telling || (!why::is_minor(&event.what) && !matches!(kind, Kind::Job | Kind::Consumer))
}

/// The event by which a milestone was reached.
fn event_of(run: &Recording, milestone: Milestone) -> Option<EventId> {
    let (_, at) = *run.sim().milestones().iter().find(|(m, _)| *m == milestone)?;
    let end = run.at(at).event_count() + 1;
    let mut found = None;
    run.replay(end.saturating_sub(NEARBY).max(1)..end, &mut |_, event| {
        if event.what == (What::Reached { milestone }) {
            found = Some(event.id);
        }
        found.is_none()
    });
    found
}
