//! Templates, as people choose them.

use super::{TemplateRow, TemplateRun, TemplateVersion, VersionRow};
use crate::{PgConnection, Result, statements::statements};
use serde_json::Value;

/// Templates that can be started, by title.
pub async fn templates(conn: &mut PgConnection) -> Result<Vec<TemplateRow>> {
    Ok(sqlx::query_as(TEMPLATES).fetch_all(conn).await?)
}

/// Templates that were taken out of the list, by title.
pub async fn archived_templates(conn: &mut PgConnection) -> Result<Vec<TemplateRow>> {
    Ok(sqlx::query_as(ARCHIVED).fetch_all(conn).await?)
}

/// The last runs of every template in the list, `each` at most, newest first.
pub async fn template_runs(conn: &mut PgConnection, each: i64) -> Result<Vec<TemplateRun>> {
    Ok(sqlx::query_as(TEMPLATE_RUNS).bind(each).fetch_all(conn).await?)
}

/// One version of a template; `None` means its newest.
pub async fn template(conn: &mut PgConnection, slug: &str, version: Option<i32>) -> Result<Option<TemplateVersion>> {
    Ok(sqlx::query_as(TEMPLATE)
        .bind(slug)
        .bind(version)
        .fetch_optional(conn)
        .await?)
}

/// Versions of a template, newest first, without their texts.
pub async fn template_versions(conn: &mut PgConnection, slug: &str) -> Result<Vec<VersionRow>> {
    Ok(sqlx::query_as(VERSIONS).bind(slug).fetch_all(conn).await?)
}

/// Different parameters with which a template ran lately, newest first.
pub async fn recent_params(conn: &mut PgConnection, slug: &str, limit: i64) -> Result<Vec<Value>> {
    Ok(sqlx::query_scalar(RECENT_PARAMS)
        .bind(slug)
        .bind(limit)
        .fetch_all(conn)
        .await?)
}

statements! {
    TEMPLATES = "
        select slug, title, description, lane, latest_version, updated_at
        from public.run_templates
        where archived_at is null
        order by title, slug
        limit 1000";
    ARCHIVED = "
        select slug, title, description, lane, latest_version, updated_at
        from public.run_templates
        where archived_at is not null
        order by title, slug
        limit 1000";
    TEMPLATE_RUNS = include_str!("../../queries/reads/template_runs.sql");
    TEMPLATE = "
        select v.slug, v.version, v.definition, v.source, v.created_by, v.created_at
        from public.run_templates as t
        join public.run_template_versions as v on v.slug = t.slug
        where t.slug = $1 and v.version = coalesce($2, t.latest_version)";
    VERSIONS = "
        select version, created_by, created_at
        from public.run_template_versions
        where slug = $1
        order by version desc
        limit 1000";
    RECENT_PARAMS = include_str!("../../queries/reads/recent_params.sql");
}
