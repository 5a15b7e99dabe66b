//! The binary `runboard-worker`: reads the command line, starts the worker, stops it on a signal.

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use worker::{
    Handle,
    cli::{Arguments, LogForm},
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::read();
    start_log(&arguments.log, arguments.log_format)?;
    let handle = arguments
        .into_worker()
        .await?
        .start()
        .await
        .context("registering the worker")?;
    until_stopped(handle).await
}

/// The first signal asks the worker to stop, the second hurries it, the third ends it at once.
async fn until_stopped(mut handle: Handle) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut count = 0;
    loop {
        tokio::select! {
            stopped = handle.stopped() => return Ok(stopped?),
            _ = terminate.recv() => count += 1,
            _ = interrupt.recv() => count += 1,
        }
        match count {
            1 => handle.stop(),
            2 => handle.hurry(),
            _ => anyhow::bail!("ended by a third signal; what was held is recovered when its leases expire"),
        }
    }
}

fn start_log(levels: &str, form: LogForm) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(levels).context("RUNBOARD_LOG is not a list of levels")?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match form {
        LogForm::Json => log.json().flatten_event(true).init(),
        LogForm::Pretty => log.with_target(false).init(),
    }
    Ok(())
}
