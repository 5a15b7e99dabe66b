//! Secrets over HTTP: they go in and never come out.

use crate::client::TestServer;
use domain::Role;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_secret_goes_in_is_listed_by_name_and_forgotten_with_a_row_in_the_audit_log_each() {
    let server = TestServer::start().await;
    let admin = server.token(Role::Admin).await;
    let put =
        |name: &'static str, value: &'static str| server.call(&admin, Method::PUT, name, Some(json!({"value": value})));
    assert_eq!(put("/api/secrets/TOKEN", "hunter2-hunter2").await.status(), 204);
    assert_eq!(put("/api/secrets/TOKEN", "hunter3-hunter3").await.status(), 204);
    assert_eq!(put("/api/secrets/2FA", "hunter2-hunter2").await.status(), 422);
    assert_eq!(put("/api/secrets/SHORT", "abc").await.status(), 422);
    let (status, list) = server.get(&admin, "/api/secrets").await;
    assert_eq!((status, &list["items"][0]["name"]), (200, &json!("TOKEN")));
    assert!(!list.to_string().contains("hunter"), "{list}");
    let delete = || server.call(&admin, Method::DELETE, "/api/secrets/TOKEN", None);
    assert_eq!(delete().await.status(), 204);
    assert_eq!(delete().await.status(), 404);
    assert_eq!(
        server.db.value("select string_agg(verb || ' ' || object_id, ', ' order by at) from audit_log where object_kind = 'secret'").await,
        "put_secret TOKEN, put_secret TOKEN, delete_secret TOKEN"
    );
    let seen = "select count(*) from (select t::text as row from secrets as t union all select a::text from audit_log as a) as s where row like '%hunter%'";
    assert_eq!(server.db.value(seen).await, "0");
}
