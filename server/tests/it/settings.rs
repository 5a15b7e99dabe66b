//! The pages of the settings as a browser without any script sees them.

use crate::client::TestServer;
use domain::Role;
use reqwest::{Response, header};

const FORM: &str = "application/x-www-form-urlencoded";
const PAGES: [&str; 6] = ["users", "tokens", "secrets", "lanes", "system", "connections"];

/// Sends a form as a browser does, and answers where it leads and with which cookie.
async fn send(server: &TestServer, cookie: &str, action: &str, fields: &[(&str, &str)]) -> Response {
    let request = server
        .client
        .post(server.url(action))
        .header("cookie", cookie)
        .header("origin", server.handle.url())
        .header("accept", "text/html")
        .header("referer", server.url("/settings/tokens"))
        .header("content-type", FORM)
        .body(encoded(fields));
    request.send().await.unwrap()
}

fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

async fn page(server: &TestServer, cookie: &str, path: &str) -> (u16, Vec<String>, String) {
    let request = server.client.get(server.url(path)).header("cookie", cookie);
    let response = request.send().await.unwrap();
    let cookies = cookies(&response);
    (response.status().as_u16(), cookies, response.text().await.unwrap())
}

fn cookies(response: &Response) -> Vec<String> {
    let all = response.headers().get_all(header::SET_COOKIE);
    all.iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

/// `name=value` of the cookie that carries what is shown once.
fn carried(cookies: &[String]) -> Option<&str> {
    let cookie = cookies.iter().find(|cookie| cookie.starts_with("runboard_once="))?;
    cookie.split(';').next()
}

#[tokio::test]
async fn a_token_is_shown_once_and_stands_in_no_address() {
    let server = TestServer::start().await;
    let browser = server.browser().await;
    let fields = [
        ("name", "ci"),
        ("role", "viewer"),
        ("actions[]", "template.run"),
        ("actions[]", "runs.bulk"),
    ];
    let made = send(&server, &browser, "/fn/create_token", &fields).await;
    assert!(made.status().is_redirection(), "{}", made.status());
    let back = made.headers()["location"].to_str().unwrap();
    assert_eq!(back.trim_end_matches('?'), server.url("/settings/tokens"));
    let set = cookies(&made);
    assert!(
        set.iter()
            .any(|cookie| cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict")),
        "{set:?}"
    );
    let carried = carried(&set).unwrap();

    let both = format!("{browser}; {carried}");
    let (status, taken, html) = page(&server, &both, "/settings/tokens").await;
    assert!(status == 200 && html.contains("not shown again"), "{html}");
    let (_, rest) = html.split_once("id=\"once-text\"").unwrap();
    let (_, rest) = rest.split_once("value=\"").unwrap();
    let (token, _) = rest.split_once('"').unwrap();
    assert!(token.starts_with("rb_") && !carried.contains(token), "{token}");
    assert_eq!(server.get(token, "/api/lanes").await.0, 200);
    assert!(html.contains("actions template.run, runs.bulk"), "{html}");
    assert!(taken.iter().any(|cookie| cookie.contains("Max-Age=0")), "{taken:?}");
    let (.., html) = page(&server, &both, "/settings/users").await;
    assert!(!html.contains("not shown again"), "it is for one page");
    let (.., html) = page(&server, &browser, "/settings/tokens").await;
    assert!(!html.contains("not shown again"));
}

#[tokio::test]
async fn a_refusal_comes_back_on_top_of_the_page() {
    let server = TestServer::start().await;
    let browser = server.browser().await;
    let fields = [("name", " "), ("role", "viewer")];
    let refused = send(&server, &browser, "/fn/create_token", &fields).await;
    let back = refused.headers()["location"].to_str().unwrap().to_owned();
    assert!(carried(&cookies(&refused)).is_none());
    let (.., html) = page(&server, &browser, back.trim_start_matches(server.handle.url())).await;
    assert!(html.contains("A name has 1 to 200 characters."), "{html}");
}

#[tokio::test]
async fn every_page_is_drawn_for_admins_and_for_nobody_below() {
    let server = TestServer::start().await;
    let browser = server.browser().await;
    for name in PAGES {
        let (status, _, html) = page(&server, &browser, &format!("/settings/{name}")).await;
        assert!(
            status == 200 && html.contains("aria-label=\"Settings\""),
            "{name}: {status}"
        );
    }
    let operator = server.token(Role::Operator).await;
    for name in PAGES {
        let request = server.client.get(server.url(&format!("/settings/{name}")));
        let status = request.bearer_auth(&operator).send().await.unwrap().status();
        assert_eq!(status.as_u16(), if name == "lanes" { 200 } else { 403 }, "{name}");
    }
}

#[tokio::test]
async fn what_admins_change_nobody_below_changes() {
    let server = TestServer::start().await;
    let operator = server.token(Role::Operator).await;
    let nobody = "00000000-0000-0000-0000-000000000000";
    let forms: [(&str, &[(&str, &str)]); 13] = [
        ("invite_user", &[("email", "eve@example.org"), ("role", "admin")]),
        ("make_login_link", &[("user_id", nobody)]),
        ("change_role", &[("user_id", nobody), ("role", "admin")]),
        ("disable_user", &[("user_id", nobody), ("disabled", "true")]),
        ("create_token", &[("name", "mine"), ("role", "admin")]),
        ("rotate_token", &[("token_id", nobody), ("name", "x")]),
        ("revoke_token", &[("token_id", nobody)]),
        ("put_secret", &[("name", "NAME"), ("value", "a value")]),
        ("delete_secret", &[("name", "NAME")]),
        ("save_lane", &[("name", "MINE"), ("title", "Mine")]),
        ("delete_lane", &[("name", "A")]),
        ("save_settings", &[("n[lease]", "30000")]),
        ("run_retention", &[]),
    ];
    for (name, fields) in forms {
        let request = server
            .client
            .post(server.url(&format!("/fn/{name}")))
            .body(encoded(fields));
        let request = request
            .header("content-type", FORM)
            .header("accept", "application/json");
        let request = request.bearer_auth(&operator);
        let response = request.send().await.unwrap();
        assert_eq!(
            response.status().as_u16(),
            403,
            "{name}: {}",
            response.text().await.unwrap()
        );
    }
}
