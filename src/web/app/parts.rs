//! The component's pieces: the panel, the header and the body; the question, notices and a few lookups.
use super::*;
use crate::words;

impl App {
    /// Writes the panel anew when something in it changed.
    pub(super) fn renew_panel(&mut self, shared: &Shared) {
        let player = shared.player.borrow();
        let scenario = player.scenario();
        let same = self.panel.params == scenario.params && self.panel.scenario == scenario.id;
        if same && self.panel.wide == self.wide && self.panel.revision == self.shown_revision {
            return;
        }
        self.panel.params = scenario.params.clone();
        self.panel.scenario.clone_from(&scenario.id);
        self.panel.wide = self.wide;
        self.write_panel();
    }

    pub(super) fn write_panel(&mut self) {
        let mut m = Markup::default();
        panel(&mut m, &self.panel);
        self.panel_nodes = m.nodes();
        self.shown_revision = self.panel.revision;
        self.fill = true;
    }

    pub(super) fn header(&self, m: &mut Markup, player: &Player) {
        let (banner, said) = (banner(&self.view), Caption::of(&self.view));
        let tone = match banner.tone {
            Tone::Calm => "calm",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
            Tone::Good => "good",
        };
        put!(m; "<header><h2 class=title>");
        m.quote(&player.scenario().title);
        put!(m; "<span class=sub> seed ", format_value(Key::Seed, player.scenario().params.get(Key::Seed)),
            "</span></h2><div class=\"banner ", tone, "\" part=banner><p class=headline role=status>", banner.headline,
            "</p><p class=caption><span>", said.text, " <span class=src title=Source>", said.source.label(),
            "</span></span></p><p class=differs data-words=\"differs/", place(&self.view).map_or(-1, |place| place as i32),
            "\"></p></div></header>");
    }

    pub(super) fn main(&self, m: &mut Markup, shared: &Shared, player: &Player) {
        let params = &player.scenario().params;
        let (view, scene) = (&*self.view, &*self.scene);
        let track = Track { width: scene.width, end: view.end };
        let plan = (params.get(Key::Heal) != 0).then(|| params.get(Key::HealAt) as Micros);
        let playing =
            Playing { paused: player.paused(), speed: player.speed(), pace: player.pace(), slow: slow(player) };
        let summary = [&*banner(view).headline, ". ", &caption(view)].concat();
        put!(m; "<div class=main><div class=stage-wrap>");
        ground(m, view, scene);
        put!(m; "<canvas aria-hidden=true></canvas>");
        stage(m, view, scene, params, &summary, &legend(shared, player.pace()));
        put!(m; "</div><div class=over>");
        notices(m, &shared.notices.borrow(), player.sim().stopped());
        question(m, player.asking(), view, scene);
        inspect(m, player.sim(), view, scene, (self.selected, &self.error));
        put!(m; "</div>");
        transport(m, view, &playing);
        timeline(m, view, player.known(), &track, plan);
        charts(m, view, player.sim().history(), player.known(), &track);
        fates(m, view, scene.width);
        self.panels(m, player);
        put!(m; "</div>");
    }
}

/// The panels there are, in both builds: name and title.
#[rustfmt::skip]
const PANELS: &[(&str, &str)] = &[
    ("inspect", "Inspect"), ("why", "Why?"), ("log", "Log"), ("spacetime", "Messages"), ("quorum", "Majorities"), ("charts", "Charts"), ("runs", "Runs and compare"), ("report", "Report"),
];

/// The title of a panel.
#[cfg(feature = "lab")]
pub fn title(name: &str) -> &'static str {
    PANELS.iter().find(|(n, _)| *n == name).map_or("", |(_, title)| title)
}

impl App {
    /// The strip that opens panels. Before the lab is loaded, the element loads it and opens the panel then.
    fn strip(m: &mut Markup, open: &str) {
        put!(m; "<div class=strip role=group aria-label=\"Understand this run\">");
        for (name, title) in PANELS {
            put!(m; "<button type=button data-lab=", *name, " aria-expanded=", if *name == open { "true" } else { "false" }, ">", *title, "</button>");
        }
        put!(m; "</div>");
    }

    #[cfg(not(feature = "lab"))]
    fn panels(&self, m: &mut Markup, _: &Player) {
        App::strip(m, "");
    }

