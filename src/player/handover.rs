//! All that a watcher has, as text: one module writes it, another takes over. Lines of words with tabs between; the reader is
//! built from the same source, so it is no format for anybody else.
use super::{Player, Run, Speed};
use crate::metrics::Milestone;
use crate::params::{KEYS, Key};
use crate::scenario::{Command, Link, Node, Scenario};
use crate::words::say;

/// A command as words, its action's name first.
fn command_words(command: Command) -> String {
    let link =
        |word: &str, l: Link| say!(word, "\t", l.from.name(), "\t", l.to.name(), if l.both { "\tboth" } else { "" });
    match command {
        Command::Stop(n) => say!("stop\t", n.name()),
        Command::Start(n) => say!("start\t", n.name()),
        Command::Freeze(n) => say!("freeze\t", n.name()),
        Command::Thaw(n) => say!("thaw\t", n.name()),
        Command::Isolate(n) => say!("isolate\t", n.name()),
        Command::Rejoin(n) => say!("rejoin\t", n.name()),
        Command::MoveBroker(id) => say!("move\t", id),
        Command::ReturnBroker(id) => say!("return\t", id),
        Command::AddNodes(n) => say!("add\t", n),
        Command::CrashConsumer(c) => say!("crash\t", c),
        Command::KillSecondCluster => say!("kill"),
        Command::FinishRollout => say!("finish"),
        Command::StartDrain => say!("open"),
        Command::StopDrain => say!("close"),
        Command::CutLink(l) => link("cut", l),
        Command::MendLink(l) => link("mend", l),
        Command::Set(key, value) => say!("set\t", key.param().key, "\t", value),
    }
}

/// Reads the words of a command.
pub fn command(word: &str, args: &[&str]) -> Option<Command> {
    let arg = |i: usize| args.get(i).copied();
    let node = || arg(0).and_then(Node::parse);
    let number = || arg(0)?.parse::<u8>().ok();
    let link = || Some(Link { from: node()?, to: arg(1).and_then(Node::parse)?, both: arg(2).is_some() });
    Some(match word {
        "stop" => Command::Stop(node()?),
        "start" => Command::Start(node()?),
        "freeze" => Command::Freeze(node()?),
        "thaw" => Command::Thaw(node()?),
        "isolate" => Command::Isolate(node()?),
        "rejoin" => Command::Rejoin(node()?),
        "move" => Command::MoveBroker(number()?),
        "return" => Command::ReturnBroker(number()?),
        "add" => Command::AddNodes(number()?),
        "crash" => Command::CrashConsumer(number()?),
        "kill" => Command::KillSecondCluster,
        "finish" => Command::FinishRollout,
        "open" => Command::StartDrain,
        "close" => Command::StopDrain,
        "cut" => Command::CutLink(link()?),
        "mend" => Command::MendLink(link()?),
        "set" => Command::Set(Key::find(arg(0)?)?, arg(1)?.parse().ok()?),
        _ => return None,
    })
}

fn flags(player: &Player) -> [bool; 4] {
    [player.paused, player.touched, player.asked, player.asking]
}

impl Player {
    /// Everything, for another player to take over; the run that is shown comes last.
    pub fn hand_over(&self) -> String {
        let mut out = String::new();
        for run in self.others.iter().chain([&self.copy()]) {
            write_run(&mut out, run);
        }
        let speed = match self.pacer.speed {
            Speed::Auto => 0,
            Speed::Fixed(milli) => milli,
        };
        out.push_str(&say!(
            "now\t",
            self.sim().now(),
            "\t",
            speed,
            "\t",
            self.last_id,
            "\t",
            self.twin_id().unwrap_or(0),
            "\t"
        ));
        for flag in flags(self) {
            out.push(if flag { '1' } else { '0' });
        }
        out
    }

    /// Takes over. `None`: this is not what [`Player::hand_over`] wrote.
    pub fn take_over(text: &str) -> Option<Player> {
        let mut runs: Vec<Run> = Vec::new();
        let mut player = None;
        for line in text.split('\n') {
            let words: Vec<&str> = line.split('\t').collect();
            let number = |i: usize| words.get(i)?.parse::<u64>().ok();
            match *words.first()? {
                "run" => runs.push(read_run(&words)?),
                "value" => {
                    let key = Key::find(words.get(1)?)?;
                    runs.last_mut()?.chosen.set(key, words.get(2)?.parse().ok()?).ok()?;
                }
                "mark" => runs.last_mut()?.known.push((Milestone::find(words.get(1)?)?, number(2)?)),
                "do" => {
                    let did = (number(1)?, command(words.get(2)?, words.get(3..)?)?);
                    runs.last_mut()?.did.push(did);
                }
                "now" => player = Some(read_player(std::mem::take(&mut runs), &words)?),
                _ => return None,
            }
        }
        player
    }
}

fn write_run(out: &mut String, run: &Run) {
    let (from, at) = run.from.unwrap_or_default();
    let head = say!("run\t", run.id, "\t", from, "\t", at, "\t", &run.scenario.id, "\t", run.furthest, "\t");
    out.push_str(&head);
    out.push_str(&run.name.replace(['\t', '\n'], " "));
    out.push('\n');
    for key in KEYS.iter().filter(|key| run.chosen.is_given(**key)) {
        out.push_str(&say!("value\t", key.param().key, "\t", run.chosen.get(*key), "\n"));
    }
    for (milestone, at) in &run.known {
        out.push_str(&say!("mark\t", milestone.name(), "\t", *at, "\n"));
    }
    for (at, command) in &run.did {
        out.push_str(&say!("do\t", *at, "\t", command_words(*command), "\n"));
    }
}

fn read_run(words: &[&str]) -> Option<Run> {
    let number = |i: usize| words.get(i)?.parse::<u64>().ok();
    let base = Scenario::preset(words.get(4)?)?;
    let chosen = base.params.clone();
    let run = Run::new(u32::try_from(number(1)?).ok()?, base, chosen, Vec::new());
    let from = u32::try_from(number(2)?).ok().filter(|id| *id != 0).zip(number(3));
    Some(Run { from, furthest: number(5)?, name: words.get(6)?.to_string(), ..run })
}

fn read_player(mut runs: Vec<Run>, words: &[&str]) -> Option<Player> {
    let number = |i: usize| words.get(i)?.parse::<u32>().ok();
    for run in &mut runs {
        run.scenario.params = run.chosen.effective_lenient().0;
    }
    let run = runs.pop()?;
    let mut player = Player::new(run.scenario.clone(), run.chosen.clone());
    player.recording = run.record();
    (player.told, player.run, player.others) = (run.known.len(), run, runs);
    player.set_speed(match number(2)? {
        0 => Speed::Auto,
        milli => Speed::Fixed(milli),
    });
    player.last_id = number(3)?;
    let flags: Vec<bool> = words.get(5)?.chars().map(|c| c == '1').collect();
    let [paused, touched, asked, asking] = flags.try_into().ok()?;
    player.compare(Some(number(4)?));
    player.seek(0, super::Target::Time(words.get(1)?.parse().ok()?));
    (player.paused, player.touched, player.asked, player.asking) = (true, touched, asked, false);
    player.news.clear();
    player.work(&mut || false);
    player.news.clear();
    (player.paused, player.asking) = (paused, asking);
    Some(player)
}
