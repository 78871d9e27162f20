//! What the component, the frame loop and the JavaScript handle share: the player, and who wants to know its news.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::frames::{budget, later};
use super::paint::Painter;
use crate::player::{News, Player, Target};

/// A promise's two ends.
struct Waiting {
    id: u32,
    resolve: Function,
    reject: Function,
}

/// Shared by everything that belongs to one instance.
pub struct Shared {
    /// The run.
    pub player: RefCell<Player>,
    /// The canvas.
    pub painter: RefCell<Painter>,
    /// On screen, in a visible tab?
    pub visible: Cell<bool>,
    /// Does the visitor want little motion?
    pub reduced: bool,
    /// What was wrong with the input, until dismissed.
    pub notices: RefCell<Vec<String>>,
    emit: Function,
    waiting: RefCell<Vec<Waiting>>,
    settled: RefCell<Vec<(Function, JsValue)>>,
    next_seek: Cell<u32>,
    refresh: RefCell<Option<Box<dyn Fn()>>>,
    dead: Cell<bool>,
}

/// Sets a field of a plain object.
pub fn put(object: &Object, key: &str, value: impl Into<JsValue>) {
    // It fails only for frozen objects; these are ours.
    let _ = Reflect::set(object, &key.into(), &value.into());
}

impl Shared {
    /// A new instance's.
    pub fn new(player: Player, emit: Function, notices: Vec<String>) -> Rc<Shared> {
        let query = "(prefers-reduced-motion: reduce)";
        let media = web_sys::window().and_then(|w| w.match_media(query).ok().flatten());
        Rc::new(Shared {
            player: RefCell::new(player),
            painter: RefCell::new(Painter::default()),
            visible: Cell::new(true),
            reduced: media.is_some_and(|m| m.matches()),
            notices: RefCell::new(notices),
            emit,
            waiting: RefCell::default(),
            settled: RefCell::default(),
            next_seek: Cell::new(1),
            refresh: RefCell::new(None),
            dead: Cell::new(false),
        })
    }

    /// How the component wants to be told that something changed.
    pub fn on_refresh(&self, f: impl Fn() + 'static) {
        *self.refresh.borrow_mut() = Some(Box::new(f));
    }

    /// Something changed: show it.
    pub fn refresh(&self) {
        if let Some(f) = self.refresh.borrow().as_ref() {
            f();
        }
    }

    /// The instance is gone: no more events, no more timers.
    pub fn bury(&self) {
        self.dead.set(true);
        *self.refresh.borrow_mut() = None;
    }

    /// Tells the element. Never called while anything here is borrowed: a listener may call right back.
    pub fn emit(&self, name: &str, detail: &JsValue) {
        if !self.dead.get() {
            // A listener's own exception is reported by the browser, not here.
            let _ = self.emit.call2(&JsValue::NULL, &name.into(), detail);
        }
    }

    /// Passes the player's news on.
    pub fn flush(&self) {
        let news = self.player.borrow_mut().take_news();
        for item in news {
            match item {
                News::Play => self.emit("play", &JsValue::NULL),
                News::Pause => self.emit("pause", &JsValue::NULL),
                News::Ended => self.emit("ended", &JsValue::NULL),
                News::ParamChange => self.emit("paramchange", &JsValue::NULL),
                News::Milestone(m, at) => {
                    let detail = Object::new();
                    put(&detail, "name", m.name());
                    put(&detail, "time", at as f64 / 1e6);
                    self.emit("milestone", &detail);
                }
                News::Arrived(id) => self.settle(id, None),
                News::Never(id, m) => {
                    let text = format!("milestone {} never comes in this run", m.name());
                    self.settle(id, Some(&text));
                }
            }
        }
    }

    fn settle(&self, id: u32, error: Option<&str>) {
        let mut waiting = self.waiting.borrow_mut();
        if let Some(at) = waiting.iter().position(|w| w.id == id) {
            let w = waiting.swap_remove(at);
            let done = match error {
                None => (w.resolve, JsValue::UNDEFINED),
                Some(text) => (w.reject, js_sys::Error::new(text).into()),
            };
            self.settled.borrow_mut().push(done);
        }
    }

    /// The DOM now shows what was reached: answer.
    pub fn answer(&self) {
        for (function, value) in self.settled.take() {
            let _ = function.call1(&JsValue::NULL, &value);
        }
    }

    /// Goes somewhere and answers when the page shows it.
    pub fn seek(self: &Rc<Self>, target: Target, resolve: Function, reject: Function) {
        let id = self.next_seek.get();
        self.next_seek.set(id + 1);
        self.waiting.borrow_mut().push(Waiting { id, resolve, reject });
        self.player.borrow_mut().seek(id, target);
        self.travel();
    }

    /// Works on seeks a few milliseconds at a time, also when no animation frames come.
    pub fn travel(self: &Rc<Self>) {
        if self.dead.get() {
            return;
        }
        self.player.borrow_mut().work(&mut budget(8.0));
        let more = self.player.borrow().seeking();
        if more {
            let shared = Rc::clone(self);
            later(move || shared.travel(), 0);
        } else {
            self.flush();
            self.refresh();
        }
    }
}
