//! What operators do to runs and lanes. Each takes plain form fields, so it works before wasm arrives.

use super::PageError;
use leptos::prelude::*;

/// Cancels a run; `force` ends one whose worker did not obey. Answers with the outcome in one word.
#[server(prefix = "/fn", endpoint = "cancel_run")]
pub(crate) async fn cancel_run(
    run_id: String,
    #[server(default)] reason: String,
    #[server(default)] force: bool,
) -> Result<String, PageError> {
    use db::queue::CancelOutcome;
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let reason = Some(reason.trim()).filter(|reason| !reason.is_empty());
    let canceled = runs::control::cancel(&mut tx, &run_id, reason, force).await?;
    tx.commit().await.map_err(db::DbError::from)?;
    Ok(match canceled.outcome {
        CancelOutcome::Canceled => "canceled",
        CancelOutcome::Requested => "requested",
        CancelOutcome::AlreadyFinal => "already_final",
    }
    .to_owned())
}

/// Decides about the step at which a run waits: `approve` or `reject`.
#[server(prefix = "/fn", endpoint = "approve_step")]
pub(crate) async fn approve_step(
    run_id: String,
    step: String,
    decision: String,
    #[server(default)] note: String,
) -> Result<(), PageError> {
    use runs::control::Decision;
    let (services, claims) = super::error::caller()?;
    let decision = match decision.as_str() {
        "approve" => Decision::Approve,
        "reject" => Decision::Reject,
        _ => {
            return Err(PageError::new(
                422,
                "invalid_field",
                "A decision is approve or reject.",
                None,
            ));
        }
    };
    let mut tx = services.begin(&claims).await?;
    runs::control::approve(&mut tx, &run_id, &step, decision, Some(&note)).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

/// Starts a run again with the same content and goes to the new one.
#[server(prefix = "/fn", endpoint = "rerun_run")]
pub(crate) async fn rerun_run(run_id: String, #[server(default)] from_step: String) -> Result<String, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let from_step = Some(from_step.as_str()).filter(|step| !step.is_empty());
    let made = runs::control::rerun(&mut tx, &run_id, &serde_json::json!({}), from_step).await?;
    tx.commit().await.map_err(db::DbError::from)?;
    leptos_axum::redirect(&format!("/runs/{}", made.run_id));
    Ok(made.run_id)
}

/// Stops a lane from giving out runs.
#[server(prefix = "/fn", endpoint = "pause_lane")]
pub(crate) async fn pause_lane(lane: String, #[server(default)] reason: String) -> Result<(), PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let reason = Some(reason.trim()).filter(|reason| !reason.is_empty());
    runs::control::pause_lane(&mut tx, &lane, reason).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

/// Lets a paused lane give out runs again.
#[server(prefix = "/fn", endpoint = "resume_lane")]
pub(crate) async fn resume_lane(lane: String) -> Result<(), PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    runs::control::resume_lane(&mut tx, &lane).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

/// Tells a worker to take no more runs.
#[server(prefix = "/fn", endpoint = "drain_worker")]
pub(crate) async fn drain_worker(worker_id: String) -> Result<(), PageError> {
    let (services, claims) = super::error::caller()?;
    let worker_id = worker_id.parse().map_err(|_| PageError::not_found("worker"))?;
    let mut tx = services.begin(&claims).await?;
    runs::control::drain_worker(&mut tx, worker_id).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}
