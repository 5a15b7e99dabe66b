//! Saving and loading versions of templates.

use super::{Finding, parse};
use chrono::{DateTime, Utc};
use db::{
    DbError, PgConnection,
    audit::{self, Act},
    pool, reads,
    templates::{self, NewVersion},
};
use domain::{Claims, Permission, Role, Template};
use serde_json::{Value, json};

/// A stored version.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The definition, defaults filled in.
    pub template: Template,
    /// Number, from 1.
    pub version: i32,
    /// As a person wrote it.
    pub source: String,
}

/// Why a template was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The caller's role does not edit templates.
    #[error("saving a template needs the role {needed}")]
    Forbidden {
        /// Lowest role that may.
        needed: Role,
    },
    /// There is something wrong with it.
    #[error("the template has {} findings", findings.len())]
    Invalid {
        /// Each thing with its place.
        findings: Vec<Finding>,
    },
    /// Its lane does not exist.
    #[error("there is no lane {lane:?}")]
    UnknownLane {
        /// The lane it names.
        lane: String,
    },
    /// Postgres refused or failed.
    #[error("the template could not be stored")]
    Db(#[from] DbError),
}

/// Checks `source` and stores it as the next version of its slug.
pub async fn save(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    claims: &Claims,
    source: &str,
) -> Result<Stored, SaveError> {
    if !claims.may(Permission::Administer) {
        return Err(SaveError::Forbidden {
            needed: Permission::Administer.lowest_role(),
        });
    }
    let template = parse(source).map_err(|findings| SaveError::Invalid { findings })?;
    let lane = template.lane.as_str();
    if !reads::lanes(conn).await?.iter().any(|known| known.name == lane) {
        return Err(SaveError::UnknownLane { lane: lane.to_owned() });
    }
    pool::act_as_server(conn).await?;
    let definition = json!(template);
    let new = NewVersion {
        slug: &template.slug,
        title: &template.title,
        description: &template.description,
        lane,
        definition: &definition,
        source,
        created_by: Some(&claims.actor),
    };
    let version = templates::save_version(conn, now, &new).await?;
    let detail = json!({"version": version});
    let act = Act {
        verb: "save_template",
        object_kind: "template",
        object_id: &template.slug,
        detail: Some(&detail),
    };
    audit::record(conn, now, claims, &act).await?;
    Ok(Stored {
        template,
        version,
        source: source.to_owned(),
    })
}

/// One version of a template; `None` for `version` means its newest.
pub async fn load(conn: &mut PgConnection, slug: &str, version: Option<i32>) -> db::Result<Option<Stored>> {
    let Some(row) = reads::template(conn, slug, version).await? else {
        return Ok(None);
    };
    Ok(read(slug, row.definition).map(|template| Stored {
        template,
        version: row.version,
        source: row.source,
    }))
}

/// A definition in words that this program does not know, left by a newer one, is as good as none.
fn read(slug: &str, definition: Value) -> Option<Template> {
    serde_json::from_value(definition)
        .inspect_err(|error| tracing::warn!(template.slug = slug, %error, "A stored template cannot be read."))
        .ok()
}
