//! The page's one stateful component.
mod parts;

use std::rc::Rc;

use yew::virtual_dom::{AttributeOrProperty, Attributes, VTag};
use yew::{Component, Context, Html, NodeRef, Properties};

use super::charts::charts;
use super::controls::{Change, Panel, panel};
use super::dom::{Markup, button, put};
use super::fates::fates;
use super::inspect::{command, inspect};
use super::shared::Shared;
use super::transport::{Playing, speed_at, speed_position, timeline, transport};
use crate::caption::{Caption, Forecast, Tone, banner, caption, hint, place};
use crate::metrics::Milestone;
use crate::params::{Key, format_value};
use crate::player::{Player, Speed, Target};
use crate::scenario::{Node, Scenario};
use crate::scene::{Scene, Size, Track};
use crate::stage::{ground, stage};
use crate::view::{Micros, View};
use crate::words::say;
use parts::{lower_first, neighbour, slow};

/// Wide enough for the parameters beside the stage; the style sheet says the same.
const WIDE: i32 = 1000;
/// The first button of the dialog.
const DIALOG: &str = ".popover button";
/// Numbers on the page change at most this often, in ms.
const TICK: f64 = 150.0;

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
    /// An animation frame at this time, in ms.
    Frame(f64),
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
    /// Look into the node of this name.
    Select(String),
    /// Close whatever is open.
    Close,
    /// Do something to the selected node.
    Act(String),
    /// One event forward (true) or back.
    Event(bool),
    /// From here on another run.
    Fork,
    /// To a milestone.
    Go(Milestone),
    /// A control of a panel was used, with its argument.
    #[cfg(feature = "lab")]
    Panel(String, String),
    /// A click beside everything: close the dialog, leave the focus alone.
    Dropped,
    /// The notices were read.
    Dismiss,
    /// Another language: say everything again.
    Relabel,
    /// The column's and the root's width.
    Resize(i32, i32),
}

impl Msg {
    /// What `data-act`, a key or an input asks for, with its argument.
    pub fn read(what: &str, arg: &str) -> Option<Msg> {
        let number = || arg.parse::<i32>().ok();
        Some(match what {
            "toggle" | "continue" => Msg::Toggle,
            "restart" => Msg::Restart,
            "back" => Msg::Step(-1),
            "next" => Msg::Step(1),
            "goto" => Msg::Go(Milestone::find(arg)?),
            "forward" => Msg::Event(true),
            "backward" => Msg::Event(false),
            "fork" => Msg::Fork,
            "skip" => Msg::Skip(i64::from(number()?) * 1_000_000),
            "tenth" => Msg::Tenth(arg.parse().ok()?),
            "slower" => Msg::Faster(-1),
            "faster" => Msg::Faster(1),
            "time" => Msg::Scrub(number()?),
            "speed" => Msg::Speed(number()?),
            "auto" => Msg::AutoPace,
            "slowly" => Msg::Slowly,
            "scenario" => Msg::Change(Change::Scenario(arg.to_string())),
            "set" => {
                let (key, value) = arg.split_once('=')?;
                Msg::Change(Change::Value(Key::find(key)?, value.to_string()))
            }
            "defaults" => Msg::Change(Change::Defaults),
            "select" => Msg::Select(arg.to_string()),
            "dropped" => Msg::Dropped,
            "close" => Msg::Close,
            "dismiss" => Msg::Dismiss,
            "relabel" => Msg::Relabel,
            #[cfg(feature = "lab")]
            what if what == "tab" || what.contains(':') => Msg::Panel(what.to_string(), arg.to_string()),
            act => Msg::Act(act.to_string()),
        })
    }
}

