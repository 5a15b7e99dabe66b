//! `/setup/rights`.

use crate::setup::Setup;
use axum::{extract::State, response::Html};
use http::HeaderMap;

/// Looks now, also whether hints come through.
pub(in crate::setup) async fn show(State(setup): State<Setup>, headers: HeaderMap) -> Html<String> {
    let look = setup.look().await;
    let frame = setup.frame(&headers, look.as_deref()).await;
    let mut found = look.map(|look| look.rights.clone()).unwrap_or_default();
    if let (false, Some(url)) = (found.is_empty(), setup.database_url()) {
        found.push(runs::setup::listening(&url).await);
    }
    Html(app::setup::rights(&frame, &found))
}
