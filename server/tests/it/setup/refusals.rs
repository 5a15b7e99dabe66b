//! A database that cannot be entered, or not enough.

use super::{
    guarded::Guarded,
    wizard::{PASSWORD, Wizard, read},
};
use testkit::StopMode;

#[tokio::test]
async fn each_way_to_be_refused_has_its_sentence_and_a_fix_to_copy() {
    let guarded = Guarded::start().await;
    let good = format!("app:{PASSWORD}");
    for (login, database, says, fix) in [
        (
            format!("app:{PASSWORD}x"),
            "board",
            "Postgres refuses the password of app",
            "alter role &quot;app&quot; with login password",
        ),
        (
            "app".to_owned(),
            "board",
            "Postgres wants a password of app",
            "postgres://app:PASSWORD@127.0.0.1",
        ),
        (
            good.clone(),
            "nowhere",
            "There is no database nowhere",
            "create database &quot;nowhere&quot; owner &quot;app&quot;;",
        ),
        (
            "ghost".to_owned(),
            "board",
            "There is no login ghost",
            "create role &quot;ghost&quot; login",
        ),
        (
            "stranger".to_owned(),
            "board",
            "does not let stranger into board from 127.0.0.1",
            "127.0.0.1/32    scram-sha-256",
        ),
    ] {
        let (wizard, server) = Wizard::start(&guarded.url(&login, database)).await;
        let page = wizard.page("/setup/connect").await.replace('"', "&quot;");
        assert!(page.contains(says), "{says}: {page}");
        assert!(page.contains(fix), "{fix}: {page}");
        for path in [
            "/setup/rights",
            "/setup/sql",
            "/setup/migrate",
            "/setup/admin",
            "/setup/smoke",
        ] {
            assert!(wizard.page(path).await.contains("</html>"), "{path} can be looked at");
        }
        let (_, reason) = read(wizard.nobody("/readyz").await).await;
        assert!(!reason.contains("app") && !reason.contains("board\""), "{reason}");
        server.stop().await;
    }
}

#[tokio::test]
async fn missing_rights_are_listed_with_their_grants_and_the_grants_suffice() {
    let guarded = Guarded::start().await;
    let (wizard, server) = Wizard::start(&guarded.url(&format!("limited:{PASSWORD}"), "board")).await;
    let page = wizard.page("/setup/rights").await.replace('"', "&quot;");
    for grant in [
        "grant create on database &quot;board&quot; to &quot;limited&quot;;",
        "grant create on schema public to &quot;limited&quot; with grant option;",
        "&quot;service_role&quot;",
    ] {
        assert!(page.contains(grant), "{grant}: {page}");
    }
    assert!(wizard.page("/setup/migrate").await.contains("Give the rights first"));
    assert_eq!(wizard.post("/setup/migrate", &[]).await.0, 303);
    assert!(wizard.page("/setup/migrate").await.contains("Give the rights first"));
    server.stop().await;

    // What the page said, done by whoever owns the database.
    let look = runs::setup::look(&guarded.url(&format!("limited:{PASSWORD}"), "board")).await;
    let grants: Vec<String> = look
        .rights
        .iter()
        .filter_map(|check| check.fix.as_ref()?.copy.clone())
        .collect();
    guarded.home.execute_in("board", &grants.join("\n")).await;
    let wizard = Wizard::going_on(&guarded.url(&format!("limited:{PASSWORD}"), "board")).await;
    wizard.post("/setup/migrate", &[]).await;
    wizard.until("/setup/admin", "Create the admin").await;
}

#[tokio::test]
async fn a_server_that_is_down_is_waited_for_and_another_address_can_be_entered() {
    let guarded = Guarded::start().await;
    let port = guarded.cluster.port().to_string();
    guarded.cluster.stop(StopMode::Fast);
    let wizard = Wizard::going_on(&guarded.url(&format!("app:{PASSWORD}"), "board")).await;
    let page = wizard.page("/setup/connect").await;
    assert!(
        page.contains("Nothing listens at 127.0.0.1") && page.contains("pg_isready --host 127.0.0.1"),
        "{page}"
    );
    guarded.cluster.start_again();
    wizard.until("/setup/connect", "Continue to rights").await;

    let entered = |password: &'static str, port: &'static str| {
        [
            ("host", "127.0.0.1"),
            ("port", port),
            ("database", "board"),
            ("user", "app"),
            ("password", password),
            ("tls", "disable"),
        ]
    };
    let (status, page) = wizard.post("/setup/connect", &entered("", "seventy")).await;
    assert!(status == 422 && page.contains("a port is a number"), "{page}");
    let port: &'static str = port.leak();
    wizard
        .post("/setup/connect", &entered("something-else-entirely", port))
        .await;
    let page = wizard.page("/setup/connect").await;
    assert!(
        page.contains("refuses the password") && !page.contains("something-else-entirely"),
        "{page}"
    );
    assert!(page.contains("kept in memory only"), "{page}");
    wizard.post("/setup/connect", &entered(PASSWORD, port)).await;
    wizard.post("/setup/migrate", &[]).await;
    wizard.until("/setup/admin", "Create the admin").await;
}
