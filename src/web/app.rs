//! The page's one stateful component.
mod parts;

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlCanvasElement, HtmlElement, HtmlInputElement, HtmlSelectElement, ResizeObserver};
use yew::virtual_dom::VTag;
use yew::{Component, Context, Html, NodeRef, Properties};

use self::parts::{legend, lower_first, neighbour, notices, question, slow};
use super::charts::charts;
use super::controls::{Change, Panel, panel};
use super::dom::{Markup, button, put};
use super::fates::fates;
use super::frames::{Frames, budget};
use super::inspect::{command, inspect};
use super::keys;
use super::shared::{Shared, put};
use super::stage::{ground, stage};
use super::transport::{Playing, speed_at, speed_position, timeline, transport};
use crate::caption::{Forecast, Tone, banner, caption, hint};
use crate::metrics::Milestone;
use crate::params::{Key, format_value};
use crate::player::{Player, Speed, Target};
use crate::scenario::{Node, Scenario};
use crate::scene::{Scene, Size, Track};
use crate::view::{Micros, View};

/// Wide enough for the parameters beside the stage; the style sheet says the same.
const WIDE: i32 = 1000;
/// Numbers on the page change at most this often, in ms.
const TICK: f64 = 100.0;

/// What an instance is given.
#[derive(Clone, Properties)]
pub struct AppProps {
    /// Its player and its listeners.
    pub shared: Rc<Shared>,
    /// The root's width when it was mounted.
    pub width: i32,
}

impl PartialEq for AppProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.shared, &other.shared)
    }
}

/// What can happen to it.
#[derive(Clone, Debug)]
pub enum Msg {
    /// Show what is now.
    Tick,
    /// Play or pause.
    Toggle,
    /// From the start.
    Restart,
    /// To the next (1) or previous (-1) milestone.
    Step(i8),
    /// By this many µs.
    Skip(i64),
    /// To this tenth of the run.
    Tenth(u8),
    /// Twice (1) or half (-1) the speed.
    Faster(i8),
    /// The speed slider's position.
    Speed(i32),
    /// Let the pace follow what there is to see.
    AutoPace,
    /// The timeline's position, in tenths of a second.
    Scrub(i32),
    /// The big button.
    Slowly,
    /// A parameter or scenario.
    Change(Change),
    /// Look into a node.
    Select(Element),
    /// Close whatever is open.
    Close,
    /// Do something to the selected node.
    Act(String),
    /// A click beside everything: close the dialog, leave the focus alone.
    Dropped,
    /// The notices were read.
    Dismiss,
    /// The column's and the root's width.
    Resize(i32, i32),
}

/// The component.
pub struct App {
    view: Rc<View>,
    scene: Rc<Scene>,
    width: i32,
    wide: bool,
    selected: Option<(Node, Element)>,
    focus_popover: bool,
    error: String,
    panel: Panel,
    panel_nodes: Html,
    shown_revision: u32,
    fill: bool,
    root: NodeRef,
    last_update: f64,
    frames: Option<Frames>,
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
    listener: Option<Closure<dyn FnMut(Event)>>,
}

