//! `POST /runs.claim`: takes runs, and waits for them if there are none.

use super::heartbeat::{StateWord, word};
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Json,
    state::AppState,
};
use ::runs::remote;
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::queue::ClaimedRun;
use domain::{Claims, LaneName};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use utoipa::ToSchema;
use uuid::Uuid;

/// Longest wait of one call; proxies cut what is silent for longer.
const LONGEST_WAIT_SECONDS: u32 = 30;
/// Runs one call may take.
const MOST_RUNS: i32 = 100;
/// A lost hint is made good after this long.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A worker that waits here lives, and says so at this pace.
const BEAT_EVERY: Duration = Duration::from_secs(5);

/// How many, from where, and how long to wait.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimBody {
    /// The worker, as it was registered.
    worker_id: Uuid,
    /// Lanes to take from; left out: those the worker serves.
    #[schema(value_type = Option<Vec<String>>)]
    lanes: Option<Vec<LaneName>>,
    /// Runs at most: the free slots of the worker.
    #[schema(minimum = 1, maximum = 100)]
    want: i32,
    /// How long to wait for the first one; 0 when left out.
    #[serde(default)]
    #[schema(maximum = 30)]
    wait_seconds: u32,
}

/// The runs this worker holds now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClaimView {
    /// Each under a new lease.
    items: Vec<ClaimedView>,
    /// `draining`: finish what is held and leave.
    state: StateWord,
}

/// A run with everything needed to work on it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClaimedView {
    /// Its id.
    run_id: String,
    /// Proof of holding it: every write names it.
    lease_seq: i64,
    /// Lane.
    lane: String,
    /// What a person called it.
    title: String,
    /// Environment.
    env: String,
    /// Action, if an action started it.
    action: Option<String>,
    /// Template as it was when the run was made.
    template: Option<TemplateView>,
    /// Parameters of the template.
    #[schema(value_type = Object)]
    params: Value,
    /// What the action works on.
    #[schema(value_type = Option<Object>)]
    scope: Option<Value>,
    /// Spreadsheet and tab.
    #[schema(value_type = Option<Object>)]
    sheet_context: Option<Value>,
    /// Options of the action.
    #[schema(value_type = Object)]
    options: Value,
    /// Who asked.
    #[schema(value_type = Object)]
    requested_by: Value,
    /// Number of this attempt, from 1.
    attempt: i32,
    /// Outputs of the steps that earlier attempts finished: do not run them again.
    #[schema(value_type = Object)]
    steps_done: Map<String, Value>,
    /// When this attempt must have ended.
    deadline_at: Option<DateTime<Utc>>,
    /// The database's time of the claim; count from it, your clock may be wrong.
    claimed_at: DateTime<Utc>,
}

/// One version of a template.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TemplateView {
    /// Name.
    slug: String,
    /// Number.
    version: i32,
    /// Defaults filled in; `steps` is the work.
    #[schema(value_type = Object)]
    definition: Value,
}

impl From<ClaimedRun> for ClaimedView {
    fn from(run: ClaimedRun) -> Self {
        Self {
            run_id: run.run_id,
            lease_seq: run.lease_seq,
            lane: run.lane,
            title: run.title,
            env: run.env,
            action: run.action,
            template: run.template.map(|template| TemplateView {
                slug: template.slug,
                version: template.version,
                definition: template.definition,
            }),
            params: run.params,
            scope: run.scope,
            sheet_context: run.sheet_context,
            options: run.options,
            requested_by: run.requested_by,
            attempt: run.attempt,
            steps_done: run.steps_done,
            deadline_at: run.deadline_at,
            claimed_at: run.claimed_at,
        }
    }
}

/// Takes due runs. Answers at once when there are some, else when one comes or the time is over; an empty
/// answer is no error. An answer that gets lost on its way costs its runs one lease time.
#[utoipa::path(post, path = "/runs.claim", tag = "worker", request_body = ClaimBody,
    responses((status = 200, description = "Runs, or none.", body = ClaimView),
        (status = 404, description = "Register again: no such worker of yours is at work.", body = Problem),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(state): State<AppState>,
    Caller(claims): Caller,
    Json(body): Json<ClaimBody>,
) -> ApiResult<Json<ClaimView>> {
    if !(1..=MOST_RUNS).contains(&body.want) {
        return Err(ApiError::invalid("want", format!("It is 1 to {MOST_RUNS}.")));
    }
    if body.wait_seconds > LONGEST_WAIT_SECONDS {
        let detail = format!("It is at most {LONGEST_WAIT_SECONDS}; call again after that.");
        return Err(ApiError::invalid("wait_seconds", detail));
    }
    let lanes: Option<Vec<String>> = body.lanes.map(|lanes| lanes.into_iter().map(Into::into).collect());
    let until = Instant::now() + Duration::from_secs(body.wait_seconds.into());
    let mut beat_at = Instant::now();
    let mut word = StateWord::Ok;
    loop {
        let ring = state.bell.next();
        if Instant::now() >= beat_at {
            word = beat(&state, &claims, body.worker_id).await?;
            beat_at = Instant::now() + BEAT_EVERY;
        }
        let runs = take(&state, &claims, body.worker_id, lanes.as_deref(), body.want).await?;
        let is_over = Instant::now() >= until || state.stopping.is_cancelled();
        if !runs.is_empty() || word == StateWord::Draining || is_over {
            let items = runs.into_iter().map(Into::into).collect();
            return Ok(Json(ClaimView { items, state: word }));
        }
        let look_at = until.min(Instant::now() + LOOK_EVERY);
        tokio::select! {
            _ = timeout_at(look_at, ring) => {}
            () = state.stopping.cancelled() => {}
        }
    }
}

async fn beat(state: &AppState, claims: &Claims, worker_id: Uuid) -> ApiResult<StateWord> {
    let mut tx = state.services.begin_for_worker(claims).await?;
    let known = remote::heartbeat_worker(&mut tx, worker_id, None).await?;
    commit(tx).await?;
    word(known)
}

async fn take(
    state: &AppState,
    claims: &Claims,
    worker_id: Uuid,
    lanes: Option<&[String]>,
    want: i32,
) -> ApiResult<Vec<ClaimedRun>> {
    let mut tx = state.services.begin_for_worker(claims).await?;
    let runs = remote::claim(&mut tx, worker_id, lanes, want).await?;
    commit(tx).await?;
    Ok(runs)
}
