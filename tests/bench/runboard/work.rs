//! A worker in this process.

use crate::{Options, clients, say, schema, tally::Tally};
use anyhow::{Context, Result};
use db::{
    listener::{Listener, ListenerConfig},
    pool::{PoolConfig, Session},
    queue,
};
use domain::LaneName;
use futures::{FutureExt as _, future::BoxFuture};
use runs::secrets::SecretKey;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::{sync::mpsc, time::Instant};
use worker::steps::{Kinds, StepContext, StepError, StepKindHandler};

/// Works until the driver goes away.
pub(crate) async fn work(url: &str, options: &Options) -> Result<()> {
    if let Some(lease) = options.lease {
        schema::set_lease(url, lease).await?;
    }
    let tally = Arc::new(Tally::new(options));
    let _worker = start(url, options.slots, Counted(Arc::clone(&tally))).await?;
    say("ready", &json!({}));
    loop {
        pause(Duration::from_secs(1)).await;
        tally.second();
    }
}

/// One run at a time on an idle worker: from the call that enqueues it to the start of its step.
pub(crate) async fn latency(url: &str, options: &Options) -> Result<()> {
    let (begun, mut starts) = mpsc::unbounded_channel();
    let _worker = start(url, options.slots, Signaling(begun)).await?;
    let client = clients(url, 1).await?;
    let mut conn = client.acquire().await?;
    pause(Duration::from_millis(500)).await;
    let spec = json!({"template": "noop", "params": {}});
    let mut samples = Vec::new();
    for sample in 0..options.samples + 20 {
        let called = Instant::now();
        queue::enqueue_run(&mut conn, &spec).await?;
        let started = starts.recv().await.context("the worker went away")?;
        if sample >= 20 {
            samples.push(started.saturating_duration_since(called).as_secs_f64() * 1000.0);
        }
        pause(Duration::from_millis(20)).await;
    }
    say("result", &json!({"samples": samples}));
    Ok(())
}

/// Whether the worker takes runs ahead of its slots, as the other batched peers do.
pub(crate) fn batched() -> bool {
    std::env::var_os("BATCHED").is_some()
}

async fn start(url: &str, slots: Option<usize>, noop: impl StepKindHandler + 'static) -> Result<worker::Handle> {
    let name = format!("bench-{}", std::process::id());
    let mut config = worker::Config::new(&name, vec!["A".parse::<LaneName>()?], slots.unwrap_or(24));
    if batched() {
        config.prefetch = config.slots;
    }
    let worker = worker::Worker {
        config,
        pool: PoolConfig::new(url, Session::Worker).connect().await?,
        key: SecretKey::random().into(),
        kinds: Kinds::none().with("noop", noop),
        listener: Some(Listener::start(ListenerConfig::new(url))?),
    };
    Ok(worker.start().await?)
}

/// Counts its runs, and holds those that ask for it.
struct Counted(Arc<Tally>);

impl StepKindHandler for Counted {
    fn run<'a>(&'a self, step: StepContext<'a>) -> BoxFuture<'a, Result<Value, StepError>> {
        async move {
            let n = number(&step, "n");
            self.0.begin(step.run_id, n as u64, number(&step, "t"));
            let hold = number(&step, "hold");
            if hold > 0.0 {
                pause(Duration::from_secs_f64(hold)).await;
                self.0.end(n as u64);
            }
            Ok(Value::Null)
        }
        .boxed()
    }
}

/// What a template's text was filled in with.
fn number(step: &StepContext<'_>, name: &str) -> f64 {
    match step.with.get(name) {
        Some(Value::Number(number)) => number.as_f64().unwrap_or(0.0),
        Some(Value::String(text)) => text.parse().unwrap_or(0.0),
        _ => 0.0,
    }
}

/// Says when its run began.
struct Signaling(mpsc::UnboundedSender<Instant>);

impl StepKindHandler for Signaling {
    fn run<'a>(&'a self, _: StepContext<'a>) -> BoxFuture<'a, Result<Value, StepError>> {
        let _ = self.0.send(Instant::now());
        async { Ok(Value::Null) }.boxed()
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark waits for real time to pass")]
pub(crate) async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
