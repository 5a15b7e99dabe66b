//! What an address of a database says, without its password.

use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// Where a database is and as whom it is entered. It does not hold the password, so it can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Name of the machine, or the directory of the socket.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Name of the database.
    pub database: String,
    /// Login.
    pub user: String,
    /// A word of `sslmode`.
    pub tls: &'static str,
    /// Whether the address holds a password.
    pub has_password: bool,
}

impl Address {
    /// Reads an address; `None` when it is none of Postgres.
    pub fn read(url: &str) -> Option<Self> {
        let options: PgConnectOptions = url.parse().ok()?;
        let host = match options.get_socket() {
            Some(directory) => directory.display().to_string(),
            None => options.get_host().to_owned(),
        };
        let user = options.get_username().to_owned();
        Some(Self {
            host,
            port: options.get_port(),
            // Postgres takes the name of the login when none is said.
            database: options.get_database().unwrap_or(&user).to_owned(),
            user,
            tls: word(options.get_ssl_mode()),
            has_password: password_of(url).is_some(),
        })
    }
}

fn word(mode: PgSslMode) -> &'static str {
    match mode {
        PgSslMode::Disable => "disable",
        PgSslMode::Allow => "allow",
        PgSslMode::Prefer => "prefer",
        PgSslMode::Require => "require",
        PgSslMode::VerifyCa => "verify-ca",
        PgSslMode::VerifyFull => "verify-full",
    }
}

/// The password as it stands in the address, still encoded.
pub(super) fn password_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (login, _) = authority.rsplit_once('@')?;
    let (_, password) = login.split_once(':')?;
    Some(password).filter(|password| !password.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        let url = "postgres://ann:se%2Fcret@db.example.com:6432/board?sslmode=require";
        let address = Address::read(url).unwrap();
        assert!(address.has_password);
        let shown = format!("{address:?}");
        assert!(!shown.contains("cret"), "{shown}");
        assert_eq!(
            (address.host.as_str(), address.port, address.tls),
            ("db.example.com", 6432, "require")
        );
        assert_eq!((address.user.as_str(), address.database.as_str()), ("ann", "board"));
    }

    #[test]
    fn what_is_not_said_is_what_postgres_takes() {
        let address = Address::read("postgres://ann@host").unwrap();
        assert_eq!((address.port, address.database.as_str()), (5432, "ann"));
        assert!(!address.has_password);
        assert_eq!(Address::read("mysql//nonsense"), None);
    }
}
