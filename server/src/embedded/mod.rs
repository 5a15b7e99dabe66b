//! A private Postgres beside the server: made at the first start, kept between starts.
//!
//! The cluster lives under the data directory, runs as an unprivileged user when the server is
//! root, listens on a loopback port and a socket, and ends with the server. One server owns it at a
//! time, by a lock that dies with the process. A postmaster that survived a killed server is
//! stopped before ours starts; should the server be killed, a watchdog stops the postmaster.
//!
//! Start at [`Embedded::start`]; `place` says where things are, `postmaster` how it lives.

mod binaries;
mod cluster;
mod error;
mod owner;
mod place;
mod postmaster;
mod state;
mod watchdog;

pub use error::EmbeddedError;

use binaries::Binaries;
use owner::Owner;
use place::Place;
use postmaster::Postmaster;
use state::State;
use std::{fs::File, path::Path};
use watchdog::Watchdog;

/// A running private Postgres.
#[derive(Debug)]
pub struct Embedded {
    binaries: Binaries,
    owner: Owner,
    place: Place,
    postmaster: Postmaster,
    watchdog: Watchdog,
    state: State,
    _lock: File,
}

impl Embedded {
    /// Starts the private Postgres of `data_dir`, making it first when there is none.
    pub async fn start(data_dir: &Path) -> Result<Self, EmbeddedError> {
        let binaries = binaries::find()?;
        let owner = Owner::choose()?;
        let place = Place::prepare(data_dir, &owner).await?;
        let lock = place.lock()?;
        let mut state = State::load_or_create(&place.state_file)?;
        postmaster::stop_leftover(&place).await?;
        if !place.cluster.join("PG_VERSION").exists() {
            cluster::create(&binaries, &owner, &place, &state).await?;
        }
        let postmaster = Postmaster::start(&binaries, &owner, &place, &mut state).await?;
        let watchdog = Watchdog::start(postmaster.pid())?;
        Ok(Self {
            binaries,
            owner,
            place,
            postmaster,
            watchdog,
            state,
            _lock: lock,
        })
    }

    /// Address for the server, its workers and the owner's tools.
    pub fn url(&self) -> String {
        address(&self.state)
    }

    /// Whether `url` is the address of the private Postgres of `data_dir`, as `dev.env` names it: a shell that
    /// has read that file still means the private one.
    pub fn is_address_of(data_dir: &Path, url: &str) -> bool {
        State::load(&data_dir.join(place::STATE_FILE)).is_some_and(|state| url == address(&state))
    }

    /// What the owner should know about where the data lies, if it is not where it was asked for.
    pub fn note(&self) -> Option<&str> {
        self.place.note.as_deref()
    }

    /// Process id of the postmaster.
    pub fn pid(&self) -> i32 {
        self.postmaster.pid().as_raw_nonzero().get()
    }

    /// Looks after Postgres; returns only when it ended and cannot be started again.
    pub async fn keep_running(&mut self) -> EmbeddedError {
        loop {
            if let Err(error) = self.recover().await {
                return error;
            }
        }
    }

    /// Waits until Postgres ends by itself, and starts it again at the same address.
    pub async fn recover(&mut self) -> Result<(), EmbeddedError> {
        self.postmaster.ended().await;
        tracing::error!("Postgres ended by itself; it is started again");
        let port = self.state.port;
        postmaster::stop_leftover(&self.place).await?;
        self.postmaster = Postmaster::start(&self.binaries, &self.owner, &self.place, &mut self.state).await?;
        if self.state.port != port {
            return Err(EmbeddedError::Moved { port });
        }
        let watchdog = Watchdog::start(self.postmaster.pid())?;
        std::mem::replace(&mut self.watchdog, watchdog).dismiss().await;
        Ok(())
    }

    /// Stops Postgres: fast shutdown first, harder when it does not end in time.
    pub async fn stop(self) -> Result<(), EmbeddedError> {
        let outcome = self.postmaster.stop().await;
        self.watchdog.dismiss().await;
        outcome
    }
}

fn address(state: &State) -> String {
    format!(
        "postgres://runboard:{}@127.0.0.1:{}/runboard",
        state.password, state.port
    )
}
