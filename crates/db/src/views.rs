//! Filters over runs that people have given names.

use crate::{PgConnection, Result, statements::statements};
use serde::Deserialize;
use serde_json::Value;
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

/// A view that the caller may use.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ViewRow {
    /// Id.
    pub view_id: Uuid,
    /// Name.
    pub name: String,
    /// The filter, as in the address of the list.
    pub query: String,
    /// Everybody sees it.
    pub is_shared: bool,
    /// It is the caller's.
    pub is_mine: bool,
    /// Who made it.
    pub created_by: String,
}

/// What saving came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Saved {
    /// The view.
    pub view_id: Uuid,
    /// It is new.
    pub created: bool,
}

/// The views of the caller and those that are shared, each group by name.
pub async fn list(conn: &mut PgConnection) -> Result<Vec<ViewRow>> {
    Ok(sqlx::query_as(LIST).fetch_all(conn).await?)
}

/// Makes a view or changes one: `{view_id?, name, query, is_shared}`.
pub async fn save(conn: &mut PgConnection, spec: &Value) -> Result<Saved> {
    let Json(saved) = sqlx::query_scalar::<_, Json<Saved>>(SAVE)
        .bind(Json(spec))
        .fetch_one(conn)
        .await?;
    Ok(saved)
}

/// Forgets a view.
pub async fn delete(conn: &mut PgConnection, view_id: Uuid) -> Result<()> {
    sqlx::query(DELETE).bind(view_id).execute(conn).await?;
    Ok(())
}

statements! {
    // A connection that policies do not bind, such as the server's own, has views of its own, too.
    LIST = "
        select v.view_id, v.name, v.query, v.is_shared, v.owner = me.owner as is_mine, v.created_by
        from public.saved_views as v
        cross join (select runboard_internal.view_owner() as owner) as me
        where v.is_shared or v.owner = me.owner
        order by v.owner = me.owner desc, lower(v.name), v.view_id
        limit 200";
    SAVE = "select public.save_view($1)";
    DELETE = "select public.delete_view($1)";
}
