//! The charts: what they show is what the samples say, and the cursor, the table and the picture agree.
use crate::common::{SECOND, preset, run, run_until, scenario};
use crate::exports::assert_xml;
use second_leader::chart::{Charts, charts_svg, log_scale, share_top, time_step};
use second_leader::metrics::Sample;
use second_leader::picture::Theme;
use second_leader::presets::PRESETS;
use second_leader::sim::Simulation;

fn charts(sim: &Simulation, width: i32) -> Charts {
    Charts::of(sim.history(), sim.milestones(), sim.end(), width)
}

#[test]
fn samples_add_up_to_the_numbers_of_the_run() {
    for p in PRESETS {
        let sim = run(&preset(p.id, &[]));
        let sum = |value: fn(&Sample) -> u32| sim.history().iter().map(|s| u64::from(value(s))).sum::<u64>();
        let m = sim.metrics();
        // The last sample falls on the end itself, before or after what else happens there.
        let about = |a: u64, b: u64, what: &str| assert!(a <= b && b - a <= 1, "{}: {what} {a} of {b}", p.id);
        about(sum(|s| s.produced), m.produced, "produced");
        about(sum(|s| s.acknowledged), m.acknowledged, "acknowledged");
        about(sum(|s| s.retried), m.retried, "retried");
        about(sum(|s| s.failed), m.failed, "failed");
        about(sum(|s| s.dead_lettered), m.dead_lettered, "dead-lettered");
        about(sum(|s| s.processed), m.processed, "processed");
    }
}

#[test]
fn the_delay_of_a_sample_is_that_of_the_jobs_just_processed() {
    let sim = run(&preset("the-incident", &[]));
    let at = |second: u64| sim.history().iter().find(|s| s.at == second * SECOND).expect("a sample");
    assert!((1_000..100_000).contains(&at(5).p99), "before the incident: {} µs", at(5).p99);
    assert!(at(60).p99 > 20 * SECOND, "dead letters are late: {} µs", at(60).p99);
    assert!(at(60).p50 < 100_000, "most jobs are not");
    assert!(at(200).p99 < 100_000, "the window forgets: {} µs", at(200).p99);
    assert!(sim.metrics().p99 > 10 * SECOND, "the whole run's percentile does not");
    assert!(sim.history().iter().all(|s| s.p50 <= s.p99));
}

#[test]
fn the_cursor_finds_the_stretch_it_stands_in_and_steps_through_all() {
    let sim = run(&preset("the-incident", &[]));
    let charts = charts(&sim, 1000);
    let mut at = 0;
    let mut seen = 0;
    loop {
        let bin = charts.bin_at(at).expect("a stretch");
        assert!((bin.from..=bin.at).contains(&at) || at == 0);
        let next = charts.step(at, 1);
        if next == at {
            break;
        }
        assert_eq!(charts.step(next, -1).max(charts.bins[0].at), at.max(charts.bins[0].at), "there and back");
        (at, seen) = (next, seen + 1);
    }
    assert!(seen + 1 >= charts.bins.len());
    for x in [60, 300, 999] {
        assert!((charts.x(charts.time_at(x)) - x.min(charts.width - 12)).abs() <= 1, "{x}");
    }
    assert_eq!(charts.time_at(-50), 0);
    assert_eq!(charts.time_at(5000), sim.end());
}

#[test]
fn the_cursor_reads_off_what_the_samples_say() {
    let sim = run(&preset("the-incident", &[]));
    let charts = charts(&sim, 2400);
    let at = 31 * SECOND;
    let bin = charts.bin_at(at).expect("a stretch");
    let inside = |s: &&Sample| s.at > bin.from && s.at <= bin.at;
    let failed: u32 = sim.history().iter().filter(inside).map(|s| s.failed).sum();
    assert_eq!(bin.rates[2] * (bin.at - bin.from), u64::from(failed) * 10 * SECOND);
    let said = charts.values_at(at);
    assert!(said.starts_with("0:31.0: per second ") && said.ends_with("2 leaders, 2 controllers."), "{said}");
    let waiting = sim.history().iter().filter(inside).map(|s| s.dlq_depth).max().expect("samples");
    assert!(said.contains(&format!("{waiting} dead letters wait;")), "{said}");
    assert_eq!(
        charts_so_far(&preset("the-incident", &[]), 10).values_at(200 * SECOND),
        "",
        "nothing is known of the future"
    );
}

fn charts_so_far(scenario: &second_leader::scenario::Scenario, second: u64) -> Charts {
    charts(&run_until(scenario, second * SECOND), 800)
}

