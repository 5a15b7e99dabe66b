//! The real `runboard-worker` beside this process; what it did is read from the database.

use crate::{Options, say, tally::epoch, work::pause};
use anyhow::{Context, Result, bail};
use db::{
    Pool,
    pool::{PoolConfig, Session},
};
use serde_json::json;
use std::{ffi::OsStr, io::Read as _, process::Stdio, time::Duration};
use tokio::{process::Command, sync::oneshot};

/// Works until the driver goes away.
pub(crate) async fn work(url: &str, binary: &OsStr, options: &Options) -> Result<()> {
    let owner = PoolConfig::new(url, Session::Owner).connect().await?;
    let folder = tempfile::Builder::new().prefix("runboard-bench").tempdir()?;
    let mut child = Command::new(binary)
        .args(["--lanes", "A", "--grace-seconds", "1", "--slots"])
        .arg(options.slots.unwrap_or(24).to_string())
        .arg("--secret-key-file")
        .arg(folder.path().join("secret.key"))
        .env("DATABASE_URL", url)
        .env("RUST_LOG", "warn")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("starting runboard-worker")?;
    say("ready", &json!({}));
    let (ended, driver_ended) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = ended.send(());
    });
    tokio::select! {
        _ = driver_ended => {}
        ended = child.wait() => bail!("runboard-worker ended by itself: {}", ended?),
        told = tell(&owner) => told?,
    }
    child.kill().await?;
    Ok(())
}

/// Says when the first run began and when the last was done, then waits to be ended.
async fn tell(owner: &Pool) -> Result<()> {
    let first: f64 = loop {
        let first: Option<f64> =
            sqlx::query_scalar("select extract(epoch from min(started_at))::float8 from public.runs")
                .fetch_one(owner)
                .await?;
        if let Some(first) = first {
            break first;
        }
        pause(Duration::from_millis(20)).await;
    };
    say("first", &json!({"at": first}));
    loop {
        let is_open: bool = sqlx::query_scalar(
            "select exists(select from runboard_internal.run_queue) or exists(select from runboard_internal.run_leases)",
        )
        .fetch_one(owner)
        .await?;
        if !is_open {
            break;
        }
        pause(Duration::from_millis(20)).await;
    }
    let doubled: i64 = sqlx::query_scalar("select count(*) - count(distinct run_id) from public.run_attempts")
        .fetch_one(owner)
        .await?;
    say("handled", &json!({"at": epoch(), "doubled": doubled}));
    std::future::pending().await
}
