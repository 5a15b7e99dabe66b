//! A bulk operation as callers write it.

use crate::{
    actions::runs::filter::filtered,
    error::{ApiError, ApiResult},
};
use ::runs::{
    Services,
    bulk::{Selection, Wish},
};
use domain::Claims;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

filtered! {
    /// Which runs, in the words of `GET /api/runs`.
    #[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    pub struct BulkFilter {}
}

/// One verb for many runs.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkBody {
    /// cancel, retry or rerun.
    verb: String,
    /// Which runs; either this or `run_ids`. An empty filter names every run, so it is refused.
    filter: Option<BulkFilter>,
    /// Exactly these runs.
    run_ids: Option<Vec<String>>,
    /// What a rerun changes: params, lane, priority, options, run_after, from_step.
    #[schema(value_type = Option<Object>)]
    changes: Option<Map<String, Value>>,
    /// Why, for people.
    note: Option<String>,
    /// How many runs the preview counted; when it is another number by now, nothing happens.
    expected_count: Option<i64>,
}

impl BulkBody {
    /// Which runs it names.
    pub fn selection(&self, services: &Services, claims: &Claims) -> ApiResult<Selection> {
        if !["cancel", "retry", "rerun"].contains(&self.verb.as_str()) {
            return Err(ApiError::invalid("verb", "The verb is cancel, retry or rerun."));
        }
        match (&self.filter, &self.run_ids) {
            (Some(asked), None) => {
                let words = asked.words()?;
                if !words.is_narrow() {
                    return Err(ApiError::invalid(
                        "filter",
                        "A filter says something about the runs it names.",
                    ));
                }
                Ok(Selection::of(&words, services.now(), claims))
            }
            (None, Some(run_ids)) => Ok(Selection::Runs(run_ids.clone())),
            _ => Err(ApiError::invalid(
                "filter",
                "Name the runs either by a filter or by run_ids.",
            )),
        }
    }

    /// What the use case takes.
    pub fn into_wish(self, services: &Services, claims: &Claims, idempotency_key: Option<String>) -> ApiResult<Wish> {
        Ok(Wish {
            selection: self.selection(services, claims)?,
            verb: self.verb,
            changes: self.changes.map(Value::Object),
            note: self.note,
            expected_count: self.expected_count,
            idempotency_key,
        })
    }
}
