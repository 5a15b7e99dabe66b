//! How a server function says no.

use leptos::prelude::*;
use leptos::server_fn::{codec::JsonEncoding, error::ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// A refusal or a failure, in words for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub(crate) struct PageError {
    /// HTTP status.
    pub(crate) status: u16,
    /// Stable word.
    pub(crate) code: Box<str>,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: Option<String>,
    /// Fields at fault.
    pub(crate) problems: Vec<FieldProblem>,
    /// What had been entered, so that a form without wasm can show it again.
    pub(crate) entered: Vec<(String, String)>,
}

/// One field at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FieldProblem {
    /// Key of the field.
    pub(crate) field: String,
    /// What is wrong with it.
    pub(crate) message: String,
}

impl PageError {
    /// A refusal without fields. On the server it is the status of the answer, too.
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>, hint: Option<&str>) -> Self {
        #[cfg(feature = "ssr")]
        ssr::refuse_with(status);
        Self {
            status,
            code: code.into(),
            message: message.into(),
            hint: hint.map(str::to_owned),
            problems: Vec::new(),
            entered: Vec::new(),
        }
    }

    /// Nobody answered.
    pub(crate) fn unreachable() -> Self {
        Self::new(
            503,
            "unreachable",
            "The server does not answer.",
            Some("Check the connection; the page tries again by itself."),
        )
    }
}

impl FromServerFnError for PageError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::unreachable(),
            ServerFnErrorErr::Args(message) | ServerFnErrorErr::MissingArg(message) => {
                Self::new(422, "invalid", message, None)
            }
            other => Self::new(500, "broken", other.to_string(), Some("Load the page again.")),
        }
    }
}

#[cfg(feature = "ssr")]
mod ssr {
    use super::PageError;
    use db::DbError;
    use domain::{Claims, Permission};
    use leptos::prelude::use_context;
    use runs::Services;

    impl PageError {
        /// What is wrong with `field`, if anything is.
        pub(crate) fn of_field(&self, field: &str) -> Option<String> {
            self.problems
                .iter()
                .find(|problem| problem.field == field)
                .map(|problem| problem.message.clone())
        }

        /// Who looks at a thing that is not there, or is not theirs.
        pub(crate) fn not_found(what: &str) -> Self {
            Self::new(404, "not_found", format!("There is no such {what}."), None)
        }

        /// A field does not fit.
        pub(crate) fn of(field: &str, message: impl Into<String>) -> Self {
            let mut refusal = Self::new(422, "invalid_field", message, None);
            refusal.problems.push(super::FieldProblem {
                field: field.to_owned(),
                message: refusal.message.clone(),
            });
            refusal
        }
    }

    impl From<DbError> for PageError {
        fn from(error: DbError) -> Self {
            match error {
                DbError::Refused {
                    status,
                    code,
                    field,
                    message,
                    hint,
                } => {
                    let mut refusal = Self::new(status, &code, message.clone(), hint.as_deref());
                    if let Some(field) = field {
                        refusal.problems.push(super::FieldProblem { field, message });
                    }
                    refusal
                }
                DbError::Unavailable(_) => Self::new(
                    503,
                    "unavailable",
                    "The database is not available.",
                    Some("Try again in a moment; nothing was changed."),
                ),
                DbError::Broken(_) => Self::new(
                    500,
                    "broken",
                    "Something went wrong on the server.",
                    Some("Try again; if it stays, an operator finds the cause in the server's log."),
                ),
            }
        }
    }

    /// Sets the HTTP status of the page that is being rendered. The answer of a server function keeps its own: that
    /// there is no such thing is a good answer.
    pub(crate) fn answer_with(status: u16) {
        if !asks_function() {
            set_status(status);
        }
    }

    /// Sets the HTTP status of a refusal. A form without wasm is sent back to its page instead.
    pub(super) fn refuse_with(status: u16) {
        let is_plain_form = asks_function_and(|parts| {
            let accepted = parts
                .headers
                .get(http::header::ACCEPT)
                .and_then(|value| value.to_str().ok());
            accepted.is_some_and(|accepted| accepted.contains("text/html"))
        });
        if !is_plain_form {
            set_status(status);
        }
    }

    /// Whether the request is for a server function, not for a page.
    pub(crate) fn asks_function() -> bool {
        asks_function_and(|_| true)
    }

    fn asks_function_and(and: impl FnOnce(&http::request::Parts) -> bool) -> bool {
        use_context::<http::request::Parts>().is_some_and(|parts| parts.uri.path().starts_with("/fn/") && and(&parts))
    }

    fn set_status(status: u16) {
        if let (Some(response), Ok(status)) = (
            use_context::<leptos_axum::ResponseOptions>(),
            http::StatusCode::from_u16(status),
        ) {
            response.set_status(status);
        }
    }

    /// The same, for those who may do `permission`: where Postgres does not ask, because the server writes with its
    /// own hands.
    pub(crate) fn caller_who_may(permission: Permission) -> Result<(Services, Claims), PageError> {
        let (services, claims) = caller()?;
        if claims.may(permission) {
            return Ok((services, claims));
        }
        let role = permission.lowest_role();
        Err(PageError::new(
            403,
            "forbidden",
            format!("This needs the role {role}."),
            Some("Ask an administrator for it."),
        ))
    }

    /// What the server provides to every server function.
    pub(crate) fn caller() -> Result<(Services, Claims), PageError> {
        let services = use_context::<Services>()
            .ok_or_else(|| PageError::new(500, "broken", "The server did not provide its services.", None))?;
        let claims = use_context::<Claims>().ok_or_else(|| {
            PageError::new(
                401,
                "unauthenticated",
                "You are not logged in.",
                Some("Log in and try again."),
            )
        })?;
        Ok((services, claims))
    }
}

#[cfg(feature = "ssr")]
pub(crate) use ssr::{answer_with, asks_function, caller, caller_who_may};
