//! A cancel halts the worker's process and keeps what was made until then.

use domain::Role;
use runboard_tests::{
    pause,
    site::Site,
    web::{ServerProcess, client, token},
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_over_http_halts_the_work_says_so_and_keeps_partial_artifacts() {
    let site = Site::new().await;
    let folder = site.folder().display().to_string();
    site.template(
        "half",
        json!([
            {"id": "first", "kind": "shell", "with": {"script": "echo whole > \"$RUNBOARD_ARTIFACTS/whole.txt\""}},
            {"id": "second", "kind": "shell", "with": {"script": format!(
                "echo half > \"$RUNBOARD_ARTIFACTS/half.txt\"; echo begun; touch {folder}/begun; while true; do date +%s%N > {folder}/alive; sleep 0.05; done")}},
            {"id": "third", "kind": "shell", "with": {"script": format!("touch {folder}/never")}},
        ]),
        json!({}),
    )
    .await;
    let watch = site.watch().await;
    let _fleet = site.fleet(2);
    let server = ServerProcess::start(&site, site.db.url(), None).await;
    let token = token(&site, Role::Operator).await;
    site.enqueue("half", 1, 0.0).await;
    site.enqueue("work", 20, 0.1).await;
    while !site.folder().join("begun").exists() {
        pause(20).await;
    }
    let run = site
        .ask("select run_id from public.runs where template_slug = 'half'")
        .await;
    site.fault();
    let answer = client()
        .post(server.url("/runs.cancel"))
        .bearer_auth(&token)
        .json(&json!({"run_id": run, "reason": "seen enough"}))
        .send()
        .await
        .expect("an answer");
    assert!(answer.status().is_success(), "{}", answer.status());
    site.settle().await;

    let last = std::fs::read_to_string(site.folder().join("alive")).unwrap_or_default();
    pause(300).await;
    assert_eq!(
        std::fs::read_to_string(site.folder().join("alive")).unwrap_or_default(),
        last,
        "the work goes on"
    );
    assert!(!site.folder().join("never").exists(), "the next step began");
    let told = async |sql: &str| site.ask(&sql.replace("RUN", &run)).await;
    assert_eq!(
        told("select string_agg(name, ' ' order by name) from public.artifacts where run_id = 'RUN'").await,
        "half.txt whole.txt"
    );
    assert_eq!(
        told("select string_agg(kind, ' ' order by seq) from public.run_events where run_id = 'RUN' and lease_seq = 0 and kind like 'cancel%'").await,
        "cancel_requested canceled"
    );
    assert_eq!(
        told("select string_agg(step || ' ' || status, ', ' order by position) from public.run_steps where run_id = 'RUN'").await,
        "first success, second canceled"
    );
    let report = site.conclude("cancel over HTTP", 21, watch).await;
    assert_eq!(report.outcomes, "canceled 1 + success 20");
}
