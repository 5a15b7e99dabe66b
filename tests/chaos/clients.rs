//! A hundred clients at once with one wish: each mode of the key keeps its promise over HTTP.

use domain::Role;
use futures::future::join_all;
use reqwest::Client;
use runboard_tests::{
    fleet::Launch,
    site::Site,
    web::{ServerProcess, token},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

struct Crowd {
    site: Site,
    server: ServerProcess,
    token: String,
    client: Client,
}

impl Crowd {
    async fn gather() -> Self {
        let site = Site::new().await;
        let token = token(&site, Role::Operator).await;
        let server = ServerProcess::start(&site, site.db.url(), None).await;
        let _ = runboard_tests::web::client();
        let client = Client::builder()
            .timeout(Duration::from_secs(30))
            .build()
            .expect("a client");
        Self {
            site,
            server,
            token,
            client,
        }
    }

    /// A hundred requests at once: how often each status was answered, and the runs that were named.
    async fn ask(
        &self,
        path: &str,
        headers: &[(&'static str, &str)],
        body: &Value,
    ) -> (BTreeMap<u16, usize>, Vec<String>) {
        let answers = join_all((0..100).map(|_| async {
            let mut request = self.client.post(self.server.url(path)).bearer_auth(&self.token);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = request.json(body).send().await.expect("an answer");
            let status = answer.status().as_u16();
            let body: Value = answer.json().await.expect("JSON");
            (status, body["run_id"].as_str().map(str::to_owned))
        }))
        .await;
        let mut statuses = BTreeMap::new();
        for (status, _) in &answers {
            *statuses.entry(*status).or_default() += 1;
        }
        let mut runs: Vec<String> = answers.into_iter().filter_map(|(_, run)| run).collect();
        runs.sort();
        runs.dedup();
        (statuses, runs)
    }
}

fn work() -> Value {
    json!({"template": "work", "params": {"seconds": "0"}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_clients_in_mode_return_get_the_same_run() {
    let crowd = Crowd::gather().await;
    let headers = [("idempotency-key", "one"), ("idempotency-mode", "return")];
    let (statuses, runs) = crowd.ask("/runs.create", &headers, &work()).await;
    assert_eq!(statuses, BTreeMap::from([(200, 99), (201, 1)]));
    assert_eq!(runs.len(), 1);
    assert_eq!(crowd.site.ask("select count(*) from public.runs").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_clients_in_mode_reject_make_one_run_and_99_are_told() {
    let crowd = Crowd::gather().await;
    let headers = [("idempotency-key", "one"), ("idempotency-mode", "reject")];
    let (statuses, runs) = crowd.ask("/runs.create", &headers, &work()).await;
    assert_eq!(statuses, BTreeMap::from([(201, 1), (409, 99)]));
    assert_eq!(runs.len(), 1);
    assert_eq!(crowd.site.ask("select count(*) from public.runs").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_clients_in_mode_replace_leave_one_run_to_be_done() {
    let crowd = Crowd::gather().await;
    let watch = crowd.site.watch().await;
    let headers = [("idempotency-key", "one"), ("idempotency-mode", "replace")];
    let (statuses, runs) = crowd.ask("/runs.create", &headers, &work()).await;
    assert_eq!(statuses, BTreeMap::from([(201, 100)]));
    assert_eq!(runs.len(), 100);
    let _worker = crowd.site.worker(&Launch::named("w1"));
    crowd.site.settle().await;
    let report = crowd.site.conclude("a hundred replacing clients", 100, watch).await;
    assert_eq!(report.outcomes, "canceled 99 + success 1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_equal_clicks_coalesce_into_one_run() {
    let crowd = Crowd::gather().await;
    let click = json!({
        "action": "template.run",
        "options": {"template": "work", "params": {"seconds": "0"}, "lane": null, "priority": null},
        "requested_by": {"ui": "apps_script", "user_email": "pm@example.com"},
    });
    let (statuses, runs) = crowd.ask("/actions/run", &[], &click).await;
    assert_eq!(statuses, BTreeMap::from([(200, 99), (201, 1)]));
    assert_eq!(runs.len(), 1);
    assert_eq!(crowd.site.ask("select count(*) from public.runs").await, "1");
}
