//! The live stream as a browser hears it.

use crate::client::TestServer;
use domain::Role;
use futures::StreamExt;
use serde_json::{Value, json};
use std::{pin::Pin, time::Duration};
use tokio::time::timeout;

/// One event of a stream.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) data: Value,
}

/// An open stream.
pub(crate) struct Stream {
    chunks: Pin<Box<dyn futures::Stream<Item = reqwest::Result<bytes::Bytes>> + Send>>,
    text: String,
}

impl Stream {
    pub(crate) async fn open(server: &TestServer, token: &str, query: &str) -> Self {
        let response = server
            .client
            .get(server.url(&format!("/live?{query}")))
            .bearer_auth(token)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        Self {
            chunks: Box::pin(response.bytes_stream()),
            text: String::new(),
        }
    }

    /// The next event; `None` when the stream ended.
    pub(crate) async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    event
                        .lines()
                        .find_map(|line| line.strip_prefix(name))
                        .unwrap_or_default()
                        .to_owned()
                };
                if !event.starts_with(':') {
                    let data = serde_json::from_str(&field("data: ")).unwrap();
                    return Some(Heard {
                        id: field("id: "),
                        name: field("event: "),
                        data,
                    });
                }
                continue;
            }
            let chunk = timeout(Duration::from_secs(10), self.chunks.next())
                .await
                .expect("something is heard in time")?;
            self.text.push_str(std::str::from_utf8(&chunk.ok()?).unwrap());
        }
    }

    /// The next event of this name.
    pub(crate) async fn until(&mut self, name: &str) -> Heard {
        loop {
            let heard = self.next().await.expect("the stream goes on");
            if heard.name == name {
                return heard;
            }
        }
    }

    /// The next event that holds this run.
    async fn until_run(&mut self, run_id: &str) -> Heard {
        loop {
            let heard = self.until("run").await;
            if heard.data["rows"]
                .as_array()
                .unwrap()
                .iter()
                .any(|row| row["id"] == run_id)
            {
                return heard;
            }
        }
    }
}

async fn create(server: &TestServer, token: &str) -> String {
    let (status, run) = server
        .post(
            token,
            "/runs.create",
            json!({"template": "greet", "params": {"name": "Ada"}}),
        )
        .await;
    assert_eq!(status, 201, "{run}");
    run["run_id"].as_str().unwrap().to_owned()
}

async fn ready() -> (TestServer, String) {
    let server = TestServer::start().await;
    server.save_template("greet").await;
    let token = server.token(Role::Operator).await;
    (server, token)
}

#[tokio::test]
async fn a_listener_gets_the_board_and_then_what_changes() {
    let (server, token) = ready().await;
    let mut stream = Stream::open(&server, &token, "topics=board").await;
    let hello = stream.next().await.unwrap();
    assert_eq!(hello.name, "hello");
    assert_eq!(hello.data["build"], app::boot::build());
    let lanes = stream.until("lane").await;
    assert_eq!(lanes.data["rows"].as_array().unwrap().len(), 4);
    stream.until("worker").await;
    let run_id = create(&server, &token).await;
    let heard = stream.until_run(&run_id).await;
    assert!(!heard.id.is_empty());
    assert_eq!(stream.until("lane").await.data["rows"][0]["queued"], 1);
}

#[tokio::test]
async fn who_joins_later_gets_the_present_state_at_once() {
    let (server, token) = ready().await;
    let run_id = create(&server, &token).await;
    let mut first = Stream::open(&server, &token, "topics=board").await;
    first.until_run(&run_id).await;
    let mut second = Stream::open(&server, &token, "topics=board").await;
    second.until_run(&run_id).await;
}

#[tokio::test]
async fn who_comes_back_hears_what_was_missed_once_and_in_order() {
    let (server, token) = ready().await;
    // Somebody listens all the time, so that the server keeps reading.
    let mut other = Stream::open(&server, &token, "topics=board").await;
    other.until("worker").await;
    let before = create(&server, &token).await;
    let last = other.until_run(&before).await.id;
    let missed = create(&server, &token).await;
    other.until_run(&missed).await;
    let mut stream = Stream::open(&server, &token, &format!("topics=board&since={last}")).await;
    assert_eq!(stream.next().await.unwrap().name, "hello");
    let seq = |id: &str| id.split('-').nth(1).unwrap().parse::<i64>().unwrap();
    let mut expected = seq(&last) + 1;
    loop {
        let heard = stream.next().await.unwrap();
        assert_eq!(
            seq(&heard.id),
            expected,
            "nothing is skipped, nothing comes twice: {heard:?}"
        );
        expected += 1;
        if heard.name == "run" && heard.data["rows"][0]["id"] == missed.as_str() {
            break;
        }
    }
}

#[tokio::test]
async fn who_comes_back_to_another_life_of_the_server_is_told() {
    let (server, token) = ready().await;
    let mut stream = Stream::open(&server, &token, "topics=board&since=0badcafe-17").await;
    assert_eq!(stream.next().await.unwrap().name, "hello");
    assert_eq!(stream.next().await.unwrap().name, "gap");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_run_and_its_log_are_heard_by_those_who_opened_it() {
    let (server, token) = ready().await;
    let run_id = create(&server, &token).await;
    let mut stream = Stream::open(&server, &token, &format!("topics=run:{run_id},log:{run_id}")).await;
    let detail = stream.until("detail").await;
    assert_eq!(detail.data["run"]["status"], "queued");
    let mut worker = crate::api::Worker::claim(&server).await;
    let detail = stream.until("detail").await;
    assert_eq!(detail.data["run"]["status"], "running");
    worker.print("hello from the step").await;
    let log = stream.until("log").await;
    assert_eq!(log.data["chunks"][0]["lines"], "hello from the step");
    worker.complete().await;
    while stream.until("detail").await.data["run"]["status"] != "success" {}
}

#[tokio::test]
async fn what_is_no_topic_is_refused() {
    let (server, token) = ready().await;
    let (status, problem) = server.get(&token, "/live?topics=bord").await;
    assert_eq!((status, problem["field"].as_str()), (422, Some("topics")));
}
