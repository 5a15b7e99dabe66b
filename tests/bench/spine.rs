//! How fast a run travels: from commit to its first step on an idle system, and 20,000 at once.
//!
//! Uses a private Postgres with durable commits, one worker in this process and a step kind that does
//! nothing, so that what is measured is the control plane alone. `script/bench spine` runs it.

use anyhow::{Context, Result};
use db::{Pool, listener::Listener, listener::ListenerConfig, pool::PoolConfig, pool::Session, queue};
use domain::LaneName;
use futures::FutureExt as _;
use runs::secrets::SecretKey;
use serde_json::{Value, json};
use server::embedded::Embedded;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use worker::steps::{Kinds, StepContext, StepError, StepKindHandler};

const LATENCY_SAMPLES: usize = 500;
const BURN_DOWN_RUNS: usize = 20_000;
const ENQUEUE_BATCH: usize = 500;
/// Short runs want many: a slot is free only when the database has acknowledged.
const SLOTS: usize = 512;
/// Runs taken ahead of free slots.
const PREFETCH: usize = 512;

/// A step that says when it began and does nothing else.
struct Noop(mpsc::UnboundedSender<Instant>);

impl StepKindHandler for Noop {
    fn run<'a>(&'a self, _: StepContext<'a>) -> futures::future::BoxFuture<'a, Result<Value, StepError>> {
        let _ = self.0.send(Instant::now());
        async { Ok(Value::Null) }.boxed()
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::Builder::new().prefix("runboard-bench").tempdir()?;
    let postgres = Embedded::start(folder.path())
        .await
        .context("starting a private Postgres")?;
    let outcome = measure(&postgres.url()).await;
    postgres.stop().await.context("stopping the private Postgres")?;
    outcome
}

async fn measure(url: &str) -> Result<()> {
    let owner = PoolConfig::new(url, Session::Owner).connect().await?;
    db::migrate::run(&owner).await?;
    let client = PoolConfig::new(url, Session::Server).connect().await?;
    prepare(&owner).await?;

    let (begun, mut starts) = mpsc::unbounded_channel();
    let mut config = worker::Config::new("bench", vec!["A".parse::<LaneName>()?], SLOTS);
    config.grace = Duration::from_secs(1);
    config.prefetch = PREFETCH;
    let mut handle = worker::Worker {
        config,
        pool: PoolConfig::new(url, Session::Worker).connect().await?,
        key: SecretKey::random().into(),
        kinds: Kinds::none().with("noop", Noop(begun)),
        listener: Some(Listener::start(ListenerConfig::new(url))?),
    }
    .start()
    .await?;

    println!(
        "machine: {} cores; Postgres with durable commits on loopback",
        std::thread::available_parallelism()?
    );
    latency(&client, &mut starts).await?;
    burn_down(&owner, &client, &mut starts).await?;
    handle.stop();
    handle.stopped().await?;
    Ok(())
}

/// A lane without limits and a template with one step that does nothing.
async fn prepare(owner: &Pool) -> Result<()> {
    let definition = json!({
        "version": 1, "slug": "noop", "title": "No-op", "description": "", "lane": "A",
        "params": {"type": "object", "properties": {}, "additionalProperties": true},
        "steps": [{"id": "noop", "kind": "noop", "with": {}, "retry": {"max_attempts": 1}}],
        "policy": {"timeout_seconds": 3600, "max_attempts": 1},
    });
    sqlx::raw_sql("update public.lanes set max_running = null")
        .execute(owner)
        .await?;
    let mut tx = owner.begin().await?;
    sqlx::query(
        "insert into public.run_templates (slug, title, lane, latest_version) values ('noop', 'No-op', 'A', 1)",
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "insert into public.run_template_versions (slug, version, definition, source) values ('noop', 1, $1, '')",
    )
    .bind(definition)
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

/// One run at a time on an idle worker: from the commit of its enqueue to the start of its step.
async fn latency(client: &Pool, starts: &mut mpsc::UnboundedReceiver<Instant>) -> Result<()> {
    let mut conn = client.acquire().await?;
    let spec = json!({"template": "noop", "params": {}});
    let (mut from_commit, mut from_call) = (Vec::new(), Vec::new());
    for sample in 0..LATENCY_SAMPLES + 20 {
        let called = Instant::now();
        queue::enqueue_run(&mut conn, &spec).await?;
        let committed = Instant::now();
        let started = starts.recv().await.context("the worker went away")?;
        if sample >= 20 {
            from_commit.push(started.saturating_duration_since(committed));
            from_call.push(started.saturating_duration_since(called));
        }
        quiet().await;
    }
    println!("enqueue→start, idle, {LATENCY_SAMPLES} samples");
    println!("  from the answer of enqueue_run: {}", percentiles(from_commit));
    println!("  from the call of enqueue_run:   {}", percentiles(from_call));
    Ok(())
}

/// Many runs at once through one worker.
async fn burn_down(owner: &Pool, client: &Pool, starts: &mut mpsc::UnboundedReceiver<Instant>) -> Result<()> {
    let mut conn = client.acquire().await?;
    sqlx::query("select public.pause_lane('A', 'filling')")
        .execute(&mut *conn)
        .await?;
    let specs: Vec<Value> = (0..ENQUEUE_BATCH)
        .map(|_| json!({"template": "noop", "params": {}}))
        .collect();
    let filling = Instant::now();
    for _ in 0..BURN_DOWN_RUNS / ENQUEUE_BATCH {
        queue::enqueue_runs(&mut conn, &specs).await?;
    }
    let filled = filling.elapsed();
    while starts.try_recv().is_ok() {}

    let before = Figures::read(owner).await?;
    let began = Instant::now();
    sqlx::query("select public.resume_lane('A')")
        .execute(&mut *conn)
        .await?;
    loop {
        let open: i64 = sqlx::query_scalar(
            "select (select count(*) from runboard_internal.run_queue) + (select count(*) from runboard_internal.run_leases)",
        )
        .fetch_one(&mut *conn)
        .await?;
        if open == 0 {
            break;
        }
        quiet().await;
    }
    let took = began.elapsed();
    settle().await;
    let after = Figures::read(owner).await?;
    let runs = BURN_DOWN_RUNS as f64;
    let done: i64 = sqlx::query_scalar("select count(*) from public.runs where status = 'success'")
        .fetch_one(owner)
        .await?;
    println!(
        "burn-down of {BURN_DOWN_RUNS} no-op runs, one worker, {SLOTS} slots and {PREFETCH} ahead (full history: attempts, steps, events)"
    );
    println!(
        "  enqueued in batches of {ENQUEUE_BATCH}: {:.0} runs/s",
        runs / filled.as_secs_f64()
    );
    println!(
        "  worked off: {:.0} runs/s in {:.1} s",
        runs / took.as_secs_f64(),
        took.as_secs_f64()
    );
    println!(
        "  WAL: {:.0} bytes/run; transactions: {:.3} per run",
        (after.wal_bytes - before.wal_bytes) / runs,
        (after.commits - before.commits) / runs
    );
    println!(
        "  dead tuples after: queue {}, leases {}",
        after.dead_queue, after.dead_leases
    );
    anyhow::ensure!(
        done as usize == BURN_DOWN_RUNS + LATENCY_SAMPLES + 20,
        "{done} runs ended well"
    );
    Ok(())
}

/// What Postgres counted so far.
struct Figures {
    wal_bytes: f64,
    commits: f64,
    dead_queue: i64,
    dead_leases: i64,
}

impl Figures {
    async fn read(owner: &Pool) -> Result<Self> {
        let (wal_bytes, commits, dead_queue, dead_leases): (f64, f64, i64, i64) = sqlx::query_as(
            "select (select wal_bytes from pg_stat_wal)::float8,
               (select xact_commit from pg_stat_database where datname = current_database())::float8,
               (select n_dead_tup from pg_stat_all_tables where relid = 'runboard_internal.run_queue'::regclass),
               (select n_dead_tup from pg_stat_all_tables where relid = 'runboard_internal.run_leases'::regclass)",
        )
        .fetch_one(owner)
        .await?;
        Ok(Self {
            wal_bytes,
            commits,
            dead_queue,
            dead_leases,
        })
    }
}

fn percentiles(mut samples: Vec<Duration>) -> String {
    samples.sort_unstable();
    let at = |share: f64| samples[((samples.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    format!(
        "p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms, max {:.2} ms",
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0)
    )
}

#[expect(clippy::disallowed_methods, reason = "the system must come to rest between samples")]
async fn quiet() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}

#[expect(clippy::disallowed_methods, reason = "Postgres reports its statistics a second late")]
async fn settle() {
    tokio::time::sleep(Duration::from_secs(2)).await;
}
