//! Making the cluster, once.

use super::{EmbeddedError, binaries::Binaries, error::io, owner::Owner, place::Place, state::State};
use std::{fs, io::ErrorKind, path::Path, process::Output, process::Stdio};
use tokio::{io::AsyncWriteExt, process::Command};

/// Makes the cluster beside its place and moves it there when it is complete: a start that was
/// killed in the middle leaves nothing that looks like a cluster.
pub(super) async fn create(
    binaries: &Binaries,
    owner: &Owner,
    place: &Place,
    state: &State,
) -> Result<(), EmbeddedError> {
    match fs::remove_dir_all(&place.unfinished) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(io(format!("removing {}", place.unfinished.display()))(error));
        }
        _ => {}
    }
    fs::create_dir(&place.unfinished).map_err(io(format!("making {}", place.unfinished.display())))?;
    owner.give(&place.unfinished)?;
    let mut made = initdb(binaries, *owner, &place.unfinished, "C.UTF-8").await?;
    if !made.status.success() {
        // Not every system has C.UTF-8; C sorts the same and only knows fewer capital letters.
        made = initdb(binaries, *owner, &place.unfinished, "C").await?;
    }
    succeeded("initdb", &made)?;
    fs::write(place.unfinished.join("pg_hba.conf"), ACCESS).map_err(io("writing pg_hba.conf"))?;
    let made = single_user(
        owner.command(&binaries.program("postgres")),
        &place.unfinished,
        &first_statements(state),
    )
    .await?;
    succeeded("postgres --single", &made)?;
    fs::rename(&place.unfinished, &place.cluster)
        .map_err(io(format!("moving the cluster to {}", place.cluster.display())))
}

/// Passwords everywhere: other users of the machine reach the loopback port too.
const ACCESS: &str = "local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n";

/// The role is no superuser: what the server can do, a managed Postgres allows as well.
fn first_statements(state: &State) -> String {
    format!(
        "create role runboard login createrole password '{}';\n\
         create database runboard owner runboard;\n",
        state.password
    )
}

async fn initdb(binaries: &Binaries, owner: Owner, cluster: &Path, locale: &str) -> Result<Output, EmbeddedError> {
    owner
        .command(&binaries.program("initdb"))
        .arg("-D")
        .arg(cluster)
        // The superuser has no password, so only the single-user mode is open to it.
        .args(["-U", "postgres", "--encoding=UTF8", "--auth=reject"])
        .arg(format!("--locale={locale}"))
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(io("running initdb"))
}

async fn single_user(mut postgres: Command, cluster: &Path, statements: &str) -> Result<Output, EmbeddedError> {
    let mut child = postgres
        // Each line is one statement; the first error ends it with a failure.
        .args(["--single", "-c", "exit_on_error=on", "-D"])
        .arg(cluster)
        .arg("postgres")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(io("running postgres --single"))?;
    let mut stdin = child.stdin.take().expect("piped above");
    stdin
        .write_all(statements.as_bytes())
        .await
        .map_err(io("talking to postgres --single"))?;
    drop(stdin);
    child.wait_with_output().await.map_err(io("running postgres --single"))
}

fn succeeded(program: &'static str, output: &Output) -> Result<(), EmbeddedError> {
    if output.status.success() {
        return Ok(());
    }
    let printed = String::from_utf8_lossy(&output.stderr);
    Err(EmbeddedError::Program {
        program,
        output: last_lines(&printed, 5),
    })
}

/// The last `count` lines, on one line.
pub(super) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(count)..].join(" | ")
}
