//! A Postgres cluster that belongs to one test, so that the test may hurt it.

use crate::{
    TestDb,
    cluster::{free_port, launch, make, socket_directory},
    postgres::{Programs, run},
};
use anyhow::{Context, Result};
use std::{fs, path::PathBuf};

/// How a cluster is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopMode {
    /// Sessions are ended, everything is written.
    Fast,
    /// As if the machine had lost its Postgres: the next start recovers from the log.
    Immediate,
}

impl StopMode {
    fn word(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Immediate => "immediate",
        }
    }
}

/// A cluster of one test; it is stopped and removed when dropped.
///
/// Unlike the shared one it commits for real, because what it has acknowledged must survive its death.
/// Only the disk is trusted: the machine itself stays up.
#[derive(Debug)]
pub struct OwnCluster {
    directory: PathBuf,
    port: u16,
    options: String,
}

impl OwnCluster {
    /// Makes and starts a cluster with `settings` such as `-c max_connections=20`.
    ///
    /// # Panics
    /// When there is no Postgres to be found or it refuses.
    pub fn start(settings: &str) -> Self {
        match Self::try_start(settings) {
            Ok(cluster) => cluster,
            Err(error) => panic!("no cluster of its own: {error:#}"),
        }
    }

    fn try_start(settings: &str) -> Result<Self> {
        let programs = Programs::find()?;
        let directory = std::env::temp_dir().join(format!(
            "runboard-own-pg-{}-{:08x}",
            std::process::id(),
            rand::random::<u32>()
        ));
        programs.make_directory(&directory)?;
        let port = free_port()?;
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={} -c fsync=off \
             -c wal_level=logical -c max_connections=200 -c timezone=UTC {settings}",
            socket_directory(&directory).display()
        );
        let cluster = Self {
            directory,
            port,
            options,
        };
        make(&programs, &cluster.directory, &cluster.data(), &cluster.log())?;
        cluster.try_start_again()?;
        Ok(cluster)
    }

    /// A migrated database in it.
    ///
    /// # Panics
    /// When Postgres refuses.
    pub async fn database(&self) -> TestDb {
        let url = format!("postgres://runboard@127.0.0.1:{}/postgres?sslmode=disable", self.port);
        match TestDb::on(&url).await {
            Ok(database) => database,
            Err(error) => panic!("no database in a cluster of its own: {error:#}"),
        }
    }

    /// Where it listens on loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Stops it.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn stop(&self, mode: StopMode) {
        if let Err(error) = self.try_stop(mode) {
            panic!("the cluster does not stop: {error:#}");
        }
    }

    /// Starts it again after a stop.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&self) {
        if let Err(error) = self.try_start_again() {
            panic!("the cluster does not start again: {error:#}");
        }
    }

    fn try_start_again(&self) -> Result<()> {
        launch(
            &Programs::find()?,
            &self.directory,
            &self.data(),
            &self.log(),
            &self.options,
        )
    }

    fn try_stop(&self, mode: StopMode) -> Result<()> {
        let mut pg_ctl = Programs::find()?.command("pg_ctl", &self.directory);
        pg_ctl
            .arg("-D")
            .arg(self.data())
            .args(["-w", "-m", mode.word(), "stop"]);
        run(pg_ctl, &self.log()).context("pg_ctl stop")
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn log(&self) -> PathBuf {
        self.directory.join("log")
    }
}

impl Drop for OwnCluster {
    fn drop(&mut self) {
        // It may be stopped already.
        let _ = self.try_stop(StopMode::Immediate);
        let _ = fs::remove_dir_all(&self.directory);
    }
}
