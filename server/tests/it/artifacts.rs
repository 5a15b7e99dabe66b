//! Artifacts over HTTP: brought by a worker, read whole and in part, shared, compared.

use crate::{
    client::{TestServer, answer},
    remote::{claim, register, save, start},
};
use domain::Role;
use reqwest::{Method, Response};
use runs::artifacts::Object;
use serde_json::{Value, json};

const LARGE: usize = 5 * 1024 * 1024;

fn pattern() -> Vec<u8> {
    (0..LARGE).map(|at| (at % 251) as u8).collect()
}

/// A run that a worker of the answered token holds.
async fn held(server: &TestServer) -> (String, Value) {
    save(server, "leaves", "true", json!({})).await;
    start(server, "leaves").await;
    let token = server.token(Role::Worker).await;
    let worker = register(server, &token).await;
    let run = claim(server, &token, &worker).await;
    (token, run)
}

fn upload_of(run: &Value, object: &Object) -> Value {
    json!({"run_id": run["run_id"], "lease_seq": run["lease_seq"], "sha256": object.sha256, "size_bytes": object.size_bytes})
}

/// Asks for an address and brings `bytes` to it.
async fn bring(server: &TestServer, token: &str, run: &Value, object: &Object, bytes: Vec<u8>) -> (u16, Value) {
    let (status, place) = server.post(token, "/artifacts.upload", upload_of(run, object)).await;
    assert_eq!(status, 200, "{place}");
    let url = place["upload_url"].as_str().unwrap();
    answer(server.client.put(url).body(bytes).send().await.unwrap()).await
}

async fn put(server: &TestServer, token: &str, run: &Value, fields: Value) -> String {
    let mut item = json!({"run_id": run["run_id"], "lease_seq": run["lease_seq"], "kind": "file", "step": "say"});
    for (name, value) in fields.as_object().unwrap() {
        item[name] = value.clone();
    }
    let (status, told) = server.post(token, "/artifacts.put", json!({"items": [item]})).await;
    assert_eq!(status, 200, "{told}");
    told["items"][0]["outcome"].as_str().unwrap().to_owned()
}

/// An artifact of `bytes` that a worker brought, by id.
async fn brought(server: &TestServer, bytes: &[u8], fields: Value) -> String {
    let (token, run) = held(server).await;
    let object = Object::of(bytes);
    let (status, told) = bring(server, &token, &run, &object, bytes.to_vec()).await;
    assert_eq!(status, 201, "{told}");
    let mut fields = fields;
    fields["sha256"] = json!(object.sha256);
    fields["size_bytes"] = json!(object.size_bytes);
    assert_eq!(put(server, &token, &run, fields).await, "ok");
    server
        .db
        .value("select artifact_id from artifacts order by created_at desc limit 1")
        .await
}

