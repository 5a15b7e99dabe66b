//! Tools of a real MCP server, over both transports.

use crate::{
    mcp_server::{command, serve_http},
    stage::{Stage, all_end},
};
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use worker::{
    Handle,
    scratch::Scratch,
    steps::{NetworkPolicy, mcp::Mcp},
};

async fn work(stage: &Stage, allowed: &[String]) -> Handle {
    let policy = NetworkPolicy {
        allow_private: false,
        allowed: allowed.iter().map(|text| text.parse().unwrap()).collect(),
    };
    let scratch = Arc::new(Scratch::new(&stage.path("scratch")).unwrap());
    let mut worker = stage.worker("w1");
    worker.kinds = worker.kinds.with("mcp", Mcp::new(policy, scratch));
    worker.start().await.unwrap()
}

/// A run of one call that is tried once.
async fn call(stage: &Stage, server: &Value, tool: &str, arguments: Value) -> String {
    let with = json!({"server": server, "tool": tool, "arguments": arguments, "timeout_seconds": 20});
    let steps = json!([{"id": "ask", "kind": "mcp", "with": with}]);
    stage
        .enqueue_with(steps, json!({"max_attempts": 1}), json!({"who": "you"}))
        .await
}

async fn output(stage: &Stage, run: &str) -> Value {
    let text = stage.steps(run, "output").await;
    serde_json::from_str(text.strip_prefix("ask ").unwrap()).unwrap()
}

#[tokio::test]
async fn a_tool_is_called_over_both_transports_with_the_same_result() {
    let mut stage = Stage::new().await;
    let address = serve_http(stage.files.path().to_owned()).await;
    let _worker = work(&stage, &[address.to_string()]).await;
    for server in [command(), json!({"url": format!("http://{address}/mcp")})] {
        let run = call(&stage, &server, "add", json!({"a": 1, "b": 2})).await;
        stage.ends(&run, "success").await;
        let key = format!("{run}/ask");
        assert_eq!(output(&stage, &run).await, json!({"sum": 3, "key": key}));

        let run = call(&stage, &server, "draw", json!({})).await;
        stage.ends(&run, "success").await;
        assert_eq!(
            output(&stage, &run).await,
            json!({"text": "a picture", "truncated": false})
        );
        let left =
            format!("select string_agg(name || ' ' || kind, ', ' order by name) from artifacts where run_id = '{run}'");
        assert_eq!(stage.db.value(&left).await, "image-2.png image, note.md markdown");

        let run = call(&stage, &server, "count", json!({})).await;
        stage.ends(&run, "success").await;
        let log = stage.log(&run).await;
        assert!(log.contains("1 of 3: part 1\n2 of 3: part 2\n3 of 3: part 3"), "{log}");
        let progress = format!("select progress from runs where run_id = '{run}'");
        let progress: Value = serde_json::from_str(&stage.db.value(&progress).await).unwrap();
        assert_eq!(progress, json!({"done": 3, "total": 3, "message": "part 3"}));
    }
}

