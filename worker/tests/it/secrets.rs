//! A secret pushed through every output of a worker is found in none of them.

use crate::stage::Stage;
use futures::future::BoxFuture;
use runs::actions::{ActionCall, ActionFailure, ActionHandler, Handlers};
use serde_json::{Value, json};
use worker::steps::action::Action;

/// Two lines, with letters that JSON and addresses escape.
const SECRET: &str = "säcret \"hunter2hunter2\"/+\\\nsecond-line-hunter2hunter2";
/// Its core as it is and in base64 at each offset, and letters of the rest that nothing else here has.
const TRACES: &str =
    "hunter2hunter2|aHVudGVyMmh1bnRlcj|h1bnRlcjJodW50ZXIy|odW50ZXIyaHVudGVyM|s(ä|\\\\u00e4|%C3%A4)cret";

const SCRIPT: &str = r#"
    LINE=$(printf '%s' "$TOKEN" | head -n 1)
    half=$((${#LINE} / 2))
    echo "plain $TOKEN end"; echo "error $LINE" >&2
    printf 'split %s' "${LINE:0:$half}"; sleep 0.5; printf '%s end\n' "${LINE:$half}"
    for pad in x xy xyz; do printf '%s%s' $pad "$LINE" | base64 -w 0; echo; done
    python3 -c 'import json, os; t = os.environ["TOKEN"]; print(json.dumps({"t": t})); print(json.dumps(t, ensure_ascii=False)); print(json.dumps(json.dumps(t)[1:-1]))' | head -n 2
    python3 -c 'import os, urllib.parse as u; print(u.quote(os.environ["TOKEN"], safe=""), u.quote_plus(os.environ["TOKEN"]))'
    # A line longer than a line of the log, with the secret across its cut, and a chunk full of them.
    python3 -c 'import os; t = os.environ["TOKEN"].split("\n")[0]; print("y" * (16 * 1024 - 7) + t); print((t + " ") * 3000)'
    python3 -c 'import json, os; print(json.dumps({"token": os.environ["TOKEN"], os.environ["TOKEN"]: 1}))' >> "$RUNBOARD_OUTPUT"
    cd "$RUNBOARD_ARTIFACTS"
    printf '%s' "$TOKEN" > small.txt; printf '%s' "$TOKEN" | base64 -w 0 > small.b64
    (head -c 262130 /dev/zero | tr '\0' x; printf '%s\n' "$LINE"; head -c 70000 /dev/zero; printf '%s' "$LINE") > large.log
    (head -c 100000 /dev/zero; printf '%s' "$TOKEN") > large.bin
    : > "second-line-hunter2hunter2.txt"
"#;

/// Says a secret in every way an action can.
struct Talker;

impl ActionHandler for Talker {
    fn run<'a>(&'a self, call: ActionCall<'a>) -> BoxFuture<'a, Result<Value, ActionFailure>> {
        Box::pin(async move {
            let token = call.options["params"]["token"].as_str().unwrap_or_default();
            assert!(token.contains("hunter2hunter2"));
            call.voice.log(token).await;
            call.voice.event("test", token.to_owned(), Some(json!({token: token})));
            call.voice.progress(1, Some(2), token);
            Err(ActionFailure::new("test_failed", token).hint(token))
        })
    }
}

/// Every row of every table in which the secret can be seen, but the table of secrets itself.
async fn seen(stage: &Stage) -> String {
    let tables = stage
        .db
        .value(
            "select string_agg(format('%I.%I', n.nspname, c.relname), ' ') from pg_class as c
             join pg_namespace as n on n.oid = c.relnamespace
             where n.nspname in ('public', 'runboard_internal') and c.relkind in ('r', 'p') and not c.relispartition
               and c.relname not in ('secrets', 'run_template_versions')",
        )
        .await;
    let mut seen = String::new();
    for table in tables.split(' ') {
        let sql =
            format!("select string_agg(left(t::text, 2000), E'\\n') from {table} as t where t::text ~ '{TRACES}'");
        let rows = stage.db.value(&sql).await;
        if !rows.is_empty() {
            seen += &[table, ": ", &rows, "\n"].concat();
        }
    }
    let sql = format!("select string_agg(name, ' ') from artifacts where encode(inline, 'escape') ~ '{TRACES}'");
    seen + &stage.db.value(&sql).await
}

/// Files of the store in which the secret can be seen.
fn seen_in_files(directory: &std::path::Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        if entry.path().is_dir() {
            found.extend(seen_in_files(&entry.path()));
        } else {
            let text = String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned();
            if text.contains("hunter2hunter2") || text.contains("cret \"") {
                found.push(entry.path().display().to_string());
            }
        }
    }
    found
}

#[tokio::test]
async fn a_secret_is_found_in_no_log_event_output_artifact_result_or_error() {
    let mut stage = Stage::new().await;
    stage.secret("TOKEN", SECRET).await;
    let _worker = stage.work().await;
    let env = json!({"TOKEN": "{{ secrets.TOKEN }}"});
    let speak = |id: &str, script: &str| json!({"id": id, "kind": "shell", "with": {"script": script, "env": env}});
    let run = stage.enqueue(json!([speak("a", SCRIPT)])).await;
    stage.ends(&run, "success").await;
    let failing = format!("{SCRIPT}\nprintf 'last words %s\\n' \"$LINE\" >&2; exit 3");
    let run = stage.enqueue(json!([speak("a", &failing)])).await;
    stage
        .ends(&run, r#"failed {"code": "step_failed", "hint": "last words ***"#)
        .await;
    assert_eq!(
        stage
            .db
            .value("select count(*) from artifacts where storage_url is not null")
            .await,
        "4"
    );
    assert_eq!(seen(&stage).await, "");
    assert_eq!(seen_in_files(&stage.path("store")), Vec::<String>::new());
}

#[tokio::test]
async fn an_action_that_says_a_secret_says_stars() {
    let mut stage = Stage::new().await;
    stage.secret("TOKEN", SECRET).await;
    let mut worker = stage.worker("w1");
    worker.kinds = worker
        .kinds
        .with("action", Action::new(Handlers::builtin().with("template.run", Talker)));
    let _worker = worker.start().await.unwrap();
    let with =
        json!({"action": "template.run", "options": {"template": "test", "params": {"token": "{{ secrets.TOKEN }}"}}});
    let run = stage
        .enqueue(json!([{"id": "a", "kind": "action", "with": with}]))
        .await;
    stage.ends(&run, "failed").await;
    assert_eq!(seen(&stage).await, "");
    assert!(stage.log(&run).await.contains("***"));
}