#[test]
fn the_shade_is_where_two_lead() {
    let sim = run(&preset("the-incident", &[]));
    let charts = charts(&sim, 1000);
    assert_eq!(charts.shade.len(), 1, "{:?}", charts.shade);
    let (from, to) = (charts.time_at(charts.shade[0].0), charts.time_at(charts.shade[0].1));
    assert!(from.abs_diff(7 * SECOND) < 2 * SECOND && to.abs_diff(61 * SECOND) < 2 * SECOND, "{from}–{to}");
    assert!(charts_so_far(&preset("patient", &[]), 300).shade.is_empty());
}

#[test]
fn nothing_leaves_its_plot_at_any_width_and_plots_do_not_touch() {
    for id in ["the-incident", "more-brokers", "leader-frozen", "kraft"] {
        let sim = run(&preset(id, &[]));
        for width in [240, 320, 400, 768, 1280, 2400] {
            let charts = charts(&sim, width);
            for (i, plot) in charts.plots.iter().enumerate() {
                let r = plot.rect;
                assert!(r.x > 40 && r.x + r.w < width && r.y + r.h < charts.height, "{id} {width}: {r:?}");
                assert!(charts.plots.get(i + 1).is_none_or(|next| next.rect.y >= r.y + r.h + 20));
                for (x, y) in plot.lines.iter().flat_map(|line| line.points.iter().flatten()) {
                    assert!(
                        (r.x..=r.x + r.w).contains(x) && (r.y..=r.y + r.h).contains(y),
                        "{id} {width} {}",
                        plot.title
                    );
                }
                assert!(plot.grid.iter().all(|(y, _)| (r.y..=r.y + r.h).contains(y)));
                assert!(plot.grid.windows(2).all(|w| w[0].0 > w[1].0), "gridlines rise: {:?}", plot.grid);
            }
        }
    }
}

#[test]
fn the_table_says_the_same_as_the_lines() {
    let sim = run(&preset("the-incident", &[]));
    let charts = charts(&sim, 2400);
    let all = charts.table(usize::MAX);
    assert_eq!(all.len(), charts.bins.len());
    for (row, bin) in all.iter().zip(&charts.bins) {
        assert_eq!(row[0], (bin.at / SECOND).to_string());
        assert_eq!(row[1].parse::<f64>().ok(), Some(bin.rates[0] as f64 / 10.0));
        assert_eq!(row[6], bin.depth.to_string());
    }
    let few = charts.table(10);
    assert!((8..=11).contains(&few.len()), "{} rows", few.len());
    let most = |rows: &[[String; 11]]| rows.iter().filter_map(|r| r[6].parse::<u64>().ok()).max();
    assert_eq!(most(&few), most(&all), "the peak is in the short table too");
}

#[test]
fn axes_are_round_and_logarithms_rise() {
    assert_eq!([0, 20_000, 97_600, 600_000].map(share_top), [20_000, 20_000, 100_000, 1_000_000]);
    assert_eq!(time_step(300 * SECOND, 930), 30 * SECOND);
    assert_eq!(time_step(300 * SECOND, 250), 120 * SECOND);
    assert_eq!([1, 2, 4, 1024].map(log_scale), [0, 1024, 2048, 10240]);
    assert!((0..5_000).all(|n| log_scale(n) <= log_scale(n + 1)));
    assert!(log_scale(u64::MAX) > log_scale(u64::MAX / 2));
}

#[test]
fn a_run_without_traffic_or_history_still_draws() {
    let sim = Simulation::new(&scenario(&[("writeRate", "0.1")]));
    let empty = charts(&sim, 400);
    assert_eq!((empty.bins.len(), empty.values_at(0).as_str(), empty.step(7, 1)), (0, "", 7));
    let sim = run(&scenario(&[("writeRate", "0.1")]));
    assert!(charts(&sim, 400).values_at(60 * SECOND).contains("acknowledged"));
}

#[test]
fn the_picture_is_well_formed_and_holds_every_line() {
    for (id, theme) in [("the-incident", Theme::Light), ("more-brokers", Theme::Dark), ("stuck", Theme::Light)] {
        let scenario = preset(id, &[]);
        let sim = run(&scenario);
        let svg = charts_svg(&scenario, &sim, 900, theme);
        assert_xml(&svg);
        assert!(!svg.contains("var("), "colours are written out");
        assert_eq!(svg.matches("class=\"line ").count(), 8 + 6, "{id}: a path per line, and one per key");
        assert!(svg.contains(theme.colour("ok").expect("a colour")));
        assert!(svg.contains("<desc>") && svg.contains("dead letters that wait"));
    }
}
