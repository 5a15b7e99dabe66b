//! What steps do: order, outputs, failures, tries, files, secrets, floods.

use crate::stage::Stage;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use worker::{
    log::LogLimits,
    steps::{StepContext, StepError, StepKindHandler},
};

fn shell(id: &str, script: &str) -> Value {
    json!({"id": id, "kind": "shell", "with": {"script": script}})
}

#[tokio::test]
async fn a_run_goes_through_its_steps_and_hands_outputs_on() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let run = stage
        .enqueue_with(
            json!([
                {"id": "first", "title": "First step", "kind": "shell", "with": {
                    "script": "echo \"hello $1\"; echo oops >&2; echo count=3 >> $RUNBOARD_OUTPUT",
                    "args": ["{{ params.name }}"],
                }},
                {"id": "second", "kind": "shell", "with": {
                    "script": "echo \"got $COUNT in attempt $RUNBOARD_ATTEMPT of $RUNBOARD_RUN_ID\"; echo '{\"list\": [1, 2]}' >> $RUNBOARD_OUTPUT",
                    "env": {"COUNT": "{{ steps.first.output.count }}"},
                }},
            ]),
            json!({}),
            json!({"name": "wörld"}),
        )
        .await;
    stage.ends(&run, "success").await;
    let log = stage.log(&run).await;
    assert!(log.contains("hello wörld") && log.contains("oops"), "{log}");
    assert!(log.ends_with(&format!("got 3 in attempt 1 of {run}")), "{log}");
    assert_eq!(stage.steps(&run, "status").await, "first success, second success");
    assert_eq!(
        stage.events(&run).await,
        "queued claimed step_started step_finished step_started step_finished success"
    );
    let result = stage
        .db
        .value(&format!("select result from runs where run_id = '{run}'"))
        .await;
    let result: Value = serde_json::from_str(&result).unwrap();
    assert_eq!(
        result,
        json!({"steps": {"first": "success", "second": "success"}, "output": {"list": [1, 2]}})
    );
    let streams = stage
        .db
        .value(&format!(
            "select string_agg(streams, '' order by seq) from run_log_chunks where run_id = '{run}'"
        ))
        .await;
    assert_eq!(streams.matches('o').count(), 2);
    assert_eq!(streams.matches('e').count(), 1);
}

#[tokio::test]
async fn a_script_that_fails_fails_the_run_with_its_last_words() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let run = stage
        .enqueue(json!([
            shell("one", "echo before; echo 'disk is full' >&2; exit 3"),
            shell("two", "echo never")
        ]))
        .await;
    stage
        .ends(
            &run,
            r#"failed {"code": "step_failed", "hint": "disk is full", "step": "one", "message": "exit code 3"}"#,
        )
        .await;
    assert_eq!(stage.steps(&run, "status").await, "one failed");
    assert_eq!(
        stage
            .db
            .value(&format!("select reason from runs where run_id = '{run}'"))
            .await,
        "step_failed"
    );
    let trace = stage
        .db
        .value(&format!("select error ->> 'trace_id' from runs where run_id = '{run}'"))
        .await;
    assert!(trace.starts_with(run.rsplit('_').next().unwrap()), "{trace}");
}

#[tokio::test]
async fn a_step_is_tried_again_until_it_succeeds() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let marks = stage.path("marks");
    let mut step = shell("flaky", "echo x >> \"$1\"; [ $(wc -l < \"$1\") -ge 3 ]");
    step["with"]["args"] = json!([marks]);
    step["retry"] = json!({"max_attempts": 4, "backoff": {"initial_seconds": 0.01}});
    let run = stage.enqueue(json!([step])).await;
    stage.ends(&run, "success").await;
    assert_eq!(stage.steps(&run, "try").await, "flaky 3");
    assert_eq!(
        stage.events(&run).await,
        "queued claimed step_started step_failed step_started step_failed step_started step_finished success"
    );
}

#[tokio::test]
async fn a_second_attempt_goes_on_where_the_first_failed() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let marks = stage.path("marks");
    let mut first = shell("first", "echo first >> \"$1\"; echo id=7 >> $RUNBOARD_OUTPUT");
    let mut second = shell("second", "echo second $ID >> \"$1\"; [ $RUNBOARD_ATTEMPT -ge 2 ]");
    first["with"]["args"] = json!([marks]);
    second["with"]["args"] = json!([marks]);
    second["with"]["env"] = json!({"ID": "{{ steps.first.output.id }}"});
    let policy = json!({"max_attempts": 2, "backoff": {"initial_seconds": 0.01}});
    let run = stage.enqueue_with(json!([first, second]), policy, json!({})).await;
    stage.ends(&run, "success").await;
    assert_eq!(std::fs::read_to_string(marks).unwrap(), "first\nsecond 7\nsecond 7\n");
    assert_eq!(
        stage.steps(&run, "status").await,
        "first success, second failed, second success"
    );
    assert!(stage.events(&run).await.contains("retry_scheduled claimed resumed"));
}

