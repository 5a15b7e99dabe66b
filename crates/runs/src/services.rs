//! What every use case of a process shares.

use crate::{artifacts::Store, network::NetworkPolicy, secrets::SecretKey};
use chrono::{DateTime, Utc};
use db::{
    Pool, Transaction,
    clock::Clock,
    pool,
    queue::{Announcer, Enqueued},
};
use domain::Claims;
use std::sync::Arc;

/// Pool, clock, key, object store, and what may be reached; cheap to clone.
#[derive(Clone)]
pub struct Services {
    pool: Pool,
    clock: Clock,
    key: Arc<SecretKey>,
    network: Arc<NetworkPolicy>,
    store: Option<Store>,
    announcer: Option<Announcer>,
}

impl Services {
    /// Puts the parts together.
    pub fn new(pool: Pool, clock: Clock, key: SecretKey) -> Self {
        Self {
            pool,
            clock,
            key: Arc::new(key),
            network: Arc::default(),
            store: None,
            announcer: None,
        }
    }

    /// Reads and keeps large artifacts in `store`.
    #[must_use]
    pub fn with_store(self, store: Store) -> Self {
        Self {
            store: Some(store),
            ..self
        }
    }

    /// Lets webhooks reach what `network` allows; without it public addresses alone.
    #[must_use]
    pub fn with_network(self, network: NetworkPolicy) -> Self {
        Self {
            network: Arc::new(network),
            ..self
        }
    }

    /// Announces runs by itself after their commit. Needs a runtime.
    #[must_use]
    pub fn with_announcer(self) -> Self {
        Self {
            announcer: Some(Announcer::start(self.pool.clone())),
            ..self
        }
    }

    /// Begins a transaction in which Postgres knows who calls and applies its policies.
    pub async fn begin(&self, claims: &Claims) -> db::Result<Transaction> {
        pool::begin_as(&self.pool, claims).await
    }

    /// Begins a transaction in which the server's own hands write what a caller was allowed to change: users,
    /// tokens. Acts still name the caller.
    pub async fn begin_as_server(&self, claims: &Claims) -> db::Result<Transaction> {
        pool::begin_for(&self.pool, claims).await
    }

    /// Begins a transaction of a worker that speaks HTTP.
    pub async fn begin_for_worker(&self, claims: &Claims) -> db::Result<Transaction> {
        pool::begin_for(&self.pool, claims).await
    }

    /// Tells workers and boards of a committed run that was enqueued with `announce_later`.
    pub fn announce(&self, run: &Enqueued) {
        if let (Some(announcer), false) = (&self.announcer, run.announced) {
            announcer.announce(run.run_id.clone());
        }
    }

    /// Whether runs may be announced after their commit.
    pub fn announces_later(&self) -> bool {
        self.announcer.is_some()
    }

    /// The pool, for what the server does in its own name: logins, the live stream, metrics.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// The time of this process; never used for leases.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The key of the secrets at rest.
    pub fn key(&self) -> &SecretKey {
        &self.key
    }

    /// Which addresses webhooks may have.
    pub fn network(&self) -> &NetworkPolicy {
        &self.network
    }

    /// Where large artifacts lie; `None` in a command that does not need to know.
    pub fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }
}
