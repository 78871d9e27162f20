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
        #[cfg(feature = "lab")]
        {
            self.panel.described = (scenario.description.clone(), scenario.locale.clone());
        }
        self.panel.wide = self.wide;
        self.write_panel(shared);
    }

    pub(super) fn write_panel(&mut self, shared: &Shared) {
        let mut m = Markup::default();
        panel(&mut m, &self.panel);
        self.panel_nodes = shared.nodes(m);
        self.shown_revision = self.panel.revision;
        self.fill = true;
    }

    pub(super) fn header(&self, m: &mut Markup, player: &Player) {
        let (banner, said) = (banner(&self.view), Caption::of(&self.view));
        put!(m; "<div class=head><h2 class=title>");
        title(m, player.scenario());
        put!(m; "<span class=sub> seed ", format_value(Key::Seed, player.scenario().params.get(Key::Seed)),
            "</span></h2><div class=\"banner ", tone(banner.tone), "\" part=banner><p class=headline>", banner.headline,
            "</p><p class=caption><span>", said.text, " <span class=src title=Source>", said.source.label(),
            "</span></span></p><p class=differs data-words=\"differs/", place(&self.view).map_or(-1, |place| place as i32),
            "\"></p></div></div>");
    }

    pub(super) fn main(&self, m: &mut Markup, shared: &Shared, player: &Player) {
        let params = &player.scenario().params;
        let (view, scene) = (&*self.view, &*self.scene);
        let track = Track { width: self.width, end: view.end };
        let plan = (player.sim().plan() != 0).then(|| params.get(Key::HealAt) as Micros);
        let playing =
            Playing { paused: player.paused(), speed: player.speed(), pace: player.pace(), slow: slow(player) };
        let summary = [&*banner(view).headline, ". ", &caption(view)].concat();
        let comparing = self.comparing();
        put!(m; "<div class=main>");
        self.lesson(m, player);
        put!(m; "<div class=", if comparing { "stages" } else { "stage-alone" }, "><div class=this>");
        self.this_title(m, player);
        put!(m; "<div class=here><div class=stage-wrap>");
        ground(m, view, scene);
        put!(m; "<canvas aria-hidden=true></canvas>");
        stage(m, view, scene, params, &summary, &legend(shared, player.pace()));
        self.marks(m, scene);
        put!(m; "</div><div class=over>");
        notices(m, &shared.notices.borrow(), player.sim().stopped());
        question(m, player.asking(), view, scene);
        inspect(m, player.sim(), view, scene, (self.selected, &self.error));
        put!(m; "</div></div></div>");
        self.beside(m, player);
        put!(m; "</div>");
        transport(m, view, &playing);
        timeline(m, view, player.known(), &track, plan);
        let beside = player.twin().map_or(&[][..], |(_, recording)| recording.sim().history());
        charts(m, view, [player.sim().history(), beside], player.known(), &track);
        fates(m, view, self.width);
        self.fates_beside(m, player);
        self.panels(m, player);
        put!(m; "</div>");
    }
}

/// The run beside the one that is shown.
#[cfg(feature = "lab")]
pub struct Twin {
    view: View,
    scene: Scene,
    title: String,
    differences: Vec<crate::compare::Difference>,
}

/// Two stages stand side by side from this width on.
#[cfg(feature = "lab")]
const TWO_STAGES: i32 = 900;

#[cfg(not(feature = "lab"))]
impl App {
    pub(super) fn advance(&mut self, player: &mut Player, wall: u64, spent: &mut dyn FnMut() -> bool) -> bool {
        player.frame(wall, spent)
    }

    pub(super) fn comparing(&self) -> bool {
        false
    }

    pub(super) fn stage_width(&self) -> i32 {
        self.width
    }

    fn marks(&self, _: &mut Markup, _: &Scene) {}

    fn lesson(&self, _: &mut Markup, _: &Player) {}

    fn beside(&self, _: &mut Markup, _: &Player) {}

    fn this_title(&self, _: &mut Markup, _: &Player) {}

    fn fates_beside(&self, _: &mut Markup, _: &Player) {}
}

#[cfg(feature = "lab")]
impl App {
    /// Lets wall time go by; a lesson looks at the run on the way.
    pub(super) fn advance(&mut self, player: &mut Player, wall: u64, spent: &mut dyn FnMut() -> bool) -> bool {
        if !self.lab.teaches() || player.paused() || player.seeking() {
            return player.frame(wall, spent);
        }
        let until = player.due(wall);
        loop {
            let stop = until.min(crate::lesson::play::horizon(player.sim().now()));
            player.go(stop, spent);
            self.lab.watch(player);
            if player.paused() || player.sim().now() >= until || spent() {
                return true;
            }
        }
    }

    pub(super) fn comparing(&self) -> bool {
        self.twin.is_some()
    }

    pub(super) fn stage_width(&self) -> i32 {
        if self.comparing() && self.width >= TWO_STAGES { (self.width - 20) / 2 } else { self.width }
    }

    /// Looks at the run beside this one.
    fn look_beside(&mut self, player: &Player) {
        let Some((run, recording)) = player.twin() else {
            self.twin = None;
            return;
        };
        let (view, title) = (recording.sim().view(), crate::web::lab::run_title(player, run));
        let differences = crate::compare::nodes(&self.view, &view);
        // The width depends on there being a twin at all.
        self.twin = Some(Twin { view, scene: Scene::default(), title, differences });
        let size = Size { width: self.stage_width() };
        if let Some(twin) = &mut self.twin {
            twin.scene = Scene::of(&twin.view, size);
        }
    }

