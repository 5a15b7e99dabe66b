//! Short messages in a live region.

use super::Icon;
use crate::api::PageError;
use crate::components::late::rows;
use leptos::{prelude::*, server_fn::ServerFn};
use std::time::Duration;

/// A message stays this long.
const SHOWN: Duration = Duration::from_secs(6);

/// The messages of the page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Toasts {
    shown: RwSignal<Vec<(u32, bool, String)>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self {
            shown: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        }
    }

    /// Says that something worked.
    pub(crate) fn say(self, message: impl Into<String>) {
        self.push(false, message.into());
    }

    /// Says that something did not work, and what to do.
    pub(crate) fn complain(self, error: &PageError) {
        let message = match &error.hint {
            Some(hint) => format!("{} {hint}", error.message),
            None => error.message.clone(),
        };
        self.push(true, message);
    }

    fn push(self, is_error: bool, message: String) {
        let number = self
            .next
            .try_update_value(|next| {
                *next += 1;
                *next
            })
            .unwrap_or_default();
        self.shown.update(|shown| shown.push((number, is_error, message)));
        set_timeout(move || self.drop(number), SHOWN);
    }

    fn drop(self, number: u32) {
        let _ = self
            .shown
            .try_update(|shown| shown.retain(|(known, ..)| *known != number));
    }
}

/// The messages of the page.
pub(crate) fn use_toasts() -> Toasts {
    use_context().expect("the app provides its messages before any page renders")
}

/// Says how an action ended, each time it ends.
pub(crate) fn toast_outcome<S>(action: ServerAction<S>, done: &'static str)
where
    S: ServerFn<Error = PageError> + Send + Sync + Clone + 'static,
    S::Output: Send + Sync + 'static,
{
    let toasts = use_toasts();
    Effect::new(move |_| {
        action.value().with(|value| match value {
            Some(Ok(_)) => toasts.say(done),
            Some(Err(error)) => toasts.complain(error),
            None => {}
        });
    });
}

/// Where messages appear.
#[component]
pub(crate) fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    html! {
        <div class="toasts" role="status" aria-live="polite">
            {rows(move || toasts.shown.get(), |toast| toast.0.to_string(), move |toast| html! {
                <div class="toast" class:bad=toast.1>
                    <Icon name=if toast.1 { "warn" } else { "check" } />
                    <span>{toast.2.clone()}</span>
                    <button
                        type="button"
                        class="btn quiet icon-only"
                        aria-label="Dismiss"
                        on:click=move |_| toasts.drop(toast.0)
                    >
                        <Icon name="cross" />
                    </button>
                </div>
            })}
        </div>
    }
}
