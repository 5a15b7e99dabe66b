//! What is never printed.

use super::{
    guarded::Guarded,
    wizard::{PASSWORD, browser, form_of, read},
};
use std::{fs, net::TcpListener, process::Command};

#[tokio::test]
async fn no_password_is_ever_printed_not_even_in_the_most_talkative_log() {
    let guarded = Guarded::start().await;
    let directory = tempfile::tempdir().unwrap();
    let (log, port) = (directory.path().join("log"), free_port());
    let output = fs::File::create(&log).unwrap();
    let runboard = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_runboard"));
        command
            .args(words)
            .arg("--data-dir")
            .arg(directory.path())
            .env("DATABASE_URL", guarded.url(&format!("app:{PASSWORD}"), "nowhere"))
            .env("RUNBOARD_LOG", "trace")
            .env_remove("RUNBOARD_URL")
            .env_remove("ROADMAP_AI_SECRET");
        command
    };
    let mut server = runboard(&["serve", "--listen", &format!("127.0.0.1:{port}")])
        .stdout(output.try_clone().unwrap())
        .stderr(output)
        .spawn()
        .unwrap();
    let said = || fs::read_to_string(&log).unwrap();
    while !said().contains("/setup/link/") {
        tokio::task::yield_now().await;
        assert!(server.try_wait().unwrap().is_none(), "{}", said());
    }
    let text = said();
    let link = text
        .split_whitespace()
        .find(|word| word.contains("/setup/link/"))
        .unwrap();
    let client = browser();
    let answer = client.get(link).send().await.unwrap();
    let cookie = answer.headers()["set-cookie"]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let url = format!("http://127.0.0.1:{port}");
    let form = [
        ("host", "127.0.0.1"),
        ("port", &guarded.cluster.port().to_string()),
        ("database", "also_nowhere"),
        ("user", "app"),
        ("password", PASSWORD),
        ("tls", "prefer"),
    ];
    let entered = form_of(client.post(format!("{url}/setup/connect")), &form)
        .header("cookie", &cookie)
        .header("origin", &url);
    assert_eq!(read(entered.send().await.unwrap()).await.0, 303);
    for path in ["connect", "rights", "sql", "migrate", "admin", "smoke"] {
        read(
            client
                .get(format!("{url}/setup/{path}"))
                .header("cookie", &cookie)
                .send()
                .await
                .unwrap(),
        )
        .await;
    }
    for words in [
        ["doctor"].as_slice(),
        &["doctor", "--json"],
        &["migrate"],
        &["config", "--explain"],
    ] {
        let output = runboard(words).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        assert!(!text.contains(PASSWORD), "{words:?}");
        assert!(
            words[0] == "config" || text.contains("There is no database nowhere"),
            "{words:?}: {text}"
        );
    }
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(
        said().contains("the database does not exist"),
        "the log is the one that was meant"
    );
    assert!(!said().contains(PASSWORD), "a password shows in the log");
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
