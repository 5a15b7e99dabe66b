//! Starting and stopping the server inside a process.

use crate::{
    actions::client_errors::ClientErrors,
    config::Config,
    door::{self, Door},
    http::{self, rate_limit::RateLimit},
    live::{Bell, Hub, pump},
    state::{AppState, Parts},
    sweep,
    upkeep::{self, Upkeep},
};
use db::{
    clock::Clock,
    listener::{AddressError, Listener, ListenerConfig},
    pool::{PoolConfig, Session},
};
use runs::{
    Services,
    artifacts::{SettingsError, Store},
    secrets::KeyError,
};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

/// Connections to Postgres at most; requests are short.
const CONNECTIONS: u32 = 20;
/// Answers that are on their way may take this long after the stop.
const GRACE: Duration = Duration::from_secs(10);
/// Until the settings are read: writes of one caller, and calls of one worker token, in a minute.
const WRITES: u32 = 6_000;
const WORKER_CALLS: u32 = 60_000;
const MINUTE: Duration = Duration::from_mins(1);
/// Tries to log in per caller.
const LOGINS: u32 = 10;
/// In so much time.
const LOGIN_WINDOW: Duration = Duration::from_mins(5);

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No database was named.
    #[error("DATABASE_URL is not set; name a Postgres there, or start with --embedded to have a private one")]
    NoDatabase,
    /// The database does not let us in.
    #[error("the database does not answer")]
    Database(#[source] db::DbError),
    /// The listener cannot read the address.
    #[error("DATABASE_URL cannot be used")]
    Address(#[source] AddressError),
    /// The key of the secrets cannot be read or made.
    #[error("the key of the secrets cannot be used")]
    Key(#[source] KeyError),
    /// The object store of the artifacts cannot be opened.
    #[error("the artifacts have no place")]
    Artifacts(#[source] SettingsError),
    /// The address is taken.
    #[error("the address {address} cannot be listened on")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// A running server.
pub struct Handle {
    address: SocketAddr,
    state: AppState,
    stop: CancellationToken,
    serving: JoinHandle<io::Result<()>>,
    pump: JoinHandle<()>,
    sweeper: JoinHandle<()>,
    upkeep: Upkeep,
}

/// Starts the server on a migrated database and returns when it takes requests.
pub async fn start(config: Config) -> Result<Handle, StartError> {
    let house = House::open(&config).await?;
    let (listener, address) = door::bind(&config).await?;
    // Nobody comes in before the router stands.
    let door = Door::open(listener, address, axum::Router::new());
    let state = house.state(config, &door);
    door.lead_to(http::router(&state));
    Ok(house.live(state, door))
}

/// Moves in behind a door that is open already; `around` says what stands in front of the usual router.
pub(crate) async fn start_behind(
    config: Config,
    door: Door,
    around: impl FnOnce(&AppState, axum::Router) -> axum::Router,
) -> Result<Handle, StartError> {
    let house = House::open(&config).await?;
    let state = house.state(config, &door);
    door.lead_to(around(&state, http::router(&state)));
    Ok(house.live(state, door))
}

/// What a server needs before it takes requests.
struct House {
    services: Services,
    signals: Listener,
    bell: Bell,
}

impl House {
    async fn open(config: &Config) -> Result<Self, StartError> {
        http::metrics::install();
        let url = config.database_url.clone().ok_or(StartError::NoDatabase)?;
        let key = config.key().map_err(StartError::Key)?;
        let store = Store::open(&config.artifacts).map_err(StartError::Artifacts)?;
        let pool = PoolConfig {
            max_connections: CONNECTIONS,
            ..PoolConfig::new(&url, Session::Server)
        };
        let pool = pool.connect().await.map_err(StartError::Database)?;
        keep_actions(&pool).await.map_err(StartError::Database)?;
        let signals = Listener::start(ListenerConfig::new(&url)).map_err(StartError::Address)?;
        let services = Services::new(pool, Clock::system(), key)
            .with_store(store)
            .with_network(config.network.clone())
            .with_announcer();
        Ok(Self {
            services,
            signals,
            bell: Bell::default(),
        })
    }

    fn state(&self, config: Config, door: &Door) -> AppState {
        AppState::new(Parts {
            services: self.services.clone(),
            hub: Hub::new(),
            leptos: http::leptos_options(&config, door.address),
            public_url: door::public_url(&config, door.address),
            connections: Arc::new(config.connections()),
            logins: RateLimit::new(LOGINS, LOGIN_WINDOW),
            writes: RateLimit::new(WRITES, MINUTE),
            worker_calls: RateLimit::new(WORKER_CALLS, MINUTE),
            client_errors: ClientErrors::default(),
            bell: self.bell.clone(),
            stopping: door.stop.clone(),
            config,
        })
    }

    /// Begins all that goes on by itself.
    fn live(self, state: AppState, door: Door) -> Handle {
        let Self {
            services,
            signals,
            bell,
        } = self;
        let Door {
            address, stop, serving, ..
        } = door;
        tokio::spawn(warn_of_silence(services.clone()));
        let sweeper = tokio::spawn(sweep::run(state.clone(), stop.clone()));
        let upkeep = upkeep::start(&services, &state.config.network, &stop);
        let pump = tokio::spawn(pump::run(services, state.hub.clone(), bell, signals, stop.clone()));
        Handle {
            address,
            state,
            stop,
            serving,
            pump,
            sweeper,
            upkeep,
        }
    }
}

impl Handle {
    /// Address it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// Address by which people reach it, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.state.public_url
    }

    /// The use cases, as its handlers see them.
    pub fn services(&self) -> &Services {
        &self.state.services
    }

    /// Resolves when a part that should go on until the stop is over, and says which: a server that takes
    /// requests but hears no changes, or ends no stuck run, should end and be started again.
    pub async fn ended(&mut self) -> &'static str {
        tokio::select! {
            _ = &mut self.serving => "the part that takes requests",
            _ = &mut self.pump => "the part that hears changes",
            _ = &mut self.sweeper => "the part that recovers runs",
            () = self.upkeep.ended() => "the part that keeps schedules, alerts and messages",
        }
    }

    /// Takes no more requests, says goodbye to those who listen, lets answers finish, closes the pool.
    pub async fn stop(mut self) {
        self.stop.cancel();
        self.state.hub.close();
        // Who is over already must not be asked twice.
        if !self.serving.is_finished() && timeout(GRACE, &mut self.serving).await.is_err() {
            tracing::warn!("some answers were not finished in time");
            self.serving.abort();
        }
        for part in [self.pump, self.sweeper] {
            if !part.is_finished() {
                let _ = part.await;
            }
        }
        let _ = timeout(GRACE, self.upkeep.wait()).await;
        let _ = timeout(GRACE, self.state.services.pool().close()).await;
    }
}

/// People may enqueue by SQL, where this server's registry cannot be read.
async fn keep_actions(pool: &db::Pool) -> db::Result<()> {
    let mut conn = pool.acquire().await?;
    runs::actions::keep(&mut conn).await
}

/// A store that is away for a while must not keep the server from starting, but should be heard of.
async fn warn_of_silence(services: Services) {
    if let Some(store) = services.store()
        && let Err(error) = store.check().await
    {
        let error = crate::error::chain(&error);
        tracing::warn!(store.place = %store.place(), "Large artifacts cannot be kept or read: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::resolve;
    use std::collections::BTreeMap;

    #[tokio::test]
    async fn a_part_that_ends_by_itself_is_named_and_the_rest_stops_in_order() {
        let db = testkit::TestDb::new().await;
        let directory = tempfile::tempdir().unwrap();
        for part in 0..3 {
            let mut config = Config::from_resolved(&resolve(&BTreeMap::new()).unwrap()).unwrap();
            config.database_url = Some(db.url().to_owned());
            config.listen = "127.0.0.1:0".parse().unwrap();
            config.artifacts = runs::artifacts::StoreSettings::directory(&directory.path().join("artifacts"));
            config.secret_key_file = directory.path().join("secret.key");
            let mut server = start(config).await.unwrap();
            assert!(timeout(Duration::from_millis(50), server.ended()).await.is_err());
            match part {
                0 => server.pump.abort(),
                1 => server.sweeper.abort(),
                _ => server.serving.abort(),
            }
            let ended = timeout(Duration::from_secs(5), server.ended()).await.unwrap();
            let words = ["hears changes", "recovers runs", "takes requests"];
            assert!(ended.contains(words[part]), "{ended}");
            server.stop().await;
        }
    }
}
