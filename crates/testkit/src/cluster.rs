//! One throw-away Postgres cluster, shared by every test process of a user and started by the first.

use crate::postgres::{Programs, run};
use anyhow::{Context, Result};
use sqlx::{Connection, PgConnection};
use std::{
    env, fs,
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    time::Duration,
};

/// Address of the cluster's `postgres` database: `RUNBOARD_TEST_PG_URL`, else a cluster in a fixed
/// directory under the system's temporary directory, which stops by itself ten minutes after its last use.
pub(crate) async fn url() -> Result<String> {
    if let Ok(named) = env::var("RUNBOARD_TEST_PG_URL") {
        return Ok(named);
    }
    let directory = env::temp_dir().join(format!("runboard-test-pg-{}", rustix::process::geteuid().as_raw()));
    fs::create_dir_all(&directory)?;
    let lock = File::create(directory.join("lock"))?;
    // Held until this function returns: one process starts the cluster, the others wait for it. Several
    // databases of one test wait on threads of their own, so that the one who holds it goes on.
    let _lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
    touch(&directory.join("used"))?;
    if let Some(url) = running(&directory).await {
        return Ok(url);
    }
    start(&directory)?;
    running(&directory)
        .await
        .context("the test cluster started and does not answer")
}

async fn running(directory: &Path) -> Option<String> {
    let port = fs::read_to_string(directory.join("port")).ok()?;
    let url = format!("postgres://runboard@127.0.0.1:{}/postgres?sslmode=disable", port.trim());
    let attempt = tokio::time::timeout(Duration::from_secs(5), PgConnection::connect(&url)).await;
    attempt.ok()?.ok()?.close().await.ok()?;
    Some(url)
}

/// Makes a new cluster: after a crash of the machine the old one, run without fsync, is not to be trusted.
fn start(directory: &Path) -> Result<()> {
    let programs = Programs::find()?;
    programs.make_directory(directory)?;
    let data = directory.join("data");
    let log = directory.join("log");
    if data.exists() {
        let mut stop = programs.command("pg_ctl", directory);
        stop.arg("-D").arg(&data).args(["-m", "immediate", "stop"]);
        // Nothing to stop is the usual case.
        let _ = stop.status();
        fs::remove_dir_all(&data)?;
    }

    make(&programs, directory, &data, &log)?;

    let port = free_port()?;
    let socket = socket_directory(directory);
    let options = format!(
        "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={} -c fsync=off \
         -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=128MB \
         -c max_wal_size=2GB -c wal_level=logical -c autovacuum_naptime=10s -c timezone=UTC",
        socket.display()
    );
    launch(&programs, directory, &data, &log, &options)?;
    fs::write(directory.join("port"), port.to_string())?;

    let mut watchdog = programs.shell(include_str!("watchdog.sh"), directory);
    watchdog.arg("runboard-test-pg").arg(directory);
    watchdog.spawn().context("starting the watchdog of the test cluster")?;
    Ok(())
}

/// Makes the files of a cluster whose owner `runboard` needs no password on this machine.
pub(crate) fn make(programs: &Programs, directory: &Path, data: &Path, log: &Path) -> Result<()> {
    let mut initdb = programs.command("initdb", directory);
    initdb.arg("-D").arg(data);
    initdb.args([
        "-U",
        "runboard",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
        "--no-instructions",
    ]);
    run(initdb, log)
}

/// Starts a cluster and waits until it answers.
pub(crate) fn launch(programs: &Programs, directory: &Path, data: &Path, log: &Path, options: &str) -> Result<()> {
    let mut pg_ctl = programs.command("pg_ctl", directory);
    pg_ctl
        .arg("-D")
        .arg(data)
        .arg("-l")
        .arg(log)
        .args(["-w", "-t", "60", "-o", options, "start"]);
    run(pg_ctl, log)
}

/// A socket path may have 107 bytes at most; beyond that only loopback is served.
pub(crate) fn socket_directory(directory: &Path) -> PathBuf {
    if directory.as_os_str().len() < 80 {
        directory.to_owned()
    } else {
        PathBuf::from("''")
    }
}

pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn touch(path: &Path) -> Result<()> {
    fs::write(path, "")?;
    Ok(())
}
