//! Why the database cannot be entered, and what to do about it.

use super::{Check, quote};
use db::setup::{Address, Failure, Trouble};

const NAME: &str = "database";

/// Judges a connection that was not made. Without an address, what was given is none.
pub fn entrance(failure: &Failure, address: Option<&Address>) -> Check {
    let Some(address) = address.filter(|_| failure.trouble != Trouble::Address) else {
        let todo = "Say scheme, user, host and database; characters that mean something in an address are written as %40 for @, %3A for :, %2F for /.";
        return Check::broken(NAME, "DATABASE_URL is not the address of a Postgres.", todo)
            .copy("DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/DATABASE");
    };
    let Address {
        host,
        port,
        user,
        database,
        ..
    } = address;
    let (user_name, database_name) = (quote::name(user), quote::name(database));
    let is_ready = format!("pg_isready --host {} --port {port}", quote::word(host));
    let broken = |says: String, todo: &str| Check::broken(NAME, says, todo);
    let check = match failure.trouble {
        Trouble::Address | Trouble::UnknownHost => broken(
            format!("The name {host} has no address."),
            "Correct the host in DATABASE_URL, or the name service of this machine.",
        )
        .copy(format!("getent hosts {}", quote::word(host))),
        Trouble::Refused => broken(
            format!("Nothing listens at {host}, port {port}."),
            "Start Postgres, or correct host and port in DATABASE_URL. On another machine, listen_addresses of \
             postgresql.conf must name more than localhost. A server that waits goes on by itself when Postgres answers.",
        )
        .copy(is_ready),
        Trouble::Silence => broken(
            format!("{host}, port {port}, does not answer within 6 seconds."),
            "A firewall in between drops what is sent, or the machine is down: let this machine reach that port.",
        )
        .copy(is_ready),
        Trouble::NoRoute => broken(
            format!("There is no way from this machine to {host}."),
            "Look at the network and at the host in DATABASE_URL.",
        )
        .copy(is_ready),
        Trouble::NoSocket => broken(
            format!("There is no socket of Postgres in {host} that this user may open."),
            "Start Postgres, or name a host and a port in DATABASE_URL.",
        )
        .copy(is_ready),
        Trouble::NoTls => broken(
            format!(
                "Postgres at {host} does not speak TLS, and sslmode={} insists on it.",
                address.tls
            ),
            "Turn on ssl in postgresql.conf, or, when the way to it is trusted, let the address do without.",
        )
        .copy("?sslmode=prefer"),
        Trouble::Certificate => broken(
            format!(
                "The certificate of {host} was not accepted with sslmode={}.",
                address.tls
            ),
            "Name the certificate of its authority. sslmode=require encrypts without asking who answers.",
        )
        .copy("?sslmode=verify-full&sslrootcert=/etc/ssl/certs/database-ca.pem"),
        Trouble::Password => broken(
            format!("Postgres refuses the password of {user}; it says the same when there is no login of that name."),
            "Correct the password in DATABASE_URL, or give the login a new one as an administrator of the database.",
        )
        .copy(format!("alter role {user_name} with login password 'NEW-PASSWORD';")),
        Trouble::NoPassword => broken(
            format!("Postgres wants a password of {user}, and DATABASE_URL has none."),
            "Put it into the address, after the user and a colon.",
        )
        .copy(format!(
            "DATABASE_URL=postgres://{user}:PASSWORD@{host}:{port}/{database}"
        )),
        Trouble::UnknownLogin => broken(
            format!("There is no login {user}."),
            "Create it as an administrator of the database, or correct the user in DATABASE_URL.",
        )
        .copy(format!(
            "create role {user_name} login createrole password 'NEW-PASSWORD';"
        )),
        Trouble::NoLogin => broken(
            format!("The role {user} may not log in."),
            "Allow it as an administrator of the database.",
        )
        .copy(format!("alter role {user_name} with login;")),
        Trouble::Hba => hba(failure, address),
        Trouble::UnknownDatabase => broken(
            format!("There is no database {database} at {host}, port {port}."),
            "Create it as an administrator of the database, or correct the end of DATABASE_URL.",
        )
        .copy(format!("create database {database_name} owner {user_name};")),
        Trouble::NoConnect => broken(
            format!("{user} may not enter the database {database}."),
            "Allow it as its owner.",
        )
        .copy(format!("grant connect on database {database_name} to {user_name};")),
        Trouble::Full => broken(
            format!("Every connection of Postgres at {host} is taken."),
            "End sessions that nobody needs, or raise max_connections; a server of Runboard keeps up to 21.",
        )
        .copy(
            "select pid, usename, application_name, state, state_change from pg_stat_activity order by state_change;",
        ),
        Trouble::Starting => broken(
            format!("Postgres at {host} is starting or stopping."),
            "Wait; a server goes on by itself when it answers.",
        )
        .copy(is_ready),
        Trouble::NotPostgres => broken(
            format!("What answers at {host}, port {port}, is not Postgres."),
            "Correct host and port in DATABASE_URL: the usual port is 5432.",
        )
        .copy(is_ready),
        Trouble::Cut => broken(
            format!("{host} cut the connection before anything was said."),
            "A proxy in between may have no Postgres behind it, or may want TLS.",
        )
        .copy("?sslmode=require"),
        Trouble::Other => broken(
            format!("The database {database} at {host} cannot be entered."),
            "What Postgres said stands below; its log says more.",
        ),
    };
    with_words(check, failure)
}

