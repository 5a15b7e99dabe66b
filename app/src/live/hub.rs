//! The one live connection of a tab: who listens to which topic, when to come back, and when to apply what came.
//!
//! Everything here runs in the browser only: it is reached from effects and events.

use super::source::{Report, Source};
use super::wire::LiveEvent;
use crate::now::Now;
use leptos::prelude::*;
use std::{cell::RefCell, rc::Rc, time::Duration};

/// Longest wait between two tries to connect.
const LONGEST_WAIT_MS: i64 = 30_000;
/// A hidden tab gives its connection back after this long.
const HIDDEN_MS: u64 = 30_000;
/// The server says something every 15 s: a connection without a word for longer is lost, whatever the browser believes.
const SILENT_MS: i64 = 35_000;
/// How often the silence is measured.
const LISTEN_MS: u64 = 5_000;
/// More waiting events than this are cheaper to read again.
const MOST_WAITING: usize = 2_000;

/// How live the page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LiveStatus {
    /// Not yet connected; the page shows what the server rendered.
    Starting,
    /// Changes arrive.
    Live,
    /// Changes arrive late, because the server polls.
    Degraded,
    /// The connection broke and is being opened again.
    Reconnecting,
    /// A person stopped it.
    Paused,
}

/// The live side of the page, as components see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Live {
    /// How live the page is.
    pub(crate) status: RwSignal<LiveStatus>,
    /// Another build answers now; the page should be loaded again.
    pub(crate) outdated: RwSignal<bool>,
    now: Now,
    build: StoredValue<String>,
}

/// The live side of the page.
pub(crate) fn use_live() -> Live {
    use_context().expect("the app provides its live side before any page renders")
}

type Listener = Rc<dyn Fn(&LiveEvent)>;

#[derive(Default)]
struct Hub {
    live: Option<Live>,
    /// Topic and listener by subscription number.
    listeners: Vec<(u64, String, Listener)>,
    next_number: u64,
    source: Option<Source>,
    /// Topics of the present connection.
    connected: Vec<String>,
    last_id: String,
    /// When the present connection was opened or last said something, by the browser's clock.
    heard_at: f64,
    /// Tries since the last success.
    tries: u32,
    waiting: Vec<LiveEvent>,
    frame_asked: bool,
    timer: Option<TimeoutHandle>,
    hide_timer: Option<TimeoutHandle>,
}

thread_local! {
    static HUB: RefCell<Hub> = RefCell::default();
}

fn with<T>(act: impl FnOnce(&mut Hub) -> T) -> T {
    HUB.with(|hub| act(&mut hub.borrow_mut()))
}

impl Live {
    /// Makes the live side; the connection opens with the first [`watch`].
    pub(crate) fn new(now: Now, build: String) -> Self {
        let live = Self {
            status: RwSignal::new(LiveStatus::Starting),
            outdated: RwSignal::new(false),
            now,
            build: StoredValue::new(build),
        };
        Effect::new(move || {
            with(|hub| hub.live = Some(live));
            let seen = window_event_listener_untyped("visibilitychange", |_| visibility_changed());
            let online = window_event_listener_untyped("online", |_| reopen_soon(0));
            let listening = set_interval_with_handle(move || leave_silence(live), Duration::from_millis(LISTEN_MS));
            on_cleanup(move || {
                if let Ok(listening) = listening {
                    listening.clear();
                }
                seen.remove();
                online.remove();
            });
        });
        live
    }

    /// Whether a person stopped the page from moving.
    pub(crate) fn is_paused(self) -> bool {
        self.status.get_untracked() == LiveStatus::Paused
    }

    /// Stops the page from moving, or lets it move again.
    pub(crate) fn toggle_pause(self) {
        if self.is_paused() {
            self.status.set(LiveStatus::Reconnecting);
            reopen_soon(0);
        } else {
            with(|hub| {
                hub.source = None;
                hub.waiting.clear();
                hub.connected.clear();
            });
            self.status.set(LiveStatus::Paused);
        }
    }
}

/// Hears about `topic` until the surrounding owner is cleaned up. Call it from an effect.
pub(crate) fn watch(topic: String, listener: impl Fn(&LiveEvent) + 'static) {
    let number = with(|hub| {
        hub.next_number += 1;
        let number = hub.next_number;
        hub.listeners.push((number, topic, Rc::new(listener)));
        number
    });
    reopen_soon(20);
    on_cleanup(move || {
        with(|hub| hub.listeners.retain(|(known, ..)| *known != number));
        reopen_soon(200);
    });
}

fn is_paused() -> bool {
    with(|hub| hub.live).is_none_or(Live::is_paused)
}

/// Opens the connection that the listeners need, after a moment in which more of them may come or go.
fn reopen_soon(wait_ms: u64) {
    let timer = set_timeout_with_handle(reopen, Duration::from_millis(wait_ms)).ok();
    if let Some(before) = with(|hub| std::mem::replace(&mut hub.timer, timer)) {
        before.clear();
    }
}

