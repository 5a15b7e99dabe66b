//! Saving and loading versions of templates.

use super::{Diff, Finding, actions, diff, parse};
use db::{
    DbError, PgConnection, pool, reads,
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
    /// Somebody else saved a version since this one was begun.
    #[error("version {newest} was saved in the meantime")]
    Overtaken {
        /// Number of the newest version.
        newest: i32,
    },
    /// The text is of another template than the one that is edited.
    #[error("the text is of the template {found:?}, not of {wanted:?}")]
    OtherSlug {
        /// The template that is edited.
        wanted: String,
        /// What the text says.
        found: String,
    },
    /// There is no such template or version.
    #[error("there is no such version of the template")]
    Unknown,
    /// Postgres refused or failed.
    #[error("the template could not be stored")]
    Db(#[from] DbError),
}

/// What saving a text would change.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// There is no such template in the list.
    New,
    /// Its newest version is this very text.
    Unchanged {
        /// Number of that version.
        version: i32,
    },
    /// It would become the version after this one.
    Changed {
        /// Number of the newest version.
        version: i32,
        /// From that version to the text.
        diff: Diff,
    },
}

/// Checks `source` and stores it as the next version of its slug.
pub async fn save(conn: &mut PgConnection, claims: &Claims, source: &str) -> Result<Stored, SaveError> {
    let template = checked(conn, claims, source).await?;
    // The function checks the right again, and knows what the template may do today.
    pool::act_as_server(conn).await?;
    let definition = json!(template);
    let new = NewVersion {
        slug: &template.slug,
        title: &template.title,
        description: &template.description,
        lane: template.lane.as_str(),
        definition: &definition,
        source,
    };
    let version = templates::save_version(conn, &new).await?;
    Ok(Stored {
        template,
        version,
        source: source.to_owned(),
    })
}

/// Saves a text that was begun on version `base` of `slug`; 0 begins a new template. Refused when another version came
/// in between: nobody's work is overwritten unseen. The caller must not commit after a refusal.
pub async fn save_after(
    conn: &mut PgConnection,
    claims: &Claims,
    (slug, base): (Option<&str>, i32),
    source: &str,
) -> Result<Stored, SaveError> {
    if let Some(wanted) = slug
        && let Ok(template) = parse(source)
        && template.slug != wanted
    {
        return Err(SaveError::OtherSlug {
            wanted: wanted.to_owned(),
            found: template.slug,
        });
    }
    // Versions are numbered under a lock, so the number tells what came in between.
    let saved = save(conn, claims, source).await?;
    if saved.version == base + 1 {
        Ok(saved)
    } else {
        Err(SaveError::Overtaken {
            newest: saved.version - 1,
        })
    }
}

/// Saves an earlier version again as the newest; an archived template comes back.
pub async fn restore(conn: &mut PgConnection, claims: &Claims, slug: &str, version: i32) -> Result<Stored, SaveError> {
    let row = reads::template(conn, slug, Some(version)).await?;
    let source = row.ok_or(SaveError::Unknown)?.source;
    save(conn, claims, &source).await
}

/// Takes a template out of the list; its runs keep their versions.
pub async fn archive(conn: &mut PgConnection, slug: &str) -> db::Result<bool> {
    templates::archive(conn, slug).await
}

/// Checks `source` and says what saving it would change.
pub async fn plan(conn: &mut PgConnection, claims: &Claims, source: &str) -> Result<(Template, Plan), SaveError> {
    let template = checked(conn, claims, source).await?;
    let is_listed = reads::templates(conn)
        .await?
        .iter()
        .any(|row| row.slug == template.slug);
    let newest = reads::template(conn, &template.slug, None).await?;
    let plan = match newest.filter(|_| is_listed) {
        None => Plan::New,
        Some(newest) if newest.source == source => Plan::Unchanged {
            version: newest.version,
        },
        Some(newest) => {
            let names = [newest.version, newest.version + 1].map(|number| format!("{} version {number}", newest.slug));
            Plan::Changed {
                version: newest.version,
                diff: diff((&names[0], &newest.source), (&names[1], source)),
            }
        }
    };
    Ok((template, plan))
}

/// Reads `source`, when the caller may save what stands in it.
async fn checked(conn: &mut PgConnection, claims: &Claims, source: &str) -> Result<Template, SaveError> {
    let need = |permission: Permission| {
        if claims.may(permission) {
            Ok(())
        } else {
            Err(SaveError::Forbidden {
                needed: permission.lowest_role(),
            })
        }
    };
    need(Permission::ManageRuns)?;
    let template = parse(source).map_err(|findings| SaveError::Invalid { findings })?;
    need(template.editing())?;
    // A step must not start what its author may not.
    if let Some(needed) = actions::needed_role(&template)
        && !claims.role.reaches(needed)
    {
        return Err(SaveError::Forbidden { needed });
    }
    let lane = template.lane.as_str();
    if !reads::lanes(conn).await?.iter().any(|known| known.name == lane) {
        return Err(SaveError::UnknownLane { lane: lane.to_owned() });
    }
    Ok(template)
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
