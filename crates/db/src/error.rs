//! How Postgres says no, as a type.

use serde::Deserialize;
use sqlx::postgres::PgDatabaseError;

/// What a call to the database answers.
pub type Result<T> = std::result::Result<T, DbError>;

/// A call to the database that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A rule refused it; the words are for the person who asked.
    #[error("{message}")]
    Refused {
        /// HTTP status: 403, 404, 409 or 422.
        status: u16,
        /// Stable word, such as `unknown_template`.
        code: String,
        /// Input at fault, if one is.
        field: Option<String>,
        /// What is wrong.
        message: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// The database cannot be reached or is too busy; the same call may succeed later.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// A statement failed for a reason nobody planned.
    #[error("a statement failed")]
    Broken(#[source] sqlx::Error),
}

impl DbError {
    /// The stable word of a refusal.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            Self::Unavailable(_) | Self::Broken(_) => None,
        }
    }

    /// A SQL function answered with a word this program does not know: it is of another version.
    pub(crate) fn unknown_answer(function: &str, word: &str) -> Self {
        Self::Broken(sqlx::Error::Protocol(format!("{function} answered {word:?}")))
    }

    /// Whether the same call may succeed later.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// The DETAIL of a refusal, written by the SQL functions.
#[derive(Deserialize)]
struct Detail {
    code: String,
    field: Option<String>,
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(refusal) = &error
            && let Some(refusal) = refusal.try_downcast_ref::<PgDatabaseError>()
            && let Some(status) = refused_status(refusal.code())
        {
            let detail: Option<Detail> = refusal.detail().and_then(|text| serde_json::from_str(text).ok());
            let (code, field) = detail.map_or_else(
                || (default_code(status).to_owned(), None),
                |detail| (detail.code, detail.field),
            );
            return Self::Refused {
                status,
                code,
                field,
                message: refusal.message().to_owned(),
                hint: refusal.hint().filter(|hint| !hint.is_empty()).map(str::to_owned),
            };
        }
        if is_passing(&error) {
            Self::Unavailable(error)
        } else {
            Self::Broken(error)
        }
    }
}

/// `PT404` → 404; a grant or policy that refuses is 403 too.
fn refused_status(sqlstate: &str) -> Option<u16> {
    match sqlstate.strip_prefix("PT") {
        Some(status) => status.parse().ok().filter(|status| (400..500).contains(status)),
        None if sqlstate == "42501" => Some(403),
        // Text or a time that Postgres cannot hold: NUL, the year 300000.
        None if matches!(sqlstate, "22021" | "22P05" | "22008") => Some(422),
        None => None,
    }
}

fn default_code(status: u16) -> &'static str {
    match status {
        403 => "forbidden",
        404 => "not_found",
        409 => "conflict",
        _ => "invalid",
    }
}

/// Whether the connection or the load of the moment is at fault, not the statement.
fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // 08 connection, 40001 and 40P01 serialization and deadlock, 53 resources, 55P03 lock timeout,
        // 57P01..57P05 shutdown or start, 25P03 idle in transaction too long.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            code.starts_with("08")
                || code.starts_with("53")
                || code.starts_with("57P")
                || matches!(code.as_ref(), "40001" | "40P01" | "55P03" | "25P03")
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_four_hundreds_are_refusals() {
        assert_eq!(refused_status("PT404"), Some(404));
        assert_eq!(refused_status("42501"), Some(403));
        assert_eq!(refused_status("PT500"), None);
        assert_eq!(refused_status("23505"), None);
    }

    #[tokio::test]
    async fn a_refusal_carries_what_the_function_said() {
        let db = testkit::TestDb::new().await;
        let mut conn = db.pool().acquire().await.unwrap();
        let spec = serde_json::json!({"template": "no_such"});
        let refusal = crate::queue::enqueue_run(&mut conn, &spec).await.unwrap_err();
        let DbError::Refused {
            status,
            code,
            field,
            message,
            hint,
        } = refusal
        else {
            panic!("{refusal:?}");
        };
        assert_eq!(
            (status, code.as_str(), field.as_deref()),
            (422, "unknown_template", Some("template"))
        );
        assert!(message.contains("no_such"), "{message}");
        assert!(hint.is_some());
    }

    #[test]
    fn an_exhausted_pool_may_succeed_later() {
        assert!(DbError::from(sqlx::Error::PoolTimedOut).is_unavailable());
        assert!(!DbError::from(sqlx::Error::RowNotFound).is_unavailable());
    }
}
