//! The only clock: animation frames, and the timer that finishes a seek when no frames come.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;

/// Milliseconds since the page began.
pub fn now_ms() -> f64 {
    web_sys::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}

type Callback = Closure<dyn FnMut(f64)>;

/// The callback and the id of the frame it was promised.
#[derive(Default)]
struct Loop {
    callback: RefCell<Option<Callback>>,
    id: Cell<i32>,
}

impl Loop {
    fn request(&self) {
        if let (Some(window), Some(callback)) = (web_sys::window(), self.callback.borrow().as_ref()) {
            // It fails only in a window that is gone, and then there is nobody to draw for.
            self.id.set(window.request_animation_frame(callback.as_ref().unchecked_ref()).unwrap_or(0));
        }
    }
}

/// Calls back on every animation frame until dropped.
pub struct Frames(Rc<Loop>);

impl Frames {
    /// Starts; the callback is given the frame's timestamp in ms.
    pub fn start(mut each: impl FnMut(f64) + 'static) -> Frames {
        let frames = Rc::new(Loop::default());
        let again = Rc::downgrade(&frames);
        *frames.callback.borrow_mut() = Some(Closure::new(move |time| {
            each(time);
            if let Some(frames) = again.upgrade() {
                frames.request();
            }
        }));
        frames.request();
        Frames(frames)
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            let _ = window.cancel_animation_frame(self.0.id.get());
        }
    }
}

/// Calls once, in a later task.
pub fn later(f: impl FnOnce() + 'static, ms: i32) {
    if let Some(window) = web_sys::window() {
        let callback = Closure::once_into_js(f);
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(callback.unchecked_ref(), ms);
    }
}

/// Says when a budget of wall time is spent.
pub fn budget(ms: f64) -> impl FnMut() -> bool {
    let end = now_ms() + ms;
    move || now_ms() >= end
}
