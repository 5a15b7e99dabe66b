//! Many listeners of the live stream in one process: `bench-live ADDRESS TOKEN COUNT`, ends with its standard input.
//!
//! Every listener checks that no event is missing; one in forty also reads the runs and measures how late they come.
//! Says `connected`, then `second` each second, as JSON lines.

mod lag;
mod stream;

use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;
use std::{
    io::Read as _,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use stream::{Figures, listen};
use tokio::{sync::Semaphore, time::interval};

/// Connections that are opened at once.
const OPENING: usize = 64;
/// One listener in so many reads what it hears.
const READS: usize = 40;

// One thread: on a small machine the listeners must not take more than they have to.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address: SocketAddr = arguments.next().context("name the address")?.parse()?;
    let token: Arc<str> = arguments.next().context("name the token")?.into();
    let count: usize = arguments.next().context("name the count")?.parse()?;
    open_many_files();
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });

    let figures = Arc::new(Mutex::new(Figures::default()));
    let opening = Arc::new(Semaphore::new(OPENING));
    for number in 0..count {
        let (token, figures, opening) = (Arc::clone(&token), Arc::clone(&figures), Arc::clone(&opening));
        tokio::spawn(async move {
            if let Err(error) = listen(address, &token, number % READS == 0, &figures, &opening).await {
                let mut figures = figures.lock().unwrap_or_else(PoisonError::into_inner);
                figures.ended += 1;
                if figures.ended == 1 {
                    eprintln!("a listener ended: {error:#}");
                }
            }
        });
    }
    let mut seconds = interval(Duration::from_secs(1));
    let mut is_said = false;
    loop {
        seconds.tick().await;
        let mut figures = figures.lock().unwrap_or_else(PoisonError::into_inner);
        let all = figures.connected + figures.ended >= count;
        if all && !is_said {
            is_said = true;
            println!(
                "{}",
                json!({"event": "connected", "count": figures.connected, "ended": figures.ended})
            );
        }
        let lags = std::mem::take(&mut figures.lags);
        println!(
            "{}",
            json!({"event": "second", "events": figures.events, "bytes": figures.bytes, "gaps": figures.gaps,
                "holes": figures.holes, "ended": figures.ended, "lags": lags})
        );
    }
}

/// As many connections as the system lets this process have.
fn open_many_files() {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        },
    );
}
