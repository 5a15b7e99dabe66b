//! Tokens of programs.

use super::listed;
use crate::api::{PageError, caller_who_may};
use crate::once::{self, Shown};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use domain::{Claims, Permission};
use leptos::prelude::*;
use runs::{
    Services,
    access::{self, IssuedToken, TokenSpec},
};
use uuid::Uuid;

/// Issues a token.
#[server(prefix = "/fn", endpoint = "create_token")]
pub(crate) async fn create_token(
    name: String,
    role: String,
    #[server(default)] actions: Vec<String>,
    #[server(default)] spreadsheets: String,
    #[server(default)] expires_on: String,
) -> Result<(), PageError> {
    let (services, claims) = caller_who_may(Permission::Administer)?;
    let spec = TokenSpec {
        name: name.trim().to_owned(),
        role: Some(role.parse().map_err(|_| PageError::of("role", "Choose a role."))?),
        actions: Some(actions).filter(|actions| !actions.is_empty()),
        spreadsheets: listed(&spreadsheets),
        expires_at: last_moment(&expires_on)?,
    };
    if let Some(misfit) = spec.misfit(services.now()) {
        let field = if misfit.field == "expires_at" {
            "expires_on"
        } else {
            misfit.field
        };
        return Err(PageError::of(field, misfit.message));
    }
    let mut tx = services.begin_as_server(&claims).await?;
    let issued = access::issue_token(&mut tx, services.now(), &claims, &spec).await?;
    tx.commit().await.map_err(db::DbError::from)?;
    show(&services, &claims, &spec.name, issued)
}

/// Issues a token in place of another, which stays good for a while.
#[server(prefix = "/fn", endpoint = "rotate_token")]
pub(crate) async fn rotate_token(
    token_id: String,
    name: String,
    #[server(default)] overlap_hours: u32,
) -> Result<(), PageError> {
    let (services, claims) = caller_who_may(Permission::Administer)?;
    let overlap = TimeDelta::hours(overlap_hours.into());
    if overlap > access::LONGEST_OVERLAP {
        let most = access::LONGEST_OVERLAP.num_hours();
        return Err(PageError::of("overlap_hours", format!("It is at most {most} hours.")));
    }
    let mut tx = services.begin_as_server(&claims).await?;
    let issued = access::rotate_token(&mut tx, services.now(), &claims, id(&token_id)?, overlap).await?;
    let issued = issued.ok_or_else(|| PageError::not_found("token that is good"))?;
    tx.commit().await.map_err(db::DbError::from)?;
    show(&services, &claims, &name, issued)
}

/// Takes a token back.
#[server(prefix = "/fn", endpoint = "revoke_token")]
pub(crate) async fn revoke_token(token_id: String) -> Result<(), PageError> {
    let (services, claims) = caller_who_may(Permission::Administer)?;
    let mut tx = services.begin_as_server(&claims).await?;
    if !access::revoke_token(&mut tx, services.now(), &claims, id(&token_id)?).await? {
        return Err(PageError::not_found("token that is good"));
    }
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

fn show(services: &Services, claims: &Claims, name: &str, issued: IssuedToken) -> Result<(), PageError> {
    let shown = Shown {
        page: "tokens".to_owned(),
        what: format!("Token {name}"),
        note: "The program sends it as Authorization: Bearer.".to_owned(),
        text: issued.token,
    };
    once::keep(services, claims, &shown)
}

fn id(text: &str) -> Result<Uuid, PageError> {
    text.parse().map_err(|_| PageError::not_found("token"))
}

/// The end of the day, in UTC.
fn last_moment(day: &str) -> Result<Option<chrono::DateTime<chrono::Utc>>, PageError> {
    if day.is_empty() {
        return Ok(None);
    }
    let day: NaiveDate = day
        .parse()
        .map_err(|_| PageError::of("expires_on", "Write the day as 2026-01-31."))?;
    Ok(Some((day + chrono::Days::new(1)).and_time(NaiveTime::MIN).and_utc()))
}
