//! Why a connection was not made.

use super::address::password_of;
use sqlx::postgres::PgDatabaseError;
use std::io::ErrorKind;

/// What stands in the way, as one of the things a person can do something about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The address does not have the form of one.
    Address,
    /// No machine has that name.
    UnknownHost,
    /// The machine is there, nothing listens.
    Refused,
    /// No answer at all.
    Silence,
    /// There is no way to that machine.
    NoRoute,
    /// There is no such socket.
    NoSocket,
    /// Postgres does not speak TLS, and the address insists.
    NoTls,
    /// The certificate is not trusted, or TLS broke in another way.
    Certificate,
    /// The password is wrong, or there is no such login: Postgres does not say which.
    Password,
    /// The login has a password and the address none.
    NoPassword,
    /// There is no such login.
    UnknownLogin,
    /// The login may not log in.
    NoLogin,
    /// `pg_hba.conf` does not let this login in from here.
    Hba,
    /// There is no such database.
    UnknownDatabase,
    /// The login may not enter this database.
    NoConnect,
    /// Every connection is taken.
    Full,
    /// Postgres starts or stops.
    Starting,
    /// Something answers that is not Postgres.
    NotPostgres,
    /// The connection was cut while it was made.
    Cut,
    /// Something else; what was said tells more.
    Other,
}

/// A connection that was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}", .trouble.brief(), if .said.is_empty() { String::new() } else { format!(" ({said})") })]
pub struct Failure {
    /// What stands in the way.
    pub trouble: Trouble,
    /// What the other side, or this machine, said; never a password.
    pub said: String,
}

impl Failure {
    pub(super) fn of(error: &sqlx::Error, url: &str) -> Self {
        let trouble = Trouble::of(error, password_of(url).is_some());
        let said = match error {
            // It may repeat parts of the address.
            sqlx::Error::Configuration(_) => String::new(),
            sqlx::Error::Database(refusal) => refusal.message().to_owned(),
            sqlx::Error::Io(source) => source.to_string(),
            sqlx::Error::Tls(source) => source.to_string(),
            other => other.to_string(),
        };
        Self {
            trouble,
            said: without_password(said, url),
        }
    }

    /// Whether the same address may do later.
    pub fn is_passing(&self) -> bool {
        matches!(
            self.trouble,
            Trouble::Refused
                | Trouble::Silence
                | Trouble::NoRoute
                | Trouble::NoSocket
                | Trouble::UnknownHost
                | Trouble::Full
                | Trouble::Starting
                | Trouble::Cut
        )
    }
}

/// Nobody is known to repeat one, and nobody should begin to.
fn without_password(said: String, url: &str) -> String {
    match password_of(url) {
        Some(password) if password.len() > 3 && said.contains(password) => said.replace(password, "…"),
        _ => said,
    }
}

impl Trouble {
    fn of(error: &sqlx::Error, has_password: bool) -> Self {
        match error {
            sqlx::Error::Configuration(_) => Self::Address,
            sqlx::Error::Tls(source) => {
                let said = source.to_string();
                if said.contains("not support") || said.contains("unexpected response") {
                    Self::NoTls
                } else {
                    Self::Certificate
                }
            }
            sqlx::Error::Io(source) => Self::of_io(source),
            sqlx::Error::Database(refusal) => match refusal.try_downcast_ref::<PgDatabaseError>() {
                Some(refusal) => Self::of_refusal(refusal.code(), refusal.message(), has_password),
                None => Self::Other,
            },
            sqlx::Error::Protocol(_) => Self::NotPostgres,
            _ => Self::Other,
        }
    }

    fn of_io(error: &std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::ConnectionRefused => Self::Refused,
            ErrorKind::TimedOut => Self::Silence,
            ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::NetworkDown => Self::NoRoute,
            ErrorKind::NotFound | ErrorKind::PermissionDenied => Self::NoSocket,
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof => Self::Cut,
            ErrorKind::InvalidData | ErrorKind::InvalidInput => Self::Certificate,
            // The resolver has no kind of its own.
            _ if error.to_string().contains("lookup address") => Self::UnknownHost,
            _ => Self::Other,
        }
    }

    fn of_refusal(code: &str, message: &str, has_password: bool) -> Self {
        match code {
            "28P01" if !has_password => Self::NoPassword,
            "28000" if message.contains("pg_hba.conf") => Self::Hba,
            "28000" if message.contains("not permitted to log in") => Self::NoLogin,
            "28000" if message.contains("does not exist") => Self::UnknownLogin,
            "28P01" | "28000" => Self::Password,
            "3D000" => Self::UnknownDatabase,
            "42501" => Self::NoConnect,
            "53300" => Self::Full,
            "57P03" | "57P01" | "57P02" => Self::Starting,
            // Poolers say all they have to say with this one.
            "08P01" if message.contains("no such database") => Self::UnknownDatabase,
            "08P01" if message.contains("no such user") => Self::UnknownLogin,
            "08P01" if message.contains("authentication") || message.contains("password") => Self::Password,
            _ => Self::Other,
        }
    }

    /// A few words that name no machine, login or database: for those who have not shown who they are.
    pub fn brief(self) -> &'static str {
        match self {
            Self::Address => "the address of the database is not one",
            Self::UnknownHost => "the host of the database has no address",
            Self::Refused => "nothing listens at the address of the database",
            Self::Silence => "the database does not answer",
            Self::NoRoute => "there is no way to the machine of the database",
            Self::NoSocket => "the socket of the database is not there",
            Self::NoTls => "the database does not speak TLS",
            Self::Certificate => "the certificate of the database is not trusted",
            Self::Password => "the database refuses the password",
            Self::NoPassword => "the database wants a password",
            Self::UnknownLogin => "the database does not know the login",
            Self::NoLogin => "the role of the address may not log in",
            Self::Hba => "pg_hba.conf does not let the login in",
            Self::UnknownDatabase => "the database does not exist",
            Self::NoConnect => "the login may not enter the database",
            Self::Full => "every connection of the database is taken",
            Self::Starting => "the database is starting or stopping",
            Self::NotPostgres => "what answers is not Postgres",
            Self::Cut => "the connection to the database was cut",
            Self::Other => "the database cannot be entered",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_postgres_says_is_told_apart() {
        let of = |code, message| Trouble::of_refusal(code, message, true);
        assert_eq!(of("28P01", "password authentication failed"), Trouble::Password);
        assert_eq!(of("28000", "no pg_hba.conf entry for host \"10.0.0.1\""), Trouble::Hba);
        assert_eq!(of("28000", "role \"x\" does not exist"), Trouble::UnknownLogin);
        assert_eq!(of("28000", "role \"x\" is not permitted to log in"), Trouble::NoLogin);
        assert_eq!(of("08P01", "no such database: x"), Trouble::UnknownDatabase);
        assert_eq!(Trouble::of_refusal("28P01", "empty", false), Trouble::NoPassword);
    }

    #[test]
    fn a_failure_never_repeats_the_password() {
        let url = "postgres://ann:hunter2hunter2@host/db";
        let error = sqlx::Error::Protocol("login with hunter2hunter2 failed".to_owned());
        let failure = Failure::of(&error, url);
        assert!(!format!("{failure} {failure:?}").contains("hunter2"));
    }
}