impl Component for App {
    type Message = Msg;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let root = ctx.props().width.max(280);
        let wide = root >= WIDE;
        let width = if wide { root - 352 } else { root };
        let view = ctx.props().shared.player.borrow_mut().look();
        let scene = Rc::new(Scene::of(&view, Size { width }));
        let link = ctx.link().clone();
        ctx.props().shared.on_refresh(move || link.send_message(Msg::Tick));
        let scenario = ctx.props().shared.player.borrow().scenario().clone();
        let panel = Panel { params: scenario.params, scenario: scenario.id, wide, note: String::new(), revision: 0 };
        let mut app = App {
            view,
            scene,
            width,
            wide,
            selected: None,
            focus_popover: false,
            error: String::new(),
            panel,
            panel_nodes: Html::default(),
            shown_revision: 0,
            fill: false,
            root: NodeRef::default(),
            last_update: 0.0,
            frames: None,
            observer: None,
            listener: None,
        };
        app.write_panel();
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let shared = Rc::clone(&ctx.props().shared);
        self.take(&shared, msg);
        self.view = shared.player.borrow_mut().look();
        self.scene = Rc::new(Scene::of(&self.view, Size { width: self.width }));
        self.renew_panel(&shared);
        shared.flush();
        self.tell_time(&shared);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let shared = &ctx.props().shared;
        let player = shared.player.borrow();
        let (mut header, mut main) = (Markup::default(), Markup::default());
        self.header(&mut header, &player);
        self.main(&mut main, shared, &player);
        let element = |class: &'static str, kids: [Html; 2]| {
            let mut tag = VTag::new("div");
            tag.add_attribute("class", class);
            tag.add_children(kids);
            tag
        };
        let columns = element("columns", [main.nodes(), self.panel_nodes.clone()]);
        let mut root = element(if self.wide { "root wide" } else { "root" }, [header.nodes(), columns.into()]);
        root.add_attribute("tabindex", "-1");
        root.node_ref = self.root.clone();
        root.into()
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        let shared = Rc::clone(&ctx.props().shared);
        if first_render && let Some(root) = self.root.cast::<Element>() {
            let canvas = root.query_selector("canvas").ok().flatten();
            if let Some(canvas) = canvas.and_then(|c| c.dyn_into::<HtmlCanvasElement>().ok()) {
                shared.painter.borrow_mut().attach(&canvas);
            }
            self.listen(ctx, &root);
            self.watch_size(ctx, &root);
            self.frames = Some(run_frames(ctx));
        }
        shared.painter.borrow_mut().learn(&self.scene);
        self.settle();
        shared.answer();
        if first_render {
            shared.emit("ready", &JsValue::NULL);
        }
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        ctx.props().shared.bury();
        self.frames = None;
        if let Some((observer, _)) = self.observer.take() {
            observer.disconnect();
        }
    }
}

/// Lets the player live on animation frames, and the canvas with it.
fn run_frames(ctx: &Context<App>) -> Frames {
    let (shared, link) = (Rc::clone(&ctx.props().shared), ctx.link().clone());
    let (mut last, mut ticked) = (f64::MAX, 0.0);
    Frames::start(move |time| {
        // A tab that slept does not fast-forward.
        let wall = ((time - last).max(0.0).min(100.0) * 1000.0) as u64;
        last = time;
        if !shared.visible.get() {
            return;
        }
        let (moved, paused) = {
            let mut player = shared.player.borrow_mut();
            let moved = player.frame(wall, &mut budget(6.0));
            let mut painter = shared.painter.borrow_mut();
            if moved || painter.stale {
                let (now, pace) = (player.sim().now(), player.pace());
                painter.draw(&mut player.sim().flights(), now, pace, player.paused());
            }
            (moved, player.paused())
        };
        if moved && (paused || time - ticked >= TICK) {
            ticked = time;
            link.send_message(Msg::Tick);
        }
    })
}

impl App {
    /// Does what the message says to the player.
    fn take(&mut self, shared: &Rc<Shared>, msg: Msg) {
        let mut player = shared.player.borrow_mut();
        if !matches!(msg, Msg::Tick | Msg::Resize(..) | Msg::Dismiss | Msg::Dropped) {
            player.touch();
        }
        match msg {
            Msg::Tick => {}
            Msg::Toggle if player.paused() => player.play(),
            Msg::Toggle => player.pause(),
            Msg::Restart => {
                player.restart();
                player.play();
            }
            Msg::Step(by) => {
                if let Some(at) = neighbour(&player, by) {
                    player.seek(0, at);
                }
            }
            Msg::Skip(by) => {
                let at = player.sim().now().saturating_add_signed(by);
                player.seek(0, Target::Time(at));
            }
            Msg::Tenth(n) => {
                let at = player.sim().end() * u64::from(n) / 10;
                player.seek(0, Target::Time(at));
            }
            Msg::Scrub(tenths) => player.seek(0, Target::Time(u64::try_from(tenths).unwrap_or(0) * 100_000)),
            Msg::Faster(by) => {
                let pace = player.pace();
                player.set_speed(Speed::Fixed(if by > 0 { pace * 2 } else { pace / 2 }));
            }
            Msg::Speed(position) if position == speed_position(player.pace()) => {}
            Msg::Speed(position) => player.set_speed(Speed::Fixed(speed_at(position))),
            Msg::AutoPace => player.set_speed(Speed::Auto),
            Msg::Slowly => {
                let id = if slow(&player) { "the-incident" } else { "patient" };
                self.change(shared, &mut player, Change::Scenario(id.to_string()));
            }
            Msg::Change(change) => self.change(shared, &mut player, change),
            Msg::Act(act) => {
                if let Some(command) = self.selected.as_ref().and_then(|(node, _)| command(&act, *node)) {
                    self.error = player.act(command).err().map(|i| i.to_string()).unwrap_or_default();
                    self.focus_popover = true;
                }
            }
            Msg::Select(element) => {
                let name = element.get_attribute("data-node").unwrap_or_default();
                self.selected = Node::parse(&name).map(|node| (node, element));
                self.focus_popover = true;
                self.error.clear();
            }
            Msg::Close => self.close(),
            Msg::Dropped => self.selected = None,
            Msg::Dismiss => shared.notices.borrow_mut().clear(),
            Msg::Resize(column, root) => (self.width, self.wide) = (column, root >= WIDE),
        }
        player.work(&mut budget(8.0));
    }

