//! Fills the queue: at once, or at a steady rate.

use crate::{Options, clients, say, tally::epoch, work::pause};
use anyhow::Result;
use db::{
    Pool,
    queue::{self, Announcer},
};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{task::JoinSet, time::Instant};

/// Runs per call while a rate is kept.
const CALL: usize = 50;
/// Calls that may be under way at once while a rate is kept.
const CALLERS: u32 = 8;

/// Enqueues `count` runs in calls of `batch`, by so many clients at once.
pub(crate) async fn enqueue(url: &str, options: &Options) -> Result<()> {
    let (from, batch, clients_count) = (options.from, options.batch.max(1), options.clients.max(1));
    let end = from + options.count;
    let template = match (options.hold, std::env::var_os("RUNBOARD_WORKER")) {
        (Some(_), _) => "held",
        (None, Some(_)) => "skipped",
        (None, None) => "noop",
    };
    let hold = options.hold;
    let pool = clients(url, clients_count).await?;
    // As the server does it: runs that are enqueued singly are announced after their commit.
    let announcer = Announcer::start(clients(url, 1).await?);
    let next = Arc::new(AtomicUsize::new(from));
    let mut callers = JoinSet::new();
    let mut connections = Vec::new();
    for _ in 0..clients_count {
        connections.push(pool.acquire().await?);
    }
    let began = Instant::now();
    for mut conn in connections {
        let (next, announcer) = (Arc::clone(&next), announcer.clone());
        callers.spawn(async move {
            loop {
                let first = next.fetch_add(batch, Ordering::Relaxed);
                if first >= end {
                    return db::Result::Ok(());
                }
                let specs: Vec<Value> = (first..end.min(first + batch))
                    .map(|n| match hold {
                        Some(hold) => json!({"template": template, "params": {"n": n, "hold": hold}}),
                        None => json!({"template": template, "params": {}}),
                    })
                    .collect();
                if batch == 1 {
                    let enqueued = queue::enqueue_run_unannounced(&mut conn, &specs[0]).await?;
                    announcer.announce(enqueued.run_id);
                } else {
                    queue::enqueue_runs(&mut conn, &specs).await?;
                }
            }
        });
    }
    while let Some(ended) = callers.join_next().await {
        ended??;
    }
    say(
        "result",
        &json!({"count": options.count, "seconds": began.elapsed().as_secs_f64()}),
    );
    Ok(())
}

/// Keeps a rate for some seconds; every run carries the time of its call.
pub(crate) async fn produce(url: &str, options: &Options) -> Result<()> {
    let pool = clients(url, CALLERS).await?;
    let began = Instant::now();
    say("producing", &json!({}));
    let mut calls: JoinSet<Result<()>> = JoinSet::new();
    let mut n = 0;
    while began.elapsed().as_secs_f64() < options.seconds {
        let due = (began.elapsed().as_secs_f64() * options.rate) as usize;
        if n < due && calls.len() < CALLERS as usize {
            let last = due.min(n + CALL);
            calls.spawn(call(pool.clone(), n..last));
            n = last;
        }
        while let Some(ended) = calls.try_join_next() {
            ended??;
        }
        pause(Duration::from_millis(10)).await;
    }
    while let Some(ended) = calls.join_next().await {
        ended??;
    }
    say("result", &json!({"count": n, "seconds": began.elapsed().as_secs_f64()}));
    Ok(())
}

async fn call(pool: Pool, numbers: std::ops::Range<usize>) -> Result<()> {
    let t = epoch();
    let specs: Vec<Value> = numbers
        .map(|n| json!({"template": "held", "params": {"n": n, "t": t}}))
        .collect();
    let mut conn = pool.acquire().await?;
    queue::enqueue_runs(&mut conn, &specs).await?;
    Ok(())
}
