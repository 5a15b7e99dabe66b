//! Why the private Postgres did not start or stop.

use std::{io, path::PathBuf};

/// What can go wrong with the private Postgres, in words for the person who started it.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// Postgres is not installed.
    #[error(
        "no Postgres 15 or newer was found; install it (Debian: apt-get install postgresql), or set PG_BIN to its bin directory, or DATABASE_URL to a running one"
    )]
    NoBinaries,
    /// Started by root, and nobody to hand Postgres to.
    #[error("Postgres must not run as root, and /etc/passwd has neither a user postgres nor nobody")]
    NoOwner,
    /// Another server has it.
    #[error("another runboard already serves {data_dir}")]
    Busy {
        /// The data directory.
        data_dir: PathBuf,
    },
    /// A program of Postgres failed.
    #[error("{program} failed: {output}")]
    Program {
        /// Its name.
        program: &'static str,
        /// The end of what it printed.
        output: String,
    },
    /// The postmaster ended or never became ready.
    #[error("Postgres did not start; the end of {log}: {tail}", log = log.display())]
    NotReady {
        /// Its log.
        log: PathBuf,
        /// The last lines.
        tail: String,
    },
    /// Somebody took its port while it was down.
    #[error("the port {port} of the private Postgres was taken by another program; start the server again")]
    Moved {
        /// The port.
        port: u16,
    },
    /// The state file is damaged.
    #[error("{path} is not what this program wrote; remove it together with the cluster beside it to start anew", path = path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// How it is damaged.
        #[source]
        source: serde_json::Error,
    },
    /// The operating system refused.
    #[error("{doing}")]
    Io {
        /// What was attempted.
        doing: String,
        /// What it answered.
        #[source]
        source: io::Error,
    },
}

/// Names what was attempted when the operating system refuses.
pub(super) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> EmbeddedError {
    move |source| EmbeddedError::Io {
        doing: doing.into(),
        source,
    }
}