#[tokio::test]
async fn a_step_that_takes_too_long_is_ended_with_everything_it_started() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let mut step = shell("slow", "sleep 300 & echo $! $$ > \"$1\"; echo waiting; wait");
    step["with"]["args"] = json!([stage.path("pids")]);
    step["timeout_seconds"] = json!(1);
    let run = stage.enqueue(json!([step])).await;
    let pids = stage.file("pids").await;
    stage.ends(&run, r#"failed {"code": "timeout""#).await;
    crate::stage::all_end(&pids).await;
    assert_eq!(stage.log(&run).await, "waiting");
}

#[tokio::test]
async fn an_attempt_whose_time_is_over_ends_and_may_come_again() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let policy = json!({"timeout_seconds": 1, "max_attempts": 2, "backoff": {"initial_seconds": 0.01}});
    let steps = json!([shell("slow", "[ $RUNBOARD_ATTEMPT -ge 2 ] || sleep 300")]);
    let run = stage.enqueue_with(steps, policy, json!({})).await;
    stage.ends(&run, "success").await;
    let first = stage
        .db
        .value(&format!(
            "select error ->> 'code' from run_attempts where run_id = '{run}' and attempt = 1"
        ))
        .await;
    assert_eq!(first, "timeout");
}

#[tokio::test]
async fn conditions_skip_steps_and_tolerated_failures_do_not_end_the_run() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let run = stage
        .enqueue_with(
            json!([
                {"id": "maybe", "kind": "shell", "if": "params.deep", "with": {"script": "false"}},
                {"id": "broken", "kind": "shell", "with": {"script": "exit 1"}, "on_failure": "continue"},
                {"id": "last", "kind": "shell", "if": "steps.broken.status == 'failed'", "with": {
                    "script": "echo \"$STATES\"", "env": {"STATES": "{{ steps.maybe.status }} {{ steps.broken.status }}"},
                }},
            ]),
            json!({}),
            json!({"deep": false}),
        )
        .await;
    stage.ends(&run, "success").await;
    assert_eq!(stage.log(&run).await, "skipped failed");
    assert_eq!(
        stage.steps(&run, "status").await,
        "maybe skipped, broken failed, last success"
    );
}

#[tokio::test]
async fn steps_that_do_not_need_each_other_run_at_the_same_time() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    // Each waits for the other: one after the other they would never end.
    let meet = |id: &str, mine: &str, other: &str| {
        json!({"id": id, "kind": "shell", "needs": [], "timeout_seconds": 20, "with": {
            "script": "echo here > \"$1\"; until [ -s \"$2\" ]; do sleep 0.02; done",
            "args": [stage.path(mine), stage.path(other)],
        }})
    };
    let steps = json!([
        meet("left", "l", "r"), meet("right", "r", "l"),
        {"id": "both", "kind": "shell", "needs": ["left", "right"], "with": {"script": "echo met"}},
    ]);
    let run = stage.enqueue(steps).await;
    stage.ends(&run, "success").await;
    assert_eq!(stage.log(&run).await, "met");
}

#[tokio::test]
async fn a_failure_ends_the_steps_beside_it() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let steps = json!([
        {"id": "long", "kind": "shell", "needs": [], "with": {"script": "echo $$ > \"$1\"; sleep 300", "args": [stage.path("pids")]}},
        {"id": "broken", "kind": "shell", "needs": [], "with": {
            "script": "until [ -s \"$1\" ]; do sleep 0.02; done; exit 1", "args": [stage.path("pids")],
        }},
    ]);
    let run = stage.enqueue(steps).await;
    stage.ends(&run, r#"failed {"code": "step_failed""#).await;
    assert_eq!(stage.steps(&run, "status").await, "long canceled, broken failed");
    crate::stage::all_end(&stage.file("pids").await).await;
}

#[tokio::test]
async fn files_of_a_step_become_artifacts() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let script = "cd $RUNBOARD_ARTIFACTS; mkdir sub; printf '# Hi' > report.md; echo '{}' > sub/data.json; \
        ln -s /etc/passwd link";
    let run = stage.enqueue(json!([shell("a", script)])).await;
    stage.ends(&run, "success").await;
    let sql = format!(
        "select string_agg(name || ' ' || kind || ' ' || size_bytes || ' ' || encode(inline, 'escape'), ', ' order by name) from artifacts where run_id = '{run}'"
    );
    assert_eq!(
        stage.db.value(&sql).await,
        "report.md markdown 4 # Hi, sub/data.json json 3 {}\n"
    );
    let log = stage.log(&run).await;
    assert!(log.contains("link is no regular file"), "{log}");
}

