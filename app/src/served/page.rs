//! A page before it is drawn.

use crate::api::{PageError, answer_with};
use crate::components::ErrorPanel;
use crate::served::Ask;
use crate::views::ServedView;
use leptos::prelude::*;

/// Title, body, and what stands beside the title.
pub(crate) struct Page {
    title: String,
    actions: Option<AnyView>,
    body: AnyView,
    narrow: bool,
    is_piece: bool,
    fresh_seconds: Option<u32>,
    status: u16,
    refused: Option<PageError>,
}

impl Page {
    /// A page. A form that was sent without any script and refused is answered on top of it.
    pub(crate) fn new(ask: &Ask, title: impl Into<String>, body: AnyView) -> Self {
        Self {
            refused: ask.refused(),
            ..Self::bare(title, body)
        }
    }

    pub(super) fn bare(title: impl Into<String>, body: AnyView) -> Self {
        Self {
            title: title.into(),
            actions: None,
            body,
            narrow: false,
            is_piece: false,
            fresh_seconds: None,
            status: 200,
            refused: None,
        }
    }

    /// A piece of a page, without its frame, for a form that asks for it while it is filled in.
    pub(crate) fn piece(body: AnyView) -> Self {
        Self {
            is_piece: true,
            ..Self::bare("", body)
        }
    }

    /// Buttons beside the title.
    pub(crate) fn actions(mut self, actions: AnyView) -> Self {
        self.actions = Some(actions);
        self
    }

    /// For reading, not for tables.
    pub(crate) fn narrow(mut self) -> Self {
        self.narrow = true;
        self
    }

    /// Drawn again every so many seconds.
    pub(crate) fn fresh(mut self, seconds: u32) -> Self {
        self.fresh_seconds = Some(seconds);
        self
    }

    /// Answered with another HTTP status.
    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Title and HTML.
    pub(super) fn draw(self) -> ServedView {
        if self.status != 200 {
            answer_with(self.status);
        }
        if self.is_piece {
            return ServedView {
                title: self.title,
                html: self.body.to_html(),
            };
        }
        let refused = self.refused.map(|error| html! { <ErrorPanel error=error /> });
        let class = if self.narrow { "page narrow" } else { "page" };
        let view = html! {
            <div class="top">
                <h1>{self.title.clone()}</h1>
                <span class="grow"></span>
                {self.actions}
            </div>
            <div class=class data-refresh=self.fresh_seconds.map(|seconds| seconds.to_string())>{refused} {self.body}</div>
        };
        ServedView {
            title: self.title,
            html: view.to_html(),
        }
    }
}

/// A page that says why there is no page.
pub(super) fn refused(error: PageError) -> ServedView {
    let (title, status) = match error.status {
        401 => ("Log in", 401),
        403 => ("Not for this role", 403),
        404 => ("Not found", 404),
        status => ("Something is wrong", status),
    };
    Page::bare(title, html! { <ErrorPanel error=error /> })
        .narrow()
        .status(status)
        .draw()
}
