//! A moment of a run as something to pass on: the scenario file that a link carries, and what authors paste into their pages.
use super::actions::action_json;
use super::json::Json;
use super::outcome::value_json;
use crate::export::SCHEMA_VERSION;
use crate::params::{KEYS, Key, Params};
use crate::scenario::{Command, Plan, PlannedHost, Role, Scenario};
use crate::view::Micros;
use crate::words::{self, say};

/// The characters of base64url, by value.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The scenario file of a run: what differs from its preset, what people did (after what the scenario itself does), and where to
/// begin.
pub fn scenario_json(scenario: &Scenario, chosen: &Params, did: &[(Micros, Command)], start: Option<Micros>) -> Json {
    let preset =
        Scenario::preset(&scenario.id).filter(|p| KEYS.iter().all(|k| !p.params.is_given(*k) || chosen.is_given(*k)));
    let mut fields = vec![("schemaVersion", Json::number(SCHEMA_VERSION))];
    if preset.is_some() {
        fields.push(("base", Json::text(&scenario.id)));
    } else if !scenario.id.is_empty() {
        fields.push(("id", Json::text(&scenario.id)));
    }
    let base = preset.unwrap_or(Scenario { title: String::new(), ..Scenario::default() });
    for (name, text, known) in
        [("title", &scenario.title, &base.title), ("description", &scenario.description, &base.description)]
    {
        if text != known {
            fields.push((name, Json::text(text)));
        }
    }
    if !scenario.locale.is_empty() {
        fields.push(("locale", Json::text(&scenario.locale)));
    }
    let differs =
        |k: &&Key| chosen.is_given(**k) && (!base.params.is_given(**k) || base.params.get(**k) != chosen.get(**k));
    let values: Vec<(String, Json)> =
        KEYS.iter().filter(differs).map(|k| (k.param().key.to_string(), value_json(*k, chosen.get(*k)))).collect();
    if !values.is_empty() {
        fields.push(("params", Json::Object(values)));
    }
    if let Some(plan) = scenario.plan.as_ref().filter(|plan| base.plan.as_ref() != Some(plan)) {
        fields.push(("plan", plan_json(plan)));
    }
    if !did.is_empty() || scenario.actions != base.actions {
        let all = scenario.actions.iter().chain(did);
        fields.push(("actions", Json::List(all.map(|(at, command)| action_json(*at, *command)).collect())));
    }
    if let Some(at) = start {
        fields.push(("ui", Json::object([("start", Json::millionths(at))])));
    }
    Json::Object(fields.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
}

fn plan_json(plan: &Plan) -> Json {
    let sids = |list: &[u8]| Json::List(list.iter().map(Json::number).collect());
    let host = |host: &PlannedHost| {
        let role = if host.role == Role::Observer { "observer" } else { "participant" };
        Json::object([
            ("sid", Json::number(host.sid)),
            ("startMs", Json::millionths(host.start.saturating_mul(1000))),
            ("list", sids(&host.list)),
            ("role", Json::text(role)),
        ])
    };
    Json::object([
        ("old", sids(&plan.old)),
        ("oldLeader", Json::number(plan.old_leader)),
        ("fresh", Json::List(plan.fresh.iter().map(host).collect())),
    ])
}

/// Bytes as text that a URL can carry (RFC 4648, section 5, without padding).
pub fn base64url(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 3);
    for chunk in bytes.chunks(3) {
        let [a, b, c] = [0, 1, 2].map(|i| u32::from(chunk.get(i).copied().unwrap_or(0)));
        let word = a << 16 | b << 8 | c;
        for i in 0..=chunk.len() {
            let digit = word >> (18 - 6 * i) & 63;
            out.push(char::from(DIGITS[digit as usize]));
        }
    }
    out
}

/// A moment, as it is passed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The scenario file, on one line.
    pub json: String,
    /// The run's name, or "".
    pub name: String,
    /// How many of the actions, the last ones, people did while they watched.
    pub own: usize,
    /// The digest of all events up to this moment: who opens the link finds out whether it is the same run.
    pub digest: u64,
    /// How it is to be shown, as parameters of a URL: `view=lesson&panels=why`, or "".
    pub presentation: String,
}

impl Moment {
    /// Everything after the page's address.
    pub fn fragment(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let mut out =
            say!("#s=", base64url(self.json.as_bytes()), "&engine=", version, "&check=", words::hex(self.digest));
        if self.own > 0 {
            out.push_str(&say!("&own=", self.own));
        }
        if !self.name.is_empty() {
            out.push_str(&say!("&run=", percent(&self.name)));
        }
        out
    }

    /// The link, on the page of this address.
    pub fn link(&self, page: &str) -> String {
        let query = if self.presentation.is_empty() { String::new() } else { say!("?", &self.presentation) };
        say!(page, query, self.fragment())
    }
}

/// A text with everything escaped that means something in a URL.
pub fn percent(text: &str) -> String {
    let mut out = String::new();
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

/// Other people's text within an attribute's quotes, or as text, in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The `<iframe>` that shows a link.
pub fn iframe(link: &str, title: &str) -> String {
    let (page, fragment) = link.split_once('#').unwrap_or((link, ""));
    let embed = if page.contains('?') { "&embed" } else { "?embed" };
    let src = escaped(&say!(page, embed, "#", fragment));
    say!(
        "<iframe src=\"",
        src,
        "\" title=\"",
        escaped(title),
        "\" width=\"100%\" height=\"900\" style=\"border:0\" loading=\"lazy\" allow=\"clipboard-write\"></iframe>"
    )
}

/// The same for the page in one file, which lies beside the page that shows it, and may do nothing but run.
pub fn file(moment: &Moment, title: &str) -> String {
    iframe(&moment.link("second-leader.html"), title).replace(" allow=", " sandbox=\"allow-scripts\" allow=")
}

/// The element with its scenario inside; `presentation` is as in [`Moment`].
pub fn element(moment: &Moment, script: &str, title: &str) -> String {
    let mut attributes = say!("title=\"", escaped(title), "\"");
    for part in moment.presentation.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        attributes.push_str(&say!(" ", crate::params::kebab(name), "=\"", escaped(&value.replace("%2C", ",")), "\""));
    }
    let json = moment.json.replace('<', "\\u003c");
    say!(
        "<script type=\"module\" src=\"",
        escaped(script),
        "\"></script>\n<second-leader ",
        attributes,
        ">\n  <script type=\"application/json\">",
        json,
        "</script>\n</second-leader>"
    )
}

/// A link in Markdown.
pub fn markdown(link: &str, title: &str) -> String {
    let title = title.replace(['[', ']', '\\'], " ");
    say!("[", title, "](", link, ")")
}