#[tokio::test]
async fn a_secret_reaches_its_step_and_is_seen_nowhere() {
    let mut stage = Stage::new().await;
    stage.secret("TOKEN", "hunter2-hunter2").await;
    let _worker = stage.work().await;
    let script = "[ ${#TOKEN} = 15 ]; echo \"a $TOKEN\"; printf 'x%s' $TOKEN | base64 >&2; \
        echo \"t=$TOKEN\" >> $RUNBOARD_OUTPUT; echo \"$TOKEN\" > $RUNBOARD_ARTIFACTS/t.txt; echo \"$TOKEN\" >&2; exit 5";
    let run = stage
        .enqueue(
            json!([{"id": "a", "kind": "shell", "with": {"script": script, "env": {"TOKEN": "{{ secrets.TOKEN }}"}}}]),
        )
        .await;
    stage
        .ends(&run, r#"failed {"code": "step_failed", "hint": "***""#)
        .await;
    assert!(stage.log(&run).await.starts_with("a ***\n"));
    stage.shows_nowhere("hunter2|aHVudGVy|h1bnRlc|odW50ZX").await;
    assert_eq!(
        stage
            .db
            .value("select string_agg(encode(inline, 'escape'), '') from artifacts")
            .await,
        "***\n"
    );
}

#[tokio::test]
async fn a_secret_that_does_not_exist_fails_its_step() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let step = json!({"id": "a", "kind": "shell", "with": {"script": "true", "env": {"T": "{{ secrets.NONE }}"}}});
    let run = stage.enqueue(json!([step])).await;
    stage.ends(&run, r#"failed {"code": "missing_secret""#).await;
}

#[tokio::test]
async fn of_a_flood_the_head_and_the_end_are_kept() {
    let mut stage = Stage::new().await;
    let mut worker = stage.worker("w1");
    worker.config.log_limits = LogLimits {
        head_bytes: 64 * 1024,
        tail_bytes: 8 * 1024,
    };
    let _worker = worker.start().await.unwrap();
    let run = stage
        .enqueue(json!([shell(
            "a",
            "seq 1 200000; head -c 100000 /dev/zero | tr '\\0' z"
        )]))
        .await;
    stage.ends(&run, "success").await;
    let log = stage.log(&run).await;
    assert!(log.starts_with("1\n2\n3\n"));
    assert!(log.len() < 80 * 1024, "{}", log.len());
    assert!(log.contains("from here on only its end is kept") && log.contains("are left out here"));
    assert!(stage.events(&run).await.contains("log_truncated"));
    let count = stage
        .db
        .value(&format!("select log_line_count from runs where run_id = '{run}'"))
        .await;
    assert_eq!(count, log.split('\n').count().to_string());
}

#[tokio::test]
async fn the_environment_of_a_script_holds_nothing_of_its_worker() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let run = stage
        .enqueue(json!([shell(
            "a",
            "env | cut -d= -f1 | sort | tr '\\n' ' '; echo; [ \"$HOME\" = \"$PWD\" ]; ls -A"
        )]))
        .await;
    stage.ends(&run, "success").await;
    let log = stage.log(&run).await;
    let names: Vec<&str> = log.split_whitespace().collect();
    let allowed = [
        "HOME",
        "LANG",
        "PATH",
        "TZ",
        "PWD",
        "OLDPWD",
        "SHLVL",
        "_",
        "RUNBOARD_ARTIFACTS",
        "RUNBOARD_ATTEMPT",
        "RUNBOARD_LEASE_SEQ",
        "RUNBOARD_OUTPUT",
        "RUNBOARD_RUN_ID",
        "RUNBOARD_STEP",
    ];
    assert!(names.iter().all(|name| allowed.contains(name)), "{log}");
}

/// A kind of step that only this test knows.
struct Noop;

impl StepKindHandler for Noop {
    fn run<'a>(&'a self, step: StepContext<'a>) -> BoxFuture<'a, Result<Value, StepError>> {
        Box::pin(async move { Ok(step.with.get("say").cloned().unwrap_or_default()) })
    }
}

#[tokio::test]
async fn a_worker_serves_kinds_that_templates_do_not_know() {
    let mut stage = Stage::new().await;
    let mut worker = stage.worker("w1");
    worker.kinds = worker.kinds.with("noop", Noop);
    let _worker = worker.start().await.unwrap();
    stage
        .db
        .execute(
            r#"insert into run_templates (slug, title, lane, latest_version) values ('noop', 'Noop', 'A', 1);
               insert into run_template_versions (slug, version, definition, source)
               values ('noop', 1, '{"version": 1, "slug": "noop", "title": "Noop", "steps": [{"id": "a", "kind": "noop", "with": {"say": "hi"}}]}', '')"#,
        )
        .await;
    let run = stage.enqueue_saved("noop", json!({})).await;
    stage.ends(&run, "success").await;
    assert_eq!(stage.steps(&run, "output").await, r#"a "hi""#);
}

#[tokio::test]
async fn an_output_that_no_later_step_can_read_is_an_error_of_the_step() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let later =
        json!({"id": "b", "kind": "shell", "with": {"script": "true", "env": {"X": "{{ steps.a.output.missing }}"}}});
    let run = stage.enqueue(json!([shell("a", "true"), later])).await;
    stage.ends(&run, r#"failed {"code": "invalid_input""#).await;
    let message = stage
        .db
        .value(&format!("select error ->> 'message' from runs where run_id = '{run}'"))
        .await;
    assert!(message.contains("steps.a.output.missing has no value"), "{message}");
}
