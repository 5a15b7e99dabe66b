//! One listener: asks for the stream and follows its lines.

use crate::lag::Lag;
use anyhow::{Result, ensure};
use std::{
    net::SocketAddr,
    sync::{Mutex, PoisonError},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::Semaphore,
};

/// What is kept of a line that nobody reads: enough for `id:` and `event:`.
const HEAD: usize = 64;

/// What all listeners saw together, since the beginning; `lags` since they were taken.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) connected: usize,
    pub(crate) ended: usize,
    pub(crate) events: u64,
    pub(crate) bytes: u64,
    /// Times the server said that events were lost.
    pub(crate) gaps: u64,
    /// Times a number was left out without a word.
    pub(crate) holes: u64,
    pub(crate) lags: Vec<i64>,
}

/// Listens to the board until the server ends the stream, which is an error.
pub(crate) async fn listen(
    address: SocketAddr,
    token: &str,
    reads: bool,
    figures: &Mutex<Figures>,
    opening: &Semaphore,
) -> Result<()> {
    let mut socket = {
        let _turn = opening.acquire().await?;
        let mut socket = TcpStream::connect(address).await?;
        let request = format!(
            "GET /live?topics=board HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\naccept: text/event-stream\r\n\r\n"
        );
        socket.write_all(request.as_bytes()).await?;
        let mut status = [0; 12];
        socket.read_exact(&mut status).await?;
        ensure!(
            &status == b"HTTP/1.1 200",
            "the server refused: {}",
            String::from_utf8_lossy(&status)
        );
        socket
    };
    figures.lock().unwrap_or_else(PoisonError::into_inner).connected += 1;
    let mut follower = Follower {
        line: Vec::new(),
        newest: None,
        lag: reads.then(Lag::default),
    };
    let mut buffer = vec![0; 4096];
    loop {
        let count = socket.read(&mut buffer).await?;
        ensure!(count > 0, "the server ended the stream");
        let mut figures = figures.lock().unwrap_or_else(PoisonError::into_inner);
        figures.bytes += count as u64;
        follower.hear(&buffer[..count], &mut figures);
    }
}

/// Where a listener is in its stream. Frames are never cut by the lengths of the chunked encoding, so its lines
/// are those of the stream.
struct Follower {
    line: Vec<u8>,
    newest: Option<i64>,
    lag: Option<Lag>,
}

impl Follower {
    fn hear(&mut self, mut bytes: &[u8], figures: &mut Figures) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            self.keep(&bytes[..end]);
            self.end_line(figures);
            bytes = &bytes[end + 1..];
        }
        self.keep(bytes);
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = if self.lag.is_some() {
            usize::MAX
        } else {
            HEAD - self.line.len()
        };
        self.line.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn end_line(&mut self, figures: &mut Figures) {
        if let Some(id) = self.line.strip_prefix(b"id: ") {
            let seq = std::str::from_utf8(id)
                .ok()
                .and_then(|id| id.split_once('-')?.1.parse::<i64>().ok());
            if let (Some(newest), Some(seq)) = (self.newest, seq)
                && seq != newest + 1
            {
                figures.holes += 1;
            }
            self.newest = seq.or(self.newest);
        } else if let Some(name) = self.line.strip_prefix(b"event: ") {
            figures.events += 1;
            figures.gaps += u64::from(name == b"gap");
        } else if let (Some(lag), Some(data)) = (&mut self.lag, self.line.strip_prefix(b"data: "))
            // What it hears before the first number is how things stood, not what changed.
            && self.newest.is_some()
        {
            lag.read(data, &mut figures.lags);
        }
        self.line.clear();
    }
}
