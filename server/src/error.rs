//! The one place where an error becomes a status and a stable code.
//!
//! Every refusal leaves as `application/problem+json`. What broke inside is logged once, here, with its
//! whole chain and a trace id; the caller gets the trace id and no internals.

mod access;
mod artifacts;
mod remote;
mod upkeep;

use crate::random::random_hex;
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use db::DbError;
use http::{HeaderValue, StatusCode, header};
use runs::{
    actions::ActionError,
    enqueue::EnqueueError,
    template::{Finding, SaveError},
};
use serde::Serialize;
use std::error::Error;
use utoipa::ToSchema;

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;

/// A refusal or a failure, on its way to the caller.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    problem: Box<Problem>,
    cause: Option<Box<dyn Error + Send + Sync>>,
    retry_after_seconds: Option<u64>,
}

/// The body of a refusal (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Stable name of the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Stable word for programs.
    pub code: String,
    /// What is wrong, for a person.
    pub detail: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Path of the field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Each problem, when there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<FieldProblem>,
    /// What to name when asking the operator about a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
}

/// One of several problems.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Path of the field at fault.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
    /// Line in the text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column in the text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
}

impl ApiError {
    /// A refusal with its stable code and a sentence for a person.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        let problem = Problem {
            kind: format!("urn:runboard:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            hint: None,
            field: None,
            problems: Vec::new(),
            trace_id: None,
        };
        Self {
            status,
            problem: Box::new(problem),
            cause: None,
            retry_after_seconds: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.problem.hint = Some(hint.into());
        self
    }

    /// Names the field at fault.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.problem.field = Some(field.into());
        self
    }

    /// Lists each problem; the first names the field.
    #[must_use]
    pub fn problems(mut self, problems: Vec<FieldProblem>) -> Self {
        self.problem.field = problems
            .first()
            .map(|first| first.field.clone())
            .filter(|field| !field.is_empty());
        self.problem.problems = problems;
        self
    }

    /// Says when to come back.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// Says the fields as the caller wrote them: inside another one.
    pub(crate) fn inside(mut self, outer: &str) -> Self {
        let problem = &mut self.problem;
        for field in problem
            .field
            .iter_mut()
            .chain(problem.problems.iter_mut().map(|problem| &mut problem.field))
        {
            let name = field.split(['.', '[']).next().unwrap_or_default();
            if matches!(name, "template" | "params" | "lane" | "priority") {
                *field = format!("{outer}.{field}");
            }
        }
        self
    }

    fn caused_by(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// A value that does not fit.
    pub fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail).field(field)
    }

    /// Something that is not there, or not for this caller to see.
    pub fn not_found(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("There is no {what} that you may see."),
        )
    }

    /// Nobody said who calls.
    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "This needs to know who calls.",
        )
        .hint("Send `Authorization: Bearer TOKEN`, or log in with a browser.")
    }

    /// The credential is unknown, expired or revoked.
    pub fn bad_credential(what: &str) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "invalid_credential",
            format!("The {what} is unknown, expired or revoked."),
        )
        .hint("Ask an admin for a new one: `runboard token create`.")
    }

    /// The caller's role is too low.
    pub fn forbidden(needed: domain::Role) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            format!("This needs the role {needed}."),
        )
        .hint("Ask an admin for that role.")
    }

    /// Something broke that nobody planned.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something broke on the server.",
        )
        .hint("Try again; if it stays, give the trace_id to the operator.")
        .caused_by(cause)
    }

    /// The status it will have.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl IntoResponse for ApiError {
    fn into_response(mut self) -> Response {
        if self.status.is_server_error() {
            let trace_id = random_hex::<8>();
            let chain = self.cause.as_deref().map(|cause| chain(cause)).unwrap_or_default();
            tracing::error!(trace.id = %trace_id, http.status = self.status.as_u16(), "{}: {chain}", self.problem.code);
            self.problem.trace_id = Some(trace_id);
        }
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// An error and all its sources, on one line.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Refused {
                status,
                code,
                field,
                message,
                hint,
            } => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
                let mut refused = Self::new(status, &code, message);
                refused.problem.field = field;
                refused.problem.hint = hint;
                refused
            }
            DbError::Unavailable(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "database_unavailable",
                "The database does not answer right now.",
            )
            .hint("Try again in a few seconds.")
            .retry_after(2)
            .caused_by(error),
            DbError::Broken(_) => Self::internal(error),
        }
    }
}

