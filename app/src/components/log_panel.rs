//! The log with its tools. What is shown of it is in the address; how it is shown is remembered by the browser.

use super::{Icon, LogView};
use crate::components::late::{flag, maybe, piece, text};
use crate::live::run::RunStore;
use crate::log_text::{Times, lines_of};
use crate::views::LogAsk;
use leptos::{ev, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
    params::ParamsMap,
};
use wasm_bindgen::JsCast;

/// Where the browser keeps how the log is shown.
const KEPT: &str = "runboard.log";
/// Level in the address and its words.
const LEVELS: [(&str, &str); 4] = [
    ("", "All lines"),
    ("info", "Without debug"),
    ("warn", "Warnings, errors"),
    ("error", "Errors only"),
];

/// Reads which lines the address asks for.
pub(crate) fn ask_of(query: &ParamsMap) -> LogAsk {
    let of = |key| query.get(key).unwrap_or_default();
    LogAsk {
        step: of("step"),
        level: of("level"),
        text: of("q"),
    }
}

/// Tools, lines.
#[component]
pub(crate) fn LogPanel(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let id = store.run.read_untracked().id.clone();
    let log = store.log;
    let query = use_query_map();
    let (wrap, full) = (RwSignal::new(false), RwSignal::new(false));
    let path = StoredValue::new(format!("/runs/{id}"));
    let address = move |changes: &[(&'static str, &str)]| {
        let mut query = query.get();
        for (key, value) in changes {
            query.remove(key);
            if !value.is_empty() {
                query.insert(*key, (*value).to_owned());
            }
        }
        format!("{}{}", path.get_value(), query.to_query_string())
    };
    let navigate = use_navigate();
    let go = move |changes: &[(&'static str, &str)]| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&untrack(|| address(changes)), options);
    };
    let go = StoredValue::new(go);
    // The address leads: whoever changes it, the log follows.
    Effect::new(move |_| {
        let (ask, marked) = {
            let query = query.read();
            (ask_of(&query), lines_of(query.get_str("line").unwrap_or_default()))
        };
        let known = log.ask.get_untracked();
        let shown = log.look.read_untracked().marked;
        if (&ask.step, &ask.level) != (&known.step, &known.level) {
            if marked.0 > 0 && marked != shown {
                log.follow.set(false);
                log.look.update(|look| look.marked = marked);
            }
            log.show_only(ask);
            log.search_from(1);
        } else if ask.text != known.text {
            log.find(ask.text);
        } else if marked.0 > 0 && marked != shown {
            log.show(marked.0, marked.1);
        }
    });
    Effect::new(move |_| {
        let kept = window()
            .local_storage()
            .ok()
            .flatten()
            .and_then(|kept| kept.get_item(KEPT).ok()?);
        if let Some(kept) = kept {
            wrap.set(kept.ends_with("wrap"));
            log.look
                .update(|look| look.times = Times::from_word(kept.split(' ').next().unwrap_or_default()));
        }
    });
    Effect::new(move |_| {
        // A run that was queued when the page was opened has begun.
        let begin = store.run.read().started_at.unwrap_or_default();
        if begin > 0 && log.look.read_untracked().begin != begin {
            log.look.update(|look| look.begin = begin);
        }
    });
    let keep = move || {
        if let Ok(Some(kept)) = window().local_storage() {
            let times = log.look.read_untracked().times.word();
            let _ = kept.set_item(
                KEPT,
                &format!("{times} {}", if wrap.get_untracked() { "wrap" } else { "" }),
            );
        }
    };
    let clicked = move |event: ev::MouseEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let Some(target) = target else { return };
        if let Some(number) = line_number(&target) {
            event.prevent_default();
            let (first, _) = log.look.read_untracked().marked;
            let line = if event.shift_key() && first > 0 {
                format!("{}-{}", first.min(number), first.max(number))
            } else {
                number.to_string()
            };
            // A line of a part leads to what stands around it.
            go.with_value(|go| go(&[("line", &line), ("step", ""), ("level", "")]));
            return;
        }
        let tool = target.closest("[data-do]").ok().flatten();
        match tool.and_then(|tool| tool.get_attribute("data-do")).as_deref() {
            Some("times") => log.look.update(|look| look.times = look.times.next()),
            Some("wrap") => wrap.update(|wrap| *wrap = !*wrap),
            Some("full") => full.update(|full| *full = !*full),
            _ => return,
        }
        keep();
    };
    let changed = move |event: ev::Event| {
        if let Some(field) = event
            .target()
            .and_then(|field| field.dyn_into::<web_sys::HtmlSelectElement>().ok())
        {
            let key = if field.name() == "step" { "step" } else { "level" };
            go.with_value(|go| go(&[(key, &field.value())]));
        }
    };
    let searched = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(field) = document().get_element_by_id("log-search") {
            let text = field.unchecked_into::<web_sys::HtmlInputElement>().value();
            if text == log.ask.read_untracked().text {
                log.step_hit(1);
            } else {
                go.with_value(|go| go(&[("q", &text), ("line", "")]));
            }
        }
    };
    let escaped = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            full.set(false);
        }
    };
    let steps = Memo::new(move |_| {
        let detail = store.detail.read();
        let mut steps: Vec<(String, String)> = Vec::new();
        for step in &detail.steps {
            if !steps.iter().any(|(known, _)| *known == step.step) {
                steps.push((step.step.clone(), step.title.clone()));
            }
        }
        steps
    });
    let hit = move |by| {
        text(move || {
            let (at, _) = log.look.read().marked;
            let line = log.search.neighbour(at, by).map(|line| line.to_string());
            address(&[("line", &line.unwrap_or_default())])
        })
    };
    let has_text = Memo::new(move |_| !log.ask.read().text.is_empty());
    let is_partial = Memo::new(move |_| log.ask.read().is_partial() || has_text.get());
    let file = format!("/api/runs/{id}/logs.txt");
    let part_of_file = {
        let file = file.clone();
        text(move || {
            let ask = log.ask.read();
            let asked = [("step", &ask.step), ("level", &ask.level), ("q", &ask.text)];
            let query: ParamsMap = asked
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(key, value)| (key, value.clone()))
                .collect();
            format!("{file}{}", query.to_query_string())
        })
    };
    let first = log.ask.get_untracked();
    html! {
        <section class="card logs" class:full=flag(move || full.get()) class:wrap=flag(move || wrap.get()) aria-label="Log" on:click=clicked on:keydown=escaped>
            <form class="row bar log-tools" role="search" action=path.get_value() on:change=changed on:submit=searched>
                <input type="hidden" name="tab" value="logs" />
                <label class="inline">
                    <span>"Step"</span>
                    <select name="step" prop:value=text(move || log.ask.read().step.clone())>
                        <option value="">"All"</option>
                        {piece(move || {
                            let chosen = log.ask.read_untracked().step.clone();
                            steps.get().into_iter()
                                .map(|(step, title)| html! { <option selected={step == chosen} value=step>{title}</option> })
                                .collect_view()
                        })}
                    </select>
                </label>
                <label class="inline">
                    <span>"Level"</span>
                    <select name="level" prop:value=text(move || log.ask.read().level.clone())>
                        {LEVELS.into_iter()
                            .map(|(level, words)| html! { <option value=level selected={level == first.level}>{words}</option> })
                            .collect_view()}
                    </select>
                </label>
                <span class="find">
                    <input
                        type="search"
                        name="q"
                        id="log-search"
                        data-key="filter"
                        aria-label="Search the log"
                        placeholder="Search"
                        value=first.text.clone()
                        prop:value=text(move || log.ask.read().text.clone())
                    />
                    <button class="btn sm">"Find"</button>
                </span>
                <span class="row hits" class:gone=flag(move || !has_text.get())>
                    <span role="status">
                        {text(move || log.search.in_words(&log.ask.read().text, log.look.read().marked.0))}
                    </span>
                    <a class="btn quiet icon-only" data-noscroll="true" prop:replace=true data-hot="N" href=hit(-1) aria-label="Previous hit" title="Previous hit (N)">
                        <Icon name="up" />
                    </a>
                    <a class="btn quiet icon-only" data-noscroll="true" prop:replace=true data-hot="n" href=hit(1) aria-label="Next hit" title="Next hit (n)">
                        <Icon name="down" />
                    </a>
                </span>
                <span class="grow"></span>
                <button type="button" class="btn quiet sm" data-do="times" data-hot="T" title="How times are written (T)">
                    {text(move || match log.look.read().times {
                        Times::Off => "Times off",
                        Times::Since => "Since start",
                        Times::Clock => "Clock, UTC",
                    })}
                </button>
                <button type="button" class="btn quiet sm" data-do="wrap" aria-pressed=maybe(move || Some(if wrap.get() { "true" } else { "false" }))>
                    "Wrap"
                </button>
                <button type="button" class="btn quiet sm" data-do="full" data-hot="f" title="Full screen (f)" aria-pressed=maybe(move || Some(if full.get() { "true" } else { "false" }))>
                    "Full screen"
                </button>
                <a class="btn quiet sm" class:gone=flag(move || !is_partial.get()) href=part_of_file rel="external" download=format!("{id}-part.log")>
                    <Icon name="download" />
                    "This part"
                </a>
                <a class="btn quiet sm" href=file rel="external" download=format!("{id}.log")>
                    <Icon name="download" />
                    "Download"
                </a>
            </form>
            <LogView log=log link=format!("/runs/{id}?tab=logs&amp;line=") />
        </section>
    }
}

/// The number of the line whose gutter was pressed.
fn line_number(target: &web_sys::Element) -> Option<i64> {
    let gutter = target.closest(".line > a").ok()??;
    gutter.parent_element()?.id().strip_prefix('L')?.parse().ok()
}
