//! Who may come in.

use chrono::TimeDelta;
use db::{clock::Clock, pool::Session};
use domain::{Claims, Role};
use runs::access::{self, AccessError, Keep, NewPassword, TokenSpec};
use testkit::TestDb;

const EMAIL: &str = "ada@example.com";

#[tokio::test]
async fn the_first_link_makes_the_first_admin_and_lets_one_browser_in() {
    let db = TestDb::new().await;
    let mut conn = db.pool_as(Session::Server).acquire().await.unwrap();
    let now = Clock::system().now();
    let link = access::issue_login_link(&mut conn, now, &Claims::command_line(), EMAIL)
        .await
        .unwrap();

    let session = access::redeem_login_link(&mut conn, now, &link.token, None)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (session.claims.actor.as_str(), session.claims.role),
        (EMAIL, Role::Admin)
    );
    assert_eq!(
        access::session(&mut conn, now, &session.token).await.unwrap(),
        Some(session.claims)
    );
    assert!(
        access::redeem_login_link(&mut conn, now, &link.token, None)
            .await
            .unwrap()
            .is_none(),
        "used up"
    );
}

#[tokio::test]
async fn a_link_for_a_stranger_is_refused_once_there_are_people() {
    let db = TestDb::new().await;
    let mut conn = db.pool_as(Session::Server).acquire().await.unwrap();
    let now = Clock::system().now();
    access::issue_login_link(&mut conn, now, &Claims::command_line(), EMAIL)
        .await
        .unwrap();

    let stranger = access::issue_login_link(&mut conn, now, &Claims::command_line(), "eve@example.com").await;
    assert!(matches!(stranger, Err(AccessError::UnknownUser { .. })));
}

#[tokio::test]
async fn an_old_link_lets_nobody_in() {
    let db = TestDb::new().await;
    let mut conn = db.pool_as(Session::Server).acquire().await.unwrap();
    let now = Clock::system().now();
    let link = access::issue_login_link(&mut conn, now, &Claims::command_line(), EMAIL)
        .await
        .unwrap();
    let later = now + TimeDelta::hours(2);
    assert!(
        access::redeem_login_link(&mut conn, later, &link.token, None)
            .await
            .unwrap()
            .is_none()
    );
}

fn password(text: &str) -> NewPassword<'_> {
    NewPassword {
        text,
        keep: Keep::Nothing,
    }
}

async fn let_in(conn: &mut db::PgConnection, email: &str, password: &str) -> Option<access::Session> {
    let proven = access::credentials(conn, email).await.unwrap().fit(password)?;
    access::login(conn, Clock::system().now(), &proven, None).await.unwrap()
}

#[tokio::test]
async fn a_new_password_ends_every_session_but_that_of_who_set_it() {
    let db = TestDb::new().await;
    let mut conn = db.pool_as(Session::Server).acquire().await.unwrap();
    let (now, by) = (Clock::system().now(), Claims::command_line());
    let user = access::create_user(&mut conn, now, &by, EMAIL, "Ada", Role::Operator)
        .await
        .unwrap();
    let first = password("long enough to keep");
    access::set_password(&mut conn, now, &by, user, first).await.unwrap();
    let own = let_in(&mut conn, EMAIL, first.text).await.unwrap();
    let other = let_in(&mut conn, EMAIL, first.text).await.unwrap();
    let proven = access::credentials(&mut conn, EMAIL)
        .await
        .unwrap()
        .fit(first.text)
        .unwrap();

    let second = NewPassword {
        text: "another that is long",
        keep: Keep::Own(&own.token),
    };
    access::set_password(&mut conn, now, &own.claims, user, second)
        .await
        .unwrap();
    assert!(access::session(&mut conn, now, &own.token).await.unwrap().is_some());
    assert!(access::session(&mut conn, now, &other.token).await.unwrap().is_none());
    // Who proved to know the old one a moment ago is too late.
    assert!(access::login(&mut conn, now, &proven, None).await.unwrap().is_none());
}

#[tokio::test]
async fn a_link_that_is_issued_is_in_the_audit_log() {
    let db = TestDb::new().await;
    let mut conn = db.pool_as(Session::Server).acquire().await.unwrap();
    access::issue_login_link(&mut conn, Clock::system().now(), &Claims::command_line(), EMAIL)
        .await
        .unwrap();
    assert_eq!(
        db.value("select string_agg(concat(actor, ': ', verb), ', ' order by audit_id) from audit_log")
            .await,
        "command line: create user, command line: issue login link"
    );
}

#[tokio::test]
async fn a_password_lets_its_person_in_until_logout() {
    let db = TestDb::new().await;
    let mut conn = db.pool_as(Session::Server).acquire().await.unwrap();
    let (now, by) = (Clock::system().now(), Claims::command_line());
    let user = access::create_user(&mut conn, now, &by, EMAIL, "Ada", Role::Operator)
        .await
        .unwrap();
    let weak = access::set_password(&mut conn, now, &by, user, password("short")).await;
    assert!(matches!(weak, Err(AccessError::WeakPassword)));
    access::set_password(&mut conn, now, &by, user, password("long enough to keep"))
        .await
        .unwrap();

    let credentials = access::credentials(&mut conn, EMAIL).await.unwrap();
    assert!(credentials.fit("something else").is_none());
    let nobody = access::credentials(&mut conn, "eve@example.com").await.unwrap();
    assert!(nobody.fit("long enough to keep").is_none());
    let session = let_in(&mut conn, "Ada@Example.com", "long enough to keep")
        .await
        .unwrap();
    access::logout(&mut conn, now, &session.token).await.unwrap();
    assert!(access::session(&mut conn, now, &session.token).await.unwrap().is_none());
}

#[tokio::test]
async fn a_token_carries_its_role_and_limits_until_it_is_revoked_or_too_old() {
    let db = TestDb::new().await;
    let mut conn = db.pool_as(Session::Server).acquire().await.unwrap();
    let (now, by) = (Clock::system().now(), Claims::command_line());
    let spec = TokenSpec {
        name: "ci".to_owned(),
        role: Some(Role::Operator),
        actions: Some(vec!["template.run".to_owned()]),
        expires_at: Some(now + TimeDelta::hours(1)),
        ..TokenSpec::default()
    };
    let issued = access::issue_token(&mut conn, now, &by, &spec).await.unwrap();

    let claims = access::token(&mut conn, now, &issued.token).await.unwrap().unwrap();
    assert_eq!((claims.role, claims.actor.as_str()), (Role::Operator, "token ci"));
    assert!(claims.may_start("template.run") && !claims.may_start("pm.score_selected"));
    assert!(
        access::token(&mut conn, now + TimeDelta::hours(2), &issued.token)
            .await
            .unwrap()
            .is_none(),
        "too old"
    );
    assert!(
        access::revoke_token(&mut conn, now, &by, issued.token_id)
            .await
            .unwrap()
    );
    assert!(
        access::token(&mut conn, now, &issued.token).await.unwrap().is_none(),
        "revoked"
    );
    assert!(access::token(&mut conn, now, "rb_guess").await.unwrap().is_none());
}
