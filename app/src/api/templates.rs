//! Edits templates, archives them, brings earlier versions back.

use super::PageError;
use crate::views::{EditView, Sent};
use leptos::prelude::*;

/// What comes of the fields of the editor, as a form sends them.
#[server(prefix = "/fn", endpoint = "edit_template")]
pub(crate) async fn edit_template(form: String) -> Result<Sent<EditView>, PageError> {
    Ok(Sent(crate::served::editor::answer(&form).await?))
}

/// Takes a template out of the list.
#[server(prefix = "/fn", endpoint = "archive_template")]
pub(crate) async fn archive_template(slug: String) -> Result<(), PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    runs::template::archive(&mut tx, &slug).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

/// Saves an earlier version again as the newest, and shows it.
#[server(prefix = "/fn", endpoint = "restore_template")]
pub(crate) async fn restore_template(slug: String, version: i32) -> Result<(), PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    runs::template::restore(&mut tx, &claims, &slug, version).await?;
    tx.commit().await.map_err(db::DbError::from)?;
    leptos_axum::redirect(&format!("/templates/{slug}"));
    Ok(())
}

#[cfg(feature = "ssr")]
mod ssr {
    use crate::api::{FieldProblem, PageError};
    use runs::template::SaveError;

    impl From<SaveError> for PageError {
        fn from(error: SaveError) -> Self {
            match error {
                SaveError::Forbidden { needed } => PageError::new(
                    403,
                    "forbidden",
                    format!("Saving this template needs the role {needed}."),
                    Some(
                        "Steps that start programs, containers or agents are for admins, here and in the version before.",
                    ),
                ),
                SaveError::Invalid { findings } => PageError {
                    problems: findings
                        .into_iter()
                        .map(|finding| FieldProblem {
                            field: finding.path,
                            message: finding.message,
                        })
                        .collect(),
                    ..PageError::new(
                        422,
                        "invalid_template",
                        "There is something wrong with the template.",
                        None,
                    )
                },
                SaveError::UnknownLane { lane } => PageError::new(
                    422,
                    "unknown_lane",
                    format!("There is no lane {lane}."),
                    Some("Choose a lane that the settings list."),
                ),
                SaveError::Overtaken { newest } => PageError::new(
                    409,
                    "overtaken",
                    format!("Somebody saved version {newest} in the meantime."),
                    Some("Look at what changed, then save yours on top of it, or take theirs."),
                ),
                SaveError::OtherSlug { wanted, found } => PageError::new(
                    422,
                    "other_slug",
                    format!("The text says slug: {found}, and this is the template {wanted}."),
                    Some("A slug stays for ever. To make another template, begin a new one and paste the text there."),
                ),
                SaveError::Unknown => PageError::not_found("version"),
                SaveError::Db(error) => error.into(),
            }
        }
    }
}
