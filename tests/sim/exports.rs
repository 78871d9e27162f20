//! What can be taken away: files say what the run says, and other programs can read them.
use crate::common::{SECOND, advance, preset, run, run_until, trace};
use second_leader::export::{COLUMNS, METRICS, result_json, row, samples_csv, trace_text};
use second_leader::picture::{Theme, stage_svg};
use second_leader::presets::PRESETS;
use second_leader::recording::Recording;
use second_leader::scenario::{Command, Node, Scenario};
use serde_json::Value;

/// Fails unless this is well-formed XML: one root, tags that match, quoted values, only the five entities.
pub fn assert_xml(text: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut roots = 0;
    for (i, piece) in text.split('<').enumerate() {
        let Some((tag, after)) = piece.split_once('>') else {
            assert!(i == 0 && piece.trim().is_empty(), "text outside of the root: {piece}");
            continue;
        };
        assert!(!open.is_empty() || after.trim().is_empty() || !tag.starts_with('/'), "text after the root: {after}");
        for entity in piece.split('&').skip(1) {
            assert!(["amp;", "lt;", "gt;", "quot;", "apos;"].iter().any(|e| entity.starts_with(e)), "&{entity}");
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closed in the wrong order");
            continue;
        }
        let (body, closed) = tag.strip_suffix('/').map_or((tag, false), |body| (body, true));
        let name = body.split(' ').next().unwrap_or("");
        assert!(!name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric()), "tag {name:?}");
        assert_attributes(body.strip_prefix(name).unwrap_or(""), tag);
        roots += usize::from(open.is_empty());
        if !closed {
            open.push(name);
        }
    }
    assert!(open.is_empty() && roots == 1, "{open:?} left open, {roots} roots");
}

fn assert_attributes(mut rest: &str, tag: &str) {
    let mut names = Vec::new();
    while !rest.trim().is_empty() {
        let (name, value) = rest.split_once("=\"").unwrap_or_else(|| panic!("no quoted value: {tag}"));
        assert!(
            name.starts_with(' ') && name.trim().chars().all(|c| c.is_ascii_alphanumeric() || "-:".contains(c)),
            "{tag}"
        );
        assert!(!names.contains(&name.trim()), "twice: {tag}");
        names.push(name.trim());
        rest = value.split_once('"').unwrap_or_else(|| panic!("no end of the value: {tag}")).1;
    }
}

#[test]
fn the_checker_of_xml_finds_what_is_wrong() {
    let refused = |text: &str| std::panic::catch_unwind(|| assert_xml(text)).is_err();
    assert_xml("<a b=\"1\"><c/>x &amp; y</a>\n");
    for bad in [
        "<a>",
        "<a></b>",
        "<a b=1/>",
        "<a/><b/>",
        "<a>&nbsp;</a>",
        "<a b=\"1\" b=\"2\"/>",
        "<a>x & y</a>",
        "<a b=\"1/>",
    ] {
        assert!(refused(bad), "{bad}");
    }
}

#[test]
fn the_csv_has_a_row_for_each_sample_and_the_numbers_of_the_run() {
    let sim = run(&preset("the-incident", &[]));
    let csv = samples_csv(sim.history());
    assert!(csv.ends_with("\r\n") && !csv.replace("\r\n", "").contains(['\r', '\n']));
    let rows: Vec<Vec<&str>> = csv.split_terminator("\r\n").map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), sim.history().len() + 1);
    assert!(rows.iter().all(|row| row.len() == COLUMNS.len()));
    assert_eq!(rows[0], COLUMNS);
    let sum = |column: usize| rows[1..].iter().map(|row| row[column].parse::<u64>().expect("a number")).sum::<u64>();
    let m = sim.metrics();
    assert!(m.acknowledged - sum(2) <= 1 && m.failed == sum(4) && m.dead_lettered == sum(6));
    let peak = rows[1..].iter().filter_map(|row| row[8].parse::<u64>().ok()).max();
    assert!(peak.is_some_and(|peak| peak <= m.dlq_peak && peak + 3 >= m.dlq_peak), "{peak:?} of {}", m.dlq_peak);
    assert_eq!(rows[1][0], "0.5");
    assert_eq!(row(&Default::default())[9], "", "no delay where nothing was processed");
}

