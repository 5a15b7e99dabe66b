//! People: links, passwords, cookies, other sites.

use crate::client::{TestServer, answer};
use domain::Claims;
use reqwest::Method;
use runs::access;
use serde_json::json;

#[tokio::test]
async fn a_link_lets_one_browser_in_once() {
    let server = TestServer::start().await;
    let link = server.login_link("admin@localhost").await;
    let preview = server.client.request(Method::HEAD, &link).send().await.unwrap();
    assert_eq!(preview.status(), 200);
    let prefetch = server
        .client
        .get(&link)
        .header("sec-fetch-mode", "no-cors")
        .send()
        .await
        .unwrap();
    assert!(prefetch.headers().get("set-cookie").is_none());
    let first = server.client.get(&link).send().await.unwrap();
    assert_eq!(
        (first.status().as_u16(), &first.headers()["location"]),
        (303, &"/".parse().unwrap())
    );
    let cookie = first.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
        "{cookie}"
    );
    let second = server.client.get(&link).send().await.unwrap();
    assert_eq!(second.headers()["location"], "/login?error=link");
}

#[tokio::test]
async fn the_button_of_a_preview_lets_in_too() {
    let server = TestServer::start().await;
    let link = server.login_link("admin@localhost").await;
    let pressed = server
        .client
        .post(&link)
        .header("origin", server.handle.url())
        .send()
        .await
        .unwrap();
    assert!(pressed.headers().get("set-cookie").is_some());
}

#[tokio::test]
async fn a_cookie_reads_pages_and_acts_only_for_pages_of_ours() {
    let server = TestServer::start().await;
    let cookie = server.browser().await;
    let page = server
        .client
        .get(server.url("/"))
        .header("cookie", &cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("admin@localhost"));
    let pause = async |header: Option<(&'static str, String)>| {
        let mut request = server
            .client
            .post(server.url("/api/lanes/B/pause"))
            .header("cookie", &cookie)
            .json(&json!({}));
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(pause(None).await, 403);
    assert_eq!(pause(Some(("origin", "https://evil.example".to_owned()))).await, 403);
    assert_eq!(pause(Some(("sec-fetch-site", "cross-site".to_owned()))).await, 403);
    assert_eq!(pause(Some(("origin", server.handle.url().to_owned()))).await, 204);
    assert_eq!(pause(Some(("sec-fetch-site", "same-origin".to_owned()))).await, 204);
}

#[tokio::test]
async fn logging_out_ends_the_session() {
    let server = TestServer::start().await;
    let cookie = server.browser().await;
    let out = server
        .client
        .post(server.url("/logout"))
        .header("cookie", &cookie)
        .header("origin", server.handle.url());
    assert_eq!(out.send().await.unwrap().status(), 303);
    let page = server
        .client
        .get(server.url("/"))
        .header("cookie", &cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(page.headers()["location"], "/login");
}

async fn login(server: &TestServer, password: &str, next: &str) -> reqwest::Response {
    let form = format!("email=Admin%40localhost&password={password}&next={next}");
    let request = server
        .client
        .post(server.url("/login"))
        .header("origin", server.handle.url());
    request
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .unwrap()
}

/// Gives the first admin the password `correct-horse`.
async fn with_password(server: &TestServer) {
    server.login_link("admin@localhost").await;
    let services = server.handle.services();
    let mut tx = services.pool().begin().await.unwrap();
    let user = access::users(&mut tx).await.unwrap().pop().unwrap();
    access::set_password(
        &mut tx,
        services.now(),
        &Claims::command_line(),
        user.user_id,
        access::NewPassword {
            text: "correct-horse",
            keep: access::Keep::Nothing,
        },
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_password_lets_in_and_leads_only_to_pages_of_ours() {
    let server = TestServer::start().await;
    with_password(&server).await;
    let wrong = login(&server, "wrong-horse", "%2Fruns").await;
    assert_eq!(wrong.headers()["location"], "/login?error=password&next=%2Fruns");
    let right = login(&server, "correct-horse", "%2Fruns").await;
    assert_eq!(right.headers()["location"], "/runs");
    assert!(right.headers().get("set-cookie").is_some());
    let trap = login(&server, "correct-horse", "%2F%2Fevil.example").await;
    assert_eq!(trap.headers()["location"], "/");
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let server = TestServer::start().await;
    for _ in 0..10 {
        assert_eq!(login(&server, "guess", "").await.status(), 303);
    }
    let refused = login(&server, "guess", "").await;
    assert!(refused.headers().contains_key("retry-after"));
    let (status, problem) = answer(refused).await;
    assert_eq!((status, problem["code"].as_str()), (429, Some("too_many_tries")));
}

#[tokio::test]
async fn eleven_people_behind_one_address_log_in() {
    let server = TestServer::start().await;
    with_password(&server).await;
    for _ in 0..11 {
        let answer = login(&server, "correct-horse", "").await;
        assert_eq!(answer.headers()["location"], "/", "{answer:?}");
    }
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_of_its_person() {
    let server = TestServer::start().await;
    with_password(&server).await;
    let cookie = async || {
        let answer = login(&server, "correct-horse", "").await;
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
        cookie.split(';').next().unwrap().to_owned()
    };
    let (own, other) = (cookie().await, cookie().await);
    let change = server
        .client
        .post(server.url("/fn/change_password"))
        .header("origin", server.handle.url())
        .header("cookie", &own)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("new_password=another-horse&repeated=another-horse");
    let changed = change.send().await.unwrap();
    assert_eq!(changed.status(), 200, "{:?}", changed.text().await);
    let status = async |cookie: &str| {
        let read = server.client.get(server.url("/api/stats")).header("cookie", cookie);
        read.send().await.unwrap().status().as_u16()
    };
    assert_eq!((status(&own).await, status(&other).await), (200, 401));
}