/// The component.
pub struct App {
    view: Rc<View>,
    scene: Rc<Scene>,
    width: i32,
    wide: bool,
    selected: Option<Node>,
    /// What to focus once it is there: a selector.
    focus: String,
    error: String,
    panel: Panel,
    panel_nodes: Html,
    shown_revision: u32,
    fill: bool,
    root: NodeRef,
    last_update: f64,
    last_frame: f64,
    last_tick: f64,
    #[cfg(feature = "lab")]
    lab: super::lab::Lab,
    #[cfg(feature = "lab")]
    twin: Option<parts::Twin>,
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
        let scenario = ctx.props().shared.player.borrow().scenario().clone();
        let panel = Panel::of(scenario, wide);
        let mut app = App {
            view,
            scene,
            width,
            wide,
            selected: None,
            focus: String::new(),
            error: String::new(),
            panel,
            panel_nodes: Html::default(),
            shown_revision: 0,
            fill: false,
            root: NodeRef::default(),
            last_update: 0.0,
            last_frame: f64::MAX,
            last_tick: 0.0,
            #[cfg(feature = "lab")]
            lab: Default::default(),
            #[cfg(feature = "lab")]
            twin: None,
        };
        app.write_panel(&ctx.props().shared);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let shared = Rc::clone(&ctx.props().shared);
        match msg {
            Msg::Frame(time) if !self.frame(&shared, time) => return false,
            msg => self.take(&shared, msg),
        }
        self.view = shared.player.borrow_mut().look();
        #[cfg(feature = "lab")]
        self.refresh_lab(&shared);
        self.scene = Rc::new(Scene::of(&self.view, Size { width: self.stage_width() }));
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
        let element = |class: &'static str, tabindex: Option<&'static str>, kids: [Html; 2]| {
            let mut tag = VTag::new("div");
            let values = [Some(class), tabindex].map(|value| value.map(AttributeOrProperty::Static));
            tag.set_attributes(Attributes::Dynamic { keys: &["class", "tabindex"], values: Box::new(values) });
            tag.add_children(kids);
            tag
        };
        let columns = element("columns", None, [shared.nodes(main), self.panel_nodes.clone()]);
        let class = match (self.comparing(), self.wide) {
            (true, _) => "root comparing",
            (_, true) => "root wide",
            _ => "root",
        };
        let mut root = element(class, Some("-1"), [shared.nodes(header), columns.into()]);
        root.node_ref = self.root.clone();
        root.into()
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        let shared = Rc::clone(&ctx.props().shared);
        shared.painter.borrow_mut().learn(&self.scene);
        let (fill, focus) = (std::mem::take(&mut self.fill), std::mem::take(&mut self.focus));
        shared.host.settle(self.scene.width, self.scene.height, fill, &focus);
        #[cfg(feature = "lab")]
        self.settle_twin(&shared);
        shared.answer();
        if first_render {
            shared.emit("ready", "", 0.0);
        }
    }
}

impl App {
    /// Does what the message says to the player.
    fn take(&mut self, shared: &Rc<Shared>, msg: Msg) {
        let mut player = shared.player.borrow_mut();
        if !matches!(msg, Msg::Tick | Msg::Frame(_) | Msg::Resize(..) | Msg::Dismiss | Msg::Dropped | Msg::Relabel) {
            player.touch();
        }
        match msg {
            Msg::Tick | Msg::Frame(_) => {}
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
            Msg::Event(forward) => player.step(forward),
            Msg::Fork => player.fork(),
            Msg::Go(milestone) => player.seek(0, Target::Milestone(milestone)),
            #[cfg(feature = "lab")]
            Msg::Panel(what, arg) => {
                self.lab.act(&what, &arg, &mut player);
                self.lab.settle(&mut player);
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
                if let Some(command) = self.selected.and_then(|node| command(&act, node)) {
                    self.error = player.act(command).err().map(|i| i.text()).unwrap_or_default();
                    self.focus = DIALOG.to_string();
                }
            }
            Msg::Select(name) => {
                self.selected = Node::parse(&name);
                self.focus = DIALOG.to_string();
                self.error.clear();
            }
            Msg::Close => self.close(&mut player),
            Msg::Dropped => self.selected = None,
            Msg::Relabel => self.panel.revision += 1,
            Msg::Dismiss => shared.notices.borrow_mut().clear(),
            Msg::Resize(column, root) => (self.width, self.wide) = (column, root >= WIDE),
        }
        player.work(&mut shared.budget(8.0));
    }

    fn close(&mut self, player: &mut Player) {
        player.hush();
        if let Some(node) = self.selected.take() {
            self.focus = ["[data-node=", &node.name(), "] [role=button]"].concat();
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
                say!(lower_first(p.label), " ", value, " ", p.unit).trim_end().to_string()
            }
        };
        notices.extend(params.effective_lenient().1);
        self.panel.note = say!("Restarted with ", what, ".");
        self.panel.revision += 1;
        *shared.notices.borrow_mut() = notices;
        player.change(base, params);
        if !shared.reduced {
            player.play();
        }
    }

    /// At most four times a second, so that listeners may do real work.
    fn tell_time(&mut self, shared: &Shared) {
        if self.last_frame - self.last_update >= 250.0 {
            self.last_update = self.last_frame;
            shared.emit("timeupdate", "", self.view.now as f64 / 1e6);
        }
    }

    /// Lets wall time go by and draws what moves. True: the numbers on the page are due, too.
    fn frame(&mut self, shared: &Shared, time: f64) -> bool {
        // A tab that slept does not fast-forward.
        let wall = ((time - self.last_frame).clamp(0.0, 100.0) * 1000.0) as u64;
        self.last_frame = time;
        if !shared.visible.get() {
            return false;
        }
        let mut player = shared.player.borrow_mut();
        let moved = self.advance(&mut player, wall, &mut shared.budget(6.0));
        let mut painter = shared.painter.borrow_mut();
        let said = painter.per_dot;
        if moved || painter.stale {
            let marks = painter.draw(player.sim(), player.pace(), player.paused());
            shared.host.draw(marks, player.paused(), 0);
            #[cfg(feature = "lab")]
            self.draw_twin(shared, &player);
        }
        // What a dot stands for is written on the stage.
        let due = moved && (player.paused() || time - self.last_tick >= TICK) || painter.per_dot != said;
        #[cfg(feature = "lab")]
        let due = due || self.lab.busy();
        if due {
            self.last_tick = time;
        }
        due
    }
}
