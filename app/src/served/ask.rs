//! What is asked of a served page: who, where, with which question.

use crate::api::PageError;
use domain::{Claims, Permission};
use leptos::prelude::use_context;
use leptos::server_fn::error::ServerFnUrlError;
use runs::Services;

/// What a form sent to the address of a page: names and what was entered. The server provides it.
#[derive(Debug, Clone)]
pub struct Posted(pub Vec<(String, String)>);

/// One question for a page.
pub(crate) struct Ask {
    /// The use cases.
    pub(crate) services: Services,
    /// Who asks.
    pub(crate) claims: Claims,
    path: String,
    query: Vec<(String, String)>,
    posted: Option<Posted>,
}

impl Ask {
    /// Reads `address` and the context of the request.
    pub(super) fn of(address: &str) -> Result<Self, PageError> {
        let (services, claims) = crate::api::caller()?;
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        Ok(Self {
            services,
            claims,
            path: path.to_owned(),
            query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            posted: use_context(),
        })
    }

    /// The segments of the path.
    pub(crate) fn path(&self) -> Vec<&str> {
        self.path.split('/').filter(|segment| !segment.is_empty()).collect()
    }

    /// What the question says about `key`; nothing and an empty text are the same.
    pub(crate) fn query(&self, key: &str) -> Option<&str> {
        let pair = self.query.iter().find(|(known, _)| known == key);
        pair.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The whole question, as it came.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.query
    }

    /// What a form on this page's own address sent, if one did.
    pub(crate) fn posted(&self) -> Option<&[(String, String)]> {
        self.posted.as_ref().map(|posted| posted.0.as_slice())
    }

    /// Whether a browser loads the page itself, rather than a live page asking for it.
    pub(crate) fn is_document() -> bool {
        !crate::api::asks_function()
    }

    /// This address with `key` saying something else; `None` leaves it out.
    pub(crate) fn address_with(&self, key: &str, value: Option<&str>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let kept = self
            .query
            .iter()
            .filter(|(known, value)| known != key && !known.starts_with("__") && !value.is_empty());
        query.extend_pairs(kept);
        if let Some(value) = value {
            query.append_pair(key, value);
        }
        match query.finish() {
            query if query.is_empty() => self.path.clone(),
            query => format!("{}?{query}", self.path),
        }
    }

    /// The present, Unix milliseconds.
    pub(crate) fn now(&self) -> i64 {
        self.services.now().timestamp_millis()
    }

    /// Whether to offer what needs `permission`; the server checks again when it is done.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.claims.may(permission)
    }

    /// Refuses the page to whoever may not do `permission`.
    pub(crate) fn require(&self, permission: Permission) -> Result<(), PageError> {
        if self.may(permission) {
            return Ok(());
        }
        let role = permission.lowest_role().as_str();
        Err(PageError::new(
            403,
            "forbidden",
            format!("This page is for the role {role} and higher."),
            Some("Ask an administrator for that role."),
        ))
    }

    /// How the form ended that was sent without any script: its server function and what was refused.
    pub(crate) fn refused(&self) -> Option<PageError> {
        self.query("__err").map(ServerFnUrlError::<PageError>::decode_err)
    }
}
