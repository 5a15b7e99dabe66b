//! Empty, loading, refused, failed: what a panel shows when it has nothing better.

use super::Icon;
use crate::api::PageError;
use crate::views::ErrorView;
use leptos::prelude::*;

/// Nothing is there, and what to do about it.
#[component]
pub(crate) fn Empty(
    /// What is not there.
    title: &'static str,
    /// How it comes to be.
    hint: &'static str,
) -> impl IntoView {
    html! {
        <div class="empty">
            <Icon name="empty" />
            <p class="strong">{title}</p>
            <p class="note">{hint}</p>
        </div>
    }
}

/// Something is being read.
#[component]
pub(crate) fn Loading() -> impl IntoView {
    html! {
        <div class="loading" role="status">
            <span class="sr">"Loading"</span>
            <i></i>
            <i></i>
            <i></i>
        </div>
    }
}

/// The server said no.
#[component]
pub(crate) fn ErrorPanel(
    /// What it said.
    error: PageError,
) -> impl IntoView {
    let login = error.status == 401;
    html! {
        <div class="card refused" role="alert">
            <Icon name="warn" />
            <div>
                <p class="strong">{error.message}</p>
                <p class="note">{error.hint}</p>
                {login.then(|| html! { <p><a class="btn" href="/login" rel="external">"Log in"</a></p> })}
            </div>
        </div>
    }
}

/// Why a run failed.
#[component]
pub(crate) fn FailurePanel(
    /// What happened.
    error: ErrorView,
    /// Reason code of the run.
    reason: Option<String>,
) -> impl IntoView {
    html! {
        <section class="card failure" aria-label="Why it failed">
            <Icon name="cross" />
            <div>
                <p class="strong">{error.message}</p>
                {error.hint.filter(|hint| !hint.is_empty()).map(|hint| html! { <p>{hint}</p> })}
                <p class="note">
                    {error.step.map(|step| html! { "in step " <code>{step}</code> " · " })}
                    <code>{reason.unwrap_or(error.code)}</code>
                </p>
            </div>
        </section>
    }
}
