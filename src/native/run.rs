//! Carries out what the command line asks for. Results go to `out`, messages to `err`; the answer is the exit code.
use super::arguments::{HELP, Output, Request, RunRequest, parse};
use super::document::{Document, MAX_FILE, preset_ids};
use super::listing;
use super::rehearsal::{rehearse, transcript};
use super::report::report;
use super::sweep::request::SweepRequest;
use crate::export::{ENGINE, result_json};
use crate::lesson::Lesson;
use crate::lesson::pupil::Manner;
use crate::lesson::ui::Ui;
use crate::params::{Issue, Key};
use crate::presets::PRESETS;
use crate::scenario::Scenario;
use crate::sim::Simulation;
use crate::sweep::Sweep;
use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

/// Steps between two looks at whether the run has stopped.
const BUDGET: u32 = 1 << 20;
/// Simulated time between two looks at whether anybody still reads the trace, µs.
const SLICE: u64 = 1_000_000;

/// It ran.
pub const RAN: u8 = 0;
/// Something is wrong here, or the run is not what the scenario's author expects.
pub const FAILED: u8 = 1;
/// The input is bad; nothing was printed to `out`.
pub const BAD_INPUT: u8 = 2;

/// Does what the arguments (without the program's name) ask for and returns the exit code. A reader that goes away is no
/// error.
pub fn main(arguments: impl IntoIterator<Item = OsString>, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let code = perform(arguments, out, err).and_then(|code| out.flush().map(|()| code));
    match code {
        Ok(code) => code,
        Err(e) if e.kind() == ErrorKind::BrokenPipe => RAN,
        Err(e) => {
            let _ = writeln!(err, "second-leader: cannot write: {e}"); // there is nobody left to tell
            FAILED
        }
    }
}

fn perform(arguments: impl IntoIterator<Item = OsString>, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    match parse(arguments) {
        Err(issues) => refuse("", &issues, err),
        Ok(Request::Help) => out.write_all(HELP.as_bytes()).map(|()| RAN),
        Ok(Request::Version) => writeln!(out, "{ENGINE}").map(|()| RAN),
        Ok(Request::Run(request)) => run(&request, out, err),
        Ok(Request::Sweep(request)) => sweep(&request, out, err),
        Ok(Request::Check { files, tell }) => check(&files, tell, out, err),
        Ok(Request::Presets { write: Some(dir), .. }) => match listing::write_presets(Path::new(&dir)) {
            Ok(names) => writeln!(out, "{}", names.join("\n")).map(|()| RAN),
            Err(e) => refuse("", &[Issue::new(dir.to_string_lossy(), "", format!("cannot be written: {e}"))], err),
        },
        Ok(Request::Presets { json: true, .. }) => {
            out.write_all(listing::presets_json().pretty().as_bytes()).map(|()| RAN)
        }
        Ok(Request::Presets { .. }) => out.write_all(listing::presets_table().as_bytes()).map(|()| RAN),
        Ok(Request::Params { json: true }) => out.write_all(listing::params_json().pretty().as_bytes()).map(|()| RAN),
        Ok(Request::Params { .. }) => out.write_all(listing::params_table().as_bytes()).map(|()| RAN),
    }
}

/// Lists what is wrong, a line each.
fn refuse(file: &str, issues: &[Issue], err: &mut dyn Write) -> io::Result<u8> {
    let place = if file.is_empty() { "second-leader" } else { file };
    for issue in issues {
        writeln!(err, "{place}: {issue}")?;
    }
    Ok(BAD_INPUT)
}

/// Reads a scenario file. Errors: every problem found.
fn read_file(path: &OsStr) -> Result<Document, Vec<Issue>> {
    let unreadable = |e: io::Error| vec![Issue::new("/", "", format!("cannot be read: {e}"))];
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > MAX_FILE {
        return Err(vec![Issue::new("/", "", "is too long: a scenario file has at most 256 KiB")]);
    }
    let text = String::from_utf8(bytes).map_err(|_| vec![Issue::new("/", "", "is not UTF-8 text")])?;
    Document::read(&text)
}

fn check(files: &[OsString], tell: bool, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    let mut good = Vec::new();
    let mut code = RAN;
    for file in files {
        let name = file.to_string_lossy();
        match read_file(file) {
            Ok(document) => match rehearse(&document) {
                Ok(summary) => {
                    let told = if tell { transcript(&document, Manner::Right) } else { String::new() };
                    good.push((name, summary, told));
                }
                Err(issues) => code = refuse(&name, &issues, err)?,
            },
            Err(issues) => code = refuse(&name, &issues, err)?,
        }
    }
    if code == RAN {
        for (name, summary, told) in good {
            write!(out, "{name}: ok{summary}\n{told}")?;
        }
    }
    Ok(code)
}

