//! What the login may do, and the exact words that give it the rest.

use super::{Check, quote};
use db::setup::{Address, rights::Rights};

const OLDEST: i32 = 150_000;

/// Judges what the migrations and the server need. In a new database the first migration asks for the roles of
/// Runboard, and Postgres wants the right to create roles even where they exist.
pub fn rights(rights: &Rights, address: &Address, is_new: bool) -> Vec<Check> {
    let mut checks = vec![version(rights), writing(rights)];
    if let Some(owner) = owner(rights) {
        checks.push(owner);
    }
    checks.extend([schemas(rights), tables(rights), roles(rights, is_new)]);
    checks.extend(pooler(address));
    checks
}

fn version(rights: &Rights) -> Check {
    let (major, minor) = (rights.version / 10_000, rights.version % 10_000);
    if rights.version >= OLDEST {
        return Check::ok(
            "postgres",
            format!("Postgres {major}.{minor} answers; no extension is needed."),
        );
    }
    Check::broken(
        "postgres",
        format!("Postgres {major}.{minor} is too old."),
        "Upgrade to Postgres 15 or newer, or name another one in DATABASE_URL.",
    )
    .copy("show server_version;")
}

fn writing(rights: &Rights) -> Check {
    if !rights.is_read_only {
        return Check::ok("writing", "The database can be written to.");
    }
    Check::broken(
        "writing",
        "The database can only be read: it is a replica, or it is set to read only.",
        "Name the primary in DATABASE_URL, or end the read-only setting.",
    )
    .copy(format!(
        "alter database {} reset default_transaction_read_only;",
        quote::name(&rights.database)
    ))
}

fn owner(rights: &Rights) -> Option<Check> {
    let owner = rights.foreign_owner.as_ref()?;
    let check = Check::broken(
        "owner",
        format!(
            "What was migrated before belongs to {owner}; {} may not change it.",
            rights.login
        ),
        "Migrate with that login, or let this one act for it.",
    );
    Some(check.copy(format!(
        "grant {} to {};",
        quote::name(owner),
        quote::name(&rights.login)
    )))
}

fn schemas(rights: &Rights) -> Check {
    let database = &rights.database;
    if rights.may_create_schemas {
        return Check::ok("schemas", format!("{} may create schemas in {database}.", rights.login));
    }
    Check::broken(
        "schemas",
        format!(
            "{} may not create schemas in {database}; the migrations make one.",
            rights.login
        ),
        "Allow it as the owner of the database.",
    )
    .copy(format!(
        "grant create on database {} to {};",
        quote::name(database),
        quote::name(&rights.login)
    ))
}

fn tables(rights: &Rights) -> Check {
    let login = quote::name(&rights.login);
    if rights.may_create_tables {
        return Check::ok(
            "tables",
            format!("{} may create tables in the schema public.", rights.login),
        );
    }
    let says = if rights.has_public {
        format!("{} may not create tables in the schema public.", rights.login)
    } else {
        "There is no schema public.".to_owned()
    };
    let sql = if rights.has_public {
        format!(
            "grant create on schema public to {login} with grant option;\ngrant usage on schema public to {login} with grant option;"
        )
    } else {
        format!("create schema public authorization {login};")
    };
    Check::broken(
        "tables",
        says,
        "Allow it as the owner of the database, connected to this database.",
    )
    .copy(sql)
}

fn roles(rights: &Rights, is_new: bool) -> Check {
    let login = &rights.login;
    let (missing, foreign) = (&rights.missing_roles, &rights.foreign_roles);
    if is_new && !rights.may_create_roles {
        let mut sql = vec![format!("alter role {} with createrole;", quote::name(login))];
        if !foreign.is_empty() {
            sql.push(format!("grant {} to {};", quote::names(foreign), quote::name(login)));
        }
        let says = format!("{login} may not create roles; the first migration makes those that Runboard uses.");
        let todo =
            "Let an administrator of the database allow it; when the migrations are applied it can be taken back.";
        return Check::broken("roles", says, todo).copy(sql.join("\n"));
    }
    // Before Postgres 16 who may create roles may also give them, and the first migration does.
    if is_new && rights.version < 160_000 {
        return Check::ok(
            "roles",
            format!("{login} may create and give the roles that Runboard uses."),
        );
    }
    if missing.is_empty() && foreign.is_empty() {
        return Check::ok("roles", format!("{login} may act as each role that Runboard uses."));
    }
    if missing.is_empty() || !rights.may_create_roles {
        // Roles that are there already are given by whoever made them.
        let wanted: Vec<String> = missing.iter().chain(foreign).cloned().collect();
        let mut sql: Vec<String> = missing
            .iter()
            .map(|role| format!("create role {} nologin noinherit;", quote::name(role)))
            .collect();
        sql.push(format!("grant {} to {};", quote::names(&wanted), quote::name(login)));
        let says = if missing.is_empty() {
            format!("{login} may not act as {}.", foreign.join(", "))
        } else {
            format!(
                "The roles {} do not exist, and {login} may not create roles.",
                missing.join(", ")
            )
        };
        let todo = "Let an administrator of the database do it, once for all databases of this Postgres.";
        return Check::broken("roles", says, todo).copy(sql.join("\n"));
    }
    if foreign.is_empty() {
        return Check::ok("roles", format!("{login} may create the roles that Runboard uses."));
    }
    Check::broken(
        "roles",
        format!("{login} may not act as {}.", foreign.join(", ")),
        "Let an administrator of the database give them.",
    )
    .copy(format!("grant {} to {};", quote::names(foreign), quote::name(login)))
}

