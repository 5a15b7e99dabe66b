//! A pair of eyes that never closes: what must hold is looked at many times a second.

use crate::pause;
use sqlx::{Connection, PgConnection};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use testkit::BROKEN_NOW;
use tokio::{sync::Notify, task::JoinHandle, time::timeout};

/// Looks until it is stopped. While Postgres is away it looks again as soon as it is back.
#[derive(Debug)]
pub struct Watch {
    enough: Arc<Notify>,
    task: JoinHandle<Seen>,
}

/// What was seen.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    /// How often it looked.
    pub looks: usize,
    /// What was wrong, each thing once.
    pub wrong: Vec<String>,
}

impl Watch {
    /// Looks at the database at `url`.
    pub async fn start(url: &str) -> Self {
        let enough = Arc::new(Notify::new());
        let (url, ending) = (url.to_owned(), Arc::clone(&enough));
        // Its connection stands before the scenario begins, so no scenario can take its place.
        let first = PgConnection::connect(&url).await.ok();
        let task = tokio::spawn(async move {
            let mut seen = Seen::default();
            tokio::select! {
                () = look_for_ever(&url, first, &mut seen) => {}
                () = ending.notified() => {}
            }
            seen
        });
        Self { enough, task }
    }

    /// Stops it and answers what it saw.
    ///
    /// # Panics
    /// When it has panicked itself.
    pub async fn stop(self) -> Seen {
        self.enough.notify_one();
        self.task.await.expect("the watch does not panic")
    }
}

async fn look_for_ever(url: &str, first: Option<PgConnection>, seen: &mut Seen) {
    let mut connection = first;
    loop {
        let Some(conn) = &mut connection else {
            connection = match timeout(Duration::from_secs(1), PgConnection::connect(url)).await {
                Ok(Ok(conn)) => Some(conn),
                _ => None,
            };
            pause(20).await;
            continue;
        };
        let begun = Instant::now();
        match timeout(Duration::from_secs(5), look(conn)).await {
            Ok(Ok(wrong)) => {
                seen.looks += 1;
                if !wrong.is_empty() && !seen.wrong.contains(&wrong) && seen.wrong.len() < 20 {
                    seen.wrong.push(wrong);
                }
            }
            _ => connection = None,
        }
        // A tenth of the machine at most.
        let rest = begun
            .elapsed()
            .saturating_mul(9)
            .clamp(Duration::from_millis(10), Duration::from_millis(500));
        pause(u64::try_from(rest.as_millis()).unwrap_or(500)).await;
    }
}

async fn look(conn: &mut PgConnection) -> sqlx::Result<String> {
    sqlx::query_scalar(BROKEN_NOW).fetch_one(conn).await
}