/// Finds the scenario that a run is about and applies the values given on the command line. Errors: every problem found.
fn prepare(request: &RunRequest) -> Result<Document, Vec<Issue>> {
    let source = request.source.clone().unwrap_or_else(|| PRESETS[0].id.into());
    let preset = source.to_str().and_then(Scenario::preset);
    let from_file = preset.is_none();
    let mut document = match preset {
        Some(scenario) => Document { scenario, expect: Vec::new(), lesson: Lesson::default(), ui: Ui::default() },
        None if !Path::new(&source).exists() => {
            let message = format!("is neither a preset nor a file; presets: {}", preset_ids());
            return Err(vec![Issue::new(source.to_string_lossy(), "", message)]);
        }
        None => read_file(&source)?,
    };
    let params = &mut document.scenario.params;
    let mut issues: Vec<Issue> =
        request.values.iter().filter_map(|(key, text)| params.set_text(*key, text).err()).collect();
    match document.scenario.clone().check() {
        Ok(checked) => {
            document.scenario = checked;
            document.scenario.actions.sort_by_key(|(at, _)| *at); // stable: what is written first happens first
        }
        // A contradiction with a value that is itself refused says nothing new.
        Err(found) if issues.is_empty() => issues = found,
        Err(_) => {}
    }
    if !from_file {
        for issue in &mut issues {
            issue.field = issue.field.trim_start_matches("/params/").to_string();
        }
    }
    if issues.is_empty() { Ok(document) } else { Err(issues) }
}

fn run(request: &RunRequest, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    let Document { scenario, expect, .. } = match prepare(request) {
        Ok(document) => document,
        Err(issues) => {
            let file = request.source.as_ref().filter(|source| Path::new(source).is_file());
            return refuse(&file.map(|f| f.to_string_lossy()).unwrap_or_default(), &issues, err);
        }
    };
    let mut sim = Simulation::new(&scenario);
    let until = request.until.unwrap_or_else(|| sim.end());
    if request.output == Output::Trace {
        trace(&mut sim, until, out)?;
    } else {
        while !sim.advance(until, BUDGET) && sim.stopped().is_none() {}
    }
    let reached = if sim.stopped().is_some() { sim.now() } else { until };
    match request.output {
        Output::Report => out.write_all(report(&scenario, &sim, reached).as_bytes())?,
        Output::Json => writeln!(out, "{}", result_json(&scenario, &sim, reached))?,
        Output::Trace => {}
    }
    out.flush()?;
    let mut code = RAN;
    if let Some(why) = sim.stopped() {
        writeln!(err, "second-leader: the run stopped early: {why}")?;
        code = FAILED;
    }
    for failure in expect.iter().filter_map(|e| e.failure(&sim.metrics())) {
        writeln!(err, "second-leader: {failure} (seed {})", scenario.params.get(Key::Seed))?;
        code = FAILED;
    }
    Ok(code)
}

fn sweep(request: &SweepRequest, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    let file = request.run.source.as_ref().filter(|source| Path::new(source).is_file());
    let place = file.map(|f| f.to_string_lossy()).unwrap_or_default();
    let whole = prepare(&request.run).and_then(|document| {
        let x = request.x.clone().ok_or_else(|| vec![Issue::new("--x", "", "is missing")])?;
        let runs = request.runs.unwrap_or(super::sweep::RUNS);
        let whole = Sweep { base: document.scenario, x, y: request.y.clone(), runs };
        whole.check().map(|()| whole)
    });
    match whole {
        Err(mut issues) => {
            for issue in issues.iter_mut().filter(|_| place.is_empty()) {
                issue.field = issue.field.trim_start_matches("/params/").to_string();
            }
            refuse(&place, &issues, err)
        }
        Ok(whole) => super::sweep::sweep(&whole, request, out).map(|()| RAN),
    }
}

/// Runs and prints a line for each event, until the end or until nobody reads any more.
fn trace(sim: &mut Simulation, until: u64, out: &mut dyn Write) -> io::Result<()> {
    let sids = sim.sids().to_vec();
    let mut lines = Vec::new();
    let mut now = 0;
    while now < until && sim.stopped().is_none() {
        now = until.min(now + SLICE);
        sim.advance_with(now, &mut |event| {
            event.write_line(&sids, &mut lines);
            lines.push(b'\n');
        });
        out.write_all(&lines)?;
        lines.clear();
    }
    Ok(())
}
