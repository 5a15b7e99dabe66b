//! `GET /api/health/db`: how the database is, number by number, with a verdict in words.

use crate::{error::ApiResult, http::body::Json};
use ::runs::{
    Services,
    health::{self, Finding, Verdict},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::health::TableHealth;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How the database is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DatabaseView {
    /// The worst verdict.
    verdict: VerdictWord,
    /// `server_version_num` of Postgres.
    postgres_version: i32,
    /// Whether the login sees other sessions; without it some verdicts are `unknown`.
    sees_all: bool,
    /// Each number with what it means and what to do.
    findings: Vec<VerdictView>,
    /// The largest tables.
    tables: Vec<TableView>,
    /// Partitions per table.
    partitions: BTreeMap<String, i64>,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerdictWord {
    /// As it should be.
    Ok,
    /// It cannot be seen with these rights.
    Unknown,
    /// Not bad yet.
    Watch,
    /// Do something.
    Act,
}

/// One number, judged.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VerdictView {
    /// Stable name.
    name: &'static str,
    /// How bad it is.
    verdict: VerdictWord,
    /// The number.
    value: f64,
    /// Its unit.
    unit: &'static str,
    /// What it means.
    says: String,
    /// What to do.
    todo: Option<String>,
}

/// One table.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableView {
    /// Schema and name.
    name: String,
    /// With indexes.
    bytes: i64,
    /// Indexes alone.
    index_bytes: i64,
    /// Rows, estimated.
    live_rows: i64,
    /// Dead rows, estimated.
    dead_rows: i64,
    /// Last vacuum.
    vacuumed_at: Option<DateTime<Utc>>,
}

impl From<Verdict> for VerdictWord {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Ok => Self::Ok,
            Verdict::Unknown => Self::Unknown,
            Verdict::Watch => Self::Watch,
            Verdict::Act => Self::Act,
        }
    }
}

impl From<Finding> for VerdictView {
    fn from(finding: Finding) -> Self {
        Self {
            name: finding.name,
            verdict: finding.verdict.into(),
            value: finding.value,
            unit: finding.unit,
            says: finding.says,
            todo: finding.todo,
        }
    }
}

impl From<TableHealth> for TableView {
    fn from(table: TableHealth) -> Self {
        Self {
            name: table.name,
            bytes: table.bytes,
            index_bytes: table.index_bytes,
            live_rows: table.live_rows,
            dead_rows: table.dead_rows,
            vacuumed_at: table.vacuumed_at,
        }
    }
}

/// Looks at the database.
#[utoipa::path(get, path = "/api/health/db", tag = "operating",
    responses((status = 200, description = "Numbers and verdicts.", body = DatabaseView)))]
pub async fn handler(State(services): State<Services>) -> ApiResult<Json<DatabaseView>> {
    let numbers = db::health::read(services.pool()).await?;
    let findings = health::judge(&numbers);
    Ok(Json(DatabaseView {
        verdict: health::overall(&findings).into(),
        postgres_version: numbers.version,
        sees_all: numbers.sees_all,
        findings: findings.into_iter().map(Into::into).collect(),
        tables: numbers.tables.into_iter().map(Into::into).collect(),
        partitions: numbers.partitions,
    }))
}
