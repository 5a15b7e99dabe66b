//! The private Postgres through everything that can happen to it.

use db::pool::Session;
use server::embedded::Embedded;
use std::{
    fs,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Leaves something behind that the next start must find.
async fn mark(postgres: &Embedded) {
    let pool = db::pool::connect(&postgres.url(), Session::Owner).await.unwrap();
    db::migrate::run(&pool).await.unwrap();
}

async fn has_mark(postgres: &Embedded) -> bool {
    let pool = db::pool::connect(&postgres.url(), Session::Owner).await.unwrap();
    db::migrate::pending(&pool).await.unwrap().is_empty()
}

fn pid(data_dir: &Path) -> i32 {
    let text = fs::read_to_string(data_dir.join("pg/postmaster.pid")).unwrap();
    text.lines().next().unwrap().parse().unwrap()
}

fn kill(pid: i32) {
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

#[tokio::test]
async fn a_second_start_is_quick_and_keeps_the_data_and_the_address() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let data_dir = dir.path().join("data");
    let first = Embedded::start(&data_dir).await.unwrap();
    mark(&first).await;
    let address = first.url();
    first.stop().await.unwrap();
    let second = Embedded::start(&data_dir).await.unwrap();
    assert!(has_mark(&second).await);
    assert_eq!(second.url(), address);
    assert!(Embedded::is_address_of(&data_dir, &address));
    second.stop().await.unwrap();
}

#[tokio::test]
async fn two_servers_never_share_one_cluster() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let data_dir = dir.path().join("data");
    let first = Embedded::start(&data_dir).await.unwrap();
    let refusal = Embedded::start(&data_dir).await.unwrap_err();
    assert!(
        refusal.to_string().starts_with("another runboard already serves"),
        "{refusal}"
    );
    first.stop().await.unwrap();
}

#[tokio::test]
async fn a_killed_postmaster_recovers_at_the_next_start() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let data_dir = dir.path().join("data");
    let first = Embedded::start(&data_dir).await.unwrap();
    mark(&first).await;
    kill(first.pid());
    first.stop().await.unwrap();
    let second = Embedded::start(&data_dir).await.unwrap();
    assert!(has_mark(&second).await);
    second.stop().await.unwrap();
}

#[tokio::test]
async fn a_postmaster_that_is_killed_under_a_running_server_comes_back_at_the_same_address() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let data_dir = dir.path().join("data");
    let mut postgres = Embedded::start(&data_dir).await.unwrap();
    mark(&postgres).await;
    kill(postgres.pid());
    postgres.recover().await.unwrap();
    assert!(has_mark(&postgres).await);
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_lock_file_that_names_a_dead_or_foreign_process_is_no_hindrance() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let data_dir = dir.path().join("data");
    Embedded::start(&data_dir).await.unwrap().stop().await.unwrap();
    let lock = data_dir.join("pg/postmaster.pid");
    let owner = owner_of(&data_dir.join("pg"));
    let mut foreign = foreign(owner);
    for number in [999_999, foreign.id()] {
        fs::write(&lock, format!("{number}\n{}\n", data_dir.join("pg").display())).unwrap();
        std::os::unix::fs::chown(&lock, Some(owner.0), Some(owner.1)).unwrap();
        Embedded::start(&data_dir).await.unwrap().stop().await.unwrap();
    }
    foreign.kill().unwrap();
    foreign.wait().unwrap();
}

fn owner_of(path: &Path) -> (u32, u32) {
    use std::os::unix::fs::MetadataExt;
    let file = fs::metadata(path).unwrap();
    (file.uid(), file.gid())
}

/// A process of the same user that has nothing to do with Postgres.
fn foreign((uid, gid): (u32, u32)) -> Child {
    let mut command = Command::new("/bin/sleep");
    command.arg("30").current_dir("/");
    if rustix::process::geteuid().is_root() {
        command.uid(uid).gid(gid);
    }
    command.spawn().unwrap()
}

#[tokio::test]
async fn a_killed_server_leaves_no_postgres_behind_and_the_next_start_works() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let data_dir = dir.path().join("data");
    let mut server = serve(&data_dir);
    wait_for(|| data_dir.join("dev.env").exists());
    let postmaster = pid(&data_dir);
    server.kill().unwrap();
    server.wait().unwrap();
    wait_for(|| !is_alive(postmaster));
    let mut server = serve(&data_dir);
    let before = fs::metadata(data_dir.join("dev.env")).unwrap().modified().unwrap();
    wait_for(|| fs::metadata(data_dir.join("dev.env")).unwrap().modified().unwrap() > before);
    let stop = rustix::process::Pid::from_raw(server.id() as i32).unwrap();
    rustix::process::kill_process(stop, rustix::process::Signal::TERM).unwrap();
    assert!(server.wait().unwrap().success());
    assert!(
        !data_dir.join("pg/postmaster.pid").exists(),
        "Postgres was stopped in order"
    );
}

fn serve(data_dir: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_runboard"));
    command
        .args(["serve", "--embedded", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(data_dir);
    for name in ["DATABASE_URL", "RUNBOARD_URL", "ROADMAP_AI_SECRET"] {
        command.env_remove(name);
    }
    command.stderr(Stdio::null()).spawn().unwrap()
}

fn wait_for(mut is_true: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_true() {
        assert!(begun.elapsed() < Duration::from_mins(1), "it did not happen in time");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A dead process that nobody collected counts as dead.
fn is_alive(pid: i32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}
