//! Gives an artifact to somebody without a login.

use super::PageError;
use leptos::prelude::*;

/// Makes a link that opens an artifact for `expires_seconds`, a week at most; its page shows the link once.
#[server(prefix = "/fn", endpoint = "share_artifact")]
pub(crate) async fn share_artifact(artifact_id: String, expires_seconds: i64) -> Result<(), PageError> {
    let (services, claims) = super::caller_who_may(domain::Permission::ManageRuns)?;
    let id = artifact_id.parse().map_err(|_| PageError::not_found("artifact"))?;
    let expires_at = services.now() + chrono::TimeDelta::seconds(expires_seconds.clamp(1, ssr::LONGEST));
    let mut tx = services.begin(&claims).await?;
    let Some(row) = runs::read::artifact(&mut tx, id).await? else {
        return Err(PageError::not_found("artifact"));
    };
    let word = runs::artifacts::share(&mut tx, services.now(), &claims, services.key(), (id, expires_at)).await?;
    tx.commit().await.map_err(db::DbError::from)?;
    ssr::show(&services, &claims, &row, &word)
}

#[cfg(feature = "ssr")]
mod ssr {
    use crate::api::{Installation, PageError};
    use crate::once::{self, Shown};
    use db::reads::ArtifactRow;
    use domain::Claims;
    use leptos::prelude::use_context;
    use runs::Services;

    /// A week.
    pub(super) const LONGEST: i64 = 7 * 24 * 3600;

    pub(super) fn show(services: &Services, claims: &Claims, row: &ArtifactRow, word: &str) -> Result<(), PageError> {
        let public_url = use_context::<Installation>()
            .map(|known| known.public_url)
            .unwrap_or_default();
        let shown = Shown {
            page: row.artifact_id.to_string(),
            what: format!("Link to {}", row.name),
            note: "Whoever has it can read the artifact until it expires. Who made it stands in the audit.".to_owned(),
            text: format!("{public_url}/artifacts.download/{word}"),
        };
        once::keep(services, claims, &shown)
    }
}
