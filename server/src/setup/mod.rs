//! The set-up: what a server does while its database cannot be used yet.
//!
//! It serves `/setup`, says at `/healthz` that it lives and at `/readyz` why it cannot serve, and answers nothing else.
//! Who holds the link that it writes on its console may go through the steps: connect, rights, SQL, migrate. As soon as
//! the database can be used, whoever brought it there, the usual router takes over at the same socket; the last steps,
//! admin and smoke run, go on in front of it.
//!
//! What is found is put into words in `runs::setup`, and drawn in `app::setup`. Nothing here holds a password longer than
//! the address of the database does, and nothing prints one.

mod link;
mod migration;
mod routes;
mod state;
mod steps;
mod watch;

pub use state::Setup;

use crate::{
    config::Config,
    door::{self, Door},
    start::{self, Handle, StartError},
};

/// A server that is being set up.
pub struct SetupServer {
    /// What its pages share.
    pub setup: Setup,
    config: Config,
    door: Door,
}

/// Whether the server can serve from the database of the settings as it is.
pub async fn is_ready(config: &Config) -> bool {
    match &config.database_url {
        Some(url) => runs::setup::ready(url).await,
        None => false,
    }
}

/// Opens the door. With `migrates` nobody is asked before the migrations are applied.
pub async fn start(config: Config, migrates: bool) -> Result<SetupServer, StartError> {
    let (listener, address) = door::bind(&config).await?;
    let setup = Setup::new(&config, address, migrates);
    let door = Door::open(listener, address, routes::closed(&setup));
    setup.tell_link();
    Ok(SetupServer { setup, config, door })
}

impl SetupServer {
    /// Address by which people reach it.
    pub fn url(&self) -> &str {
        self.setup.url()
    }

    /// Waits until the database can be used.
    pub async fn ready(&self) {
        watch::until_ready(&self.setup).await;
    }

    /// Serves as usual from now on, at the same socket.
    pub async fn serve(self) -> Result<Handle, StartError> {
        let config = Config {
            database_url: self.setup.database_url(),
            ..self.config
        };
        let setup = self.setup;
        start::start_behind(config, self.door, |state, usual| {
            setup.opened(state.clone());
            routes::open(&setup, usual)
        })
        .await
    }

    /// Ends it in order.
    pub async fn stop(self) {
        self.door.stop.cancel();
        let _ = self.door.serving.await;
    }
}
