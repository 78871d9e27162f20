//! The panel of the inspector: every variable of a thing, the trees side by side, and the stage as one node believes it to be.
mod shows;

use super::{Ask, Ctx};
use crate::belief::picture::{Picture, picture};
use crate::belief::{Belief, belief};
use crate::facts::{self, Section, Subject};
use crate::player::Player;
use crate::scenario::Node;
use crate::scene::{Scene, Size};
use crate::trees::{Trees, trees};
use crate::view::{Flight, Place, View};
use crate::web::dom::{Markup, put};

/// Messages that are offered for a look.
const MESSAGES: usize = 12;
/// The panel's own border and padding on both sides, in CSS pixels.
const FRAME: i32 = 26;

/// What it shows.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Show {
    /// Variables.
    #[default]
    Variables,
    /// The trees.
    Trees,
    /// The stage as the node sees it.
    Belief,
}

/// See the module's first line.
#[derive(Default)]
pub struct Panel {
    show: Show,
    subject: Option<Subject>,
    /// The node whose dialog was open when it last looked.
    selected: Option<Node>,
    title: String,
    sections: Vec<Section>,
    trees: Trees,
    belief: Option<(Belief, Picture, Scene)>,
    flights: Vec<Flight>,
}

/// The machine that a subject is, if it is one.
fn node(subject: Subject) -> Option<Node> {
    match subject {
        Subject::Host(sid) => Some(Node::Peer(sid)),
        Subject::Broker(id) => Some(Node::Broker(id)),
        Subject::Producer(i) => Some(Node::Producer(i)),
        Subject::Consumer(i) => Some(Node::Consumer(i)),
        _ => None,
    }
}

fn of_node(node: Node) -> Subject {
    match node {
        Node::Peer(sid) => Subject::Host(sid),
        Node::Broker(id) => Subject::Broker(id),
        Node::Producer(i) => Subject::Producer(i),
        Node::Consumer(i) => Subject::Consumer(i),
    }
}

/// `partition3`, `job12`, `ensemble0`, `tray`, or a node's own name.
fn parse(name: &str) -> Option<Subject> {
    if let Some(node) = Node::parse(name) {
        return Some(of_node(node));
    }
    let after = |word: &str| name.strip_prefix(word).map(str::trim);
    if let Some(n) = after("partition") {
        return n.parse().ok().map(Subject::Partition);
    }
    if let Some(n) = after("job") {
        return n.parse().ok().map(Subject::Job);
    }
    if let Some(n) = after("ensemble") {
        return n.parse().ok().map(Subject::Ensemble);
    }
    (name == "tray").then_some(Subject::DeadLetters)
}

/// Whoever leads, so that there is something to see at once.
fn first(view: &View) -> Option<Subject> {
    let leader = view.ensembles.iter().find(|e| e.leader != 0).map(|e| e.leader);
    leader.or_else(|| view.peers.first().map(|p| p.sid)).map(Subject::Host)
}

impl Panel {
    /// Looks at the run.
    pub fn refresh(&mut self, ctx: &Ctx) {
        let sim = ctx.player.sim();
        if ctx.selected != self.selected {
            self.selected = ctx.selected;
            if let Some(node) = ctx.selected {
                self.subject = Some(of_node(node));
            }
        }
        let Some(subject) = self.subject.or_else(|| first(ctx.view)) else { return };
        self.subject = Some(subject);
        self.title = facts::title(sim, subject);
        let flying = sim.flights().filter(|f| f.sent <= sim.now() && f.arrives > sim.now());
        self.flights = flying.take(MESSAGES).collect();
        let also = match subject {
            Subject::Host(sid) => Some(sid),
            _ => None,
        };
        match self.show {
            Show::Variables => self.sections = facts::facts(sim, subject),
            Show::Trees => self.trees = trees(sim, also),
            Show::Belief => self.believe(ctx, subject),
        }
    }

    fn believe(&mut self, ctx: &Ctx, subject: Subject) {
        self.belief = node(subject).map(|node| {
            let b = belief(ctx.player.sim(), ctx.view, node);
            let whole = Scene::of(ctx.view, Size { width: ctx.width - FRAME });
            let drawn = picture(&whole, &b);
            (b, drawn, whole)
        });
    }

    /// Shows it.
    pub fn draw(&self, m: &mut Markup, ctx: &Ctx) {
        // Two parts, whatever is in them: what is open or focused in the first stays so.
        put!(m; "<div>");
        self.head(m, ctx);
        put!(m; "</div><div>");
        match (self.show, &self.belief) {
            (Show::Variables, _) => shows::variables(m, &self.sections),
            (Show::Trees, _) => shows::side_by_side(m, &self.trees, ctx.view.kraft),
            (Show::Belief, Some((b, drawn, whole))) => {
                let name = |place: Place| facts::place(ctx.player.sim(), place);
                shows::as_seen(m, &self.title, b, drawn, whole, &name);
            }
            (Show::Belief, None) => {
                put!(m; "<p class=note>Only a host, a broker or a client believes anything. Choose one.</p>");
            }
        }
        put!(m; "</div>");
    }

    fn head(&self, m: &mut Markup, ctx: &Ctx) {
        put!(m; "<div class=inspect-head><h3>", &*self.title, "</h3><label>Look at <select data-in=inspect:subject>");
        shows::choices(m, ctx.player.sim(), ctx.view, self.subject);
        put!(m; "</select></label><label>or at job <input type=number min=1 inputmode=numeric data-in=inspect:job placeholder=number /></label></div>\
            <div class=views role=group aria-label=\"What to show of it\">");
        let views = [(Show::Variables, "variables", "Variables"), (Show::Trees, "trees", "Trees side by side")];
        for (show, arg, word) in views.into_iter().chain([(Show::Belief, "belief", "View as this node")]) {
            put!(m; "<button type=button data-act=inspect:show data-arg=", arg, " aria-pressed=", if self.show == show { "true" } else { "false" },
                ">", word, "</button>");
        }
        put!(m; "</div><details class=flying><summary>Messages in flight</summary><div class=views>");
        for (i, flight) in self.flights.iter().enumerate() {
            let title = facts::title(ctx.player.sim(), Subject::Message(*flight));
            put!(m; "<button type=button data-act=inspect:message data-arg=", i as i32, ">", title, "</button>");
        }
        if self.flights.is_empty() {
            put!(m; "<p class=note>None at this instant.</p>");
        }
        put!(m; "</div></details>");
    }

    /// A person used a control.
    pub fn act(&mut self, verb: &str, arg: &str, _: &mut Player, _: &mut Vec<Ask>) -> bool {
        let found = match verb {
            "subject" | "open" => parse(arg),
            "job" => arg.trim().parse().ok().filter(|n| *n > 0).map(Subject::Job),
            "message" => arg.parse::<usize>().ok().and_then(|i| self.flights.get(i)).copied().map(Subject::Message),
            "show" => {
                self.show = match arg {
                    "trees" => Show::Trees,
                    "belief" => Show::Belief,
                    _ => Show::Variables,
                };
                return true;
            }
            _ => return false,
        };
        if let Some(subject) = found {
            self.subject = Some(subject);
            if node(subject).is_none() && self.show == Show::Belief {
                self.show = Show::Variables;
            }
        }
        true
    }
}
