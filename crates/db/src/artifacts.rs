//! Artifacts beside their rows: what lies in the object store, and where the bytes of one are.

use crate::{DbError, PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

/// What an upload is for, and what will arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload<'a> {
    /// The run.
    pub run_id: &'a str,
    /// Lease it is held under.
    pub lease_seq: i64,
    /// Checksum of the bytes, hex.
    pub sha256: &'a str,
    /// How many bytes.
    pub size_bytes: i64,
}

/// What became of an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announced {
    /// The bytes may come.
    Ok,
    /// The same bytes are there already.
    Stored,
    /// The same bytes are being removed: try again.
    Busy,
    /// The run belongs to somebody else now.
    Lost,
}

/// Where the bytes of an artifact are.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ArtifactPlace {
    /// The bytes, when they are in the row.
    pub inline: Option<Vec<u8>>,
    /// Their name in the object store, when they are there.
    pub storage_url: Option<String>,
}

/// Says which bytes will come to the object store.
pub async fn announce_upload(conn: &mut PgConnection, upload: &Upload<'_>) -> Result<Announced> {
    let word: String = sqlx::query_scalar(ANNOUNCE_UPLOAD)
        .bind(upload.run_id)
        .bind(upload.lease_seq)
        .bind(upload.sha256)
        .bind(upload.size_bytes)
        .fetch_one(conn)
        .await?;
    match word.as_str() {
        "ok" => Ok(Announced::Ok),
        "stored" => Ok(Announced::Stored),
        "busy" => Ok(Announced::Busy),
        "lost" => Ok(Announced::Lost),
        word => Err(DbError::unknown_answer("announce_upload", word)),
    }
}

/// Says that the bytes have come; false when the run belongs to somebody else now.
pub async fn finish_upload(conn: &mut PgConnection, upload: &Upload<'_>) -> Result<bool> {
    let word: String = sqlx::query_scalar(FINISH_UPLOAD)
        .bind(upload.run_id)
        .bind(upload.lease_seq)
        .bind(upload.sha256)
        .bind(upload.size_bytes)
        .fetch_one(conn)
        .await?;
    match word.as_str() {
        "ok" => Ok(true),
        "lost" => Ok(false),
        word => Err(DbError::unknown_answer("finish_upload", word)),
    }
}

/// Takes in hand for removal what no artifact names.
pub async fn take_unused(conn: &mut PgConnection, most: i32) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(TAKE_UNUSED).bind(most).fetch_all(conn).await?)
}

/// Says that objects were removed.
pub async fn forget(conn: &mut PgConnection, storage_urls: &[String]) -> Result<()> {
    sqlx::query(FORGET).bind(storage_urls).execute(conn).await?;
    Ok(())
}

/// Where the bytes of an artifact are; `None` when there is none that the caller may see.
pub async fn place(conn: &mut PgConnection, artifact_id: Uuid) -> Result<Option<ArtifactPlace>> {
    Ok(sqlx::query_as(PLACE).bind(artifact_id).fetch_optional(conn).await?)
}

/// The newest of [`earlier_ones`].
pub async fn earlier(conn: &mut PgConnection, artifact_id: Uuid) -> Result<Option<Uuid>> {
    let newest = earlier_ones(conn, artifact_id, 1).await?.pop();
    Ok(newest.map(|earlier| earlier.artifact_id))
}

/// An artifact of the same name, as a picker shows it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Earlier {
    /// Id in addresses.
    pub artifact_id: Uuid,
    /// Run that left it.
    pub run_id: String,
    /// Made.
    pub created_at: DateTime<Utc>,
    /// Bytes.
    pub size_bytes: i64,
}

/// The artifacts of the same name and step that earlier runs of the same template or action left, in the same
/// environment; newest first.
pub async fn earlier_ones(conn: &mut PgConnection, artifact_id: Uuid, most: i64) -> Result<Vec<Earlier>> {
    Ok(sqlx::query_as(EARLIER_ONES)
        .bind(artifact_id)
        .bind(most)
        .fetch_all(conn)
        .await?)
}

statements! {
    ANNOUNCE_UPLOAD = "select public.announce_upload($1, $2, $3, $4)";
    FINISH_UPLOAD = "select public.finish_upload($1, $2, $3, $4)";
    TAKE_UNUSED = "select public.take_unused_objects($1)";
    FORGET = "select public.forget_objects($1)";
    PLACE = "select inline, storage_url from public.artifacts where artifact_id = $1";
    EARLIER_ONES = "
        select a.artifact_id, a.run_id, a.created_at, a.size_bytes
        from public.artifacts as known
        join public.runs as its_run on its_run.run_id = known.run_id
        join public.artifacts as a
          on a.name = known.name and a.step is not distinct from known.step and a.run_id <> known.run_id
          and a.created_at <= known.created_at
        join public.runs as r on r.run_id = a.run_id and r.env = its_run.env
          and (r.template_slug = its_run.template_slug or (its_run.template_slug is null and r.action = its_run.action))
          and r.created_at <= its_run.created_at
        where known.artifact_id = $1
        order by a.created_at desc, a.artifact_id
        limit $2";
}
