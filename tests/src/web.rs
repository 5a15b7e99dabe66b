//! The server process under test and those who call it.

use crate::{
    fleet::{binary, said_by_processes},
    pause,
    site::Site,
};
use domain::{Claims, Role};
use reqwest::Client;
use runs::access::{self, TokenSpec};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant, SystemTime},
};

/// A `runboard serve` process; killed when dropped.
#[derive(Debug)]
pub struct ServerProcess {
    child: Child,
    port: u16,
}

impl ServerProcess {
    /// Starts a server on the database at `url`, on `port` or a free one, and waits until it is ready.
    ///
    /// # Panics
    /// When the binary was not built (`script/build`) or does not get ready.
    pub async fn start(site: &Site, url: &str, port: Option<u16>) -> Self {
        let binary = binary("runboard");
        assert!(binary.exists(), "{} is missing: run script/build", binary.display());
        let port = port.unwrap_or_else(|| {
            let probe = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
            probe.local_addr().expect("a bound address").port()
        });
        let child = Command::new(binary)
            .arg("serve")
            .arg("--data-dir")
            .arg(site.folder().join("data"))
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .env("DATABASE_URL", url)
            // Webhooks under test listen on this machine.
            .env("RUNBOARD_ALLOW_PRIVATE_NETWORKS", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said_by_processes())
            .spawn()
            .expect("the server starts");
        let server = Self { child, port };
        server.until_ready().await;
        server
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address of `path`.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Sends a signal to it.
    ///
    /// # Panics
    /// When the process is gone already.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("the server is alive");
    }

    /// Ends it at once and frees its port.
    ///
    /// # Panics
    /// When it cannot be waited for.
    pub fn kill(mut self) -> u16 {
        self.signal(Signal::KILL);
        self.child.wait().expect("the server can be waited for");
        self.port
    }

    async fn until_ready(&self) {
        let client = client();
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            if let Ok(answer) = client.get(self.url("/readyz")).send().await
                && answer.status().is_success()
            {
                return;
            }
            assert!(Instant::now() < deadline, "the server does not get ready");
            pause(50).await;
        }
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client that gives up after two seconds, as an impatient caller does.
///
/// # Panics
/// When it cannot be built.
pub fn client() -> Client {
    // Two tests may both be first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .timeout(Duration::from_secs(2))
        .build()
        .expect("a client")
}

/// A token with this role.
///
/// # Panics
/// When the database refuses.
pub async fn token(site: &Site, role: Role) -> String {
    let spec = TokenSpec {
        name: format!("test {role}"),
        role: Some(role),
        ..TokenSpec::default()
    };
    let mut tx = site.db.pool().begin().await.expect("a transaction");
    let issued = access::issue_token(&mut tx, SystemTime::now().into(), &Claims::command_line(), &spec)
        .await
        .expect("a token");
    tx.commit().await.expect("a token that stays");
    issued.token
}

/// Posts a run until somebody answers, always under the same key: the answer's status and the run's id.
///
/// # Panics
/// When nobody answers for long.
pub async fn create_run(client: &Client, url: &str, token: &str, key: &str, body: &Value) -> (u16, Value) {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let request = client.post(url).bearer_auth(token).header("idempotency-key", key);
        match request.json(body).send().await {
            Ok(answer) if answer.status().as_u16() < 500 => {
                let status = answer.status().as_u16();
                if let Ok(body) = answer.json().await {
                    return (status, body);
                }
            }
            _ => {}
        }
        assert!(Instant::now() < deadline, "nobody answers at {url}");
        pause(100).await;
    }
}
