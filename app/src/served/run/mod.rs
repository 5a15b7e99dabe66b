//! The parts of the page of a run that only the server draws; the live page fetches and shows them as they are.

mod around;
mod artifacts;
mod attempts;
mod events;
mod json;
mod params;

use crate::api::PageError;
use domain::Claims;
use leptos::prelude::*;
use runs::Services;

/// The HTML of `part`; `at` names a place in it.
pub(crate) async fn run_part(
    services: &Services,
    claims: &Claims,
    run_id: &str,
    part: &str,
    at: &str,
) -> Result<String, PageError> {
    let mut tx = services.begin(claims).await?;
    let Some(row) = db::reads::runs_by_id(&mut tx, &[run_id.to_owned()]).await?.pop() else {
        return Err(PageError::not_found("run"));
    };
    let view = match part {
        "around" => around::draw(&mut tx, &row).await?,
        "events" => events::draw(&mut tx, &row, at).await?,
        "params" => params::draw(&mut tx, run_id).await?,
        "result" => params::draw_result(&mut tx, run_id).await?,
        "attempts" => attempts::draw(&mut tx, run_id).await?,
        "artifacts" => artifacts::draw(&mut tx, run_id).await?,
        _ => return Err(PageError::not_found("part of a run")),
    };
    Ok(view.to_html())
}
