//! The panel that passes a moment on: a link, and what authors paste into their pages.
use super::{Ask, Ctx};
use crate::native::share::{self, Moment};
use crate::params::KEYS;
use crate::player::Player;
use crate::web::api;
use crate::web::dom::{Markup, put};
use crate::words::{self, say};

/// The kinds of texts there are: their word, and what they are.
const KINDS: &[(&str, &str)] = &[
    ("link", "Link"),
    ("iframe", "Frame, for a course page"),
    ("element", "Element, for a page of your own"),
    ("markdown", "Markdown"),
];
const VIEWS: &[(&str, &str)] =
    &[("full", "Everything"), ("lesson", "Stage, caption and time"), ("bare", "The stage alone")];

/// See the module's first line.
#[derive(Default)]
pub struct Panel {
    /// The address of the page, and of the element's file.
    page: String,
    script: String,
    view: String,
    /// Panels and parameters that are shown, if not all; what is shown and cannot be moved.
    panels: String,
    controls: String,
    lock: String,
    /// From the start instead of from this moment.
    from_start: bool,
    /// The texts, in the order of [`KINDS`].
    texts: Vec<String>,
}

impl Panel {
    /// How it is to be shown, as a query.
    fn presentation(&self) -> String {
        let mut out = String::new();
        let view = if self.view == "full" { "" } else { &self.view };
        for (name, value) in
            [("view", view), ("panels", &self.panels), ("controls", &self.controls), ("lock", &self.lock)]
        {
            if !value.is_empty() {
                out.push_str(&say!(if out.is_empty() { "" } else { "&" }, name, "=", share::percent(value)));
            }
        }
        out
    }

    fn moment(&self, player: &Player) -> Moment {
        let presentation = self.presentation();
        if self.from_start { api::beginning(player, &presentation) } else { api::moment(player, &presentation) }
    }

    fn write(&mut self, player: &Player) {
        let moment = self.moment(player);
        let (link, title) = (moment.link(&self.page), &player.scenario().title);
        self.texts = vec![
            link.clone(),
            share::iframe(&link, title),
            share::element(&moment, &self.script, title),
            share::markdown(&link, title),
        ];
    }

    /// The texts for this moment.
    pub fn refresh(&mut self, ctx: &Ctx) {
        self.write(ctx.player);
    }

    /// The texts, and how they are to be shown.
    pub fn draw(&self, m: &mut Markup, ctx: &Ctx) {
        put!(m; "<h3>This run at ", words::clock(if self.from_start { 0 } else { ctx.view.now }), "</h3><p class=note>A link holds the scenario, what was \
            done in it and the time, nothing else. It is simulated again where it is opened.</p><div class=share-options>\
            <label>Show <select data-in=share:view>");
        for (word, label) in VIEWS {
            let chosen = *word == self.view || self.view.is_empty() && *word == "full";
            put!(m; "<option value=", *word, if chosen { " selected" } else { "" }, ">", *label, "</option>");
        }
        put!(m; "</select></label><label>Begin <select data-in=share:begin><option value=here",
            if self.from_start { "" } else { " selected" }, ">at this moment</option><option value=start",
            if self.from_start { " selected" } else { "" }, ">at the start</option></select></label>");
        field(m, "panels", "Only these panels", &self.panels, &crate::panels::NAMES.join(", "));
        let keys: Vec<&str> = KEYS.iter().take(4).map(|k| k.param().key).collect();
        field(m, "controls", "Only these controls", &self.controls, &say!(keys.join(", "), " …"));
        field(m, "lock", "Shown, but locked", &self.lock, "seed");
        put!(m; "</div>");
        for ((kind, label), text) in KINDS.iter().zip(&self.texts) {
            put!(m; "<div class=share-text><label for=share-", *kind, ">", *label, "</label><button type=button data-act=share:copy data-arg=", *kind,
                " aria-label=\"Copy: ", *label, "\">Copy</button><textarea id=share-", *kind, " readonly spellcheck=false rows=",
                if *kind == "element" { 4 } else { 2 }, " value=\"");
            m.exact(text);
            put!(m; "\"/></div>");
        }
        put!(m; "<p class=note>A learning platform that takes neither frames nor scripts takes a file: the site also comes as one HTML file, and reads the \
            same link after its name.</p>");
    }

    /// A person used a control, or the page says where it is.
    pub fn act(&mut self, verb: &str, arg: &str, player: &mut Player, asks: &mut Vec<Ask>) -> bool {
        let list = || arg.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ',').collect::<String>();
        match verb {
            "base" => {
                let (page, script) = arg.split_once('\n').unwrap_or((arg, ""));
                (self.page, self.script) = (page.to_string(), script.to_string());
            }
            "view" => self.view = VIEWS.iter().find(|(word, _)| *word == arg).map_or("", |(word, _)| word).to_string(),
            "begin" => self.from_start = arg == "start",
            "panels" => self.panels = list(),
            "controls" => self.controls = list(),
            "lock" => self.lock = list(),
            "copy" | "open" => {
                self.write(player);
                let at = KINDS.iter().position(|(kind, _)| *kind == arg).unwrap_or(0);
                asks.extend(self.texts.get(at).cloned().map(Ask::Copy));
            }
            _ => return false,
        }
        true
    }
}

fn field(m: &mut Markup, name: &str, label: &str, value: &str, like: &str) {
    put!(m; "<label>", label, " <input type=text data-in=share:", name, " placeholder=\"", like, "\" value=\"");
    m.quote(value);
    put!(m; "\"/></label>");
}
