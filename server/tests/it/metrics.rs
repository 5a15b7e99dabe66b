//! `/metrics`, read as strictly as Prometheus reads it.

use crate::{
    api::{Worker, create, ready},
    client::TestServer,
};
use std::collections::{BTreeMap, BTreeSet};

/// A family: its type, and its samples by name and labels.
#[derive(Debug, Default)]
struct Family {
    kind: String,
    samples: BTreeMap<String, f64>,
}

/// Reads the text format 0.0.4: each family once and whole, its HELP and TYPE before its samples.
fn parse(text: &str) -> BTreeMap<String, Family> {
    assert!(text.ends_with('\n'), "the last line has an end");
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let mut helped = BTreeSet::new();
    let mut current = String::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, meaning) = help.split_once(' ').expect("HELP has a name and words");
            assert!(meaning.ends_with('.'), "{line}");
            assert!(helped.insert(name.to_owned()), "HELP twice: {line}");
        } else if let Some(of) = line.strip_prefix("# TYPE ") {
            let (name, kind) = of.split_once(' ').expect("TYPE has a name and a type");
            assert!(helped.contains(name), "no HELP: {line}");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            let family = Family {
                kind: kind.to_owned(),
                samples: BTreeMap::new(),
            };
            assert!(families.insert(name.to_owned(), family).is_none(), "TYPE twice: {line}");
            name.clone_into(&mut current);
        } else {
            let (series, value) = line.rsplit_once(' ').expect("a sample has a value");
            let name = series.split('{').next().expect("split gives a first part");
            let of = match families.get(&current).map(|family| family.kind.as_str()) {
                Some("histogram") => ["_bucket", "_sum", "_count"]
                    .iter()
                    .find_map(|end| name.strip_suffix(end)),
                _ => Some(name),
            };
            assert_eq!(of, Some(current.as_str()), "a sample outside its family: {line}");
            check_labels(&series[name.len()..]);
            let value: f64 = value.parse().unwrap_or_else(|_| panic!("no number: {line}"));
            let family = families.get_mut(&current).expect("it was just looked at");
            assert!(
                family.samples.insert(series.to_owned(), value).is_none(),
                "twice: {line}"
            );
        }
    }
    families
}

/// `{name="value",…}` or nothing; values escape quotes, backslashes and line ends.
fn check_labels(labels: &str) {
    if labels.is_empty() {
        return;
    }
    let mut rest = labels
        .strip_prefix('{')
        .and_then(|inner| inner.strip_suffix('}'))
        .expect("braces");
    let mut seen = BTreeSet::new();
    while !rest.is_empty() {
        let (name, quoted) = rest.split_once("=\"").unwrap_or_else(|| panic!("a label: {labels}"));
        assert!(
            name.chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '_'),
            "{labels}"
        );
        assert!(seen.insert(name.to_owned()), "a label twice: {labels}");
        let mut escaped = false;
        let end = quoted
            .find(|letter| {
                let ends = letter == '"' && !escaped;
                escaped = letter == '\\' && !escaped;
                ends
            })
            .unwrap_or_else(|| panic!("a value without an end: {labels}"));
        rest = &quoted[end + 1..];
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
}

async fn scrape(server: &TestServer, token: &str) -> BTreeMap<String, Family> {
    let (_, text) = server.get(token, "/metrics").await;
    parse(text.as_str().unwrap())
}

#[tokio::test]
async fn metrics_tell_requests_by_route_and_the_queue_by_lane() {
    let (server, token) = ready().await;
    create(&server, &token).await;
    let families = scrape(&server, &token).await;
    let runs = &families["runboard_runs"].samples;
    assert!(
        runs.contains_key("runboard_runs{lane=\"B\",status=\"queued\"}"),
        "{runs:?}"
    );
    let requests = &families["runboard_http_requests_total"].samples;
    assert!(
        requests
            .keys()
            .any(|series| series.contains("route=\"/runs.create\",status=\"201\"")),
        "{requests:?}"
    );
    let workers = &families["runboard_workers"].samples;
    assert!(workers.contains_key("runboard_workers{state=\"fresh\"}"), "{workers:?}");
}

#[tokio::test]
async fn every_meter_has_a_meaning_a_type_and_a_name_that_says_its_unit() {
    let (server, token) = ready().await;
    create(&server, &token).await;
    for (name, family) in scrape(&server, &token).await {
        assert!(name.starts_with("runboard_"), "{name}");
        assert_eq!(
            name.ends_with("_total"),
            family.kind == "counter",
            "{name} is a {}",
            family.kind
        );
        for unit in ["_ms", "_millis", "_milliseconds", "_minutes", "_kb", "_percent"] {
            assert!(!name.contains(unit), "{name} is not in a base unit");
        }
        assert!(!family.samples.is_empty(), "{name} is empty");
    }
}

#[tokio::test]
async fn ends_are_counters_of_all_time_that_no_restart_resets() {
    let (server, token) = ready().await;
    // The recorder is shared by the servers of this process: a lane of its own keeps the numbers apart.
    let lane = "METERED";
    server
        .db
        .execute(&format!("insert into public.lanes (name, title, purpose, position, max_running) values ('{lane}', 'Metered', 'Tests', 9, 5)"))
        .await;
    let series = format!("runboard_runs_finished_total{{lane=\"{lane}\",status=\"success\"}}");
    let ended = async |server: &TestServer| {
        let families = scrape(server, &token).await;
        assert_eq!(families["runboard_runs_finished_total"].kind, "counter");
        families["runboard_runs_finished_total"].samples[&series]
    };
    assert_eq!(ended(&server).await.to_string(), "0", "a lane begins at 0");
    server
        .db
        .execute(&format!(
            "select public.enqueue_run('{{\"action\": \"test.noop\", \"lane\": \"{lane}\"}}')"
        ))
        .await;
    let worker = Worker::claim_of(&server, &[lane]).await;
    server
        .db
        .execute(&format!(
            "select public.complete_run('{}', {}, 'success')",
            worker.run.run_id, worker.run.lease_seq
        ))
        .await;
    assert_eq!(ended(&server).await.to_string(), "1");
    for _ in 0..3 {
        server.db.advance(chrono::Duration::minutes(2)).await;
        server.db.execute("select public.count_ended_runs()").await;
        assert_eq!(ended(&server).await.to_string(), "1");
    }
}
