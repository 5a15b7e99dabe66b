//! The audit log: what people did, append only.

use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use domain::Claims;
use serde_json::Value;
use sqlx::{FromRow, types::Json};

/// One act of a person.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct AuditRow {
    /// Grows with every act.
    pub audit_id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// With which role.
    pub role: String,
    /// How they came in.
    pub via: String,
    /// What they did, such as `cancel_run`.
    pub verb: String,
    /// To what kind of thing.
    pub object_kind: String,
    /// To which one.
    pub object_id: String,
    /// Details.
    pub detail: Option<Value>,
}

/// An act to be written down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Act<'a> {
    /// What is done, such as `create_user`.
    pub verb: &'a str,
    /// To what kind of thing.
    pub object_kind: &'a str,
    /// To which one.
    pub object_id: &'a str,
    /// Details; never a secret.
    pub detail: Option<&'a Value>,
}

/// Which acts a list shows; what is `None` does not narrow it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only acts of this person or program.
    pub actor: Option<String>,
    /// Only acts of this kind, its words joined by spaces or by `_`.
    pub verb: Option<String>,
    /// Only acts on this kind of thing.
    pub object_kind: Option<String>,
    /// Only acts on this thing.
    pub object_id: Option<String>,
    /// Only acts at or after this time.
    pub from: Option<DateTime<Utc>>,
    /// Only acts before this time.
    pub to: Option<DateTime<Utc>>,
    /// Only acts before this one.
    pub before: Option<i64>,
}

/// Writes down an act in the transaction that does it. The SQL functions write their own.
pub async fn record(conn: &mut PgConnection, now: DateTime<Utc>, claims: &Claims, act: &Act<'_>) -> Result<()> {
    let via = serde_json::to_value(claims.via).unwrap_or_default();
    sqlx::query(RECORD)
        .bind(now)
        .bind(&claims.actor)
        .bind(claims.role.as_str())
        .bind(via.as_str().unwrap_or_default())
        .bind(act.verb)
        .bind(act.object_kind)
        .bind(act.object_id)
        .bind(act.detail.map(Json))
        .execute(conn)
        .await?;
    Ok(())
}

/// Acts, newest first.
pub async fn list(conn: &mut PgConnection, filter: &AuditFilter, limit: i64) -> Result<Vec<AuditRow>> {
    let acts = sqlx::query_as(LIST)
        .persistent(false)
        .bind(filter.object_kind.as_deref())
        .bind(filter.object_id.as_deref())
        .bind(filter.before)
        .bind(limit)
        .bind(filter.actor.as_deref())
        .bind(filter.verb.as_deref())
        .bind(filter.from)
        .bind(filter.to)
        .fetch_all(conn)
        .await?;
    Ok(acts)
}

statements! {
    RECORD = "
        insert into public.audit_log (at, actor, role, via, verb, object_kind, object_id, detail)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    LIST = "
        select audit_id, at, actor, role, via, verb, object_kind, object_id, detail
        from public.audit_log
        where ($1::text is null or object_kind = $1)
          and ($2::text is null or object_id = $2)
          and ($3::bigint is null or audit_id < $3)
          and ($5::text is null or actor = $5)
          and ($6::text is null or replace(verb, '_', ' ') = replace($6, '_', ' '))
          and ($7::timestamptz is null or at >= $7)
          and ($8::timestamptz is null or at < $8)
        order by audit_id desc
        limit $4";
}
