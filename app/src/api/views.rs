//! Filters over runs that people keep under names.

use super::PageError;
use leptos::prelude::*;

/// Makes a view, or changes the one that `view_id` names.
#[server(prefix = "/fn", endpoint = "save_view")]
pub(crate) async fn save_view(
    name: String,
    query: String,
    #[server(default)] view_id: String,
    #[server(default)] shared: bool,
) -> Result<(), PageError> {
    let (services, claims) = super::error::caller()?;
    let draft = runs::views::Draft {
        view_id: ssr::id(&view_id)?,
        name: Some(name),
        query: Some(query),
        is_shared: Some(shared),
    };
    let mut tx = services.begin(&claims).await?;
    runs::views::save(&mut tx, &draft).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

/// Forgets a view.
#[server(prefix = "/fn", endpoint = "delete_view")]
pub(crate) async fn delete_view(view_id: String) -> Result<(), PageError> {
    let (services, claims) = super::error::caller()?;
    let view_id = ssr::id(&view_id)?.ok_or_else(|| PageError::not_found("view"))?;
    let mut tx = services.begin(&claims).await?;
    runs::views::delete(&mut tx, view_id).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

#[cfg(feature = "ssr")]
mod ssr {
    use crate::api::PageError;
    use uuid::Uuid;

    pub(super) fn id(text: &str) -> Result<Option<Uuid>, PageError> {
        match text {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| PageError::not_found("view")),
        }
    }
}