/// Ports and names that poolers usually have.
fn pooler(address: &Address) -> Option<Check> {
    let looks_like_one = matches!(address.port, 6432 | 6543) || address.host.contains("pooler");
    looks_like_one.then(|| {
        Check::warning(
            "pooler",
            format!(
                "{}, port {}, looks like a transaction pooler.",
                address.host, address.port
            ),
            "Use the direct address, or that of a session pooler: hints, and the identity of callers, need a session.",
        )
        .copy(format!(
            "DATABASE_URL=postgres://{}:PASSWORD@DIRECT-HOST:5432/{}",
            address.user, address.database
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::State;

    fn all() -> Rights {
        Rights {
            version: 160_004,
            login: "app".to_owned(),
            database: "board".to_owned(),
            is_superuser: false,
            may_create_roles: true,
            may_create_schemas: true,
            has_public: true,
            may_create_tables: true,
            missing_roles: Vec::new(),
            foreign_roles: Vec::new(),
            foreign_owner: None,
            is_read_only: false,
        }
    }

    fn judged(found: &Rights) -> Vec<Check> {
        rights(found, &Address::read("postgres://app@host/board").unwrap(), false)
    }

    fn fix(found: &Rights, name: &str) -> String {
        let checks = judged(found);
        let check = checks.iter().find(|check| check.name == name).unwrap();
        assert_eq!(check.state, State::Broken, "{}", check.says);
        check.fix.clone().unwrap().copy.unwrap()
    }

    #[test]
    fn a_login_with_every_right_has_nothing_to_do() {
        assert!(judged(&all()).iter().all(|check| check.state == State::Ok));
    }

    #[test]
    fn each_missing_right_has_its_grant() {
        let without = |change: fn(&mut Rights)| {
            let mut rights = all();
            change(&mut rights);
            rights
        };
        let found = without(|rights| rights.may_create_schemas = false);
        assert_eq!(fix(&found, "schemas"), "grant create on database \"board\" to \"app\";");
        let found = without(|rights| rights.may_create_tables = false);
        assert!(fix(&found, "tables").starts_with("grant create on schema public to \"app\""));
        let found = without(|rights| {
            rights.may_create_roles = false;
            rights.missing_roles = vec!["anon".to_owned()];
            rights.foreign_roles = vec!["service_role".to_owned()];
        });
        assert_eq!(
            fix(&found, "roles"),
            "create role \"anon\" nologin noinherit;\ngrant \"anon\", \"service_role\" to \"app\";"
        );
        let found = without(|rights| rights.foreign_owner = Some("dba".to_owned()));
        assert_eq!(fix(&found, "owner"), "grant \"dba\" to \"app\";");
        let found = without(|rights| rights.version = 140_009);
        assert!(fix(&found, "postgres").contains("server_version"));
    }

    #[test]
    fn a_new_database_wants_the_right_to_create_roles_even_where_they_exist() {
        let mut found = all();
        found.may_create_roles = false;
        let address = Address::read("postgres://app@host/board").unwrap();
        let checks = rights(&found, &address, true);
        let roles = checks.iter().find(|check| check.name == "roles").unwrap();
        assert_eq!(
            roles.fix.clone().unwrap().copy.unwrap(),
            "alter role \"app\" with createrole;"
        );
        assert!(judged(&found).iter().all(|check| check.state == State::Ok));
    }

    #[test]
    fn a_port_that_poolers_have_is_a_warning() {
        let address = Address::read("postgres://app@aws.pooler.example.com:6543/board").unwrap();
        let checks = rights(&all(), &address, false);
        assert_eq!(checks.last().unwrap().name, "pooler");
        assert_eq!(checks.last().unwrap().state, State::Warning);
    }
}