    #[cfg(feature = "lab")]
    fn panels(&self, m: &mut Markup, player: &Player) {
        App::strip(m, self.lab.tab.map_or("", crate::web::lab::Tab::name));
        self.lab.draw(m, &self.lab_context(player));
    }

    #[cfg(feature = "lab")]
    fn lab_context<'a>(&'a self, player: &'a Player) -> crate::web::lab::Ctx<'a> {
        crate::web::lab::Ctx { player, view: &self.view, width: self.scene.width, selected: self.selected }
    }

    /// Lets the open panel look at the run, and does what it asks.
    #[cfg(feature = "lab")]
    pub(super) fn refresh_lab(&mut self, shared: &Shared) {
        for ask in self.lab.take_asks() {
            shared.ask(ask);
        }
        let mut lab = std::mem::take(&mut self.lab);
        lab.refresh(&self.lab_context(&shared.player.borrow()));
        self.lab = lab;
    }
}

pub(super) fn lower_first(text: &str) -> String {
    let mut text = text.to_string();
    // ASCII only: the tables for all of Unicode would cost 13 kB.
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    text
}

/// Is the join rate one at which the new hosts join?
pub(super) fn slow(player: &Player) -> bool {
    hint(&player.scenario().params).0 == Forecast::Join
}

/// The milestone before or after now.
pub(super) fn neighbour(player: &Player, by: i8) -> Option<Target> {
    let now = player.sim().now();
    let known = player.known().iter();
    if by < 0 {
        // Half a second of grace, so that pressing twice goes back twice while it plays.
        let grace = if player.paused() { 0 } else { 500_000 };
        return Some(Target::Time(known.rev().map(|(_, at)| *at).find(|at| at + grace < now).unwrap_or(0)));
    }
    let next = known.map(|(_, at)| *at).find(|at| *at > now);
    next.map(Target::Time).or_else(|| {
        let unknown = crate::metrics::MILESTONES.iter().map(|(m, _)| *m);
        unknown
            .filter(|m| *m != Milestone::End)
            .find(|m| !player.known().iter().any(|(k, _)| k == m))
            .map(Target::Milestone)
    })
}

/// Says when a dot is not one message.
fn legend(shared: &Shared, pace: u32) -> String {
    let [messages, jobs] = shared.painter.borrow().per_dot.map(|n| words::count(n as u64));
    if pace > crate::web::paint::FLOW_SPEED {
        "lines: how much flows".to_string()
    } else if messages != jobs {
        let [job, message] = [&jobs, &messages].map(|n| if n == "1" { "" } else { "s" });
        ["one dot = ", &jobs, " job", job, ", or ", &messages, " other message", message].concat()
    } else if jobs != "1" {
        ["one dot = ", &jobs, " messages"].concat()
    } else {
        String::new()
    }
}

pub(super) fn notices(m: &mut Markup, notices: &[String], stopped: Option<&str>) {
    let hidden = if notices.is_empty() && stopped.is_none() { " hidden" } else { "" };
    put!(m; "<div class=notice-place role=status><div class=notice part=notice", hidden, "><ul>");
    for notice in notices {
        put!(m; "<li>");
        m.quote(notice);
        put!(m; "</li>");
    }
    if let Some(why) = stopped {
        put!(m; "<li>The run cannot go on: ", why, "</li>");
    }
    put!(m; "</ul>");
    button(m, "dismiss", "", "Dismiss");
    put!(m; "</div></div>");
}

/// The one question the page asks by itself.
pub(super) fn question(m: &mut Markup, asking: bool, view: &View, scene: &Scene) {
    put!(m; "<div class=question", if asking { "" } else { " hidden" }, " role=group aria-label=\"A question\" data-left=", scene.width / 2,
        " data-top=", scene.kafka_y - 8, "><h3>Which leader is right?</h3>\
        <p>Both won a majority of the list they were given: ");
    let mut join = "";
    for e in view.ensembles.iter().take(2) {
        put!(m; join, e.majority, " of ", e.list_len);
        join = " and ";
    }
    put!(m; ". The lists differ, and nothing compares them.</p>");
    button(m, "continue", "primary", "Continue");
    put!(m; "</div>");
}