#[test]
fn the_result_says_what_the_run_says() {
    for p in PRESETS {
        let scenario = preset(p.id, &[]);
        let sim = run(&scenario);
        let text = result_json(&scenario, &sim, sim.end());
        let json: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(json["until"].as_f64(), Some(sim.end() as f64 / 1e6));
        assert_eq!(json["seed"], 7);
        assert_eq!(json["traceHash"], format!("{:016x}", sim.trace_hash()));
        assert_eq!(json["outcome"], sim.verdict().outcome.name());
        assert_eq!(json["leaders"].as_array().map(Vec::len), Some(sim.verdict().leaders.len()));
        assert_eq!(json["modes"].as_object().map(|m| m.len()), Some(sim.verdict().modes.len()));
        for (name, read) in METRICS {
            let exact = read(&sim.metrics()) as f64 / 1e6;
            assert_eq!(json["metrics"][name].as_f64(), Some(exact), "{}: {name}", p.id);
        }
        let states: u64 = json["ledger"].as_object().expect("a ledger").values().filter_map(Value::as_u64).sum();
        assert_eq!(states, sim.metrics().produced, "I10 in the file too");
        let milestones: Vec<&str> =
            json["milestones"].as_array().expect("moments").iter().filter_map(|m| m["id"].as_str()).collect();
        assert_eq!(milestones, sim.milestones().iter().map(|(m, _)| m.name()).collect::<Vec<_>>());
        assert!(
            json["invariants"]
                .as_array()
                .expect("invariants")
                .iter()
                .all(|i| i["held"] == true && i["firstBrokenAt"].is_null())
        );
        assert_eq!(json["params"].as_object().map(|p| p.len()), Some(second_leader::params::KEYS.len()));
    }
}

#[test]
fn the_command_line_prints_the_same_result() {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = ["run", "more-brokers", "--json", "--until", "90s"];
    let code = second_leader::native::run::main(arguments.iter().map(Into::into), &mut out, &mut err);
    assert_eq!((code, err.len()), (0, 0));
    let scenario = preset("more-brokers", &[]);
    let sim = run_until(&scenario, 90 * SECOND);
    assert_eq!(String::from_utf8(out).expect("text"), result_json(&scenario, &sim, 90 * SECOND) + "\n");
}

#[test]
fn the_trace_of_a_watched_run_is_the_trace_of_the_run() {
    for (id, until) in [("the-incident", 70), ("kraft", 30), ("leader-frozen", 300)] {
        let scenario = preset(id, &[]);
        let mut recording = Recording::new(&scenario);
        recording.run_to(until * SECOND, &mut || false);
        assert_eq!(trace_text(&recording), trace(&scenario, until * SECOND), "{id}");
    }
}

#[test]
fn the_trace_holds_what_people_did_on_the_way() {
    let scenario = preset("the-incident", &[("heal", "none")]);
    let mut recording = Recording::new(&scenario);
    recording.run_to(30 * SECOND, &mut || false);
    recording.act(Command::Stop(Node::Peer(11))).expect("it can be stopped");
    recording.run_to(40 * SECOND, &mut || false);
    let text = trace_text(&recording);
    assert!(text.contains("30.000000 zk11 stopped"), "the command is in it");
    assert_eq!(text.lines().count() as u64, recording.sim().event_count());
}

#[test]
fn the_stage_is_a_picture_that_stands_alone() {
    for p in PRESETS {
        let scenario = preset(p.id, &[]);
        let mut sim = second_leader::sim::Simulation::new(&scenario);
        for (second, theme) in [(0, Theme::Light), (6, Theme::Dark), (40, Theme::Light), (62, Theme::Dark)] {
            advance(&mut sim, second * SECOND);
            for width in [360, 1000] {
                let svg = stage_svg(&scenario, &sim, width, theme);
                assert_xml(&svg);
                assert!(!svg.contains("var(") && !svg.contains("data-"), "{}: a rest of the page", p.id);
                assert!(svg.contains(theme.colour("paper").expect("paper")));
                let view = sim.view();
                assert_eq!(svg.matches("class=\"node peer ").count(), view.peers.len(), "{} at {second} s", p.id);
                assert_eq!(svg.matches("class=\"node broker ").count(), view.brokers.len());
                assert_eq!(
                    svg.matches("class=\"crown\"").count(),
                    view.leaders as usize,
                    "a crown for each serving leader"
                );
                assert_eq!(
                    svg.matches("class=\"controller\"").count(),
                    view.brokers.iter().filter(|b| b.controller.is_some()).count()
                );
            }
        }
    }
}

#[test]
fn other_peoples_words_do_no_harm_in_a_picture() {
    let title = "<script>alert(\"1\")</script> & more";
    let scenario = Scenario { title: title.into(), ..preset("the-incident", &[]) };
    let sim = run_until(&scenario, 10 * SECOND);
    let svg = stage_svg(&scenario, &sim, 800, Theme::Light);
    assert_xml(&svg);
    assert!(!svg.contains("<script"));
    assert_xml(&second_leader::chart::charts_svg(&scenario, &sim, 800, Theme::Dark));
}
