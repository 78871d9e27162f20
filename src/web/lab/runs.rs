//! The panel of runs: what was before a fork or a change, to show, to name, to compare, to delete; and the differences between the
//! two that are compared.
use super::{Ask, Ctx};
use crate::compare;
use crate::ledger::FATES;
use crate::metrics::Milestone;
use crate::params::{Key, Kind, Params, format_value};
use crate::player::{Player, Run, RunId};
use crate::presets;
use crate::scene::milestone_words;
use crate::view::{Micros, View};
use crate::web::dom::{Markup, put};
use crate::words::{self, say};

/// See the module's first lines.
#[derive(Default)]
pub struct Panel {
    /// The run whose name is being edited.
    naming: Option<RunId>,
    /// The name as it stands in the field.
    draft: String,
    /// The parameter that one run was made for, and that run.
    made: Option<(Key, RunId)>,
    error: String,
}

/// What a run is called: its name, or its number and what is different about it.
pub fn title(player: &Player, run: &Run) -> String {
    if !run.name.is_empty() {
        return run.name.clone();
    }
    let difference = run.from.and_then(|(from, _)| player.find(from)).map(|from| {
        let mut all = compare::values(&from.scenario.params, &run.scenario.params);
        if from.scenario.id != run.scenario.id {
            all.insert(0, run.scenario.title.clone());
        }
        let [_, did] = compare::actions(commands(player, from), commands(player, run));
        all.extend(did);
        let rest = all.len().saturating_sub(2);
        all.truncate(2);
        say!(all.join(", "), if rest > 0 { " …" } else { "" })
    });
    match difference.filter(|d| !d.is_empty()) {
        Some(difference) => say!("Run ", run.id, ": ", difference),
        None => say!("Run ", run.id),
    }
}

/// What people did in it: of the run that is shown, the recording knows.
fn commands<'a>(player: &'a Player, run: &'a Run) -> &'a [(Micros, crate::scenario::Command)] {
    if run.id == player.run().id { player.recording().commands() } else { &run.did }
}

impl Panel {
    /// Nothing to keep: the player knows.
    pub fn refresh(&mut self, _: &Ctx) {}

    /// The list, and the differences.
    pub fn draw(&self, m: &mut Markup, ctx: &Ctx) {
        put!(m; "<p class=note>Acting in the past, or changing a value, starts another run; the old one stays as it was. Two of them can be \
            played side by side on one clock.</p><ul class=runs>");
        for run in ctx.player.runs() {
            self.row(m, ctx, run);
        }
        put!(m; "</ul><p class=actions><button type=button data-act=runs:fork>Fork here (F)</button> \
            <button type=button data-act=runs:slowly>Compare with hosts added slowly</button></p>");
        self.form(m, ctx);
        put!(m; "<p class=oops>");
        m.quote(&self.error);
        put!(m; "</p>");
        if let Some((run, recording)) = ctx.player.twin() {
            differences(m, ctx, run, &recording.sim().view());
        }
    }

    fn row(&self, m: &mut Markup, ctx: &Ctx, run: &Run) {
        let player = ctx.player;
        let (shown, twin) = (player.run().id == run.id, player.twin().is_some_and(|(t, _)| t.id == run.id));
        put!(m; "<li key=", run.id, if shown { " class=shown" } else { "" }, "><span class=run-name><b>");
        m.quote(&title(player, run));
        put!(m; "</b><span class=sub> ");
        m.quote(&run.scenario.title);
        put!(m; ", seed ", format_value(Key::Seed, run.scenario.params.get(Key::Seed)));
        if let Some((from, at)) = run.from.filter(|(_, at): &(RunId, Micros)| *at > 0) {
            put!(m; ", left run ", from, " at ", words::clock(at));
        }
        put!(m; "</span></span><span class=actions>");
        if shown {
            put!(m; "<span class=src>shown</span>");
        } else {
            action(m, "show", run.id, "Show");
            action(m, if twin { "alone" } else { "compare" }, run.id, if twin { "Stop comparing" } else { "Compare" });
        }
        action(m, "naming", run.id, "Name");
        if !shown {
            action(m, "delete", run.id, "Delete");
        }
        put!(m; "</span>");
        if self.naming == Some(run.id) {
            put!(m; "<span class=actions><input type=text id=run-name maxlength=60 aria-label=\"Name of run ", run.id,
                "\" data-in=runs:draft value=\"");
            m.quote(&self.draft);
            put!(m; "\"/><button type=button data-act=runs:named>Keep this name</button></span>");
        }
        put!(m; "</li>");
    }

    /// One value changed, everything else the same.
    fn form(&self, m: &mut Markup, ctx: &Ctx) {
        let Some((key, made)) = self.made else { return };
        let Some(run) = ctx.player.find(made) else { return };
        let p = key.param();
        let value = format_value(key, run.chosen.get(key));
        put!(m; "<p class=what-if><label for=what-if>The same run, but with <b>", p.label, "</b></label> ");
        if let Kind::Choice(words) = p.kind {
            put!(m; "<select id=what-if data-in=runs:value>");
            for word in words {
                put!(m; "<option value=", *word, if *word == value { " selected" } else { "" }, ">", *word, "</option>");
            }
            put!(m; "</select>");
        } else {
            put!(m; "<input type=text inputmode=decimal id=what-if data-in=runs:value value=\"", value, "\"/>");
        }
        put!(m; " ", p.unit, "</p>");
    }

