//! The panel "Log": what happened around the cursor, by machine, kind and words.
use super::why::{EVERY, event, when};
use super::{Ask, Ctx, Tab};
use crate::event::EventId;
use crate::limits::LOG_ENTRIES;
use crate::log::{self, Filter, Page};
use crate::player::{Player, RunId};
use crate::scenario::Node;
use crate::web::dom::{Markup, put};
use crate::why::{KINDS, Kind};
use crate::words::{self, plural, say};

/// How many entries it shows at first, and how many more each time.
const FEW: usize = 40;

/// See the module's first line.
pub struct Panel {
    filter: Filter,
    count: usize,
    /// Show the trace's own lines instead of sentences.
    raw: bool,
    page: Page,
    /// What the page was looked up for.
    shown: Option<(RunId, EventId)>,
    looks: u32,
}

impl Default for Panel {
    fn default() -> Panel {
        // Jobs would crowd everything else out: whoever wants them asks for them.
        let kinds = KINDS.iter().map(|(kind, _)| *kind).filter(|k| !matches!(k, Kind::Job | Kind::Consumer)).collect();
        let filter = Filter { kinds, ..Filter::default() };
        Panel { filter, count: FEW, raw: false, page: Page::default(), shown: None, looks: 0 }
    }
}

impl Panel {
    /// Looks the entries up again, if the cursor or the filter has moved.
    pub fn refresh(&mut self, ctx: &Ctx) {
        let wanted = (ctx.player.run().id, ctx.player.sim().event_count());
        self.looks += 1;
        let skip = !ctx.player.paused() && !self.looks.is_multiple_of(EVERY);
        if self.shown.is_none() || (self.shown != Some(wanted) && !skip) {
            self.look(ctx.player);
        }
    }

    /// A person used a control.
    pub fn act(&mut self, verb: &str, arg: &str, player: &mut Player, asks: &mut Vec<Ask>) -> bool {
        match verb {
            "why" => {
                asks.push(Ask::Open(Tab::Why, "ask", arg.to_string()));
                return true;
            }
            "kind" => match KINDS.iter().find(|(_, word)| *word == arg) {
                Some((kind, _)) => self.toggle(*kind),
                None => return false,
            },
            "node" => self.filter.nodes = Node::parse(arg).into_iter().collect(),
            "text" => self.filter.text = arg.trim().chars().take(60).collect(),
            "raw" => self.raw = !self.raw,
            "more" => self.count = (self.count + FEW).min(LOG_ENTRIES),
            _ => return false,
        }
        if !matches!(verb, "raw" | "more") {
            self.count = FEW;
        }
        self.look(player);
        let listed = plural(self.page.entries.len() as u64, "event is listed", "events are listed");
        asks.extend((verb != "raw").then(|| Ask::Say(say!(listed, "."))));
        true
    }

    /// Looks the entries up.
    fn look(&mut self, player: &Player) {
        let wanted = (player.run().id, player.sim().event_count());
        self.page = log::before(player.recording(), wanted.1, &self.filter, self.count);
        self.shown = Some(wanted);
    }

    /// Shows a kind, or hides it.
    fn toggle(&mut self, kind: Kind) {
        match self.filter.kinds.iter().position(|k| *k == kind) {
            Some(i) if self.filter.kinds.len() > 1 => drop(self.filter.kinds.remove(i)),
            Some(_) => {} // the last one stays: no kind at all would mean every kind
            None => self.filter.kinds.push(kind),
        }
    }

    /// Writes the panel.
    pub fn draw(&self, m: &mut Markup, ctx: &Ctx) {
        put!(m; "<div class=filters role=group aria-label=\"What the log shows\">");
        for (kind, word) in KINDS {
            let on = self.filter.kinds.contains(kind);
            put!(m; "<button type=button class=chip data-act=log:kind data-arg=", *word, " aria-pressed=", if on { "true" } else { "false" },
                ">", *word, "</button>");
        }
        self.choices(m, ctx);
        put!(m; "</div><ul class=events>");
        for entry in self.page.entries.iter().rev() {
            if self.raw {
                put!(m; "<li>");
                when(m, entry.link.at);
                put!(m; "<span class=\"told raw\">");
                m.quote(&entry.trace);
                put!(m; "</span></li>");
            } else {
                event(m, &entry.link, "log:why");
            }
        }
        put!(m; "</ul>");
        self.end(m);
    }

    fn choices(&self, m: &mut Markup, ctx: &Ctx) {
        let view = ctx.view;
        put!(m; "<select data-in=log:node aria-label=\"Only this machine\"><option value=all", if self.filter.nodes.is_empty() { " selected=selected" } else { "" },
            ">all machines</option>");
        for peer in &view.peers {
            self.choice(m, Node::Peer(peer.sid), view.kraft);
        }
        for broker in &view.brokers {
            self.choice(m, Node::Broker(broker.id), view.kraft);
        }
        (0..view.producers).for_each(|i| self.choice(m, Node::Producer(i), view.kraft));
        (0..view.consumers).for_each(|i| self.choice(m, Node::Consumer(i), view.kraft));
        put!(m; "</select><input type=text data-in=log:text placeholder=\"only with these words\" aria-label=\"Only what contains these words\" value=\"");
        m.quote(&self.filter.text);
        put!(m; "\"/><button type=button class=chip data-act=log:raw aria-pressed=", if self.raw { "true" } else { "false" },
            ">as a trace</button>");
    }

    fn choice(&self, m: &mut Markup, node: Node, kraft: bool) {
        let chosen = if self.filter.nodes.contains(&node) { " selected=selected" } else { "" };
        put!(m; "<option value=", node.name(), chosen, ">");
        match node {
            Node::Peer(sid) if kraft => put!(m; "controller ", sid),
            _ => put!(m; node.name()),
        }
        put!(m; "</option>");
    }

    fn end(&self, m: &mut Markup) {
        let n = self.page.entries.len();
        match (n, self.page.cut) {
            (_, false) => {
                put!(m; "<p class=note>", if n == 0 { "Nothing like this so far." } else { "That is all so far." }, "</p>")
            }
            (n, true) if n >= self.count && self.count < LOG_ENTRIES => {
                put!(m; "<p><button type=button data-act=log:more>Show earlier ones</button></p>");
            }
            (n, true) if n >= self.count => put!(m; "<p class=note>Go back in time to see earlier ones.</p>"),
            _ => {
                put!(m; "<p class=note>It looked back as far as event ", words::count(self.page.from), ", and no further.</p>")
            }
        }
    }
}
