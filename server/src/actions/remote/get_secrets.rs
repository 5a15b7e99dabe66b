//! `POST /secrets.get`: the secrets of a run that is held.
//!
//! A lease is given the secrets that the steps of its template name, and no others; naming another one
//! here is not possible. What the worker then says about the run is masked with the same values.

use super::release::LeaseBody;
use crate::{
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, remote};
use axum::extract::State;
use serde::Serialize;
use std::{collections::BTreeMap, fmt};
use utoipa::ToSchema;

/// Values by name.
#[derive(Clone, Serialize, ToSchema)]
pub struct SecretsView {
    /// Every secret that the template names.
    secrets: BTreeMap<String, String>,
}

impl fmt::Debug for SecretsView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.secrets.keys()).finish()
    }
}

/// Gives the secrets that the template of a held run names.
#[utoipa::path(post, path = "/secrets.get", tag = "worker", request_body = LeaseBody,
    responses((status = 200, description = "The values.", body = SecretsView),
        (status = 409, description = "The lease is not held by a worker of this token any more.", body = Problem),
        (status = 422, description = "The template names a secret that is not there.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<LeaseBody>,
) -> ApiResult<Json<SecretsView>> {
    let mut tx = services.begin_for_worker(&claims).await?;
    let secrets = remote::secrets(&mut tx, services.key(), &body.run_id, body.lease_seq).await?;
    Ok(Json(SecretsView { secrets }))
}
