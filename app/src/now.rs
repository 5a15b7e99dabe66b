//! The one clock of a page: starts at the server's time of rendering, ticks once a second in the browser.

use leptos::prelude::*;
use std::time::Duration;

/// The present, Unix milliseconds, corrected to the server's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    at: RwSignal<i64>,
    /// Server clock minus browser clock.
    skew: RwSignal<i64>,
}

impl Now {
    /// Starts at the server's `at` and ticks as soon as the page is alive.
    pub(crate) fn start(at: i64) -> Self {
        let now = Self {
            at: RwSignal::new(at),
            skew: RwSignal::new(0),
        };
        Effect::new(move || {
            now.tick();
            let ticker = set_interval_with_handle(move || now.tick(), Duration::from_secs(1));
            on_cleanup(move || {
                if let Ok(ticker) = ticker {
                    ticker.clear();
                }
            });
        });
        now
    }

    /// The present; whoever reads it is told of the next second.
    pub(crate) fn get(self) -> i64 {
        self.at.get()
    }

    /// The present, for who acts once.
    pub(crate) fn get_untracked(self) -> i64 {
        self.at.get_untracked()
    }

    /// Learns the server's clock.
    pub(crate) fn learn(self, server_time: i64) {
        self.skew.set(server_time - browser_time());
        self.tick();
    }

    fn tick(self) {
        // A batch of late timers must not make a span jump back.
        let at = browser_time() + self.skew.get_untracked();
        if at != self.at.get_untracked() {
            self.at.set(at);
        }
    }
}

/// The clock of the page.
pub(crate) fn use_now() -> Now {
    use_context().expect("the app provides its clock before any page renders")
}

/// Only called from effects and events, which the server does not run.
fn browser_time() -> i64 {
    js_sys::Date::now() as i64
}
