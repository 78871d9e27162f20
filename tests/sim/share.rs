//! A moment that is passed on leads to the same moment: links, files, the picture in words, and what docs/EMBED.md says.
use crate::common::{SECOND, assert_file, preset, read, run_until};
use second_leader::describe;
use second_leader::metrics::phase;
use second_leader::native::actions::read_command;
use second_leader::native::document::Document;
use second_leader::native::embed;
use second_leader::native::share::{Moment, base64url, element, file, iframe, markdown, percent, scenario_json};
use second_leader::params::{KEYS, Key};
use second_leader::player::{Player, Target};
use second_leader::presets::PRESETS;
use second_leader::scenario::{Command, Node, Scenario};

#[test]
fn every_preset_comes_back_from_a_link_as_it_was() {
    for p in PRESETS {
        let scenario = p.scenario();
        let json = scenario_json(&scenario, &scenario.params, &[], None).line();
        let back = Document::read(&json).unwrap_or_else(|e| panic!("{}: {e:?} in {json}", p.id)).scenario;
        assert_eq!(back, scenario, "{json}");
    }
}

#[test]
fn a_changed_value_is_written_and_a_plan_too() {
    let mut scenario = Scenario::preset("the-incident").unwrap();
    scenario.params.set(Key::Retries, 0).unwrap();
    let json = scenario_json(&scenario, &scenario.params, &[], None).line();
    assert!(json.contains(r#""params":{"retries":0}"#), "{json}");
    let file = r#"{"schemaVersion":1,"id":"mine","title":"Mine","plan":{"old":[1,2,3],"oldLeader":2,
        "fresh":[{"sid":4,"startMs":10.5,"list":[1,2,3,4]},{"sid":5,"startMs":20,"list":[1,2,3,4,5],"role":"observer"}]}}"#;
    let scenario = Document::read(file).unwrap().scenario;
    let json = scenario_json(&scenario, &scenario.params, &[], None).line();
    assert_eq!(Document::read(&json).unwrap().scenario, scenario, "{json}");
}

#[test]
fn what_people_did_is_done_again_and_the_digest_is_the_same() {
    let scenario = Scenario::preset("leader-killed").unwrap();
    let go = |player: &mut Player, at: u64| {
        player.seek(0, Target::Time(at));
        while player.work(&mut || false) && player.seeking() {}
    };
    let mut here = Player::new(scenario.clone(), scenario.params.clone());
    go(&mut here, 20 * SECOND);
    here.act(Command::Stop(Node::Peer(2))).unwrap();
    go(&mut here, 31 * SECOND);
    let did = here.recording().commands().to_vec();
    let json = scenario_json(here.scenario(), &here.run().chosen, &did, None).line();
    let mut back = Document::read(&json).unwrap().scenario;
    let own = back.actions.split_off(back.actions.len() - did.len());
    let mut there = Player::new(scenario.clone(), scenario.params.clone());
    there.open(back.clone(), back.params.clone(), own, "again");
    go(&mut there, 31 * SECOND);
    assert_eq!(here.sim().trace_hash(), there.sim().trace_hash());
    assert_eq!(here.sim().metrics(), there.sim().metrics());
    assert_eq!(there.run().name, "again");
}

#[test]
fn playing_stops_where_it_was_told_to() {
    let scenario = Scenario::default();
    let mut player = Player::new(scenario.clone(), scenario.params.clone());
    player.touch();
    player.end_at(Some(5 * SECOND));
    player.play();
    for _ in 0..2_000 {
        player.frame(16_000, &mut || false);
    }
    assert!(player.paused());
    assert_eq!(player.sim().now(), 5 * SECOND);
    player.play();
    player.frame(16_000, &mut || false);
    assert!(player.sim().now() > 5 * SECOND, "who plays on goes on");
}

#[test]
fn bytes_become_text_that_urls_carry() {
    for (bytes, text) in [
        ("", ""),
        ("f", "Zg"),
        ("fo", "Zm8"),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(base64url(bytes.as_bytes()), text);
    }
    assert_eq!(base64url(&[0xfb, 0xff, 0xfe]), "-__-");
    assert_eq!(percent("a b&ü"), "a%20b%26%C3%BC");
}

