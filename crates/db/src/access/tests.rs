//! Who comes in, with the rights the server really has.

use super::*;
use crate::{
    Pool,
    audit::{self, Act, AuditFilter},
    clock::Clock,
    pool::{PoolConfig, Session, act_as_server, begin_as},
    secrets::{self, SealedSecret},
    settings,
};
use chrono::Duration;
use domain::{Claims, Role};
use testkit::TestDb;

const ADA: NewUser<'_> = NewUser {
    email: "Ada@Example.org",
    display_name: "Ada",
    role: "planner",
    password_hash: Some("hash"),
};

/// `TestDb::pool_as` speaks of the `db` that testkit was built with, not of the one under test.
fn pool_as(db: &TestDb, session: Session) -> Pool {
    PoolConfig::new(db.url(), session).lazy().unwrap()
}

#[tokio::test]
async fn a_user_is_found_by_address_and_shut_out_at_once() {
    let db = TestDb::new().await;
    let mut conn = pool_as(&db, Session::Server).acquire().await.unwrap();
    let now = Clock::system().now();
    let user_id = create_user(&mut conn, &ADA).await.unwrap().unwrap();
    assert_eq!(create_user(&mut conn, &ADA).await.unwrap(), None);
    assert_eq!(
        user_by_email(&mut conn, "ADA@example.org")
            .await
            .unwrap()
            .unwrap()
            .user_id,
        user_id
    );
    assert_eq!(
        password_hash(&mut conn, user_id).await.unwrap().as_deref(),
        Some("hash")
    );

    let session = NewSession {
        token_hash: b"cookie",
        user_id,
        now,
        expires_at: now + Duration::hours(1),
        user_agent: None,
    };
    create_session(&mut conn, &session).await.unwrap();
    assert!(session_user(&mut conn, now, b"cookie").await.unwrap().is_some());
    assert!(
        session_user(&mut conn, now + Duration::hours(1), b"cookie")
            .await
            .unwrap()
            .is_none()
    );

    assert!(disable_user(&mut conn, now, user_id).await.unwrap());
    assert!(session_user(&mut conn, now, b"cookie").await.unwrap().is_none());
    assert!(enable_user(&mut conn, user_id).await.unwrap());
    assert_eq!(end_sessions_of(&mut conn, now, user_id).await.unwrap(), 1);
    assert!(!end_session(&mut conn, now, b"cookie").await.unwrap());
}

#[tokio::test]
async fn a_login_link_works_once_and_in_time() {
    let db = TestDb::new().await;
    let mut conn = pool_as(&db, Session::Server).acquire().await.unwrap();
    let now = Clock::system().now();
    let user_id = create_user(&mut conn, &ADA).await.unwrap().unwrap();
    let link = NewLoginLink {
        token_hash: b"link",
        user_id,
        now,
        expires_at: now + Duration::minutes(15),
    };
    create_login_link(&mut conn, &link).await.unwrap();
    assert!(
        redeem_login_link(&mut conn, now + Duration::minutes(15), b"link")
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        redeem_login_link(&mut conn, now, b"link")
            .await
            .unwrap()
            .unwrap()
            .user_id,
        user_id
    );
    assert!(redeem_login_link(&mut conn, now, b"link").await.unwrap().is_none());
}

#[tokio::test]
async fn a_token_lets_in_until_it_is_taken_back() {
    let db = TestDb::new().await;
    let mut conn = pool_as(&db, Session::Server).acquire().await.unwrap();
    let now = Clock::system().now();
    let actions = ["template.run".to_owned()];
    let token = NewToken {
        name: "nightly",
        token_hash: b"token",
        prefix: "rb_abc",
        role: "operator",
        actions: Some(&actions),
        spreadsheets: None,
        created_by: Some("ada@example.org"),
        now,
        expires_at: None,
    };
    let token_id = create_token(&mut conn, &token).await.unwrap();
    touch_token(&mut conn, now, token_id).await.unwrap();
    let found = token_by_hash(&mut conn, now, b"token").await.unwrap().unwrap();
    assert_eq!(found.actions.as_deref(), Some(&actions[..]));
    assert!(found.last_used_at.is_some());
    assert!(revoke_token(&mut conn, now, token_id).await.unwrap());
    assert!(token_by_hash(&mut conn, now, b"token").await.unwrap().is_none());
    assert!(list_tokens(&mut conn).await.unwrap()[0].revoked_at.is_some());
}

#[tokio::test]
async fn an_administrator_reads_with_its_own_hands_and_writes_through_the_server() {
    let db = TestDb::new().await;
    let server = pool_as(&db, Session::Server);
    let now = Clock::system().now();
    let mut tx = begin_as(&server, &Claims::command_line()).await.unwrap();
    let own_hands = create_user(&mut tx, &ADA).await.unwrap_err();
    assert_eq!(own_hands.code(), Some("forbidden"));
    drop(tx);

    let mut tx = begin_as(&server, &Claims::command_line()).await.unwrap();
    act_as_server(&mut tx).await.unwrap();
    create_user(&mut tx, &ADA).await.unwrap();
    let act = Act {
        verb: "create_user",
        object_kind: "user",
        object_id: "ada",
        detail: None,
    };
    audit::record(&mut tx, now, &Claims::command_line(), &act)
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let mut tx = begin_as(&server, &Claims::command_line()).await.unwrap();
    assert_eq!(list_users(&mut tx).await.unwrap().len(), 1);
    assert_eq!(
        audit::list(&mut tx, &AuditFilter::default(), 10).await.unwrap()[0].actor,
        "command line"
    );
    drop(tx);

    let planner = Claims {
        role: Role::Planner,
        ..Claims::command_line()
    };
    let mut tx = begin_as(&server, &planner).await.unwrap();
    assert!(list_users(&mut tx).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_worker_reads_sealed_secrets_and_the_clockwork_and_changes_neither() {
    let db = TestDb::new().await;
    let sealed = SealedSecret {
        name: "API_KEY".to_owned(),
        nonce: vec![1],
        ciphertext: vec![2],
    };
    let now = Clock::system().now();
    let mut server = pool_as(&db, Session::Server).acquire().await.unwrap();
    secrets::put(&mut server, now, &sealed, None).await.unwrap();
    assert!(settings::set(&mut server, "heartbeat", 500).await.unwrap());

    let mut worker = pool_as(&db, Session::Worker).acquire().await.unwrap();
    let names = ["API_KEY".to_owned(), "OTHER".to_owned()];
    assert!(secrets::get(&mut worker, &names).await.unwrap() == [sealed.clone()]);
    assert_eq!(settings::value(&mut worker, "heartbeat").await.unwrap(), Some(500));
    assert_eq!(
        secrets::put(&mut worker, now, &sealed, None).await.unwrap_err().code(),
        Some("forbidden")
    );
    assert_eq!(
        settings::set(&mut worker, "heartbeat", 1).await.unwrap_err().code(),
        Some("forbidden")
    );

    assert_eq!(secrets::list(&mut server).await.unwrap().len(), 1);
    assert!(secrets::delete(&mut server, "API_KEY").await.unwrap());
    assert!(
        settings::list(&mut server)
            .await
            .unwrap()
            .iter()
            .any(|setting| setting.key == "lease")
    );
}
