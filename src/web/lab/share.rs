//! The panel that passes a moment on: a link, and what authors paste into their pages.
use super::{Ask, Ctx};
use crate::native::share::{self, Moment};
use crate::params::{KEYS, Key};
use crate::player::Player;
use crate::web::api;
use crate::web::dom::{Markup, put};
use crate::words::{self, say};

/// The kinds of texts there are: their word, and what they are.
const KINDS: &[(&str, &str)] = &[
    ("link", "Link"),
    ("iframe", "Frame, for a course page"),
    ("element", "Element, for a page of your own"),
    ("file", "One file, uploaded with the page"),
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
    /// The panels that are offered, if not all.
    panels: Vec<&'static str>,
    /// The parameters that are shown, if not all, and whether they can be moved.
    controls: Vec<(Key, bool)>,
    /// From the start instead of from this moment.
    from_start: bool,
    /// The texts, in the order of [`KINDS`].
    texts: Vec<String>,
    /// The element's text as it was when somebody wanted to see it.
    preview: Option<String>,
}

impl Panel {
    /// How it is to be shown, as a query.
    fn presentation(&self) -> String {
        let mut out = String::new();
        let view = if self.view == "full" { "" } else { &self.view };
        let keys = |locked: bool| {
            let some = self.controls.iter().filter(|(_, lock)| !locked || *lock);
            some.map(|(key, _)| key.param().key).collect::<Vec<_>>().join(",")
        };
        for (name, value) in
            [("view", view), ("panels", &self.panels.join(",")), ("controls", &keys(false)), ("lock", &keys(true))]
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
            share::file(&moment, title),
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
        put!(m; "</div>");
        self.choose_panels(m);
        self.choose_controls(m);
        for ((kind, label), text) in KINDS.iter().zip(&self.texts) {
            put!(m; "<div class=share-text><label for=share-", *kind, ">", *label, "</label><button type=button data-act=share:copy data-arg=", *kind,
                " aria-label=\"Copy: ", *label, "\">Copy</button><textarea id=share-", *kind, " readonly spellcheck=false rows=",
                if *kind == "element" { 4 } else { 2 }, " value=\"");
            m.exact(text);
            put!(m; "\"/></div>");
        }
        put!(m; "<p class=row><button type=button data-act=share:preview aria-expanded=", if self.preview.is_some() { "true" } else { "false" },
            ">Preview</button></p>");
        if let Some(code) = &self.preview {
            put!(m; "<div key=preview class=preview data-code=\"");
            m.exact(code);
            put!(m; "\"></div>");
        }
        put!(m; "<p class=note>A learning platform that takes neither frames nor scripts takes a file: the site also comes as one HTML file, and reads the \
            same link after its name.</p>");
    }

    /// A chip for each panel; none is pressed as long as all are offered.
    fn choose_panels(&self, m: &mut Markup) {
        put!(m; "<p class=chips role=group aria-label=\"Panels to offer\"><span>", if self.panels.is_empty() { "All panels" } else { "Only these panels" }, "</span>");
        for (name, title) in crate::panels::TABLE {
            put!(m; " <button type=button class=chip data-act=share:panel data-arg=", name, " aria-pressed=",
                if self.panels.contains(&name) { "true" } else { "false" }, ">", title, "</button>");
        }
        put!(m; "</p>");
    }

    /// A menu for each parameter, folded away.
    fn choose_controls(&self, m: &mut Markup) {
        put!(m; "<details class=share-controls><summary>", match self.controls.len() {
            0 => "All controls".to_string(),
            n => words::plural(n as u64, "control", "controls"),
        }, "</summary><div class=share-options>");
        for key in KEYS {
            let now = self.controls.iter().find(|(k, _)| k == key).map_or(0, |(_, locked)| 1 + usize::from(*locked));
            let hidden = if self.controls.is_empty() { "–" } else { "hidden" };
            put!(m; "<label>", key.param().label, " <select data-in=\"share:control ", key.param().key, "\">");
            for (i, (word, label)) in
                [("hide", hidden), ("show", "shown"), ("lock", "shown, locked")].iter().enumerate()
            {
                put!(m; "<option value=", *word, if i == now { " selected" } else { "" }, ">", *label, "</option>");
            }
            put!(m; "</select></label>");
        }
        put!(m; "</div></details>");
    }

    /// What a person chose. False: nothing it knows.
    fn choose(&mut self, verb: &str, arg: &str) -> bool {
        match (verb, verb.strip_prefix("control ").and_then(Key::find)) {
            ("view", _) => {
                self.view = VIEWS.iter().find(|(word, _)| *word == arg).map_or("", |(word, _)| word).to_string()
            }
            ("begin", _) => self.from_start = arg == "start",
            ("panel", _) => {
                let Some(name) = crate::panels::NAMES.iter().find(|name| **name == arg) else { return false };
                let before = self.panels.len();
                self.panels.retain(|panel| panel != name);
                if self.panels.len() == before {
                    self.panels.push(name);
                }
            }
            (_, Some(key)) => {
                self.controls.retain(|(k, _)| *k != key);
                if arg != "hide" {
                    self.controls.push((key, arg == "lock"));
                }
            }
            _ => return false,
        }
        true
    }

    fn element(&self, player: &Player) -> String {
        share::element(&self.moment(player), &self.script, &player.scenario().title)
    }

    /// A person used a control, or the page says where it is.
    pub fn act(&mut self, verb: &str, arg: &str, player: &mut Player, asks: &mut Vec<Ask>) -> bool {
        match verb {
            "base" => {
                let (page, script) = arg.split_once('\n').unwrap_or((arg, ""));
                (self.page, self.script) = (page.to_string(), script.to_string());
            }
            "copy" | "open" => {
                self.write(player);
                let at = KINDS.iter().position(|(kind, _)| *kind == arg).unwrap_or(0);
                asks.extend(self.texts.get(at).cloned().map(Ask::Copy));
            }
            "preview" => self.preview = if self.preview.is_some() { None } else { Some(self.element(player)) },
            _ if self.choose(verb, arg) => {
                if self.preview.is_some() {
                    self.preview = Some(self.element(player));
                }
            }
            _ => return false,
        }
        true
    }
}
