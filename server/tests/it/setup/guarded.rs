//! A Postgres with a door-keeper.

use super::wizard::PASSWORD;
use std::{fs, os::unix::fs::PermissionsExt as _};
use testkit::{OwnCluster, TestDb};

/// A Postgres that wants passwords, as those of the world do.
pub(super) struct Guarded {
    pub(super) cluster: OwnCluster,
    pub(super) home: TestDb,
    _rules: tempfile::TempDir,
}

impl Guarded {
    pub(super) async fn start() -> Self {
        let rules = tempfile::tempdir_in("/tmp").unwrap();
        fs::set_permissions(rules.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let file = rules.path().join("pg_hba.conf");
        let lines = "local all runboard trust\nhost all runboard 127.0.0.1/32 trust\n\
                     host all app,limited 127.0.0.1/32 scram-sha-256\nhost all ghost 127.0.0.1/32 trust\n";
        fs::write(&file, lines).unwrap();
        let cluster = OwnCluster::start(&format!("-c hba_file={}", file.display()));
        let home = cluster.database().await;
        for sql in [
            format!("create role app login createrole password '{PASSWORD}'"),
            format!("create role limited login password '{PASSWORD}'"),
            "create role stranger login".to_owned(),
            "grant anon, authenticated, service_role, runboard_worker to app".to_owned(),
            "create database board owner app".to_owned(),
        ] {
            home.execute(&sql).await;
        }
        Self {
            cluster,
            home,
            _rules: rules,
        }
    }

    pub(super) fn url(&self, login: &str, database: &str) -> String {
        format!(
            "postgres://{login}@127.0.0.1:{}/{database}?sslmode=disable",
            self.cluster.port()
        )
    }
}
