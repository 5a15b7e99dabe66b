//! The steps, from whatever shape the database has.

use super::wizard::{PASSWORD, Wizard, form_of, read};
use testkit::TestDb;

#[tokio::test]
async fn an_empty_database_becomes_a_board_at_the_same_socket() {
    let db = TestDb::empty().await;
    let wizard = Wizard::going_on(db.url()).await;

    assert_eq!(wizard.nobody("/healthz").await.status(), 200);
    let (status, reason) = read(wizard.nobody("/readyz").await).await;
    assert!(status == 503 && reason.contains("\"not_set_up\""), "{status} {reason}");
    let (status, problem) = read(wizard.nobody("/api/runs").await).await;
    assert!(status == 503 && problem.contains("not_set_up"), "{problem}");
    let page = wizard.nobody("/workers").await;
    assert_eq!(
        (page.status().as_u16(), &page.headers()["location"]),
        (303, &"/setup".parse().unwrap())
    );

    assert!(wizard.page("/setup/connect").await.contains("Continue to rights"));
    assert!(wizard.page("/setup/rights").await.contains("A hint comes back"));
    let sql = wizard.page("/setup/sql?show=20260101000000").await;
    assert!(
        sql.contains("The database is empty") && sql.contains("create role %I nologin"),
        "{sql}"
    );
    let file = wizard.page("/setup/runboard-migrations.sql").await;
    assert!(file.contains("create schema if not exists runboard_internal"));
    assert!(wizard.page("/setup/admin").await.contains("Migrate first"));

    assert_eq!(wizard.post("/setup/migrate", &[]).await.0, 303);
    let done = wizard.until("/setup/migrate", "Continue to the admin").await;
    assert!(done.contains("create roles and schema"), "the log stays");
    wizard.until("/setup/admin", "Create the admin").await;

    let refused = wizard
        .post("/setup/admin", &[("email", "ann@example.org"), ("password", "short")])
        .await;
    assert!(
        refused.0 == 422 && refused.1.contains("at least 10 characters"),
        "{}",
        refused.1
    );
    let form = [("email", "Ann@example.org"), ("password", PASSWORD)];
    let answer = form_of(wizard.client.post(format!("{}/setup/admin", wizard.url)), &form)
        .header("cookie", &wizard.cookie)
        .header("origin", &wizard.url);
    let answer = answer.send().await.unwrap();
    let session = answer.headers()["set-cookie"]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(
        db.value("select email || ' ' || role from public.users").await,
        "ann@example.org admin"
    );
    assert!(wizard.page("/setup/admin").await.contains("has an admin already"));
    assert_eq!(
        wizard.post("/setup/admin", &[("email", "eve@example.org")]).await.0,
        303
    );
    assert_eq!(db.value("select count(*) from public.users").await, "1");

    assert_eq!(wizard.post("/setup/smoke", &[]).await.0, 303);
    assert_eq!(wizard.post("/setup/smoke", &[]).await.0, 303);
    let smoke = wizard.page("/setup/smoke").await;
    assert!(
        smoke.contains("No worker is connected") && smoke.contains("PASSWORD@"),
        "{smoke}"
    );
    assert_eq!(
        db.value("select string_agg(lane, '' order by lane) from public.runs")
            .await,
        "ABCD"
    );

    let board = wizard
        .client
        .get(&wizard.url)
        .header("cookie", session)
        .send()
        .await
        .unwrap();
    assert_eq!(board.status(), 200);
    assert_eq!(wizard.nobody("/readyz").await.status(), 200);
}

