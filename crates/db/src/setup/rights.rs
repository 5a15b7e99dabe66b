//! What the login of an address may do in its database.

use crate::{PgConnection, Result, statements::statements};
use serde::Deserialize;
use sqlx::types::Json;

/// What the migrations and the server need, as the catalogs tell it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is one answer of the catalogs")]
pub struct Rights {
    /// `server_version_num`.
    pub version: i32,
    /// As whom the connection acts.
    pub login: String,
    /// The database.
    pub database: String,
    /// Whether the login is a superuser.
    pub is_superuser: bool,
    /// Whether it may create roles.
    pub may_create_roles: bool,
    /// Whether it may create schemas in the database.
    pub may_create_schemas: bool,
    /// Whether there is a schema `public`.
    pub has_public: bool,
    /// Whether it may create tables there.
    pub may_create_tables: bool,
    /// Roles of Runboard that do not exist.
    pub missing_roles: Vec<String>,
    /// Roles of Runboard that exist and that the login may not act as.
    pub foreign_roles: Vec<String>,
    /// Who owns what was migrated already, when that is somebody the login may not act as.
    pub foreign_owner: Option<String>,
    /// Whether nothing can be written: a replica, or a database set to read only.
    pub is_read_only: bool,
}

/// Reads them.
pub async fn read(conn: &mut PgConnection) -> Result<Rights> {
    let Json(rights) = sqlx::query_scalar(RIGHTS).fetch_one(conn).await?;
    Ok(rights)
}

statements! {
    RIGHTS = include_str!("../../queries/setup/rights.sql");
}