#[tokio::test]
async fn what_a_tool_says_against_it_is_said_in_its_words() {
    let mut stage = Stage::new().await;
    let _worker = work(&stage, &[]).await;
    for (tool, wanted) in [
        ("fail", r#""message": "fail failed: no such city"}"#),
        ("refuse", r#""message": "the server refused: city is missing"}"#),
        (
            "weather",
            r#"{"code": "unknown_tool", "hint": "It has add, count, die, draw, echo, environment, fail, refuse, sleep.""#,
        ),
        ("die", r#"{"code": "mcp_unavailable", "hint": "out of luck""#),
    ] {
        let run = call(&stage, &command(), tool, json!({})).await;
        stage.ends(&run, "failed").await;
        let error = format!("select error - 'trace_id' from runs where run_id = '{run}'");
        let error = stage.db.value(&error).await;
        assert!(error.contains(wanted), "{tool}: {error}");
    }
    let missing = json!({"command": "/no/such/server"});
    let run = call(&stage, &missing, "add", json!({})).await;
    stage.ends(&run, r#"failed {"code": "mcp_unavailable""#).await;
}

#[tokio::test]
async fn a_server_gets_its_own_environment_and_nothing_of_the_worker() {
    let mut stage = Stage::new().await;
    let _worker = work(&stage, &[]).await;
    let run = call(&stage, &command(), "environment", json!({})).await;
    stage.ends(&run, "success").await;
    let output = output(&stage, &run).await;
    assert_eq!(output["greeting"], "hello you");
    let names: Vec<&str> = output["names"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    // The shell adds three of its own.
    let known = [
        "GREETING",
        "HOME",
        "LANG",
        "MCP_TEST_SERVER",
        "OLDPWD",
        "PATH",
        "PWD",
        "SHLVL",
        "TZ",
        "_",
    ];
    let strange: Vec<&&str> = names
        .iter()
        .filter(|name| !known.contains(name) && !name.starts_with("RUNBOARD_"))
        .collect();
    assert!(strange.is_empty(), "{strange:?}");
}

#[tokio::test]
async fn cancel_tells_the_server_and_ends_its_processes() {
    let mut stage = Stage::new().await;
    let address = serve_http(stage.files.path().to_owned()).await;
    let _worker = work(&stage, &[address.to_string()]).await;
    let mut program = command();
    program["env"]["FILES"] = json!(stage.files.path());
    for server in [program, json!({"url": format!("http://{address}/mcp")})] {
        for name in ["sleeping", "cancelled"] {
            let _ = std::fs::remove_file(stage.path(name));
        }
        let run = call(&stage, &server, "sleep", json!({})).await;
        let pid = stage.file("sleeping").await;
        stage.db.execute(&format!("select cancel_run('{run}')")).await;
        stage.ends(&run, "canceled").await;
        assert_eq!(stage.file("cancelled").await, "yes\n");
        if server.get("command").is_some() {
            all_end(&pid).await;
        }
    }
}

#[tokio::test]
async fn a_silent_server_is_given_up_after_its_time() {
    let mut stage = Stage::new().await;
    let _worker = work(&stage, &[]).await;
    let mut server = command();
    server["env"]["FILES"] = json!(stage.files.path());
    let with = json!({"server": server, "tool": "sleep", "timeout_seconds": 2});
    let steps = json!([{"id": "ask", "kind": "mcp", "with": with}]);
    let run = stage
        .enqueue_with(steps, json!({"max_attempts": 1}), json!({"who": "you"}))
        .await;
    stage
        .ends(
            &run,
            r#"failed {"code": "timeout", "hint": "Give the server a longer timeout_seconds"#,
        )
        .await;
    all_end(&stage.file("sleeping").await).await;
}

#[tokio::test]
async fn an_address_in_a_private_network_is_refused_unless_allowed() {
    let mut stage = Stage::new().await;
    let address = serve_http(stage.files.path().to_owned()).await;
    let _worker = work(&stage, &[]).await;
    let server = json!({"url": format!("http://{address}/mcp")});
    let run = call(&stage, &server, "add", json!({})).await;
    stage.ends(&run, r#"failed {"code": "address_refused""#).await;
}

#[tokio::test]
async fn secrets_are_masked_in_what_a_tool_answers() {
    let mut stage = Stage::new().await;
    stage.secret("TOKEN", "hunter2-hunter2").await;
    let _worker = work(&stage, &[]).await;
    let run = call(&stage, &command(), "echo", json!({"text": "it is {{ secrets.TOKEN }}"})).await;
    stage.ends(&run, "success").await;
    assert_eq!(output(&stage, &run).await["text"], "it is ***");
    stage.shows_nowhere("hunter2").await;
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    const PART: usize = 1024 * 1024;
    let mut stage = Stage::new().await;
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let answer = move || {
        let counted = Arc::clone(&counted);
        let parts = futures::stream::repeat_with(move || {
            counted.fetch_add(PART, Ordering::Relaxed);
            Ok::<_, std::convert::Infallible>(vec![b' '; PART])
        });
        async {
            (
                [("content-type", "application/json")],
                axum::body::Body::from_stream(parts),
            )
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = axum::Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let _worker = work(&stage, &[address.to_string()]).await;
    let run = call(
        &stage,
        &json!({"url": format!("http://{address}/mcp")}),
        "add",
        json!({}),
    )
    .await;
    stage.ends(&run, r#"failed {"code": "mcp_unavailable""#).await;
    assert!(sent.load(Ordering::Relaxed) < 200 * PART);
}
