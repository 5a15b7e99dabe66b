//! Filters over runs that people have given names: their own, and those that are shared.

use db::{PgConnection, Result, views};
use domain::filter::Filter;
use serde_json::json;
use uuid::Uuid;

pub use db::views::{Saved, ViewRow, delete, list};

/// A view to save; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The view to change; a new one without.
    pub view_id: Option<Uuid>,
    /// Name.
    pub name: Option<String>,
    /// Filter, as in the address of the list.
    pub query: Option<String>,
    /// Everybody sees it.
    pub is_shared: Option<bool>,
}

/// Saves a view. The filter is kept in its one form, and with the columns that were chosen.
pub async fn save(conn: &mut PgConnection, draft: &Draft) -> Result<Saved> {
    let query = draft.query.as_ref().map(|query| {
        let filter = Filter {
            view: None,
            ..Filter::parse(query)
        };
        filter.to_string()
    });
    let mut spec = json!({"name": draft.name, "query": query, "is_shared": draft.is_shared});
    if let Some(view_id) = draft.view_id {
        spec["view_id"] = json!(view_id);
    }
    views::save(conn, &spec).await
}