    /// Makes a run with one value changed, and shows it beside this one.
    fn what_if(&mut self, player: &mut Player, key: Key, value: i64) {
        let mut params = player.chosen().clone();
        if let Err(issue) = params.set(key, value) {
            self.error = issue.text();
            return;
        }
        self.error = params.effective_lenient().1.join(" ");
        if let Some((_, old)) = self.made.take()
            && player.find(old).is_some_and(|run| run.name.is_empty() && run.id != player.run().id)
        {
            player.delete(old);
        }
        let (base, did) = (player.scenario().clone(), player.recording().commands().to_vec());
        let id = player.add(base, params, did);
        player.compare(Some(id));
        self.made = Some((key, id));
    }

    /// The same run with hosts that join one after the other.
    fn slowly(&mut self, player: &mut Player) {
        let slow = presets::find("patient").map(presets::Preset::params);
        let rate = slow.unwrap_or_default().get(Key::JoinRate);
        let same = player.chosen().get(Key::JoinRate) == rate;
        let other = if same { Params::default().get(Key::JoinRate) } else { rate };
        self.what_if(player, Key::JoinRate, other);
    }

    /// A person used a control.
    pub fn act(&mut self, verb: &str, arg: &str, player: &mut Player, asks: &mut Vec<Ask>) -> bool {
        let id = arg.parse::<RunId>().ok();
        match (verb, id) {
            ("fork", _) => player.fork(),
            ("show", Some(id)) => drop(player.show(id)),
            ("delete", Some(id)) => player.delete(id),
            ("compare", Some(id)) => player.compare(Some(id)),
            ("alone", _) => player.compare(None),
            ("naming", Some(id)) => {
                self.draft = player.find(id).map(|run| run.name.clone()).unwrap_or_default();
                self.naming = if self.naming == Some(id) { None } else { Some(id) };
                asks.extend(self.naming.map(|_| Ask::Focus("#run-name")));
                return true;
            }
            ("draft", _) => {
                self.draft = arg.to_string();
                return true;
            }
            ("named", _) => {
                if let Some(id) = self.naming.take() {
                    player.rename(id, &self.draft);
                }
            }
            ("open", _) if arg == "slowly" => self.slowly(player),
            ("slowly", _) => self.slowly(player),
            ("open", _) => {
                let Some(key) = Key::find(arg) else { return false };
                let other = compare::alternative(key, player.chosen().get(key));
                self.what_if(player, key, other);
            }
            ("value", _) => {
                let Some((key, _)) = self.made else { return false };
                match crate::params::parse_value(key, arg.trim()) {
                    Some(value) => self.what_if(player, key, value),
                    None => self.error = say!(key.param().label, ": ", crate::params::range_message(key)),
                }
            }
            _ => return false,
        }
        if let Some((run, _)) = player.twin() {
            asks.push(Ask::Say(say!("Side by side with ", title(player, run), ".")));
        }
        true
    }
}

fn action(m: &mut Markup, verb: &str, id: RunId, label: &str) {
    put!(m; "<button type=button data-act=runs:", verb, " data-arg=", id, " aria-label=\"", label, " run ", id, "\">", label, "</button>");
}

fn differences(m: &mut Markup, ctx: &Ctx, run: &Run, there: &View) {
    let (player, here) = (ctx.player, ctx.view);
    put!(m; "<h3>Differences at ", words::clock(here.now), "</h3><table><thead><tr><th scope=col>what</th><th scope=col>");
    m.quote(&title(player, player.run()));
    put!(m; "</th><th scope=col>");
    m.quote(&title(player, run));
    put!(m; "</th></tr></thead><tbody>");
    let row = |m: &mut Markup, name: &str, values: [String; 2]| {
        let (class, mark) = if values[0] == values[1] { ("", "") } else { (" class=differs", "≠ ") };
        put!(m; "<tr", class, "><th scope=row>", mark, name, "</th>");
        for value in values {
            put!(m; "<td>");
            m.quote(&value);
            put!(m; "</td>");
        }
        put!(m; "</tr>");
    };
    let headline = |view: &View| crate::caption::banner(view).headline;
    row(m, "now", [headline(here), headline(there)]);
    for t in compare::milestones(player.known(), &run.known).iter().filter(|t| t.milestone != Milestone::End) {
        let clock = |at: Option<Micros>| at.map_or_else(|| "not so far".to_string(), words::clock);
        row(m, milestone_words(t.milestone), [clock(t.here), clock(t.there)]);
    }
    for pair in compare::ledgers(here, there) {
        let known = FATES.iter().find(|(_, name)| *name == pair.name);
        let word = known.map_or("jobs produced", |(fate, _)| crate::web::fates::word(*fate));
        row(m, word, [words::count(pair.here), words::count(pair.there)]);
    }
    for d in compare::nodes(here, there) {
        row(m, &d.node.name(), [d.here, d.there]);
    }
    put!(m; "</tbody></table>");
}
