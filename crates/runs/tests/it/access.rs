//! Who may come in.

use chrono::TimeDelta;
use db::{clock::Clock, pool::Session};
use domain::{Claims, Role};
use runs::access::{self, AccessError, TokenSpec};
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

#[tokio::test]
async fn a_password_lets_its_person_in_until_logout() {
    let db = TestDb::new().await;
    let mut conn = db.pool_as(Session::Server).acquire().await.unwrap();
    let (now, by) = (Clock::system().now(), Claims::command_line());
    let user = access::create_user(&mut conn, now, &by, EMAIL, "Ada", Role::Operator)
        .await
        .unwrap();
    let weak = access::set_password(&mut conn, now, &by, user, "short").await;
    assert!(matches!(weak, Err(AccessError::WeakPassword)));
    access::set_password(&mut conn, now, &by, user, "long enough to keep")
        .await
        .unwrap();

    assert!(
        access::login(&mut conn, now, EMAIL, "something else", None)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        access::login(&mut conn, now, "eve@example.com", "long enough to keep", None)
            .await
            .unwrap()
            .is_none()
    );
    let session = access::login(&mut conn, now, "Ada@Example.com", "long enough to keep", None)
        .await
        .unwrap()
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
