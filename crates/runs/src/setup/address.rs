//! An address of a database as a form gives it.

use url::Url;

/// Words of `sslmode` that the form offers.
pub const TLS_WORDS: [&str; 5] = ["prefer", "require", "verify-ca", "verify-full", "disable"];

/// What was entered.
#[derive(Clone, Default)]
pub struct NewAddress {
    /// Name of the machine, or the directory of the socket.
    pub host: String,
    /// Port.
    pub port: String,
    /// Name of the database.
    pub database: String,
    /// Login.
    pub user: String,
    /// Its password; empty means the one that is in use, for the same login at the same place.
    pub password: String,
    /// A word of `sslmode`.
    pub tls: String,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressProblem {
    /// Something that must be said is not.
    #[error("say host, user and database")]
    Missing,
    /// Not a port.
    #[error("a port is a number from 1 to 65535")]
    Port,
    /// Not a word of `sslmode`.
    #[error("sslmode has one of the words prefer, require, verify-ca, verify-full and disable")]
    Tls,
    /// The parts make no address.
    #[error("these parts make no address: look at the host")]
    Host,
}

impl NewAddress {
    /// The address. What `present` says beside its parts (certificates, options) stays while the place is the same.
    pub fn into_url(self, present: Option<&str>) -> Result<String, AddressProblem> {
        let [host, user, database] = [&self.host, &self.user, &self.database].map(|part| part.trim());
        if host.is_empty() || user.is_empty() || database.is_empty() {
            return Err(AddressProblem::Missing);
        }
        let port: u16 = match self.port.trim() {
            "" => 5432,
            text => text.parse().ok().filter(|port| *port > 0).ok_or(AddressProblem::Port)?,
        };
        if !TLS_WORDS.contains(&self.tls.as_str()) {
            return Err(AddressProblem::Tls);
        }
        let present = present.and_then(|present| Url::parse(present).ok());
        let mut url = Url::parse("postgres://localhost").map_err(|_| AddressProblem::Host)?;
        let is_socket = host.starts_with('/');
        if !is_socket {
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            let host = if bare.contains(':') {
                format!("[{bare}]")
            } else {
                bare.to_owned()
            };
            url.set_host(Some(&host)).map_err(|_| AddressProblem::Host)?;
        }
        url.set_port(Some(port)).map_err(|()| AddressProblem::Port)?;
        url.set_username(user).map_err(|()| AddressProblem::Host)?;
        url.set_path(database);
        let at_same_place = present.filter(|present| {
            let is_same_host = if is_socket {
                present.query_pairs().any(|(key, value)| key == "host" && value == host)
            } else {
                present.host_str() == url.host_str() && !present.query_pairs().any(|(key, _)| key == "host")
            };
            is_same_host && present.port().unwrap_or(5432) == port && present.username() == url.username()
        });
        let kept = at_same_place.as_ref().and_then(Url::password).map(str::to_owned);
        if self.password.is_empty() {
            // A password goes nowhere it was not given for.
            url.set_password(None).map_err(|()| AddressProblem::Host)?;
            if let (Some(kept), Some((scheme, rest))) = (kept, url.as_str().split_once('@')) {
                // It is encoded already.
                url = Url::parse(&format!("{scheme}:{kept}@{rest}")).map_err(|_| AddressProblem::Host)?;
            }
        } else {
            url.set_password(Some(&self.password))
                .map_err(|()| AddressProblem::Host)?;
        }
        let others: Vec<(String, String)> = at_same_place
            .iter()
            .flat_map(|present| present.query_pairs().into_owned())
            .filter(|(key, _)| !matches!(key.as_str(), "sslmode" | "ssl-mode" | "host"))
            .collect();
        let mut query = url.query_pairs_mut();
        query.extend_pairs(others);
        if is_socket {
            query.append_pair("host", host);
        }
        query.append_pair("sslmode", &self.tls);
        drop(query);
        Ok(url.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(host: &str, password: &str) -> NewAddress {
        NewAddress {
            host: host.to_owned(),
            port: "5433".to_owned(),
            database: "board".to_owned(),
            user: "ann".to_owned(),
            password: password.to_owned(),
            tls: "prefer".to_owned(),
        }
    }

    #[test]
    fn the_parts_make_an_address_that_says_the_same() {
        let url = entered("db.example.com", "p@ss/w:rd").into_url(None).unwrap();
        assert_eq!(
            url,
            "postgres://ann:p%40ss%2Fw%3Ard@db.example.com:5433/board?sslmode=prefer"
        );
        let address = db::setup::Address::read(&entered("/var/run/postgresql", "").into_url(None).unwrap()).unwrap();
        assert_eq!(address.host, "/var/run/postgresql");
        assert!(entered("::1", "").into_url(None).unwrap().contains("@[::1]:5433/"));
    }

    #[test]
    fn a_password_that_is_left_empty_stays_only_at_its_own_place() {
        let present = "postgres://ann:s%40cret@db.example.com:5433/old?sslrootcert=/ca.pem&sslmode=require";
        let same = entered("db.example.com", "").into_url(Some(present)).unwrap();
        assert_eq!(
            same,
            "postgres://ann:s%40cret@db.example.com:5433/board?sslrootcert=%2Fca.pem&sslmode=prefer"
        );
        let elsewhere = entered("evil.example.com", "").into_url(Some(present)).unwrap();
        assert!(
            !elsewhere.contains("cret") && !elsewhere.contains("ca.pem"),
            "{elsewhere}"
        );
    }

    #[test]
    fn what_is_missing_or_wrong_is_said() {
        assert_eq!(entered(" ", "").into_url(None), Err(AddressProblem::Missing));
        let wrong = NewAddress {
            port: "seventy".to_owned(),
            ..entered("host", "")
        };
        assert_eq!(wrong.into_url(None), Err(AddressProblem::Port));
        let wrong = NewAddress {
            tls: "maybe".to_owned(),
            ..entered("host", "")
        };
        assert_eq!(wrong.into_url(None), Err(AddressProblem::Tls));
    }
}
