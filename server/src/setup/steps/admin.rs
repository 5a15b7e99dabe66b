//! `/setup/admin`.

use super::{operator, page};
use crate::{actions::sessions::cookie, caller::session_of, setup::Setup, state::AppState};
use app::setup::AdminView;
use axum::{
    Form,
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use db::migrate::Ledger;
use domain::Role;
use http::{HeaderMap, StatusCode};
use runs::{
    Services,
    access::{self, AccessError, Keep, NewPassword, SHORTEST_PASSWORD, Session},
};
use serde::Deserialize;

/// What the form sends.
#[derive(Deserialize)]
pub(in crate::setup) struct AdminForm {
    email: String,
    #[serde(default)]
    password: String,
}

/// Whether somebody is there who can administer.
pub(in crate::setup) async fn exists(setup: &Setup) -> Result<bool, AccessError> {
    let Some(state) = setup.state() else { return Ok(false) };
    let mut conn = state.services.pool().acquire().await.map_err(db::DbError::from)?;
    let users = access::users(&mut conn).await?;
    Ok(users
        .iter()
        .any(|user| user.role == Role::Admin.as_str() && user.disabled_at.is_none()))
}

/// How it stands.
pub(in crate::setup) async fn show(State(setup): State<Setup>, headers: HeaderMap) -> Response {
    let look = setup.look().await;
    let frame = setup.frame(&headers, look.as_deref()).await;
    let is_current = look
        .as_ref()
        .and_then(|look| look.ledger.as_ref())
        .is_some_and(Ledger::is_current);
    let view = match setup.state() {
        None if is_current => AdminView::Soon,
        None => AdminView::Early,
        Some(state) => match exists(&setup).await {
            Ok(true) => AdminView::Exists {
                own: own(state, &headers).await,
            },
            _ => ask(String::new(), None),
        },
    };
    let refresh = matches!(view, AdminView::Soon).then_some(1);
    page(app::setup::admin(&frame, view), refresh)
}

/// Makes the admin and logs this browser in. Where there is one already, nobody gets in this way.
pub(in crate::setup) async fn create(
    State(setup): State<Setup>,
    headers: HeaderMap,
    Form(form): Form<AdminForm>,
) -> Response {
    let Some(state) = setup.state() else {
        return Redirect::to("/setup/admin").into_response();
    };
    match make(&setup, &state.services, &form).await {
        Ok(Some(session)) => (cookie::begin(state, &session), Redirect::to("/setup/admin")).into_response(),
        Ok(None) => Redirect::to("/setup/admin").into_response(),
        Err(error) => {
            let look = setup.look().await;
            let frame = setup.frame(&headers, look.as_deref()).await;
            let (status, words) = match &error {
                AccessError::Db(source) => {
                    tracing::error!("The admin was not made: {}", crate::error::chain(source));
                    (
                        StatusCode::SERVICE_UNAVAILABLE,
                        "the database did not take it; try again".to_owned(),
                    )
                }
                refusal => (StatusCode::UNPROCESSABLE_ENTITY, refusal.to_string()),
            };
            let view = ask(form.email, Some(format!("Nobody was made: {words}.")));
            (status, Html(app::setup::admin(&frame, view))).into_response()
        }
    }
}

async fn make(setup: &Setup, services: &Services, form: &AdminForm) -> Result<Option<Session>, AccessError> {
    if exists(setup).await? {
        return Ok(None);
    }
    let (by, now, email) = (operator(), services.now(), form.email.trim().to_lowercase());
    let mut tx = db::pool::begin(services.pool()).await?;
    let name = email.split('@').next().unwrap_or(&email);
    let user_id = access::create_user(&mut tx, now, &by, &email, name, Role::Admin).await?;
    if !form.password.is_empty() {
        let new = NewPassword {
            text: &form.password,
            keep: Keep::Nothing,
        };
        access::set_password(&mut tx, now, &by, user_id, new).await?;
    }
    let link = access::issue_login_link(&mut tx, now, &by, &email).await?;
    let session = access::redeem_login_link(&mut tx, now, &link.token, None).await?;
    tx.commit().await.map_err(db::DbError::from)?;
    Ok(session)
}

/// The admin as whom this browser is logged in.
async fn own(state: &AppState, headers: &HeaderMap) -> Option<String> {
    let session = session_of(headers)?;
    let mut conn = state.services.pool().acquire().await.ok()?;
    let claims = access::session(&mut conn, state.services.now(), &session)
        .await
        .ok()??;
    (claims.role == Role::Admin).then_some(claims.actor)
}

fn ask(email: String, refused: Option<String>) -> AdminView {
    AdminView::Ask {
        email,
        refused,
        shortest: SHORTEST_PASSWORD,
    }
}
