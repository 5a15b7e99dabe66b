//! What can go wrong between us and the object store.

use std::error::Error;

/// A setting of the object store that stops the start, said in a sentence.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The address is neither a directory nor a bucket.
    #[error("RUNBOARD_ARTIFACTS is {given:?}, but it is file:///directory or s3://bucket/prefix")]
    NotAnAddress {
        /// What was given.
        given: String,
    },
    /// A setting that a bucket needs is missing.
    #[error("RUNBOARD_ARTIFACTS names a bucket, so {name} must be set")]
    Missing {
        /// The setting.
        name: &'static str,
    },
    /// A value does not have its form.
    #[error("{name} is {value:?}, but {form}")]
    Malformed {
        /// The setting.
        name: &'static str,
        /// What it was.
        value: String,
        /// What it should be.
        form: &'static str,
    },
    /// The directory cannot be made.
    #[error("the directory of the artifacts cannot be used: {path}")]
    Directory {
        /// Where it should be.
        path: String,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The client of the store cannot be built from these settings.
    #[error("the settings of the object store do not fit together")]
    Client(#[source] object_store::Error),
}

/// Why bytes did not come into the store or out of it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// More than is kept.
    #[error("it has {} MiB; at most {} are kept", size_bytes.div_ceil(1_048_576), most_bytes / 1_048_576)]
    TooLarge {
        /// Its size.
        size_bytes: u64,
        /// The limit.
        most_bytes: u64,
    },
    /// The bytes that came are others than were announced.
    #[error("the bytes are not those that were announced: {what} differs")]
    NotAsAnnounced {
        /// size or checksum.
        what: &'static str,
    },
    /// The bytes in the store are others than were put there.
    #[error("the stored bytes were changed: {what} differs")]
    Corrupt {
        /// size or checksum.
        what: &'static str,
    },
    /// It is not there.
    #[error("the object store does not have it; does its bucket or directory exist?")]
    Missing(#[source] object_store::Error),
    /// The store does not let us.
    #[error("the object store refuses the access key")]
    Refused(#[source] object_store::Error),
    /// The store does not answer or fails.
    #[error("the object store does not answer as it should")]
    Unreachable(#[source] object_store::Error),
    /// What was to be stored cannot be read.
    #[error("what was to be stored cannot be read")]
    Source(#[source] Box<dyn Error + Send + Sync>),
    /// Postgres refused or failed.
    #[error("the database could not be told")]
    Db(#[from] db::DbError),
}

impl StoreError {
    /// Whether the same call may succeed later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Db(error) => error.is_unavailable(),
            _ => false,
        }
    }
}

impl From<object_store::Error> for StoreError {
    fn from(error: object_store::Error) -> Self {
        use object_store::Error as Cause;
        match error {
            Cause::NotFound { .. } => Self::Missing(error),
            Cause::PermissionDenied { .. } | Cause::Unauthenticated { .. } => Self::Refused(error),
            _ => Self::Unreachable(error),
        }
    }
}