    fn close(&mut self) {
        if let Some((_, element)) = self.selected.take()
            && let Ok(Some(button)) = element.query_selector("[role=button]")
            && let Some(element) = button.dyn_ref::<web_sys::SvgElement>()
        {
            let _ = element.focus();
        }
    }

    fn change(&mut self, shared: &Shared, player: &mut Player, change: Change) {
        let mut base = player.scenario().clone();
        let mut params = player.chosen().clone();
        let mut notices = Vec::new();
        let what = match change {
            Change::Scenario(id) => {
                base = Scenario::preset(&id).unwrap_or(base);
                params = base.params.clone();
                base.title.clone()
            }
            Change::Defaults => {
                params = Scenario::preset(&base.id).unwrap_or_default().params;
                "the scenario's values".to_string()
            }
            Change::Value(key, text) => {
                notices.extend(params.set_lenient(key, &text));
                let p = key.param();
                let value = format_value(key, params.effective_lenient().0.get(key));
                format!("{} {value} {}", lower_first(p.label), p.unit).trim_end().to_string()
            }
        };
        notices.extend(params.effective_lenient().1);
        self.panel.note = format!("Restarted with {what}.");
        self.panel.revision += 1;
        *shared.notices.borrow_mut() = notices;
        player.change(base, params);
        if !shared.reduced {
            player.play();
        }
    }

    /// At most four times a second, so that listeners may do real work.
    fn tell_time(&mut self, shared: &Shared) {
        let now = super::frames::now_ms();
        if now - self.last_update >= 250.0 {
            self.last_update = now;
            let detail = js_sys::Object::new();
            put(&detail, "currentTime", self.view.now as f64 / 1e6);
            shared.emit("timeupdate", &detail);
        }
    }

    /// Hears everything that happens inside, once: `html!` listeners would cost more code than all of it.
    fn listen(&mut self, ctx: &Context<Self>, root: &Element) {
        let link = ctx.link().clone();
        let listener = Closure::<dyn FnMut(Event)>::new(move |e: Event| {
            if let Some(msg) = keys::heard(&e) {
                link.send_message(msg);
            }
        });
        for kind in keys::HEARD {
            let _ = root.add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
        }
        self.listener = Some(listener);
    }

    /// Writes the panel anew when something in it changed.
    fn renew_panel(&mut self, shared: &Shared) {
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

    fn write_panel(&mut self) {
        let mut m = Markup::default();
        panel(&mut m, &self.panel);
        self.panel_nodes = m.nodes();
        self.shown_revision = self.panel.revision;
        self.fill = true;
    }

    fn header(&self, m: &mut Markup, player: &Player) {
        let banner = banner(&self.view);
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
            "</p><p class=caption>", caption(&self.view), "</p></div></header>");
    }

