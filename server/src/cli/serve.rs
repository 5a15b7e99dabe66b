//! `runboard serve`.

use super::{dev_env, migrate::migrate};
use crate::{
    config::{Config, LogFormat},
    embedded::{Embedded, EmbeddedError},
    open_files, setup,
    start::{Handle, StartError, start},
};
use anyhow::Context;
use domain::Claims;
use std::{io::IsTerminal, time::Duration};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::{Instant, interval},
};
use tracing_subscriber::EnvFilter;

/// How long a database may take to come up beside the server.
const PATIENCE: Duration = Duration::from_mins(1);

/// Serve pages, API and live stream.
#[derive(clap::Args)]
pub(super) struct Serve {
    /// All on this machine: a private Postgres unless DATABASE_URL names another, migrations, dev.env.
    #[arg(long)]
    embedded: bool,
    /// Apply pending migrations before serving.
    #[arg(long)]
    migrate: bool,
    /// Print a one-time link for the first admin when ready.
    #[arg(long)]
    print_login_link: bool,
}

impl Serve {
    pub(super) async fn run(self, mut config: Config) -> anyhow::Result<()> {
        start_log(&config)?;
        open_files::raise_limit();
        // Before anything starts: a signal in the middle of the start must not leave Postgres behind.
        let mut stop = Stop::listen()?;
        let mut embedded = if self.embedded {
            self.embed(&mut config).await?
        } else {
            None
        };
        let outcome = self.serve(config, embedded.as_mut(), &mut stop).await;
        if let Some(embedded) = embedded {
            embedded.stop().await.context("Postgres did not stop in order")?;
        }
        outcome
    }

    /// Starts the private Postgres, unless the settings name another one.
    async fn embed(&self, config: &mut Config) -> anyhow::Result<Option<Embedded>> {
        if config.shared_secret.is_none() {
            config.shared_secret = Some(dev_env::shared_secret(&config.data_dir));
        }
        let is_elsewhere = config
            .database_url
            .as_ref()
            .is_some_and(|url| !Embedded::is_address_of(&config.data_dir, url));
        if is_elsewhere {
            return Ok(None);
        }
        let embedded = Embedded::start(&config.data_dir)
            .await
            .context("the private Postgres did not start")?;
        if let Some(note) = embedded.note() {
            tracing::info!("{note}");
        }
        config.database_url = Some(embedded.url());
        Ok(Some(embedded))
    }

    async fn serve(&self, config: Config, embedded: Option<&mut Embedded>, stop: &mut Stop) -> anyhow::Result<()> {
        let Some(mut server) = self.bring_up(config.clone(), stop).await? else {
            return Ok(());
        };
        if self.embedded {
            let url = config.database_url.clone().ok_or(StartError::NoDatabase)?;
            let written = dev_env::write(
                server.services(),
                &config,
                dev_env::Places {
                    url: server.url(),
                    database_url: &url,
                    listen: Some(server.addr()),
                },
            )
            .await;
            if let Err(error) = written {
                server.stop().await;
                return Err(error);
            }
        }
        tracing::info!(server.url = server.url(), server.address = %server.addr(), "Runboard is ready.");
        if self.print_login_link {
            let services = server.services();
            let by = Claims::command_line();
            match super::user::login_link(services, &by, None).await {
                Ok(link) => println!("{}/login/{link}", server.url()),
                // The server is of use without it.
                Err(error) => tracing::warn!("There is no login link: {error:#}"),
            }
        }
        let outcome = tokio::select! {
            () = stop.wait() => Ok(()),
            error = keep_running(embedded) => Err(error).context("the private Postgres is gone"),
            part = server.ended() => Err(anyhow::anyhow!("{part} has ended by itself; the log says why")),
        };
        tracing::info!("Stopping.");
        server.stop().await;
        outcome
    }
}

impl Serve {
    /// Starts the server; `None` when it was told to stop before it could serve. All on one machine has nobody to ask:
    /// there the database is made ready, or the start fails. Anywhere else a database that cannot be used yet is
    /// set up through the server itself.
    async fn bring_up(&self, config: Config, stop: &mut Stop) -> anyhow::Result<Option<Handle>> {
        if self.embedded {
            let url = config.database_url.clone().ok_or(StartError::NoDatabase)?;
            tokio::select! {
                () = stop.wait() => return Ok(None),
                ready = prepare(&url) => ready?,
            }
            return Ok(Some(start(config).await?));
        }
        let is_ready = async {
            if let (true, Some(url)) = (self.migrate, &config.database_url) {
                // What stands in the way is told by the set-up.
                let _ = migrate(url, &mut |_| {}).await;
            }
            setup::is_ready(&config).await
        };
        tokio::select! {
            () = stop.wait() => return Ok(None),
            is_ready = is_ready => if is_ready {
                return Ok(Some(start(config).await?));
            },
        }
        let server = setup::start(config, self.migrate).await?;
        tokio::select! {
            () = stop.wait() => {
                server.stop().await;
                Ok(None)
            }
            () = server.ready() => Ok(Some(server.serve().await?)),
        }
    }
}

/// Looks after the private Postgres, if there is one; returns when it is lost.
async fn keep_running(embedded: Option<&mut Embedded>) -> EmbeddedError {
    match embedded {
        Some(embedded) => embedded.keep_running().await,
        None => std::future::pending().await,
    }
}

/// Waits until the database answers, and migrates it.
async fn prepare(url: &str) -> anyhow::Result<()> {
    let begun = Instant::now();
    let mut tries = interval(Duration::from_secs(1));
    loop {
        tries.tick().await;
        match migrate(url, &mut |_| {}).await {
            Ok(_) => return Ok(()),
            Err(error) if begun.elapsed() < PATIENCE && is_passing(&error) => {
                tracing::info!("Waiting for the database: {error:#}");
            }
            Err(error) => return Err(error),
        }
    }
}

fn is_passing(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<db::setup::Failure>()
            .is_some_and(db::setup::Failure::is_passing)
    })
}

fn start_log(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log).context("RUNBOARD_LOG is not a list of levels")?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match config.log_format {
        LogFormat::Json => log.json().init(),
        LogFormat::Pretty => log.init(),
    }
    Ok(())
}

/// The signals that end the server in order.
struct Stop {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

impl Stop {
    fn listen() -> anyhow::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}
