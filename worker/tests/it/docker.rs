//! Steps in containers, against an engine that speaks the Engine API.

use crate::{engine::FakeEngine, process::Process, stage::Stage};
use serde_json::{Value, json};
use std::sync::Arc;
use worker::{
    Handle, Worker,
    scratch::Scratch,
    steps::docker::{Docker, Engine},
};

fn with_docker(stage: &Stage, mut worker: Worker, address: &str, mounts: &[&str]) -> Worker {
    let docker = Docker {
        engine: Engine::at(address),
        allowed_mounts: mounts.iter().map(|text| text.parse().unwrap()).collect(),
        installation: stage.key.fingerprint(),
        scratch: Arc::new(Scratch::new(&stage.path("scratch")).unwrap()),
    };
    worker.kinds = worker.kinds.with("docker", docker);
    worker
}

async fn work(stage: &Stage, engine: &FakeEngine) -> Handle {
    let worker = with_docker(stage, stage.worker("w1"), &engine.address, &[]);
    worker.start().await.unwrap()
}

fn step(with: &Value) -> Value {
    json!([{"id": "box", "kind": "docker", "with": with}])
}

#[tokio::test]
async fn a_script_in_a_container_prints_leaves_files_and_output_and_is_removed() {
    let mut stage = Stage::new().await;
    let engine = FakeEngine::start(&["alpine:3.22"]);
    let _worker = work(&stage, &engine).await;
    let script = "echo \"hello $1\"; echo oops >&2; printf '# Hi' > $RUNBOARD_ARTIFACTS/report.md; \
        echo answer=42 >> $RUNBOARD_OUTPUT; ln -s /etc/passwd $RUNBOARD_ARTIFACTS/link";
    let run = stage
        .enqueue_with(
            step(&json!({"image": "alpine:3.22", "script": script, "args": ["{{ params.who }}"]})),
            json!({}),
            json!({"who": "$(id)"}),
        )
        .await;
    stage.ends(&run, "success").await;
    assert_eq!(stage.steps(&run, "output").await, r#"box {"answer": "42"}"#);
    let log = stage.log(&run).await;
    assert!(log.contains("hello $(id)") && log.contains("oops"), "{log}");
    assert!(log.contains("link is no regular file"), "{log}");
    let streams = "select string_agg(streams, '') from run_log_chunks";
    let streams = stage.db.value(streams).await;
    assert!(streams.contains('o') && streams.contains('e'), "{streams}");
    assert_eq!(
        stage.db.value("select name || ' ' || kind from artifacts").await,
        "report.md markdown"
    );
    assert_eq!(engine.count(), 0);
    assert!(engine.asked("/images/create").is_empty());
}

#[tokio::test]
async fn the_engine_is_asked_for_what_the_template_says_and_nothing_of_this_machine() {
    let mut stage = Stage::new().await;
    let engine = FakeEngine::start(&["alpine"]);
    let _worker = work(&stage, &engine).await;
    let run = stage
        .enqueue(step(&json!({
            "image": "alpine", "command": ["echo", "{{ run.attempt }}"], "env": {"NAME": "value"}, "user": "1000", "workdir": "/tmp",
            "cpus": 0.5, "memory_mib": 64, "pids": 20, "network": "bridge",
        })))
        .await;
    stage.ends(&run, "success").await;
    let body = engine.last_body();
    let host = &body["HostConfig"];
    assert_eq!(body["Cmd"], json!(["echo", "1"]));
    assert_eq!((&body["User"], &body["WorkingDir"]), (&json!("1000"), &json!("/tmp")));
    assert_eq!(host["NanoCpus"], 500_000_000);
    assert_eq!(
        (&host["Memory"], &host["MemorySwap"]),
        (&json!(67_108_864), &json!(67_108_864))
    );
    assert_eq!(
        (&host["PidsLimit"], &host["NetworkMode"]),
        (&json!(20), &json!("bridge"))
    );
    assert_eq!(host["SecurityOpt"], json!(["no-new-privileges:true"]));
    assert_eq!(host["Mounts"], json!([]));
    assert_eq!(body["Labels"]["runboard.run_id"], json!(run));
    assert_eq!(body["Labels"]["runboard.step"], "box");
    let names: Vec<&str> = body["Env"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry.as_str()?.split('=').next())
        .collect();
    assert_eq!(
        names,
        [
            "RUNBOARD_RUN_ID",
            "RUNBOARD_STEP",
            "RUNBOARD_ATTEMPT",
            "RUNBOARD_LEASE_SEQ",
            "RUNBOARD_ARTIFACTS",
            "RUNBOARD_OUTPUT",
            "NAME"
        ]
    );
}

#[tokio::test]
async fn an_image_is_fetched_when_it_is_missing_and_says_so_when_it_cannot_be() {
    let mut stage = Stage::new().await;
    let engine = FakeEngine::start(&[]);
    let _worker = work(&stage, &engine).await;
    let run = stage
        .enqueue(step(&json!({"image": "busybox", "command": ["true"]})))
        .await;
    stage.ends(&run, "success").await;
    let log = stage.log(&run).await;
    assert!(
        log.starts_with("Fetching busybox.\nlatest: Pulling from busybox\na1: Pull complete"),
        "{log}"
    );
    let run = stage.enqueue(step(&json!({"image": "missing/image:1"}))).await;
    let wanted = r#"failed {"code": "image_unavailable", "hint": "Check the name of the image"#;
    stage.ends(&run, wanted).await;
    let policy = json!({"max_attempts": 1});
    let broken = step(&json!({"image": "broken:1"}));
    let run = stage.enqueue_with(broken, policy, json!({})).await;
    stage.ends(&run, r#"failed {"code": "image_unavailable""#).await;
    let run = stage.enqueue(step(&json!({"image": "other:1", "pull": "never"}))).await;
    stage.ends(&run, r#"failed {"code": "image_missing""#).await;
    assert_eq!(engine.asked("fromImage=other").len(), 0);
}

#[tokio::test]
async fn what_goes_wrong_in_a_container_is_said_in_words() {
    let mut stage = Stage::new().await;
    let engine = FakeEngine::start(&["alpine"]);
    let _worker = work(&stage, &engine).await;
    let policy = json!({"max_attempts": 1});
    for (with, wanted) in [
        (
            json!({"image": "alpine", "script": "echo why >&2; exit 3"}),
            r#"failed {"code": "step_failed", "hint": "why", "step": "box", "message": "exit code 3"}"#,
        ),
        (
            json!({"image": "alpine", "script": "kill -9 $$", "memory_mib": 8}),
            r#"failed {"code": "out_of_memory", "hint": "Give the step more memory_mib"#,
        ),
        (
            json!({"image": "alpine", "command": ["/no/such/program"]}),
            r#"failed {"code": "docker_refused", "hint": "Check the command"#,
        ),
        (
            json!({"image": "alpine", "mounts": [{"source": "/etc", "target": "/host"}]}),
            r#"failed {"code": "mount_refused", "hint": "If the step should have it, an administrator starts the worker with --allow-mount /etc."#,
        ),
    ] {
        let run = stage.enqueue_with(step(&with), policy.clone(), json!({})).await;
        stage.ends(&run, wanted).await;
    }
    assert_eq!(engine.count(), 0);
}

#[tokio::test]
async fn a_mount_that_is_allowed_is_given_to_be_read() {
    let mut stage = Stage::new().await;
    let engine = FakeEngine::start(&["alpine"]);
    let allowed = stage.files.path().canonicalize().unwrap();
    let worker = with_docker(
        &stage,
        stage.worker("w1"),
        &engine.address,
        &[allowed.to_str().unwrap()],
    );
    let _worker = worker.start().await.unwrap();
    let mount = json!({"source": allowed, "target": "/data"});
    let run = stage
        .enqueue(step(&json!({"image": "alpine", "mounts": [mount]})))
        .await;
    stage.ends(&run, "success").await;
    let given = &engine.last_body()["HostConfig"]["Mounts"][0];
    assert_eq!((&given["Target"], &given["ReadOnly"]), (&json!("/data"), &json!(true)));
}

#[tokio::test]
async fn cancel_asks_a_container_to_end_and_keeps_what_it_has_left() {
    let mut stage = Stage::new().await;
    let engine = FakeEngine::start(&["alpine"]);
    let _worker = work(&stage, &engine).await;
    let script = "trap 'echo bye; exit 0' TERM; printf part > $RUNBOARD_ARTIFACTS/part.txt; echo ready > \"$1\"; \
        while true; do sleep 0.02; done";
    let with = json!({"image": "alpine", "script": script, "args": [stage.path("ready")]});
    let run = stage.enqueue(step(&with)).await;
    stage.file("ready").await;
    stage.db.execute(&format!("select cancel_run('{run}')")).await;
    stage.ends(&run, "canceled").await;
    assert_eq!(engine.asked("kill").len(), 1, "{:?}", engine.asked("kill"));
    assert!(stage.log(&run).await.contains("bye"));
    assert_eq!(stage.db.value("select name from artifacts").await, "part.txt");
    assert_eq!(engine.count(), 0);
}

#[tokio::test]
async fn a_container_that_does_not_listen_is_killed_when_its_time_is_over() {
    let mut stage = Stage::new().await;
    let engine = FakeEngine::start(&["alpine"]);
    let _worker = work(&stage, &engine).await;
    let with = json!({"image": "alpine", "script": "trap '' TERM; while true; do sleep 0.02; done"});
    let steps = json!([{"id": "box", "kind": "docker", "with": with, "timeout_seconds": 1}]);
    let run = stage.enqueue_with(steps, json!({"max_attempts": 1}), json!({})).await;
    stage.ends(&run, r#"failed {"code": "timeout""#).await;
    let signals: Vec<String> = engine
        .asked("kill?")
        .iter()
        .map(|line| line[line.len() - 4..].to_owned())
        .collect();
    assert_eq!(signals, ["TERM", "KILL"]);
    assert_eq!(engine.count(), 0);
}

#[tokio::test]
async fn what_dead_workers_left_is_removed_and_nothing_else() {
    let mut stage = Stage::new().await;
    let engine = FakeEngine::start(&["alpine"]);
    let labels = |installation: &str| {
        json!({
            "runboard.installation": installation, "runboard.run_id": "run_20260101_000000_aaaaaaaa",
            "runboard.lease_seq": "7", "runboard.step": "box",
        })
    };
    engine.leave("ours", &labels(&stage.key.fingerprint()));
    engine.leave("foreign", &labels("another"));
    engine.leave("unknown", &json!({"app": "shop"}));
    let _worker = work(&stage, &engine).await;
    let began = std::time::Instant::now();
    while engine.count() > 2 {
        assert!(began.elapsed().as_secs() < 30, "{:?}", engine.ids());
        tokio::task::yield_now().await;
    }
    assert_eq!(engine.ids(), ["foreign", "unknown"]);
    let run = stage.enqueue(step(&json!({"image": "alpine", "script": "true"}))).await;
    stage.ends(&run, "success").await;
}

#[tokio::test]
async fn a_killed_worker_leaves_a_container_that_the_next_attempt_removes() {
    let mut stage = Stage::new().await;
    let engine = FakeEngine::start(&["alpine"]);
    let mut worker = Process::start_with(&stage, "p1", &[("RUNBOARD_DOCKER_HOST", &engine.address)]);
    let with = json!({"image": "alpine", "args": [stage.path("ready")],
        "script": "[ $RUNBOARD_ATTEMPT -ge 2 ] || { echo $$ > \"$1\"; sleep 300; }"});
    let policy = json!({"backoff": {"initial_seconds": 0.01}});
    let run = stage.enqueue_with(step(&with), policy, json!({})).await;
    let pid = stage.file("ready").await;
    worker.kill();
    assert_eq!(engine.count(), 1);
    stage.db.advance(chrono::Duration::seconds(60)).await;
    let _next = Process::start_with(&stage, "p2", &[("RUNBOARD_DOCKER_HOST", &engine.address)]);
    crate::stage::all_end(&pid).await;
    stage.ends(&run, "success").await;
    assert_eq!(engine.count(), 0);
}

#[tokio::test]
async fn without_an_engine_the_error_names_what_is_missing() {
    let mut stage = Stage::new().await;
    let address = format!("unix://{}", stage.path("no.sock").display());
    let _worker = with_docker(&stage, stage.worker("w1"), &address, &[])
        .start()
        .await
        .unwrap();
    let policy = json!({"max_attempts": 1});
    let run = stage
        .enqueue_with(step(&json!({"image": "alpine"})), policy, json!({}))
        .await;
    stage
        .ends(
            &run,
            r#"failed {"code": "no_docker_engine", "hint": "Start Docker there"#,
        )
        .await;
}

#[tokio::test]
async fn secrets_are_masked_in_what_a_container_prints_and_leaves() {
    let mut stage = Stage::new().await;
    let engine = FakeEngine::start(&["alpine"]);
    let _worker = work(&stage, &engine).await;
    stage.secret("TOKEN", "hunter2-hunter2").await;
    let script = "echo \"$T\"; echo \"token=$T\" >> $RUNBOARD_OUTPUT; echo \"$T\" > $RUNBOARD_ARTIFACTS/t.txt";
    let with = json!({"image": "alpine", "script": script, "env": {"T": "{{ secrets.TOKEN }}"}});
    let run = stage.enqueue(step(&with)).await;
    stage.ends(&run, "success").await;
    assert_eq!(stage.steps(&run, "output").await, r#"box {"token": "***"}"#);
    stage.shows_nowhere("hunter2").await;
}
