//! Whether notifications come back: a transaction pooler in between swallows them.

use crate::{
    PgConnection,
    listener::{Listener, ListenerConfig, Signal},
    statements::statements,
};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// How long a notification may take, connecting included.
const PATIENCE: Duration = Duration::from_secs(5);

/// How a notification came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hearing {
    /// After so long.
    Heard(Duration),
    /// Not in time: who listens hears nothing.
    Deaf,
    /// The listening connection cannot be made.
    Refused(String),
}

/// Listens at `url` and says something over `conn`. It needs no schema.
pub async fn test(conn: &mut PgConnection, url: &str) -> Hearing {
    let mut listener = match Listener::start(ListenerConfig::new(url)) {
        Ok(listener) => listener,
        Err(error) => return Hearing::Refused(error.to_string()),
    };
    let round_trip = async {
        while !matches!(listener.next().await, Some(Signal::Resync)) {}
        let begun = Instant::now();
        // Whoever else listens learns that a worker may have come or gone, and finds nothing.
        if let Err(error) = sqlx::query(SAY).execute(conn).await {
            return Hearing::Refused(error.to_string());
        }
        while !matches!(listener.next().await, Some(Signal::Hint(_) | Signal::Resync)) {}
        Hearing::Heard(begun.elapsed())
    };
    timeout(PATIENCE, round_trip).await.unwrap_or(Hearing::Deaf)
}

statements! {
    SAY = r#"select pg_notify('runboard', '{"t":"worker"}')"#;
}