#[tokio::test]
async fn without_the_link_nobody_learns_anything() {
    let db = TestDb::empty().await;
    let (wizard, server) = Wizard::start(db.url()).await;
    for path in [
        "/setup",
        "/setup/connect",
        "/setup/sql",
        "/setup/runboard-migrations.sql",
        "/setup/link/guess",
    ] {
        let (status, page) = read(wizard.nobody(path).await).await;
        assert_eq!(status, 401, "{path}");
        assert!(
            page.contains("open the link") && !page.contains("migrations.sql\""),
            "{path}"
        );
        assert!(!page.contains("127.0.0.1"), "{path}");
    }
    let other_site = wizard
        .client
        .post(format!("{}/setup/migrate", wizard.url))
        .header("cookie", &wizard.cookie)
        .header("origin", "https://evil.example");
    assert_eq!(
        wizard
            .client
            .execute(other_site.build().unwrap())
            .await
            .unwrap()
            .status(),
        403
    );
    let used = server.setup.link();
    assert_eq!(wizard.client.get(&used).send().await.unwrap().status(), 303);
    assert_eq!(wizard.client.get(&used).send().await.unwrap().status(), 401);
    assert_ne!(server.setup.link(), used, "the next browser has a link, too");
    server.stop().await;
}

#[tokio::test]
async fn an_old_schema_is_brought_forward_and_keeps_its_admin() {
    let db = old_schema().await;
    db.execute("insert into public.users (email, display_name, role) values ('old@example.org', 'Old', 'admin')")
        .await;
    let wizard = Wizard::going_on(db.url()).await;
    let sql = wizard.page("/setup/sql").await;
    assert!(
        sql.contains("The database is of migration") && !sql.contains("create roles and schema"),
        "{sql}"
    );
    wizard.post("/setup/migrate", &[]).await;
    wizard.until("/setup/migrate", "Continue to the admin").await;
    wizard.until("/setup/admin", "this step is skipped").await;
    assert_eq!(db.value("select count(*) from public.users").await, "1");
}

/// A database as an earlier release left it.
async fn old_schema() -> TestDb {
    let db = TestDb::empty().await;
    let whole = db::migrate::as_sql();
    let (old, _) = whole.split_once("\n-- 20261120").unwrap();
    db.execute(old).await;
    db
}

#[tokio::test]
async fn two_servers_that_migrate_at_once_take_turns() {
    let db = TestDb::empty().await;
    let (one, other) = tokio::join!(Wizard::going_on(db.url()), Wizard::going_on(db.url()));
    tokio::join!(one.post("/setup/migrate", &[]), other.post("/setup/migrate", &[]));
    tokio::join!(
        one.until("/setup/admin", "Create the admin"),
        other.until("/setup/admin", "Create the admin")
    );
    let whole = db::migrate::as_sql().matches("insert into _sqlx_migrations").count();
    assert_eq!(
        db.value("select count(*) from _sqlx_migrations").await,
        whole.to_string()
    );
}

#[tokio::test]
async fn a_newer_and_an_edited_schema_are_told_precisely_and_left_alone() {
    let db = old_schema().await;
    db.execute(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (29990101000000, 'to come', true, '\\x01', 0);
         update _sqlx_migrations set checksum = '\\x00ff' where version = 20260101000200",
    )
    .await;
    let (wizard, server) = Wizard::start(db.url()).await;
    let sql = wizard.page("/setup/sql").await;
    assert!(sql.contains("it has migration 29990101000000 (to come)"), "{sql}");
    assert!(
        sql.contains("keeps the checksum 00ff") && sql.contains("Somebody edited"),
        "{sql}"
    );
    assert!(sql.contains("update _sqlx_migrations set checksum"), "{sql}");
    let before = db.value("select count(*) from _sqlx_migrations").await;
    wizard.post("/setup/migrate", &[]).await;
    let page = wizard.page("/setup/migrate").await;
    assert!(page.contains("Look at the SQL"), "{page}");
    assert_eq!(db.value("select count(*) from _sqlx_migrations").await, before);
    server.stop().await;
}

#[tokio::test]
async fn a_migration_that_is_refused_says_where_and_goes_on_when_mended() {
    let db = TestDb::empty().await;
    db.execute("create table public.lanes (in_the_way int)").await;
    let wizard = Wizard::going_on(db.url()).await;
    wizard.post("/setup/migrate", &[]).await;
    let page = wizard.until("/setup/migrate", "Start again").await;
    assert!(
        page.contains("Migration 20260101000100 was refused") && page.contains("42P07"),
        "{page}"
    );
    db.execute("drop table public.lanes").await;
    wizard.post("/setup/migrate", &[]).await;
    wizard.until("/setup/migrate", "Continue to the admin").await;
}
