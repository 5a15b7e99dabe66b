//! The templates of the demo do what they say.

use crate::stage::Stage;
use axum::{Router, routing::get};
use runs::demo::TEMPLATES;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use worker::steps::api::{Api, NetworkPolicy};

/// Small numbers: the work is the same, there is less of it.
fn params(slug: &str, url: &str) -> Value {
    match slug {
        "healthcheck" | "link-check" => json!({"url": url}),
        "log-digest" => json!({"batches": 2, "seed": 7}),
        "nightly-report" => json!({"rounds": 1}),
        "backup-rehearsal" => json!({"files": 2}),
        other => panic!("what does {other} need?"),
    }
}

#[tokio::test]
async fn every_demo_template_succeeds_and_leaves_a_report() {
    let mut stage = Stage::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/healthz", get(|| async { "ok" }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut worker = stage.worker("w1");
    worker.config.slots = TEMPLATES.len();
    worker.kinds = worker.kinds.with(
        "api",
        Api::new(NetworkPolicy {
            allow_private: true,
            allowed: Vec::new(),
        }),
    );
    let _worker = worker.start().await.unwrap();

    let url = format!("http://{address}/healthz");
    let mut runs = Vec::new();
    for source in TEMPLATES {
        let slug = runs::template::parse(source).unwrap().slug;
        let run = stage.enqueue_source(source, params(&slug, &url)).await;
        runs.push((slug, run));
    }
    for (slug, run) in runs {
        stage.ends(&run, "success").await;
        let left = format!("select count(*) from artifacts where run_id = '{run}' and kind = 'markdown'");
        let wanted = if slug == "link-check" { "0" } else { "1" };
        assert_eq!(stage.db.value(&left).await, wanted, "{slug}");
        let broken = format!("select count(*) from run_steps where run_id = '{run}' and status <> 'success'");
        assert_eq!(stage.db.value(&broken).await, "0", "{slug}\n{}", stage.log(&run).await);
    }
}
