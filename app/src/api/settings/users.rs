//! People: who may come in, and as what.

use super::filled;
use crate::api::{Installation, PageError, caller_who_may};
use crate::once::{self, Shown};
use domain::{Claims, Permission, Role};
use leptos::prelude::*;
use runs::{
    Services,
    access::{self, Invitation, User},
};
use uuid::Uuid;

/// Makes a person known and a link that lets them in.
#[server(prefix = "/fn", endpoint = "invite_user")]
pub(crate) async fn invite_user(
    email: String,
    #[server(default)] display_name: String,
    role: String,
) -> Result<(), PageError> {
    let (services, claims) = caller_who_may(Permission::Administer)?;
    let invitation = Invitation {
        email: &email,
        display_name: filled(&display_name),
        role: parse(&role)?,
    };
    let mut tx = services.begin_as_server(&claims).await?;
    let user = access::invite(&mut tx, services.now(), &claims, invitation).await?;
    let link = access::issue_login_link(&mut tx, services.now(), &claims, &user.email).await?;
    tx.commit().await.map_err(db::DbError::from)?;
    show(&services, &claims, &user, &link)
}

/// Makes another link for a person.
#[server(prefix = "/fn", endpoint = "make_login_link")]
pub(crate) async fn make_login_link(user_id: String) -> Result<(), PageError> {
    let (services, claims) = caller_who_may(Permission::Administer)?;
    let mut tx = services.begin_as_server(&claims).await?;
    let user = access::user(&mut tx, id(&user_id)?)
        .await?
        .filter(|user| user.disabled_at.is_none())
        .ok_or_else(|| PageError::not_found("user who may come in"))?;
    let link = access::issue_login_link(&mut tx, services.now(), &claims, &user.email).await?;
    tx.commit().await.map_err(db::DbError::from)?;
    show(&services, &claims, &user, &link)
}

/// Gives a person another role.
#[server(prefix = "/fn", endpoint = "change_role")]
pub(crate) async fn change_role(user_id: String, role: String) -> Result<(), PageError> {
    let (services, claims) = caller_who_may(Permission::Administer)?;
    let mut tx = services.begin_as_server(&claims).await?;
    access::set_role(&mut tx, services.now(), &claims, id(&user_id)?, parse(&role)?).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

/// Shuts a person out, or lets one in again.
#[server(prefix = "/fn", endpoint = "disable_user")]
pub(crate) async fn disable_user(user_id: String, disabled: bool) -> Result<(), PageError> {
    let (services, claims) = caller_who_may(Permission::Administer)?;
    let mut tx = services.begin_as_server(&claims).await?;
    access::set_disabled(&mut tx, services.now(), &claims, id(&user_id)?, disabled).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

fn show(services: &Services, claims: &Claims, user: &User, link: &access::LoginLink) -> Result<(), PageError> {
    let public_url = use_context::<Installation>()
        .map(|known| known.public_url)
        .unwrap_or_default();
    let shown = Shown {
        page: "users".to_owned(),
        what: format!("Login link for {}", user.email),
        note: "It lets one browser in, once, within an hour. Send it on a way that only this person reads.".to_owned(),
        text: format!("{public_url}/login/{}", link.token),
    };
    once::keep(services, claims, &shown)
}

fn id(text: &str) -> Result<Uuid, PageError> {
    text.parse().map_err(|_| PageError::not_found("user"))
}

fn parse(role: &str) -> Result<Role, PageError> {
    role.parse().map_err(|_| PageError::of("role", "Choose a role."))
}
