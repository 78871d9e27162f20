use second_leader::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let mut s = scenario::Scenario::preset(&a[1]).unwrap();
    let until: u64 = a[2].parse().unwrap();
    for kv in &a[3..] {
        if let Some((k, v)) = kv.split_once('=') {
            s.params.set_text(params::Key::find(k).unwrap(), v).unwrap();
        }
    }
    let quiet = a.iter().any(|x| x == "q");
    let s = s.check().unwrap();
    let mut sim = sim::Simulation::new(&s);
    let sids = sim.sids().to_vec();
    let mut buf = vec![];
    let t = std::process::Command::new("true").status();
    let _ = t;
    if quiet {
        sim.advance(until * 1000000, u32::MAX);
    } else {
        sim.advance_with(until * 1000000, &mut |e| {
            buf.clear();
            buf.extend(format!("{} ", e.id).bytes());
            e.write_line(&sids, &mut buf);
            println!("{}", String::from_utf8_lossy(&buf));
        });
    }
    println!("{:?}", sim.verdict());
    println!("{:#?}", sim.metrics());
    println!("{:?}", sim.ledger());
    for m in sim.milestones() {
        println!("{:?}", m)
    }
    println!(
        "steps {} events {} hash {:016x} inv {:?} heads {:?}",
        sim.steps(),
        sim.event_count(),
        sim.trace_hash(),
        sim.invariants().iter().filter(|i| i.broken_at.is_some()).collect::<Vec<_>>(),
        sim.heads()
    );
    let v = sim.view();
    println!("{:?}", v.ensembles);
    println!("{} {}", v.failing, v.operator);
}