/// Our own sentence first; what the other side said is worth keeping for whoever searches for it.
fn with_words(mut check: Check, failure: &Failure) -> Check {
    if !failure.said.is_empty() {
        check.says = format!("{} It was said: {}", check.says, failure.said.trim_end_matches('.'));
        check.says.push('.');
    }
    check
}

fn hba(failure: &Failure, address: &Address) -> Check {
    let Address { user, database, .. } = address;
    let from = failure
        .said
        .split("host \"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let from = from.unwrap_or("ADDRESS-OF-THIS-MACHINE");
    let bits = if from.contains(':') { 128 } else { 32 };
    let todo = "Add this line to pg_hba.conf, above any line that rejects, and let Postgres read it again with: select pg_reload_conf(); \
        A managed database has a list of trusted addresses instead.";
    Check::broken(
        NAME,
        format!("pg_hba.conf does not let {user} into {database} from {from}."),
        todo,
    )
    .copy(format!(
        "host    {database}    {user}    {from}/{bits}    scram-sha-256"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(trouble: Trouble, said: &str) -> Check {
        let address = Address::read("postgres://ann:secret@db.example.com:5433/board").unwrap();
        let failure = Failure {
            trouble,
            said: said.to_owned(),
        };
        entrance(&failure, Some(&address))
    }

    #[test]
    fn every_trouble_has_a_sentence_and_something_to_do() {
        for trouble in [
            Trouble::Address,
            Trouble::UnknownHost,
            Trouble::Refused,
            Trouble::Silence,
            Trouble::NoRoute,
            Trouble::NoSocket,
            Trouble::NoTls,
            Trouble::Certificate,
            Trouble::Password,
            Trouble::NoPassword,
            Trouble::UnknownLogin,
            Trouble::NoLogin,
            Trouble::Hba,
            Trouble::UnknownDatabase,
            Trouble::NoConnect,
            Trouble::Full,
            Trouble::Starting,
            Trouble::NotPostgres,
            Trouble::Cut,
        ] {
            let check = judged(trouble, "");
            assert!(check.fix.unwrap().copy.is_some(), "{trouble:?}");
            assert!(!check.says.contains("secret"), "{trouble:?}");
        }
    }

    #[test]
    fn the_line_for_pg_hba_has_the_address_that_postgres_saw() {
        let check = judged(
            Trouble::Hba,
            "no pg_hba.conf entry for host \"10.1.2.3\", user \"ann\", database \"board\", no encryption",
        );
        assert_eq!(
            check.fix.unwrap().copy.unwrap(),
            "host    board    ann    10.1.2.3/32    scram-sha-256"
        );
    }
}