fn reopen() {
    if is_paused() || document().hidden() {
        return;
    }
    let (topics, since) = with(|hub| {
        let mut topics: Vec<String> = hub.listeners.iter().map(|(_, topic, _)| topic.clone()).collect();
        topics.sort_unstable();
        topics.dedup();
        // The same topics can go on where they were; new ones need their whole state.
        let since = if topics == hub.connected {
            hub.last_id.clone()
        } else {
            String::new()
        };
        (topics, since)
    });
    if with(|hub| hub.source.is_some() && hub.connected == topics) {
        return;
    }
    with(|hub| {
        hub.source = None;
        hub.connected.clone_from(&topics);
    });
    if topics.is_empty() {
        return;
    }
    let since = if since.is_empty() {
        since
    } else {
        format!("&since={since}")
    };
    let address = format!("/live?topics={}{since}", topics.join(","));
    let source = Source::open(&address, receive);
    with(|hub| {
        hub.source = source;
        hub.heard_at = js_sys::Date::now();
    });
}

/// Gives up a connection that says nothing: a network that went away, or a machine that slept, breaks none.
fn leave_silence(live: Live) {
    if with(|hub| hub.source.is_some() && js_sys::Date::now() - hub.heard_at > SILENT_MS as f64) {
        come_back(live, Some(0));
    }
}

fn receive(report: Report) {
    let Some(live) = with(|hub| hub.live) else { return };
    match report {
        Report::Broken => come_back(live, None),
        Report::Event(event, id) => {
            with(|hub| hub.heard_at = js_sys::Date::now());
            if !id.is_empty() {
                with(|hub| hub.last_id = id);
            }
            match event {
                LiveEvent::Hello(hello) => {
                    with(|hub| hub.tries = 0);
                    live.now.learn(hello.server_time);
                    live.status.set(LiveStatus::Live);
                    if live.build.with_value(|build| *build != hello.build) {
                        live.outdated.set(true);
                    }
                    queue(LiveEvent::Hello(hello));
                }
                LiveEvent::Degraded(word) => {
                    live.status.set(if word.degraded {
                        LiveStatus::Degraded
                    } else {
                        LiveStatus::Live
                    });
                }
                LiveEvent::Gap {} => {
                    with(|hub| hub.last_id.clear());
                    come_back(live, Some(0));
                }
                LiveEvent::Here {} => {}
                LiveEvent::Bye(bye) => come_back(live, Some(bye.retry_ms)),
                event => queue(event),
            }
        }
    }
}

/// Closes and opens again: at once the first time, then 1, 2, 4 … 30 s, each with jitter, for ever.
fn come_back(live: Live, wait_ms: Option<i64>) {
    let tries = with(|hub| {
        // Dropping the source inside its own callback would free the running closure.
        if let Some(source) = hub.source.take() {
            set_timeout(move || drop(source), Duration::ZERO);
        }
        hub.tries += 1;
        hub.tries
    });
    if live.status.get_untracked() == LiveStatus::Paused {
        return;
    }
    live.status.set(LiveStatus::Reconnecting);
    let ceiling = match tries {
        1 => 100,
        more => (1000_i64 << (more - 2).min(5)).min(LONGEST_WAIT_MS),
    };
    let jittered = (ceiling as f64 * (0.5 + 0.5 * js_sys::Math::random())) as i64;
    reopen_soon(wait_ms.unwrap_or(0).max(jittered) as u64);
}

/// Keeps an event for the next frame, so that a burst is one change of the page.
fn queue(event: LiveEvent) {
    let ask = with(|hub| {
        if hub.waiting.len() >= MOST_WAITING {
            hub.waiting.clear();
            hub.last_id.clear();
            hub.source = None;
            hub.connected.clear();
            return None;
        }
        hub.waiting.push(event);
        Some(!std::mem::replace(&mut hub.frame_asked, true))
    });
    match ask {
        Some(true) => request_animation_frame(apply),
        Some(false) => {}
        None => reopen_soon(1000),
    }
}

fn apply() {
    let (events, listeners) = with(|hub| {
        hub.frame_asked = false;
        let listeners: Vec<Listener> = hub.listeners.iter().map(|(.., listener)| Rc::clone(listener)).collect();
        (std::mem::take(&mut hub.waiting), listeners)
    });
    for event in &events {
        for listener in &listeners {
            listener(event);
        }
    }
}

fn visibility_changed() {
    if let Some(timer) = with(|hub| hub.hide_timer.take()) {
        timer.clear();
    }
    if document().hidden() {
        let timer = set_timeout_with_handle(
            || {
                with(|hub| {
                    hub.source = None;
                    hub.waiting.clear();
                    hub.frame_asked = false;
                    hub.last_id.clear();
                });
            },
            Duration::from_millis(HIDDEN_MS),
        )
        .ok();
        with(|hub| hub.hide_timer = timer);
    } else {
        reopen_soon(0);
    }
}
