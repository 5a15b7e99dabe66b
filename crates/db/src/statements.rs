//! Declares SQL text by name, so that one test can prepare all of it on a migrated database.

/// Declares the statements of a module as constants and lists them for the test.
macro_rules! statements {
    ($($(#[$about:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$about])* pub(crate) const $name: &str = $sql;)+

        /// Every statement of this module, by name.
        #[cfg(test)]
        pub(crate) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}
pub(crate) use statements;

#[cfg(test)]
mod tests {
    use sqlx::Executor;
    use std::{fs, path::Path};

    const MODULES: &[(&str, &[(&str, &str)])] = &[
        ("access/links.rs", crate::access::links::STATEMENTS),
        ("access/sessions.rs", crate::access::sessions::STATEMENTS),
        ("access/tokens.rs", crate::access::tokens::STATEMENTS),
        ("access/users.rs", crate::access::users::STATEMENTS),
        ("actions.rs", crate::actions::STATEMENTS),
        ("alerts.rs", crate::alerts::STATEMENTS),
        ("artifacts.rs", crate::artifacts::STATEMENTS),
        ("audit.rs", crate::audit::STATEMENTS),
        ("bulk.rs", crate::bulk::STATEMENTS),
        ("health.rs", crate::health::STATEMENTS),
        ("migrate/ledger.rs", crate::migrate::ledger::STATEMENTS),
        ("pool.rs", crate::pool::STATEMENTS),
        ("queue/announce.rs", crate::queue::announce::STATEMENTS),
        ("queue/claim.rs", crate::queue::claim::STATEMENTS),
        ("queue/control.rs", crate::queue::control::STATEMENTS),
        ("queue/enqueue.rs", crate::queue::enqueue::STATEMENTS),
        ("queue/finish.rs", crate::queue::finish::STATEMENTS),
        ("queue/waits.rs", crate::queue::waits::STATEMENTS),
        ("queue/workers.rs", crate::queue::workers::STATEMENTS),
        ("queue/writes.rs", crate::queue::writes::STATEMENTS),
        ("reads/board.rs", crate::reads::board::STATEMENTS),
        ("reads/lanes.rs", crate::reads::lanes::STATEMENTS),
        ("reads/list/mod.rs", crate::reads::list::STATEMENTS),
        ("reads/list/source.rs", crate::reads::list::source::STATEMENTS),
        ("reads/logs.rs", crate::reads::logs::STATEMENTS),
        ("reads/run.rs", crate::reads::run::STATEMENTS),
        ("reads/templates.rs", crate::reads::templates::STATEMENTS),
        ("reads/waits.rs", crate::reads::waits::STATEMENTS),
        ("retention.rs", crate::retention::STATEMENTS),
        ("schedules.rs", crate::schedules::STATEMENTS),
        ("secrets.rs", crate::secrets::STATEMENTS),
        ("settings.rs", crate::settings::STATEMENTS),
        ("setup/hearing.rs", crate::setup::hearing::STATEMENTS),
        ("setup/rights.rs", crate::setup::rights::STATEMENTS),
        ("templates.rs", crate::templates::STATEMENTS),
        ("views.rs", crate::views::STATEMENTS),
    ];

    #[tokio::test]
    async fn every_statement_prepares_on_a_migrated_database() {
        let database = testkit::TestDb::new().await;
        let mut conn = database.pool().acquire().await.unwrap();
        let mut refused = Vec::new();
        for (module, statements) in MODULES {
            for (name, sql) in *statements {
                if let Err(error) = conn.prepare(sqlx::SqlSafeStr::into_sql_str(*sql)).await {
                    refused.push(format!("{module} {name}: {error}"));
                }
            }
        }
        assert!(refused.is_empty(), "{}", refused.join("\n"));
    }

    #[test]
    fn no_module_hides_a_statement_from_that_test() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut found = Vec::new();
        visit(&source, &mut |path, text| {
            let name = path.strip_prefix(&source).unwrap().to_string_lossy().into_owned();
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            if name != "statements.rs" && code.contains("statements! {") {
                found.push(name.clone());
            }
            for call in code.split("sqlx::query").skip(1) {
                let argument = call.split_once('(').map_or("", |(_, rest)| rest.trim_start());
                assert!(
                    argument.starts_with(|first: char| first.is_ascii_uppercase()) || argument.starts_with("if "),
                    "{name} runs a statement that has no name: {argument:.60}"
                );
            }
        });
        found.sort();
        let listed: Vec<&str> = MODULES.iter().map(|(name, _)| *name).collect();
        assert_eq!(found, listed);
    }

    fn visit(directory: &Path, each: &mut dyn FnMut(&Path, &str)) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, each);
            } else {
                each(&path, &fs::read_to_string(&path).unwrap());
            }
        }
    }
}
