//! Giving an artifact to somebody who has no login.

use super::LinkKey;
use crate::secrets::SecretKey;
use chrono::{DateTime, SecondsFormat, Utc};
use db::{
    PgConnection,
    audit::{self, Act},
    pool,
};
use domain::Claims;
use serde_json::json;
use uuid::Uuid;

/// The word of a link that opens an artifact until `expires_at`; who made it stands in the audit log.
pub async fn share(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    claims: &Claims,
    key: &SecretKey,
    (artifact_id, expires_at): (Uuid, DateTime<Utc>),
) -> db::Result<String> {
    pool::act_as_server(conn).await?;
    let detail = json!({"expires_at": expires_at.to_rfc3339_opts(SecondsFormat::Secs, true)});
    let act = Act {
        verb: "share_artifact",
        object_kind: "artifact",
        object_id: &artifact_id.to_string(),
        detail: Some(&detail),
    };
    audit::record(conn, now, claims, &act).await?;
    Ok(LinkKey::of(key).download(artifact_id, expires_at))
}