async fn read(server: &TestServer, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = server
        .client
        .get(server.url(path))
        .bearer_auth(server.token(Role::Viewer).await);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_large_artifact_comes_in_and_goes_out_whole_and_in_part() {
    let server = TestServer::start().await;
    let bytes = pattern();
    let tag = format!("\"{}\"", Object::of(&bytes).sha256);
    let id = brought(&server, &bytes, json!({"name": "a.html", "content_type": "text/html"})).await;
    let path = format!("/api/artifacts/{id}/content");

    let whole = read(&server, &path, &[]).await;
    assert_eq!(whole.status(), 200);
    assert_eq!(header(&whole, "etag"), tag);
    assert_eq!(header(&whole, "content-length"), LARGE.to_string());
    assert_eq!(header(&whole, "content-type"), "application/octet-stream");
    assert_eq!(
        header(&whole, "content-disposition"),
        "attachment; filename*=UTF-8''a.html"
    );
    assert_eq!(header(&whole, "x-content-type-options"), "nosniff");
    assert_eq!(header(&whole, "content-security-policy"), "default-src 'none'; sandbox");
    assert!(whole.bytes().await.unwrap() == bytes);

    let part = read(&server, &path, &[("range", "bytes=5242870-")]).await;
    assert_eq!(part.status(), 206);
    assert_eq!(header(&part, "content-range"), "bytes 5242870-5242879/5242880");
    assert_eq!(part.bytes().await.unwrap(), &bytes[LARGE - 10..]);
    let beyond = read(&server, &path, &[("range", "bytes=5242880-")]).await;
    assert_eq!(
        (beyond.status().as_u16(), header(&beyond, "content-range")),
        (416, "bytes */5242880")
    );
    assert_eq!(read(&server, &path, &[("if-none-match", &tag)]).await.status(), 304);
}

#[tokio::test]
async fn an_inline_artifact_is_read_in_part_too() {
    let server = TestServer::start().await;
    let (token, run) = held(&server).await;
    let fields = json!({"name": "a.txt", "content_type": "text/plain", "content_base64": "aGVsbG8gd29ybGQ="});
    assert_eq!(put(&server, &token, &run, fields).await, "ok");
    let id = server.db.value("select artifact_id from artifacts").await;
    let part = read(
        &server,
        &format!("/api/artifacts/{id}/content"),
        &[("range", "bytes=6-")],
    )
    .await;
    assert_eq!(header(&part, "content-disposition"), "inline; filename*=UTF-8''a.txt");
    assert_eq!(part.text().await.unwrap(), "world");
}

#[tokio::test]
async fn bytes_that_were_not_announced_or_not_brought_are_refused() {
    let server = TestServer::start().await;
    let (token, run) = held(&server).await;
    let bytes = vec![b'x'; 100_000];
    let object = Object::of(&bytes);
    let unbrought = json!({"name": "a", "sha256": object.sha256, "size_bytes": object.size_bytes});
    assert_eq!(put(&server, &token, &run, unbrought.clone()).await, "refused");

    let mut other = bytes.clone();
    other[500] = b'y';
    let (status, told) = bring(&server, &token, &run, &object, other).await;
    assert_eq!((status, &told["code"]), (422, &json!("not_as_announced")), "{told}");
    let (status, told) = bring(&server, &token, &run, &object, bytes[1..].to_vec()).await;
    assert_eq!((status, &told["code"]), (422, &json!("invalid")), "{told}");
    assert_eq!(put(&server, &token, &run, unbrought).await, "refused");

    let too_large = json!({"run_id": run["run_id"], "lease_seq": run["lease_seq"], "sha256": object.sha256, "size_bytes": 1_u64 << 40});
    let (status, told) = server.post(&token, "/artifacts.upload", too_large).await;
    assert_eq!((status, &told["code"]), (422, &json!("artifact_too_large")), "{told}");
    let (_, place) = server.post(&token, "/artifacts.upload", upload_of(&run, &object)).await;
    let url = place["upload_url"].as_str().unwrap();
    let (status, told) = answer(server.client.put(format!("{url}x")).body(bytes).send().await.unwrap()).await;
    assert_eq!((status, &told["code"]), (404, &json!("invalid_link")), "{told}");
}

#[tokio::test]
async fn a_lost_lease_or_a_stranger_can_bring_nothing() {
    let server = TestServer::start().await;
    let (token, run) = held(&server).await;
    let bytes = vec![b'x'; 100_000];
    let object = Object::of(&bytes);
    let stranger = server.token(Role::Worker).await;
    let (status, told) = server
        .post(&stranger, "/artifacts.upload", upload_of(&run, &object))
        .await;
    assert_eq!((status, &told["code"]), (409, &json!("lease_lost")), "{told}");
    let (_, place) = server.post(&token, "/artifacts.upload", upload_of(&run, &object)).await;
    server.db.execute("delete from runboard_internal.run_leases").await;
    let url = place["upload_url"].as_str().unwrap();
    let (status, told) = answer(server.client.put(url).body(bytes).send().await.unwrap()).await;
    assert_eq!((status, &told["code"]), (409, &json!("lease_lost")), "{told}");
    let fields = json!({"name": "a", "sha256": object.sha256, "size_bytes": object.size_bytes});
    assert_eq!(put(&server, &token, &run, fields).await, "lost");
}

#[tokio::test]
async fn bytes_with_a_secret_of_the_run_are_refused() {
    let server = TestServer::start().await;
    let admin = server.token(Role::Admin).await;
    let put = server.call(
        &admin,
        Method::PUT,
        "/api/secrets/TOKEN",
        Some(json!({"value": "hunter2-hunter2"})),
    );
    assert_eq!(put.await.status(), 204);
    save(&server, "leaves", "true", json!({"T": "{{ secrets.TOKEN }}"})).await;
    start(&server, "leaves").await;
    let token = server.token(Role::Worker).await;
    let worker = register(&server, &token).await;
    let run = claim(&server, &token, &worker).await;
    let bytes = [vec![b'x'; 100_000], b"hunter2-hunter2".to_vec()].concat();
    let (status, told) = bring(&server, &token, &run, &Object::of(&bytes), bytes).await;
    assert_eq!((status, &told["code"]), (422, &json!("secret_in_artifact")), "{told}");
}

#[tokio::test]
async fn a_link_opens_its_artifact_without_a_login_and_stands_in_the_audit_log() {
    let server = TestServer::start().await;
    let bytes = vec![b'x'; 100_000];
    let id = brought(&server, &bytes, json!({"name": "a.bin"})).await;
    let operator = server.token(Role::Operator).await;
    let path = format!("/api/artifacts/{id}/link");
    let (status, link) = server.post(&operator, &path, json!({"expires_seconds": 60})).await;
    assert_eq!(status, 201, "{link}");
    let url = link["url"].as_str().unwrap();
    let opened = server.client.get(url).send().await.unwrap();
    assert_eq!(opened.status(), 200);
    assert!(opened.bytes().await.unwrap() == bytes);
    let forged = answer(server.client.get(format!("{url}A")).send().await.unwrap()).await;
    assert_eq!((forged.0, &forged.1["code"]), (404, &json!("invalid_link")));
    for seconds in [0, -1, 10_000_000] {
        assert_eq!(
            server
                .post(&operator, &path, json!({"expires_seconds": seconds}))
                .await
                .0,
            422
        );
    }
    assert_eq!(
        server
            .db
            .value("select verb || ' ' || object_id from audit_log where verb = 'share_artifact'")
            .await,
        format!("share_artifact {id}")
    );
}

#[tokio::test]
async fn two_artifacts_are_compared_with_the_one_before_by_default() {
    let server = TestServer::start().await;
    let first = brought(
        &server,
        br#"{"b": 1, "a": 2}"#,
        json!({"name": "out.json", "kind": "json"}),
    )
    .await;
    let second = brought(
        &server,
        br#"{"a": 3, "b": 1}"#,
        json!({"name": "out.json", "kind": "json"}),
    )
    .await;
    let viewer = server.token(Role::Viewer).await;
    let (status, diff) = server.get(&viewer, &format!("/api/artifacts/{second}/diff")).await;
    assert_eq!(status, 200, "{diff}");
    assert_eq!((&diff["against"], &diff["format"]), (&json!(first), &json!("json")));
    assert_eq!((&diff["added_count"], &diff["removed_count"]), (&json!(1), &json!(1)));
    assert!(
        diff["unified"]
            .as_str()
            .unwrap()
            .contains("-  \"a\": 2,\n+  \"a\": 3,\n"),
        "{diff}"
    );
    let (_, same) = server
        .get(&viewer, &format!("/api/artifacts/{second}/diff?against={second}"))
        .await;
    assert_eq!(same["is_same"], true);
    assert_eq!(
        server.get(&viewer, &format!("/api/artifacts/{first}/diff")).await.0,
        404
    );
    assert_eq!(
        server
            .get(&viewer, &format!("/api/artifacts/{first}/diff?against=x"))
            .await
            .0,
        422
    );
}

#[tokio::test]
async fn a_store_that_does_not_answer_holds_no_connections() {
    let server = TestServer::start().await;
    let bytes = pattern();
    let id = brought(&server, &bytes, json!({"name": "pattern.bin"})).await;
    let sha256 = Object::of(&bytes).sha256;
    let file = server
        .data_dir
        .path()
        .join("artifacts/artifacts")
        .join(&sha256[..2])
        .join(&sha256);
    std::fs::remove_file(&file).unwrap();
    // Who opens it waits until somebody writes.
    let made = std::process::Command::new("mkfifo").arg(&file).status().unwrap();
    assert!(made.success());
    let token = server.token(Role::Viewer).await;
    let downloads: Vec<_> = (0..25)
        .map(|_| {
            let url = server.url(&format!("/api/artifacts/{id}/content"));
            tokio::spawn(server.client.get(url).bearer_auth(&token).send())
        })
        .collect();
    let begun = std::time::Instant::now();
    let free = async || {
        let (status, _) = server.get(&token, "/api/stats").await;
        status
    };
    for _ in 0..10 {
        assert_eq!(free().await, 200);
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(5));
    assert!(downloads.iter().all(|download| !download.is_finished()));
    // Lets go of the threads that wait.
    drop(std::fs::File::options().read(true).write(true).open(&file).unwrap());
    for download in downloads {
        let _ = download.await;
    }
}
