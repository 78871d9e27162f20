//! The component's stateless pieces: question, notices, legend, and a few lookups.
use super::*;

impl App {
    /// Moves nodes (the style sheet makes it smooth), places the dialog, and repairs what a person's input undid.
    pub(super) fn settle(&mut self) {
        let Some(root) = self.root.cast::<Element>() else { return };
        for_each(&root, "[data-x]", |e| {
            let at = |name| e.get_attribute(name).unwrap_or_default();
            if let Some(e) = e.dyn_ref::<web_sys::SvgElement>() {
                let _ =
                    e.style().set_property("transform", &format!("translate({}px,{}px)", at("data-x"), at("data-y")));
            }
        });
        for_each(&root, "[data-left]", |e| {
            if let Some(h) = e.dyn_ref::<HtmlElement>() {
                let at = |name| format!("{}px", e.get_attribute(name).unwrap_or_default());
                let _ = h.style().set_property("left", &at("data-left"));
                let _ = h.style().set_property("top", &at("data-top"));
            }
        });
        for_each(&root, "select[data-value]", |e| {
            if let (Some(select), Some(value)) = (e.dyn_ref::<HtmlSelectElement>(), e.get_attribute("data-value"))
                && select.value() != value
            {
                select.set_value(&value);
            }
        });
        if std::mem::take(&mut self.focus_popover)
            && let Ok(Some(button)) = root.query_selector(".popover button")
            && let Some(button) = button.dyn_ref::<HtmlElement>()
        {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = button.focus_with_options(&options);
        }
    }

    pub(super) fn watch_size(&mut self, ctx: &Context<Self>) {
        let (Some(column), Some(root)) = (self.column.cast::<Element>(), self.root.cast::<Element>()) else { return };
        let link = ctx.link().clone();
        let (width, before) = (self.width, column.clone());
        let mut last = (width, self.wide);
        let callback = Closure::<dyn FnMut()>::new(move || {
            let (column, root) = (before.client_width(), root.client_width());
            if column > 0 && last != (column, root >= WIDE) {
                last = (column, root >= WIDE);
                link.send_message(Msg::Resize(column, root));
            }
        });
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&column);
            self.observer = Some((observer, callback));
        }
    }
}

pub(super) fn for_each(root: &Element, selector: &str, mut f: impl FnMut(&Element)) {
    let Ok(list) = root.query_selector_all(selector) else { return };
    for i in 0..list.length() {
        if let Some(e) = list.get(i).and_then(|n| n.dyn_into::<Element>().ok()) {
            f(&e);
        }
    }
}

pub(super) fn lower_first(text: &str) -> String {
    let mut text = text.to_string();
    // ASCII only: the tables for all of Unicode would cost 13 kB.
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    text
}

/// Is the join rate one at which the new hosts join?
pub(super) fn slow(player: &Player) -> bool {
    hint(&player.scenario().params).0 == Forecast::Join
}

/// The milestone before or after now.
pub(super) fn neighbour(player: &Player, by: i8) -> Option<Target> {
    let now = player.sim().now();
    let known = player.known().iter();
    if by < 0 {
        // Half a second of grace, so that pressing twice goes back twice while it plays.
        let grace = if player.paused() { 0 } else { 500_000 };
        return Some(Target::Time(known.rev().map(|(_, at)| *at).find(|at| at + grace < now).unwrap_or(0)));
    }
    let next = known.map(|(_, at)| *at).find(|at| *at > now);
    next.map(Target::Time).or_else(|| {
        let unknown = crate::metrics::MILESTONES.iter().map(|(m, _)| *m);
        unknown
            .filter(|m| *m != Milestone::End)
            .find(|m| !player.known().iter().any(|(k, _)| k == m))
            .map(Target::Milestone)
    })
}

/// Says when a dot is not a message.
pub(super) fn legend(shared: &Shared, pace: u32) -> Html {
    let per_dot = shared.painter.borrow().per_dot;
    let text = if pace > crate::web::paint::FLOW_SPEED {
        "at this speed lines show how much flows".to_string()
    } else if per_dot > 1 {
        format!("one dot = {per_dot} messages")
    } else {
        String::new()
    };
    view!("<p class=dots>{}</p>", text)
}

pub(super) fn notices(notices: &[String], stopped: Option<&'static str>) -> Html {
    let mut lines: Vec<Html> = notices.iter().map(|n| view!("<li>{}</li>", n.clone())).collect();
    lines.extend(stopped.map(|why| view!("<li>The run cannot go on: {}</li>", why)));
    view!(
        "<div class=notice-place role=status><div class=notice part=notice hidden={}><ul>{}</ul>{}</div></div>",
        lines.is_empty(),
        lines,
        button("dismiss", "", "Dismiss"),
    )
}

/// The one question the page asks by itself.
pub(super) fn question(asking: bool, view: &View, scene: &Scene) -> Html {
    let majority =
        |i: usize| view.ensembles.get(i).map_or(String::new(), |e| format!("{} of {}", e.majority, e.list_len));
    let text = format!(
        "Both won a majority of the list they were given: {} and {}. The lists differ, and nothing compares them.",
        majority(0),
        majority(1)
    );
    view!(
        "<div class=question hidden={} role=group aria-label=\"A question\" data-left={} data-top={}>
        <h3>Which leader is right?</h3><p>{}</p>{}</div>",
        !asking,
        scene.width / 2,
        scene.kafka_y - 8,
        text,
        button("continue", "primary", "Continue"),
    )
}
