//! Many runs over a grid: each is a run that can be seen by itself, and neither threads nor shards change a byte.
use crate::cli::{assert_bad, cli, file, json, keys};
use second_leader::params::{Key, MILLION};
use second_leader::scenario::Scenario;
use second_leader::sweep::{Axis, Sweep, seeds};
use serde_json::Value;

/// The lines of a sweep.
fn lines(arguments: &[&str]) -> Vec<Value> {
    let (code, out, err) = cli(&[&["sweep", "--json"], arguments].concat());
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

const GRID: [&str; 6] = ["--x", "joinRate=60..480:3", "--y", "joinJitter=0,20", "--runs", "6"];

#[test]
fn a_cell_has_the_published_shape() {
    let all = lines(&GRID);
    assert_eq!(all.len(), 6);
    for (i, cell) in all.iter().enumerate() {
        let wanted =
            ["cell", "engine", "firstSeed", "outcomes", "runs", "scenario", "schemaVersion", "seed", "split", "x", "y"];
        assert_eq!(keys(cell), wanted);
        assert_eq!((&cell["cell"], &cell["runs"], &cell["seed"]), (&i.into(), &6.into(), &7.into()));
        assert_eq!(keys(&cell["outcomes"]), ["join", "partial", "split", "stuck", "unfinished"]);
        let counts = cell["outcomes"].as_object().expect("outcomes").values().filter_map(Value::as_u64);
        assert_eq!(counts.sum::<u64>(), 6, "{cell}");
        let [low, share, high] = ["low", "share", "high"].map(|name| cell["split"][name].as_f64().expect("a share"));
        assert!((0.0..=share).contains(&low) && (share..=1.0).contains(&high), "{cell}");
    }
    let places: Vec<String> =
        all.iter().map(|cell| format!("{} {}", cell["x"]["joinRate"], cell["y"]["joinJitter"])).collect();
    assert_eq!(places, ["60 0", "270 0", "480 0", "60 20", "270 20", "480 20"]);
}

#[test]
fn every_run_of_a_cell_can_be_seen_by_itself() {
    for cell in lines(&["--x", "joinRate=150,480", "--y", "joinJitter=5,30", "--runs", "8", "--seed", "4294967290"]) {
        let value = |axis: &str, key: &str| cell[axis][key].to_string();
        let (rate, jitter) = (value("x", "joinRate"), value("y", "joinJitter"));
        let mut counted = std::collections::BTreeMap::new();
        for seed in [4_294_967_290_u32, 4_294_967_291, 4_294_967_292, 4_294_967_293, 4_294_967_294, 4_294_967_295, 0, 1]
        {
            let seed = seed.to_string();
            let run = json(&["run", "--joinRate", &rate, "--joinJitter", &jitter, "--seed", &seed, "--json"]);
            let outcome = run["outcome"].as_str().expect("an outcome").to_string();
            counted.entry(outcome).or_insert((0, seed)).0 += 1;
        }
        for (outcome, (count, first)) in counted {
            assert_eq!(cell["outcomes"][&outcome], count, "{outcome} in {cell}");
            assert_eq!(cell["firstSeed"][&outcome].to_string(), first, "{outcome} in {cell}");
        }
    }
}

#[test]
fn a_file_runs_as_it_does_alone_in_whatever_order_its_actions_are() {
    let text = r#"{"schemaVersion":1,"id":"two-stops","actions":[{"at":30,"do":"startNode","node":"zk3"},{"at":4,"do":"stopNode","node":"zk3"}]}"#;
    let path = file("two-stops", text);
    let cell = &lines(&[&path, "--x", "retries=3,0", "--runs", "2", "--metric", "retried,deadLettered"])[0];
    let runs = ["7", "8"].map(|seed| json(&["run", &path, "--seed", seed, "--json"]));
    for name in ["retried", "deadLettered"] {
        let sum: f64 = runs.iter().map(|run| run["metrics"][name].as_f64().expect("a number")).sum();
        assert_eq!(cell["metrics"][name]["mean"].as_f64(), Some(sum / 2.0), "{name}: {cell}");
    }
    assert_eq!(cell["scenario"], "two-stops");
}

#[test]
fn numbers_that_are_asked_for_are_those_of_the_whole_runs() {
    let of = ["--x", "movedBrokers=1,3", "--runs", "3", "--metric", "lost,failedShare", "--metric", "p99Ms"];
    for cell in lines(&of) {
        let moved = cell["x"]["movedBrokers"].to_string();
        let runs = ["7", "8", "9"].map(|seed| json(&["run", "--movedBrokers", &moved, "--seed", seed, "--json"]));
        for name in ["lost", "failedShare", "p99Ms"] {
            let values = runs.each_ref().map(|run| run["metrics"][name].as_f64().expect("a number"));
            let told = ["mean", "min", "max"].map(|what| cell["metrics"][name][what].as_f64().expect("a number"));
            let mean = values.iter().sum::<f64>() / 3.0;
            assert!((told[0] - mean).abs() < 2e-6, "{name}: {told:?} of {values:?}");
            assert_eq!(told[1], values.into_iter().fold(f64::MAX, f64::min), "{name} of {moved}");
            assert_eq!(told[2], values.into_iter().fold(0.0, f64::max), "{name} of {moved}");
        }
    }
    let until = lines(&["--x", "retries=3,0", "--runs", "1", "--metric", "produced", "--until", "20s"]);
    let run = json(&["run", "--until", "20s", "--json"]);
    assert_eq!(until[0]["metrics"]["produced"]["mean"], run["metrics"]["produced"]);
    assert_eq!(until[0]["outcomes"]["unfinished"], 1);
}

#[test]
fn threads_change_nothing_and_shards_put_together_are_the_whole() {
    let whole = |more: &[&str]| cli(&[&["sweep", "--json"], &GRID[..], more].concat()).1;
    let one = whole(&["--jobs", "1"]);
    assert_eq!(one.lines().count(), 6);
    assert_eq!(whole(&["--jobs", "3"]), one);
    for n in [1, 4, 6, 9] {
        let parts: String = (1..=n).map(|i| whole(&["--shard", &format!("{i}/{n}")])).collect();
        assert_eq!(parts, one, "{n} shards");
    }
}

#[test]
fn for_people_it_is_a_table() {
    let (code, out, err) =
        cli(&["sweep", "--x", "joinRate=30,480", "--y", "listPolicy=renderedAtBoot,oneByOne", "--runs", "3"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let wanted = "Runs with a second leader, in percent: the-incident, 3 runs in each cell (seeds from 7)\n\
        across: joinRate, hosts/min, down: listPolicy\n\n\
        \x20                  30    480\n\
        renderedAtBoot      0    100\n\
        \x20     oneByOne      0      0\n";
    assert_eq!(out, wanted);
}

#[test]
fn values_lie_evenly_between_both_ends() {
    let axis = |key, from, to, count| Axis::between(key, from, to, count).map(|axis| axis.values);
    assert_eq!(axis(Key::Brokers, 1, 10, 4), Ok(vec![1, 4, 7, 10]));
    assert_eq!(axis(Key::Brokers, 1, 4, 3), Ok(vec![1, 3, 4]), "a half goes up");
    assert_eq!(axis(Key::Brokers, 10, 1, 4), Ok(vec![10, 7, 4, 1]));
    assert_eq!(
        axis(Key::JoinRate, 10 * MILLION, 600 * MILLION, 25).map(|v| (v.len(), v[0], v[24])),
        Ok((25, 10 * MILLION, 600 * MILLION))
    );
    assert_eq!(axis(Key::JoinJitter, 0, MILLION, 4), Ok(vec![0, 333_333, 666_667, MILLION]));
    assert!(axis(Key::Brokers, 1, 3, 4).is_err_and(|e| e.contains("only 3 values")));
    assert!(axis(Key::Brokers, 1, 3, 1).is_err_and(|e| e.contains("2–10000")));
    assert!(axis(Key::ListPolicy, 0, 3, 2).is_err_and(|e| e.contains("no numbers")));
}

#[test]
fn every_cell_has_the_same_seeds_and_they_begin_again_after_the_largest() {
    let mut base = Scenario::default();
    assert_eq!(seeds(&base, 3).collect::<Vec<_>>(), [7, 8, 9]);
    base.params.set(Key::Seed, Key::Seed.param().max).unwrap();
    assert_eq!(seeds(&base, 3).collect::<Vec<_>>(), [4_294_967_295, 0, 1]);
}

#[test]
fn a_grid_knows_its_cells() {
    let x = Axis { key: Key::Retries, values: vec![0, 3] };
    let y = Axis { key: Key::Brokers, values: vec![5, 10, 20] };
    let sweep = Sweep { base: Scenario::default(), x, y: Some(y), runs: 1 };
    let all: Vec<_> = (0..9).map_while(|i| sweep.cell(i)).map(|cell| (cell.x, cell.y)).collect();
    assert_eq!(all, [(0, Some(5)), (3, Some(5)), (0, Some(10)), (3, Some(10)), (0, Some(20)), (3, Some(20))]);
    let row = Sweep { y: None, ..sweep };
    assert_eq!((0..9).map_while(|i| row.cell(i)).count(), 2);
}

#[test]
fn a_sweep_that_cannot_be_is_refused_before_anything_runs() {
    assert_bad(&["sweep"], &["--x", "is missing", "joinRate=10..600:25"]);
    assert_bad(&["sweep", "--x"], &["--x", "needs a value"]);
    assert_bad(&["sweep", "--x", "joinRat=1..2:2"], &["--x", "joinRat", "did you mean joinRate?"]);
    assert_bad(&["sweep", "--x", "joinRate"], &["--x", "must be NAME=FROM..TO:COUNT"]);
    assert_bad(&["sweep", "--x", "joinRate=1..2"], &["must be NAME=FROM..TO:COUNT"]);
    assert_bad(&["sweep", "--x", "joinRate=0..2:3"], &["--x", "has 0", "1–1200"]);
    assert_bad(&["sweep", "--x", "joinRate=10..600:20000"], &["2–10000 values"]);
    assert_bad(&["sweep", "--x", "listPolicy=finalList,soon"], &["has soon", "renderedAtBoot"]);
    assert_bad(&["sweep", "--x", "seed=1..9:9"], &["seed", "is no axis"]);
    assert_bad(&["sweep", "--x", "retries=0,1", "--y", "retries=2,3"], &["y", "retries", "on the other axis"]);
    assert_bad(&["sweep", "--x", "movedBrokers=1..12:4"], &["movedBrokers = 12", "brokers, which is 10"]);
    assert_bad(
        &["sweep", "--x", "joinRate=1..1200:200", "--y", "joinJitter=0..600:51"],
        &["cells = 10200", "at most 10000"],
    );
    assert_bad(&["sweep", "--x", "retries=0,1", "--runs", "0"], &["--runs = 0", "1–100000"]);
    assert_bad(&["sweep", "--x", "retries=0,1", "--jobs", "many"], &["--jobs = many", "1–256"]);
    assert_bad(&["sweep", "--x", "retries=0,1", "--shard", "3/2"], &["--shard = 3/2", "2/8"]);
    assert_bad(&["sweep", "--x", "retries=0,1", "--metric", "lost,found"], &["--metric", "failedShare"]);
    assert_bad(&["sweep", "--x", "retries=0,1", "--trace"], &["--trace", "neither an option nor a parameter"]);
    assert_bad(&["sweep", "nowhere.json", "--x", "retries=0,1"], &["nowhere.json", "neither a preset nor a file"]);
}