#[test]
fn code_for_other_pages_cannot_be_broken_out_of() {
    let json = r#"{"title":"</script><b>"}"#.to_string();
    let moment =
        Moment { json, name: "a&b".into(), own: 2, digest: 255, presentation: "view=lesson&panels=why%2Clog".into() };
    let link = moment.link("https://example.org/");
    assert!(link.starts_with("https://example.org/?view=lesson&panels=why%2Clog#s="), "{link}");
    assert!(link.ends_with("&check=ff&own=2&run=a%26b"), "{link}");
    let title = "\"><script>";
    let html = element(&moment, "https://example.org/second-leader.js", title);
    assert_eq!(html.matches("</script>").count(), 2, "{html}");
    assert!(html.contains(r#"view="lesson" panels="why,log""#), "{html}");
    assert!(iframe(&link, title).contains("title=\"&quot;&gt;&lt;script&gt;\""));
    assert!(iframe(&link, title).contains("&amp;embed#s="));
    assert!(markdown(&link, "a]b").starts_with("[a b]("));
}

#[test]
fn an_action_now_is_read_strictly() {
    assert_eq!(read_command(r#"{"do":"stopNode","node":"zk11"}"#), Ok(Command::Stop(Node::Peer(11))));
    for (text, field) in [
        ("[]", "/"),
        ("{}", "/do"),
        (r#"{"do":"fly"}"#, "/do"),
        (r#"{"do":"stopNode"}"#, "/node"),
        (r#"{"do":"stopNode","node":"zk11","at":3}"#, "/at"),
        (r#"{"do":"set","key":"retries","value":"x"}"#, "/value"),
        ("{", "/"),
    ] {
        let issues = read_command(text).expect_err(text);
        assert_eq!(issues[0].field, field, "{text}");
    }
}

#[test]
fn the_phase_follows_the_run() {
    let scenario = preset("the-incident", &[]);
    let at = |second| {
        let sim = run_until(&scenario, second * SECOND);
        phase(sim.milestones(), sim.heads().0)
    };
    assert_eq!([0, 5, 20, 64, 200].map(at), ["calm", "joining", "split", "recovering", "recovered"]);
}

#[test]
fn the_picture_in_words_names_everything_on_the_stage() {
    for p in PRESETS {
        let scenario = preset(p.id, &[]);
        let sim = run_until(&scenario, 40 * SECOND);
        let view = sim.view();
        let rows = describe::rows(&view);
        assert_eq!(rows.len(), view.peers.len() + view.brokers.len() + 3, "{}", p.id);
        assert!(rows.iter().all(|[name, what, _]| !name.is_empty() && !what.is_empty()), "{}: {rows:?}", p.id);
        assert!(describe::text(&scenario, &view).lines().count() > rows.len(), "{}", p.id);
    }
}

#[test]
fn the_guide_to_embedding_is_what_the_code_says() {
    let document = embed::document();
    assert_file("docs/EMBED.md", &document);
    for key in KEYS {
        assert!(document.contains(&format!("| `{}` |", key.param().key)));
    }
    let (script, api, frames, types) =
        (read("www/second-leader.js"), read("www/api.js"), read("www/frames.js"), read("www/second-leader.d.ts"));
    for (name, ..) in embed::METHODS.iter().chain(embed::PROPERTIES) {
        let word = name.split('(').next().unwrap_or(name);
        assert!(script.contains(word), "{word} is not in the element");
        assert!(types.contains(word), "{word} has no type");
    }
    for (name, ..) in embed::MESSAGES {
        assert!(frames.contains(name), "{name} is no message");
    }
    for (name, ..) in embed::EVENTS {
        assert!(types.contains(&format!("{name}:")), "{name} has no type");
    }
    for (name, ..) in embed::PRESENTATION.iter().filter(|(name, ..)| !name.contains('-')) {
        assert!(types.contains(name), "{name} has no type");
        assert!(script.contains(name) || api.contains(name) || *name == "start", "{name} is read by nobody");
    }
    let styles = read("www/second-leader.css");
    for (name, ..) in embed::STYLES {
        assert!(styles.contains(name), "{name} colours nothing");
    }
}

#[test]
fn the_page_the_guide_and_the_program_know_the_same_panels() {
    let names = second_leader::panels::NAMES;
    let api = include_str!("../../www/api.js");
    let list =
        api.split("const PANELS = [").nth(1).and_then(|rest| rest.split(']').next()).expect("its list of panels");
    let theirs: Vec<&str> = list.split(", ").map(|name| name.trim_matches('\'')).collect();
    assert_eq!(theirs, names);
    let (_, _, says) = second_leader::native::embed::PRESENTATION.iter().find(|row| row.0 == "panels").expect("a row");
    assert!(says.ends_with(&format!("{}.", names.join(", "))), "{says}");
    let version = format!("export const version = '{}';", env!("CARGO_PKG_VERSION"));
    assert!(include_str!("../../www/second-leader.js").contains(&version), "the element tells its version");
}

#[test]
fn the_page_in_one_file_is_framed_with_nothing_but_scripts_allowed() {
    let moment = Moment {
        json: r#"{"schemaVersion":1}"#.to_string(),
        name: String::new(),
        own: 0,
        digest: 7,
        presentation: "view=lesson".to_string(),
    };
    let code = file(&moment, "A \"run\"");
    assert!(code.starts_with("<iframe src=\"second-leader.html?view=lesson&amp;embed#s="), "{code}");
    assert!(code.contains("title=\"A &quot;run&quot;\"") && code.contains(" sandbox=\"allow-scripts\" "), "{code}");
}
