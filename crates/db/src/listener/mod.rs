//! The listener: one connection of its own that hears hints and knows when it has gone deaf.
//!
//! A hint only says to look sooner; the tables are the truth. After every connect, and whenever hints had
//! to be dropped, the listener says [`Signal::Resync`]: read again what you watch. The connection is pinged
//! with a deadline, because a half-open one stays silent for ever without an error.

mod hint;
mod tls;

pub use hint::{Hint, Names};
pub use tls::AddressError;

use futures::{StreamExt, stream};
use rand::RngExt;
use std::{
    convert::Infallible,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::{sync::mpsc, task::JoinHandle, time};
use tokio_postgres::{AsyncMessage, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What a listener tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// Somebody changed something.
    Hint(Hint),
    /// Hints may have been missed until now: read again what you watch.
    Resync,
    /// No hints come until the next `Resync`: poll.
    Degraded,
}

/// How a listener keeps its connection.
#[derive(Debug, Clone)]
pub struct ListenerConfig {
    /// `postgres://…`; a direct address, not one of a transaction pooler.
    pub url: String,
    /// Time between pings.
    pub ping_every: Duration,
    /// How long connecting, or the answer to a ping, may take.
    pub deadline: Duration,
    /// Longest wait before the first new try; each further one may wait twice as long.
    pub first_backoff: Duration,
    /// No wait is longer.
    pub backoff_cap: Duration,
}

impl ListenerConfig {
    /// Pings every 4 s with a deadline of 5 s: a deaf connection is noticed within 10 s.
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            // Together with the deadline below ten seconds: so soon is a dead line noticed.
            ping_every: Duration::from_secs(4),
            deadline: Duration::from_secs(5),
            first_backoff: Duration::from_millis(100),
            backoff_cap: Duration::from_secs(5),
        }
    }
}

/// Signals that may wait for a slow reader before hints are dropped in favour of a `Resync`.
const CAPACITY: usize = 1024;

/// Hears hints until it is dropped.
#[derive(Debug)]
pub struct Listener {
    signals: mpsc::Receiver<Signal>,
    task: JoinHandle<()>,
}

impl Listener {
    /// Begins to listen; connects, and reconnects for ever, in the background.
    ///
    /// Must be called inside a tokio runtime.
    pub fn start(config: ListenerConfig) -> Result<Self, AddressError> {
        let (mut postgres, tls) = tls::read_address(&config.url)?;
        if postgres.get_application_name().is_none() {
            postgres.application_name("runboard listener");
        }
        let (sender, signals) = mpsc::channel(CAPACITY);
        let task = tokio::spawn(async move {
            // Only the end of the reader ends it.
            let _ = Connection {
                config,
                postgres,
                tls,
                signals: sender,
                owes_resync: AtomicBool::new(false),
            }
            .keep()
            .await;
        });
        Ok(Self { signals, task })
    }

    /// The next signal. Safe to cancel. `None` only after a panic of the background task.
    pub async fn next(&mut self) -> Option<Signal> {
        self.signals.recv().await
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Nobody reads the signals any more.
struct ReaderGone;

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error("Postgres ended the connection")]
    Postgres(#[from] tokio_postgres::Error),
    #[error("the connection was closed")]
    Closed,
    #[error("no answer within the deadline")]
    Silent(#[from] time::error::Elapsed),
    #[error("nobody listens to the listener")]
    Unread,
}

struct Connection {
    config: ListenerConfig,
    postgres: Config,
    tls: MakeRustlsConnect,
    signals: mpsc::Sender<Signal>,
    /// Hints were dropped because the reader is slow. One task reads and writes it.
    owes_resync: AtomicBool,
}

impl Connection {
    /// Connects again and again.
    async fn keep(&self) -> Result<Infallible, ReaderGone> {
        let mut failures = 0_u32;
        let mut degraded = false;
        loop {
            let mut connected = false;
            let Err(lost) = self.listen(&mut connected).await;
            if matches!(lost, Lost::Unread) {
                return Err(ReaderGone);
            }
            if connected || !degraded {
                tracing::warn!(
                    error = &lost as &dyn std::error::Error,
                    "the listener lost its connection"
                );
                self.signals.send(Signal::Degraded).await.map_err(|_| ReaderGone)?;
                degraded = true;
            }
            failures = if connected { 0 } else { failures.saturating_add(1) };
            // Waits, but not for a reader that has gone.
            if time::timeout(self.backoff(failures), self.signals.closed())
                .await
                .is_ok()
            {
                return Err(ReaderGone);
            }
        }
    }

    /// Full jitter between a tenth of the first backoff and a bound that doubles with every failure.
    fn backoff(&self, failures: u32) -> Duration {
        let bound = self
            .config
            .first_backoff
            .saturating_mul(2_u32.saturating_pow(failures.min(16)));
        rand::rng().random_range(self.config.first_backoff / 10..=bound.min(self.config.backoff_cap))
    }

    /// Listens on one connection until it is lost.
    async fn listen(&self, connected: &mut bool) -> Result<Infallible, Lost> {
        let (client, mut connection) =
            time::timeout(self.config.deadline, self.postgres.connect(self.tls.clone())).await??;
        let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
        // Notifications are read and pings are answered only while `messages` is polled.
        let ping = async {
            time::timeout(self.config.deadline, client.batch_execute("listen runboard")).await??;
            *connected = true;
            self.signals.send(Signal::Resync).await.map_err(|_| Lost::Unread)?;
            tracing::info!("the listener hears hints");
            let mut beat = time::interval(self.config.ping_every);
            beat.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
            loop {
                beat.tick().await;
                time::timeout(self.config.deadline, client.batch_execute("select 1")).await??;
                if self.owes_resync.load(Ordering::Relaxed) {
                    self.tell(Signal::Resync)?;
                }
            }
        };
        let hear = async {
            while let Some(message) = messages.next().await {
                if let AsyncMessage::Notification(notification) = message? {
                    // A newer program says something unknown: looking at everything is never wrong.
                    let hint = serde_json::from_str(notification.payload()).map(Signal::Hint);
                    self.tell(hint.unwrap_or(Signal::Resync))?;
                }
            }
            Err(Lost::Closed)
        };
        tokio::select! {
            lost = ping => lost,
            lost = hear => lost,
        }
    }

    /// Never waits for the reader: who is too slow gets one `Resync` for all the hints it missed.
    fn tell(&self, signal: Signal) -> Result<(), Lost> {
        let owed = self.owes_resync.load(Ordering::Relaxed);
        match self.signals.try_send(if owed { Signal::Resync } else { signal }) {
            Ok(()) => self.owes_resync.store(false, Ordering::Relaxed),
            Err(mpsc::error::TrySendError::Full(_)) => self.owes_resync.store(true, Ordering::Relaxed),
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(Lost::Unread),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
