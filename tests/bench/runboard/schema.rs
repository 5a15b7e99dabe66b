//! Templates that do nothing, in lanes without limits.

use anyhow::Result;
use db::pool::{PoolConfig, Session};
use serde_json::{Value, json};

/// Migrates the database and saves the templates `noop`, `held` and `skipped`.
pub(crate) async fn prepare(url: &str) -> Result<()> {
    let owner = PoolConfig::new(url, Session::Owner).connect().await?;
    db::migrate::run(&owner).await?;
    sqlx::raw_sql("update public.lanes set max_running = null")
        .execute(&owner)
        .await?;
    let held =
        json!({"n": "{{ params.n }}", "hold": "{{ params.hold | default(0) }}", "t": "{{ params.t | default(0) }}"});
    for (slug, step) in [
        ("noop", json!({"id": "noop", "kind": "noop", "with": {}})),
        ("held", json!({"id": "noop", "kind": "noop", "with": held})),
        (
            "skipped",
            json!({"id": "noop", "kind": "api", "if": "false", "with": {"method": "GET", "url": "http://127.0.0.1/"}}),
        ),
    ] {
        save(&owner, slug, &step).await?;
    }
    Ok(())
}

/// Recovery as quick as `seconds` of silence allow.
pub(crate) async fn set_lease(url: &str, seconds: f64) -> Result<()> {
    let owner = PoolConfig::new(url, Session::Owner).connect().await?;
    sqlx::query(
        "update runboard_internal.settings
         set value = case key when 'lease' then $1 when 'backoff_initial' then 100 else 500 end
         where key in ('lease', 'heartbeat', 'sweep', 'backoff_initial')",
    )
    .bind((seconds * 1000.0) as i32)
    .execute(&owner)
    .await?;
    Ok(())
}

async fn save(owner: &db::Pool, slug: &str, step: &Value) -> Result<()> {
    let mut step = step.clone();
    step["retry"] = json!({"max_attempts": 1});
    let definition = json!({
        "version": 1, "slug": slug, "title": slug, "description": "", "lane": "A",
        "params": {"type": "object", "properties": {}, "additionalProperties": true},
        "steps": [step],
        "policy": {"timeout_seconds": 3600, "max_attempts": 3, "backoff": {"initial_seconds": 0.1}},
    });
    let mut tx = owner.begin().await?;
    sqlx::query("insert into public.run_templates (slug, title, lane, latest_version) values ($1, $1, 'A', 1)")
        .bind(slug)
        .execute(&mut *tx)
        .await?;
    sqlx::query("insert into public.run_template_versions (slug, version, definition, source) values ($1, 1, $2, '')")
        .bind(slug)
        .bind(definition)
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}