    fn main(&self, m: &mut Markup, shared: &Shared, player: &Player) {
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
        stage(m, view, scene, params, &summary);
        legend(m, shared, player.pace());
        put!(m; "</div><div class=over>");
        notices(m, &shared.notices.borrow(), player.sim().stopped());
        question(m, player.asking(), view, scene);
        inspect(m, view, scene, self.selected.as_ref().map(|s| s.0), &self.error);
        put!(m; "</div>");
        transport(m, view, &playing);
        timeline(m, view, player.known(), &track, plan);
        charts(m, view, player.sim().history(), player.known(), &track);
        fates(m, view, scene.width);
        put!(m; "</div>");
    }

    /// Moves nodes (the style sheet makes it smooth), places the dialog, and repairs what a person's input undid.
    fn settle(&mut self) {
        let Some(root) = self.root.cast::<Element>() else { return };
        for_each(&root, "[data-x]", |e| {
            let at = |name| e.get_attribute(name).unwrap_or_default();
            if let Some(e) = e.dyn_ref::<web_sys::SvgElement>() {
                let _ =
                    e.style().set_property("transform", &format!("translate({}px,{}px)", at("data-x"), at("data-y")));
            }
        });
        for_each(&root, "[data-left]", |e| {
            if let Some(h) = e.dyn_ref::<HtmlElement>() {
                let at = |name| format!("{}px", e.get_attribute(name).unwrap_or_default());
                let _ = h.style().set_property("left", &at("data-left"));
                let _ = h.style().set_property("top", &at("data-top"));
            }
        });
        if std::mem::take(&mut self.fill) {
            for_each(&root, "[data-value]", |e| {
                let value = e.get_attribute("data-value").unwrap_or_default();
                if let Some(input) = e.dyn_ref::<HtmlInputElement>() {
                    input.set_value(&value);
                } else if let Some(select) = e.dyn_ref::<HtmlSelectElement>() {
                    select.set_value(&value);
                }
            });
        }
        if std::mem::take(&mut self.focus_popover)
            && let Ok(Some(button)) = root.query_selector(".popover button")
            && let Some(button) = button.dyn_ref::<HtmlElement>()
        {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = button.focus_with_options(&options);
        }
    }

    fn watch_size(&mut self, ctx: &Context<Self>, root: &Element) {
        let (Ok(Some(column)), root) = (root.query_selector(".main"), root.clone()) else { return };
        let link = ctx.link().clone();
        let (width, before) = (self.width, column.clone());
        let mut last = (width, self.wide);
        let callback = Closure::<dyn FnMut()>::new(move || {
            let (column, root) = (before.client_width(), root.client_width());
            if column > 0 && last != (column, root >= WIDE) {
                last = (column, root >= WIDE);
                link.send_message(Msg::Resize(column, root));
            }
        });
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&column);
            self.observer = Some((observer, callback));
        }
    }
}

fn for_each(root: &Element, selector: &str, mut f: impl FnMut(&Element)) {
    let Ok(list) = root.query_selector_all(selector) else { return };
    for i in 0..list.length() {
        if let Some(e) = list.get(i).and_then(|n| n.dyn_into::<Element>().ok()) {
            f(&e);
        }
    }
}

fn lower_first(text: &str) -> String {
    let mut text = text.to_string();
    // ASCII only: the tables for all of Unicode would cost 13 kB.
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    text
}

/// Is the join rate one at which the new hosts join?
fn slow(player: &Player) -> bool {
    hint(&player.scenario().params).0 == Forecast::Join
}

/// The milestone before or after now.
fn neighbour(player: &Player, by: i8) -> Option<Target> {
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

/// Says when a dot is not a message.
fn legend(m: &mut Markup, shared: &Shared, pace: u32) {
    let per_dot = shared.painter.borrow().per_dot;
    put!(m; "<p class=dots>");
    if pace > super::paint::FLOW_SPEED {
        put!(m; "at this speed lines show how much flows");
    } else if per_dot > 1 {
        put!(m; "one dot = ", per_dot as i32, " messages");
    }
    put!(m; "</p>");
}

fn notices(m: &mut Markup, notices: &[String], stopped: Option<&str>) {
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
fn question(m: &mut Markup, asking: bool, view: &View, scene: &Scene) {
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
