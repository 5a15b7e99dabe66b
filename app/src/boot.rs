//! What the server tells the page before it renders: who looks, when, from which build.
//!
//! It travels as attributes of `<html>`, so the first render in the browser starts from the same values and makes the
//! same page.

use domain::{Permission, Role, Via};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the first render needs and no page reads for itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Boot {
    /// The server's time of rendering, Unix milliseconds.
    pub now: i64,
    /// Who looks; `None` before logging in.
    pub viewer: Option<Viewer>,
    /// Which build rendered it.
    pub build: String,
}

/// The person who looks at the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Name as runs show it.
    pub actor: String,
    /// Role.
    pub role: Role,
    /// How the person came in.
    pub via: Via,
}

impl Boot {
    /// The values of this page: from the context on the server, from `<html>` in the browser.
    pub fn of_page() -> Self {
        use_context::<Self>().or_else(from_document).unwrap_or_default()
    }

    /// Whether the person may do `permission`. The server checks again; this only decides what is offered.
    pub fn may(&self, permission: Permission) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.role.may(permission))
    }

    /// Whether the person may cancel or rerun a run of `requested_by`.
    pub fn may_manage(&self, requested_by: &str) -> bool {
        self.may(Permission::ManageRuns)
            || self.may(Permission::ManageOwnRuns)
                && self.viewer.as_ref().is_some_and(|viewer| viewer.actor == requested_by)
    }
}

#[cfg(feature = "hydrate")]
pub(crate) fn from_document() -> Option<Boot> {
    let text = document().document_element()?.get_attribute("data-boot")?;
    serde_json::from_str(&text).ok()
}

#[cfg(not(feature = "hydrate"))]
pub(crate) fn from_document() -> Option<Boot> {
    None
}

#[cfg(feature = "ssr")]
mod ssr {
    use super::{Boot, Viewer};
    use leptos::prelude::use_context;

    impl Boot {
        /// Reads request and services; what is missing stays empty, as when routes are listed at start.
        pub(crate) fn of_request() -> Self {
            Self {
                now: use_context::<runs::Services>().map_or(0, |services| services.now().timestamp_millis()),
                viewer: use_context::<domain::Claims>().map(|claims| Viewer {
                    actor: claims.actor,
                    role: claims.role,
                    via: claims.via,
                }),
                build: build().to_owned(),
            }
        }
    }

    /// The value of a cookie.
    pub(crate) fn cookie(headers: &http::HeaderMap, name: &str) -> Option<String> {
        headers
            .get_all(http::header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    }

    /// Names this build; the live stream says the same, so that a page of an older build asks for a reload.
    pub fn build() -> &'static str {
        option_env!("RUNBOARD_BUILD").unwrap_or(env!("CARGO_PKG_VERSION"))
    }
}

#[cfg(feature = "ssr")]
pub use ssr::build;
#[cfg(feature = "ssr")]
pub(crate) use ssr::cookie;
