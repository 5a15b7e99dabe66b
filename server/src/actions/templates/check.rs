//! `POST /api/templates/check`: says what is wrong with a text, and saves nothing.

use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{self, Json},
};
use ::runs::{Services, template};
use axum::extract::{Request, State};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// What was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckView {
    /// Whether it could be saved as it is.
    ok: bool,
    /// Each thing wrong, with its place.
    findings: Vec<FindingView>,
    /// JSON Schema of the parameters; null while something is wrong.
    #[schema(value_type = Option<Object>)]
    params: Option<Value>,
    /// Names of the secrets that its steps ask for.
    secrets: BTreeSet<String>,
}

/// One thing wrong.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingView {
    /// Line, from 1, when it is known.
    line: Option<u64>,
    /// Column, from 1, when it is known.
    column: Option<u64>,
    /// Path from the root, such as `steps[1].with.script`; empty for the text as a whole.
    path: String,
    /// What is wrong and what to do.
    message: String,
}

/// Checks a template: the text of it as YAML or JSON, whatever the content type says.
#[utoipa::path(post, path = "/api/templates/check", tag = "templates",
    request_body(content = String, content_type = "application/yaml"),
    responses((status = 200, description = "What was found.", body = CheckView),
        (status = 422, description = "The body is not text.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    _caller: Caller,
    request: Request,
) -> ApiResult<Json<CheckView>> {
    let bytes = body::read(request, &services).await?;
    let source = std::str::from_utf8(&bytes).map_err(|_| ApiError::invalid("body", "The text is not UTF-8."))?;
    Ok(Json(match template::parse(source) {
        Ok(found) => CheckView {
            ok: true,
            findings: Vec::new(),
            secrets: found.steps.iter().flat_map(template::secrets_of).collect(),
            params: Some(Value::Object(found.params.as_object().clone())),
        },
        Err(findings) => CheckView {
            ok: false,
            findings: findings
                .into_iter()
                .map(|finding| FindingView {
                    line: finding.line,
                    column: finding.column,
                    path: finding.path,
                    message: finding.message,
                })
                .collect(),
            params: None,
            secrets: BTreeSet::new(),
        },
    }))
}
