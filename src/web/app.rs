//! The page's one stateful component.
mod parts;

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlCanvasElement, HtmlElement, HtmlInputElement, HtmlSelectElement, ResizeObserver};
use yew::virtual_dom::VTag;
use yew::{Component, Context, Html, NodeRef, Properties};

use self::parts::{lower_first, neighbour, slow};
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
}
