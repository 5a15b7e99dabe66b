//! A way to Postgres that can go silent: connections stay open and nothing comes through any more, as
//! when a middle box forgets them.

use std::{
    future::pending,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// How the listener connection of a process names itself to Postgres.
const LISTENER: &[u8] = b"runboard listener";

/// The way; it is closed when dropped.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    connections: Arc<Mutex<Vec<Connection>>>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Connection {
    is_listener: bool,
    silent: watch::Sender<bool>,
}

impl Proxy {
    /// Leads to `127.0.0.1:target`.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn to(target: u16) -> Self {
        let entry = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = entry.local_addr().expect("a bound address").port();
        let connections = Arc::new(Mutex::new(Vec::new()));
        let known = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = entry.accept().await {
                tokio::spawn(lead(client, target, Arc::clone(&known)));
            }
        });
        Self {
            port,
            connections,
            task,
        }
    }

    /// `url` through this way.
    ///
    /// # Panics
    /// When the address names no port.
    pub fn through(&self, url: &str) -> String {
        let (before, rest) = url.split_once("127.0.0.1:").expect("an address on loopback");
        let (_, after) = rest.split_once('/').expect("an address with a database");
        format!("{before}127.0.0.1:{}/{after}", self.port)
    }

    /// The listeners that are connected now hear nothing any more and do not learn of it.
    pub fn silence_listeners(&self) {
        for connection in self.known().iter().filter(|connection| connection.is_listener) {
            connection.silent.send_replace(true);
        }
    }

    /// Nothing that is connected now comes through any more.
    pub fn silence_everything(&self) {
        for connection in self.known().iter() {
            connection.silent.send_replace(true);
        }
    }

    /// Listeners that ever came.
    pub fn listener_count(&self) -> usize {
        self.known().iter().filter(|connection| connection.is_listener).count()
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn lead(mut client: TcpStream, target: u16, known: Arc<Mutex<Vec<Connection>>>) -> std::io::Result<()> {
    let mut server = TcpStream::connect(("127.0.0.1", target)).await?;
    // The first words of a client name it.
    let mut first = [0; 4096];
    let count = client.read(&mut first).await?;
    server.write_all(&first[..count]).await?;
    let (sender, silent) = watch::channel(false);
    known.lock().unwrap_or_else(PoisonError::into_inner).push(Connection {
        is_listener: first[..count].windows(LISTENER.len()).any(|part| part == LISTENER),
        silent: sender,
    });
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let up = carry(&mut from_client, &mut to_server, silent.clone());
    let down = carry(&mut from_server, &mut to_client, silent);
    tokio::select! {
        end = up => end,
        end = down => end,
    }
}

async fn carry(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    mut silent: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let mut part = vec![0; 64 * 1024];
    loop {
        let count = tokio::select! {
            count = from.read(&mut part) => count?,
            // It changes once: to silence.
            _ = silent.changed() => pending().await,
        };
        let is_silent = *silent.borrow();
        if is_silent {
            pending::<()>().await;
        }
        if count == 0 {
            return Ok(());
        }
        to.write_all(&part[..count]).await?;
    }
}
