//! Runboard as one more peer of `script/bench queue`: the words of `tests/bench/peers/README.md`.
//!
//! Its worker runs in this process with a step that does nothing, or, with `RUNBOARD_WORKER` naming the binary,
//! as a real `runboard-worker`.

mod enqueue;
mod process;
mod schema;
mod tally;
mod work;

use anyhow::{Context, Result, bail};
use db::pool::{PoolConfig, Session};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::Read as _;

/// What the driver asks for; each verb reads its part.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Options {
    pub(crate) slots: Option<usize>,
    pub(crate) expect: usize,
    pub(crate) lease: Option<f64>,
    pub(crate) say: bool,
    pub(crate) from: usize,
    pub(crate) count: usize,
    pub(crate) batch: usize,
    pub(crate) clients: u32,
    pub(crate) hold: Option<f64>,
    pub(crate) samples: usize,
    pub(crate) rate: f64,
    pub(crate) seconds: f64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let verb = arguments.next().context("name a verb")?;
    let options: Options = serde_json::from_str(&arguments.next().unwrap_or_else(|| "{}".to_owned()))?;
    if verb == "describe" {
        describe();
        return Ok(());
    }
    let url = std::env::var("DATABASE_URL").context("DATABASE_URL names the database")?;
    if let Some(binary) = std::env::var_os("RUNBOARD_WORKER")
        && verb == "work"
    {
        return process::work(&url, &binary, &options).await;
    }
    std::thread::spawn(end_with_the_driver);
    match verb.as_str() {
        "prepare" => schema::prepare(&url).await,
        "enqueue" => enqueue::enqueue(&url, &options).await,
        "produce" => enqueue::produce(&url, &options).await,
        "latency" => work::latency(&url, &options).await,
        "work" => work::work(&url, &options).await,
        _ => bail!("unknown verb {verb}"),
    }
}

fn describe() {
    let settings = if std::env::var_os("RUNBOARD_WORKER").is_some() {
        "the process runboard-worker, 24 slots, a template whose one step is skipped"
    } else if work::batched() {
        "the worker in the adapter's process, as many runs taken ahead as it has slots, one step that does nothing"
    } else {
        "the worker in the adapter's process, one step that does nothing, settings as they come"
    };
    say(
        "describe",
        &json!({
            "version": env!("CARGO_PKG_VERSION"),
            "keeps": "run, attempt, step, events",
            "settings": settings,
            "open": "select (select count(*) from runboard_internal.run_queue) + (select count(*) from runboard_internal.run_deferred) + (select count(*) from runboard_internal.run_leases)",
            "done": "select exists(select from public.runs where (params ->> 'n')::int = %(n)s and status in ('success', 'failed', 'canceled'))",
        }),
    );
}

/// Writes one line of the contract.
pub(crate) fn say(event: &str, more: &Value) {
    let mut line = json!({"event": event});
    if let (Value::Object(line), Value::Object(more)) = (&mut line, more) {
        line.extend(more.clone());
    }
    println!("{line}");
}

/// Connections as a client of the queue.
pub(crate) async fn clients(url: &str, count: u32) -> Result<db::Pool> {
    let config = PoolConfig {
        max_connections: count.max(1),
        ..PoolConfig::new(url, Session::Server)
    };
    Ok(config.connect().await?)
}

/// Nothing outlives the driver: our standard input ends with it.
fn end_with_the_driver() {
    let mut rest = Vec::new();
    let _ = std::io::stdin().read_to_end(&mut rest);
    std::process::exit(0);
}