impl From<EnqueueError> for ApiError {
    fn from(error: EnqueueError) -> Self {
        let detail = error.to_string();
        match error {
            EnqueueError::Forbidden { needed, .. } => Self::new(StatusCode::FORBIDDEN, "forbidden", sentence(&detail))
                .hint(format!(
                    "Ask an admin for the role {needed}, or for a token that may start it."
                )),
            EnqueueError::UnknownTemplate { .. } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_template", sentence(&detail))
                    .field("template")
                    .hint("GET /api/templates lists them.")
            }
            EnqueueError::InvalidParams { problems } => {
                let problems: Vec<FieldProblem> = problems
                    .into_iter()
                    .map(|problem| FieldProblem {
                        field: problem.path,
                        message: problem.message,
                        line: None,
                        column: None,
                    })
                    .collect();
                let detail = problems.first().map_or(detail, |first| first.message.clone());
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_params", sentence(&detail)).problems(problems)
            }
            EnqueueError::Action(error) => error.into(),
            EnqueueError::Db(error) => error.into(),
        }
    }
}

impl From<ActionError> for ApiError {
    fn from(error: ActionError) -> Self {
        let detail = sentence(&error.to_string());
        match error {
            ActionError::Unknown { .. } => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_action", detail)
                .field("action")
                .hint("GET /api/actions lists them."),
            ActionError::Forbidden { needed, .. } => Self::new(StatusCode::FORBIDDEN, "forbidden", detail).hint(
                format!("Ask an admin for the role {needed}, or for a token that may start it."),
            ),
            ActionError::Invalid { field, .. } => Self::invalid(field, detail),
        }
    }
}

impl From<SaveError> for ApiError {
    fn from(error: SaveError) -> Self {
        let detail = sentence(&error.to_string());
        match error {
            SaveError::Forbidden { needed } => Self::forbidden(needed),
            SaveError::Invalid { findings } => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_template", detail)
                .problems(findings.into_iter().map(Into::into).collect()),
            SaveError::UnknownLane { .. } => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_lane", detail)
                .field("lane")
                .hint("GET /api/lanes lists them."),
            SaveError::Overtaken { .. } => Self::new(StatusCode::CONFLICT, "overtaken", detail),
            SaveError::OtherSlug { .. } => Self::invalid("slug", detail),
            SaveError::Unknown => Self::not_found("version"),
            SaveError::Db(error) => error.into(),
        }
    }
}

impl From<Finding> for FieldProblem {
    fn from(finding: Finding) -> Self {
        Self {
            field: finding.path,
            message: finding.message,
            line: finding.line,
            column: finding.column,
        }
    }
}

/// Error texts begin small and end bare; problems are sentences.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_never_shows_its_cause() {
        let error = ApiError::internal(std::io::Error::other("password=hunter2"));
        assert!(!serde_json::to_string(&error.problem).unwrap().contains("hunter2"));
        assert_eq!(error.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn a_refusal_of_postgres_keeps_its_words() {
        let error = ApiError::from(DbError::Refused {
            status: 409,
            code: "idempotency_conflict".to_owned(),
            field: None,
            message: "This key was used for another request.".to_owned(),
            hint: Some("Use a new key.".to_owned()),
        });
        assert_eq!(error.status(), StatusCode::CONFLICT);
        assert_eq!(error.problem.code, "idempotency_conflict");
        assert_eq!(error.problem.hint.as_deref(), Some("Use a new key."));
    }

    #[test]
    fn details_are_sentences() {
        assert_eq!(sentence("there is no template \"x\""), "There is no template \"x\".");
        assert_eq!(sentence("It must be text."), "It must be text.");
    }
}
