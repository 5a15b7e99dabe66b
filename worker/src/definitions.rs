//! Templates this worker has seen. A version never changes, so each is fetched and read once.

use crate::pace;
use db::{DbError, Pool, pool::LONGEST_ANSWER, queue};
use domain::Template;
use std::{collections::HashMap, sync::Arc};
use tokio::sync::Mutex;

/// More versions than anybody runs at once; then it is begun anew.
const MOST: usize = 1000;

/// A template by name and version.
type Known = HashMap<(String, i32), Arc<Template<String>>>;

/// Templates by name and version.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    known: Mutex<Known>,
}

/// Why there is no template.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DefinitionError {
    /// The ledger names a version that is not stored.
    #[error("version {version} of {slug} is not stored")]
    Missing {
        /// Name.
        slug: String,
        /// Number.
        version: i32,
    },
    /// It is written for another version of this program.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// The database refuses.
    #[error("it cannot be fetched: {0}")]
    Db(#[from] DbError),
}

impl Definitions {
    /// One version of a template. A database that is away is waited for: it is no fault of the run.
    pub(crate) async fn get(
        &self,
        pool: &Pool,
        slug: &str,
        version: i32,
    ) -> Result<Arc<Template<String>>, DefinitionError> {
        // Held while fetching: of many runs that begin together one asks.
        let mut known = self.known.lock().await;
        let name = (slug.to_owned(), version);
        if let Some(template) = known.get(&name) {
            return Ok(Arc::clone(template));
        }
        let mut failures = 0;
        let stored = loop {
            let asked = db::pool::ask(pool, LONGEST_ANSWER, async |conn| {
                queue::definition(conn, slug, version).await
            });
            match asked.await {
                Err(error) if error.is_unavailable() => {
                    failures += 1;
                    pace::pause(pace::reconnect_wait(failures)).await;
                }
                answer => break answer?,
            }
        };
        let stored = stored.ok_or_else(|| DefinitionError::Missing {
            slug: slug.to_owned(),
            version,
        })?;
        let template: Arc<Template<String>> = Arc::new(serde_json::from_value(stored)?);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(name, Arc::clone(&template));
        Ok(template)
    }
}
