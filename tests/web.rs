//! The page's module in a real browser: the same traces as natively, mounting, sliders, two instances, removal.
//! Run with `wasm-pack test --headless --chrome`.
#![cfg(target_arch = "wasm32")]

use js_sys::{Function, Object, Promise, Reflect};
use second_leader::presets;
use second_leader::sim::Simulation;
use second_leader::web::{Host, Sandbox, mount, parameters};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;
use web_sys::{Element, HtmlInputElement};

wasm_bindgen_test_configure!(run_in_browser);

fn document() -> web_sys::Document {
    web_sys::window().and_then(|w| w.document()).expect("a page")
}

/// Waits for a promise.
async fn wait(promise: Promise) -> JsValue {
    js_sys::futures::JsFuture::from(promise).await.expect("the promise is kept")
}

/// Waits for a later task, in which pending renders have happened.
async fn later() {
    let promise = Promise::new(&mut |resolve, _| {
        let window = web_sys::window().expect("a window");
        window.set_timeout_with_callback(&resolve).expect("a timer");
    });
    wait(promise).await;
}

/// What an element would be to the module, with nothing behind it.
fn host() -> Host {
    let object = Object::new();
    for name in ["emit", "arrived", "settle", "draw"] {
        Reflect::set(&object, &name.into(), &Function::new_no_args("")).expect("a plain object");
    }
    for (name, body) in [("now", "return performance.now()"), ("foreign", "return false")] {
        Reflect::set(&object, &name.into(), &Function::new_no_args(body)).expect("a plain object");
    }
    object.unchecked_into()
}

/// Mounts an instance with these lines of `name=value`.
async fn mounted(pairs: &str) -> (Element, Sandbox) {
    let root = document().create_element("div").expect("a div");
    document().body().expect("a body").append_child(&root).expect("it is appended");
    let sandbox = mount(root.clone(), pairs, host(), false, "");
    later().await;
    (root, sandbox)
}

/// Goes there, and waits until the page shows it.
async fn seek(sandbox: &Sandbox, target: &str) {
    assert_eq!(sandbox.seek(target, 1), "");
    while sandbox.travel() {}
    later().await;
}

fn param(sandbox: &Sandbox, key: &str) -> String {
    let params = sandbox.params();
    let found = params.lines().filter_map(|l| l.split_once('=')).find(|(k, _)| *k == key);
    found.map(|(_, v)| v.to_string()).unwrap_or_else(|| panic!("no {key}"))
}

fn find(root: &Element, selector: &str) -> Element {
    root.query_selector(selector).ok().flatten().unwrap_or_else(|| panic!("no {selector}"))
}

#[wasm_bindgen_test]
fn the_browser_leaves_the_same_traces_as_the_native_build() {
    let digests = include_str!("golden/digests.txt");
    let mut compared = 0;
    for line in digests.lines() {
        let mut words = line.split_whitespace();
        let (Some(id), Some(until), Some(digest)) = (words.next(), words.next(), words.next()) else { continue };
        let preset = presets::find(id).unwrap_or_else(|| panic!("no preset {id}"));
        let scenario = preset.scenario().check().expect("a sound preset");
        let mut sim = Simulation::new(&scenario);
        let until = until.parse::<u64>().expect("seconds") * 1_000_000;
        while !sim.advance(until, 1_000_000) {}
        assert_eq!(format!("{:016x}", sim.trace_hash()), digest, "{id} at {until} µs");
        compared += 1;
    }
    assert_eq!(compared, presets::PRESETS.len(), "a digest per preset");
}

#[wasm_bindgen_test]
async fn mounting_shows_every_host_and_broker() {
    let (root, sandbox) = mounted("autoplay=off").await;
    assert_eq!(root.query_selector_all(".peer").map(|l| l.length()), Ok(11));
    assert_eq!(root.query_selector_all(".broker").map(|l| l.length()), Ok(10));
    assert!(sandbox.paused());
    sandbox.destroy();
    root.remove();
}

#[wasm_bindgen_test]
async fn a_seek_shows_that_instant() {
    let (root, sandbox) = mounted("autoplay=off").await;
    seek(&sandbox, "firstDeadLetter").await;
    assert_eq!(root.query_selector_all(".peer.leading").map(|l| l.length()), Ok(2), "two crowns");
    assert!(find(&root, ".headline").text_content().is_some_and(|t| t.contains("2 leaders")));
    assert!(sandbox.seek("lunch", 2).contains("lunch"), "no such milestone");
    sandbox.destroy();
    root.remove();
}

#[wasm_bindgen_test]
async fn a_slider_changes_its_parameter_and_restarts() {
    let (root, sandbox) = mounted("autoplay=off").await;
    seek(&sandbox, "20").await;
    let slider: HtmlInputElement = find(&root, "[data-key=retries] .slide").dyn_into().expect("an input");
    assert_eq!(slider.min(), "0");
    assert_eq!((&*sandbox.slide("retries", 0), &*sandbox.slide("retries", 3)), ("0", "3"));
    sandbox.act("set", "retries=0");
    later().await;
    assert_eq!(param(&sandbox, "retries"), "0");
    assert!(sandbox.current_time() < 1.0, "it restarted");
    sandbox.destroy();
    root.remove();
}

#[wasm_bindgen_test]
async fn two_instances_are_independent() {
    let (first_root, first) = mounted("autoplay=off\nseed=1").await;
    let (second_root, second) = mounted("autoplay=off\nscenario=patient").await;
    seek(&first, "40").await;
    seek(&second, "40").await;
    let crowns = |root: &Element| root.query_selector_all(".peer.leading").map(|l| l.length());
    assert_eq!((crowns(&first_root), crowns(&second_root)), (Ok(2), Ok(1)));
    assert_eq!((&*param(&first, "seed"), &*param(&second, "seed")), ("1", "7"));
    first.destroy();
    second.destroy();
    first_root.remove();
    second_root.remove();
}

#[wasm_bindgen_test]
async fn removal_leaves_an_empty_root() {
    let (root, sandbox) = mounted("").await;
    assert!(root.child_element_count() > 0);
    sandbox.destroy();
    later().await;
    assert_eq!(root.child_element_count(), 0);
    root.remove();
}

#[wasm_bindgen_test]
async fn bad_input_is_clamped_from_attributes_and_refused_from_code() {
    let (root, sandbox) = mounted("autoplay=off\nbrokers=500\nretries=0").await;
    assert_eq!((&*param(&sandbox, "brokers"), &*param(&sandbox, "retries")), ("30", "0"));
    assert!(find(&root, ".notice").text_content().is_some_and(|t| t.contains("brokers=500 → 30 (1–30)")));
    assert!(sandbox.set_params("brokers=99").starts_with("brokers\t99\t"));
    assert_eq!(param(&sandbox, "brokers"), "30", "nothing changed");
    sandbox.destroy();
    root.remove();
}

#[wasm_bindgen_test]
fn the_table_is_exported_once_for_all_surfaces() {
    assert_eq!(parameters().lines().count(), second_leader::params::PARAM_COUNT);
}