    /// The step of the lesson that is shown.
    fn lesson(&self, m: &mut Markup, player: &Player) {
        self.lab.draw_lesson(m, player);
    }

    /// Rings around the nodes that are not the same in both runs.
    fn marks(&self, m: &mut Markup, scene: &Scene) {
        let Some(twin) = &self.twin else { return };
        put!(m; "<svg class=\"stage differing\" width=", scene.width, " height=", scene.height, " aria-hidden=true>");
        for d in &twin.differences {
            match d.node {
                Node::Peer(sid) => {
                    if let Some(p) = scene.peers.iter().find(|p| p.sid == sid) {
                        put!(m; "<circle cx=", p.at.x, " cy=", p.at.y, " r=", scene.radius + 7, " />");
                    }
                }
                Node::Broker(id) => {
                    if let Some(b) = scene.brokers.iter().find(|b| b.id == id) {
                        put!(m; "<rect x=", b.card.x - 4, " y=", b.card.y - 4, " width=", b.card.w + 8, " height=", b.card.h + 8, " rx=9 />");
                    }
                }
                Node::Consumer(_) | Node::Producer(_) => {}
            }
        }
        put!(m; "</svg>");
    }

    /// The stage of the run beside it. It is a picture: what differs is in a table below, too.
    fn beside(&self, m: &mut Markup, player: &Player) {
        let Some(twin) = &self.twin else { return };
        let headline = banner(&twin.view);
        put!(m; "<div class=twin><p class=\"twin-title ", tone(headline.tone), "\"><b>");
        m.quote(&twin.title);
        put!(m; "</b> ", headline.headline, ". ");
        m.quote(&caption(&twin.view));
        put!(m; "</p><div class=stage-wrap inert=true aria-hidden=true>");
        ground(m, &twin.view, &twin.scene);
        put!(m; "<canvas></canvas>");
        let params = player.twin().map_or(&player.scenario().params, |(run, _)| &run.scenario.params);
        stage(m, &twin.view, &twin.scene, params, "", "");
        self.marks(m, &twin.scene);
        put!(m; "</div></div>");
    }

    /// What the run on this side is called, when there are two.
    fn this_title(&self, m: &mut Markup, player: &Player) {
        if self.comparing() {
            let headline = banner(&self.view);
            put!(m; "<p class=\"twin-title ", tone(headline.tone), "\"><b>");
            m.quote(&crate::web::lab::run_title(player, player.run()));
            put!(m; "</b> ", headline.headline, ". ");
            m.quote(&caption(&self.view));
            put!(m; "</p>");
        }
    }

    /// The fates of the other run's jobs, below this one's.
    fn fates_beside(&self, m: &mut Markup, _: &Player) {
        if let Some(twin) = &self.twin {
            put!(m; "<p class=twin-name>");
            m.quote(&twin.title);
            put!(m; "</p>");
            fates(m, &twin.view, self.width);
        }
    }

    /// The page shows the stage of the run beside it: its canvas must fit.
    pub(super) fn settle_twin(&self, shared: &Shared) {
        if let Some(twin) = &self.twin {
            shared.twin_painter.borrow_mut().learn(&twin.scene);
            shared.host.fit(twin.scene.width, twin.scene.height);
        }
    }

    /// What moves in the run beside it.
    pub(super) fn draw_twin(&self, shared: &Shared, player: &Player) {
        if let (Some(_), Some((_, recording))) = (&self.twin, player.twin()) {
            let mut painter = shared.twin_painter.borrow_mut();
            let marks = painter.draw(recording.sim(), player.pace(), player.paused());
            shared.host.draw(marks, player.paused(), 1);
        }
    }
}

/// What the scenario is called.
#[cfg(not(feature = "lab"))]
fn title(m: &mut Markup, scenario: &crate::scenario::Scenario) {
    m.quote(&scenario.title);
}

/// What the scenario is called, in the language of its file.
#[cfg(feature = "lab")]
fn title(m: &mut Markup, scenario: &crate::scenario::Scenario) {
    m.quote_in(&scenario.locale, &scenario.title);
}

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Calm => "calm",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
        Tone::Good => "good",
    }
}

impl App {
    /// The strip that opens panels. Before the lab is loaded, the element loads it and opens the panel then.
    fn strip(m: &mut Markup, open: &str) {
        put!(m; "<div class=tabs role=group aria-label=\"Understand this run\">");
        for (name, title) in crate::panels::TABLE {
            if name == "share" {
                put!(m; "<button type=button class=moment data-lab=share data-arg=link aria-expanded=", if open == "share" { "true" } else { "false" }, ">Link to this moment</button>");
                button(m, "help", "", "Keys (?)");
                continue;
            }
            put!(m; "<button type=button data-lab=", name, " aria-expanded=", if name == open { "true" } else { "false" }, ">", title, "</button>");
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
        crate::web::lab::Ctx { player, view: &self.view, width: self.width, selected: self.selected }
    }

    /// Lets the open panel look at the run, and does what it asks.
    #[cfg(feature = "lab")]
    pub(super) fn refresh_lab(&mut self, shared: &Shared) {
        self.lab.watch(&mut shared.player.borrow_mut());
        for ask in self.lab.take_asks() {
            shared.ask(ask);
        }
        self.look_beside(&shared.player.borrow());
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
    put!(m; "<div class=notice-place><div class=notice part=notice", hidden, "><ul>");
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
