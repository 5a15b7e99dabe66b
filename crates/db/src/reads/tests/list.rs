//! Lists of runs, and who may read them.

use super::*;

#[tokio::test]
async fn a_list_is_narrowed_and_continued_after_its_last_run() {
    let db = TestDb::new().await;
    let mut made = Vec::new();
    for lane in ["A", "B", "A", "A"] {
        made.push(enqueue(&db, noop(lane)).await);
    }
    made.reverse();
    let mut tx = viewer(&db).await;
    let all = RunFilter::default();
    let page = list_runs(&mut tx, &all, None, 3).await.unwrap();
    assert_eq!(ids(&page.runs), made[..3]);
    let rest = list_runs(&mut tx, &all, page.next.as_ref(), 3).await.unwrap();
    assert_eq!((ids(&rest.runs), rest.next), (vec![made[3].as_str()], None));

    let in_b = RunFilter {
        lane: vec!["B".to_owned()],
        ..RunFilter::default()
    };
    assert_eq!(ids(&list_runs(&mut tx, &in_b, None, 9).await.unwrap().runs), [&made[2]]);
    let failed = RunFilter {
        status: Some(vec!["failed".to_owned()]),
        ..RunFilter::default()
    };
    assert!(list_runs(&mut tx, &failed, None, 9).await.unwrap().runs.is_empty());
    let running = RunFilter {
        status: Some(vec!["running".to_owned()]),
        ..RunFilter::default()
    };
    assert!(list_runs(&mut tx, &running, None, 9).await.unwrap().runs.is_empty());
    let named = RunFilter {
        text: Some("NOOP".to_owned()),
        ..RunFilter::default()
    };
    assert_eq!(list_runs(&mut tx, &named, None, 9).await.unwrap().runs.len(), 4);
}

#[tokio::test]
async fn who_has_no_role_reads_nothing() {
    let db = TestDb::new().await;
    enqueue(&db, noop("A")).await;
    let nobody = Claims {
        role: Role::Worker,
        ..Claims::command_line()
    };
    let mut tx = pool::begin_as(db.pool(), &nobody).await.unwrap();
    assert!(
        list_runs(&mut tx, &RunFilter::default(), None, 9)
            .await
            .unwrap()
            .runs
            .is_empty()
    );
    assert!(lanes(&mut tx).await.unwrap().is_empty());
}

/// All that a filter names, by one statement that knows no parts.
async fn told(db: &TestDb, condition: &str) -> String {
    let sql = format!(
        "select coalesce(string_agg(run_id, ' ' order by created_at desc, run_id desc), '') from public.runs where {condition}"
    );
    db.value(&sql).await
}

#[tokio::test]
async fn pages_of_a_large_ledger_give_every_run_once_in_order() {
    let db = TestDb::filled("ledger", include_str!("ledger.sql")).await;
    let oldest = db
        .value("select run_id from public.runs order by created_at limit 1")
        .await;
    let of = |status: &str| RunFilter {
        status: Some(vec![status.to_owned()]),
        ..RunFilter::default()
    };
    let text = |text: &str| RunFilter {
        text: Some(text.to_owned()),
        ..RunFilter::default()
    };
    let cases = [
        (
            text(&oldest[20..]),
            format!("position('{}' in run_id) > 0", &oldest[20..]),
        ),
        (text(&oldest), format!("run_id = '{oldest}'")),
        (text(&oldest[..14]), format!("starts_with(run_id, '{}')", &oldest[..14])),
        (
            RunFilter {
                lane: vec!["C".to_owned()],
                ..of("queued")
            },
            "status = 'queued' and lane = 'C'".to_owned(),
        ),
        (of("waiting"), "status = 'waiting'".to_owned()),
        (
            RunFilter {
                template: vec!["rare".to_owned()],
                ..of("failed")
            },
            "status = 'failed' and template_slug = 'rare'".to_owned(),
        ),
        (
            RunFilter {
                lane: vec!["A".to_owned()],
                ..of("failed")
            },
            "status = 'failed' and lane = 'A'".to_owned(),
        ),
        (
            RunFilter {
                template: vec!["rare".to_owned()],
                ..RunFilter::default()
            },
            "template_slug = 'rare'".to_owned(),
        ),
    ];
    let mut tx = viewer(&db).await;
    for (filter, condition) in cases {
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let page = list_runs(&mut tx, &filter, cursor.as_ref(), 200).await.unwrap();
            seen.extend(page.runs.into_iter().map(|run| run.run_id));
            cursor = page.next;
            if cursor.is_none() || seen.len() > 2000 {
                break;
            }
        }
        let all = told(&db, &condition).await;
        let expected = seen.join(" ");
        assert!(
            all.starts_with(&expected) && (cursor.is_some() || all == expected),
            "{condition}: {} of the page by page, {} in all",
            seen.len(),
            all.split(' ').count()
        );
        assert_eq!(
            matching_ids(&mut tx, &filter, 50_000).await.unwrap().join(" "),
            all,
            "{condition}"
        );
    }
}

#[tokio::test]
async fn a_small_lane_shows_what_ended_and_what_is_open() {
    let db = TestDb::new().await;
    let worker_id = worker(&db).await;
    let ended = enqueue(&db, noop("A")).await;
    complete(&db, &claim(&db, worker_id).await, "success").await;
    let running = enqueue(&db, noop("A")).await;
    claim(&db, worker_id).await;
    enqueue(&db, noop("B")).await;
    let later = json!({"action": "test.noop", "lane": "A", "run_after": Clock::system().now() + Duration::hours(1)});
    let later = enqueue(&db, later).await;
    let queued = enqueue(&db, noop("A")).await;

    let mut tx = viewer(&db).await;
    let in_a = RunFilter {
        lane: vec!["A".to_owned()],
        ..RunFilter::default()
    };
    let page = list_runs(&mut tx, &in_a, None, 3).await.unwrap();
    assert_eq!(ids(&page.runs), [&queued, &later, &running]);
    let rest = list_runs(&mut tx, &in_a, page.next.as_ref(), 3).await.unwrap();
    assert_eq!((ids(&rest.runs), rest.next), (vec![ended.as_str()], None));

    let open = RunFilter {
        status: Some(vec!["queued".to_owned(), "running".to_owned()]),
        ..in_a.clone()
    };
    assert_eq!(count_open(&mut tx, &open, 9).await.unwrap(), Some(3));
    assert_eq!(count_open(&mut tx, &open, 2).await.unwrap(), Some(2));
    assert_eq!(count_open(&mut tx, &in_a, 9).await.unwrap(), None);
}

/// A filter in the words of the address, as far as it names states and names.
fn wanted(query: &str) -> RunFilter {
    let filter = domain::filter::Filter::parse(query);
    let (whole, states) = filter
        .status
        .iter()
        .partition(|wanted| wanted.longer_than.is_none() && wanted.state.as_str() == wanted.state.status().as_str());
    let whole: Vec<domain::filter::Wanted> = whole;
    RunFilter {
        status: (!whole.is_empty()).then(|| whole.iter().map(|wanted| wanted.state.as_str().to_owned()).collect()),
        states,
        lane: filter.lane,
        template: filter.template,
        ..RunFilter::default()
    }
}

#[tokio::test]
async fn states_that_nobody_stores_are_found() {
    let db = TestDb::new().await;
    let worker_id = worker(&db).await;
    let failed = enqueue(&db, noop("A")).await;
    complete(&db, &claim(&db, worker_id).await, "failed").await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(enqueue(&db, noop("A")).await);
        claim(&db, worker_id).await;
    }
    let soon = Clock::system().now() + Duration::hours(1);
    let scheduled = enqueue(&db, json!({"action": "test.noop", "lane": "A", "run_after": soon})).await;
    let retrying = enqueue(&db, json!({"action": "test.noop", "lane": "A", "run_after": soon})).await;
    let queued = enqueue(&db, noop("B")).await;
    db.execute(&format!(
        "update runboard_internal.run_leases set expires_at = clock_timestamp() - interval '1 second' where run_id = '{0}';
         update runboard_internal.run_leases set cancel_requested_at = clock_timestamp() - interval '2 minutes' where run_id = '{1}';
         update public.runs set attempt = 1 where run_id = '{retrying}';
         update runboard_internal.run_queue set queued_at = clock_timestamp() - interval '10 minutes' where run_id = '{queued}'",
        held[0], held[1]
    ))
    .await;
    let mut tx = viewer(&db).await;
    for (query, mut expected) in [
        ("status=stuck", vec![&held[0]]),
        ("status=canceling", vec![&held[1]]),
        ("status=canceling>60s", vec![&held[1]]),
        ("status=canceling>5m", vec![]),
        ("status=running", vec![&held[0], &held[1], &held[2]]),
        ("status=scheduled", vec![&scheduled]),
        ("status=retrying", vec![&retrying]),
        ("status=queued", vec![&scheduled, &retrying, &queued]),
        ("status=queued>5m", vec![&queued]),
        ("status=queued>1h", vec![]),
        ("status=failed,stuck,canceling>60s", vec![&failed, &held[0], &held[1]]),
        ("status=queued>5m,failed&lane=A", vec![&failed]),
        ("status=scheduled,queued>5m&lane=A,B", vec![&scheduled, &queued]),
    ] {
        let filter = wanted(query);
        let page = list_runs(&mut tx, &filter, None, 9).await.unwrap();
        let mut found = ids(&page.runs);
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(
            (found, page.next),
            (expected.iter().map(|id| id.as_str()).collect(), None),
            "{query}"
        );
        assert_eq!(
            matching_ids(&mut tx, &filter, 9).await.unwrap().len(),
            expected.len(),
            "{query}"
        );
    }
}

#[tokio::test]
async fn parts_that_are_laid_over_each_other_give_every_run_once_in_order() {
    let db = TestDb::filled("ledger", include_str!("ledger.sql")).await;
    let mut tx = viewer(&db).await;
    for (query, condition) in [
        (
            "status=failed,waiting,running",
            "status in ('failed', 'waiting', 'running')",
        ),
        ("template=rare,never", "template_slug in ('rare', 'never')"),
        (
            "template=rare,never&status=failed,running",
            "template_slug in ('rare', 'never') and status in ('failed', 'running')",
        ),
    ] {
        let filter = wanted(query);
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let page = list_runs(&mut tx, &filter, cursor.as_ref(), 150).await.unwrap();
            seen.extend(page.runs.into_iter().map(|run| run.run_id));
            cursor = page.next;
            if cursor.is_none() || seen.len() > 1000 {
                break;
            }
        }
        let all = told(&db, condition).await;
        let expected = seen.join(" ");
        assert!(
            all.starts_with(&expected) && (cursor.is_some() || all == expected),
            "{query}: {} of the page by page, {} in all",
            seen.len(),
            all.split(' ').count()
        );
    }
}

#[tokio::test]
async fn parameters_are_found_by_their_path() {
    let db = TestDb::new().await;
    let with = |params: serde_json::Value| json!({"action": "test.noop", "lane": "A", "params": params});
    let number = enqueue(&db, with(json!({"user": {"id": 7, "name": "Jo"}}))).await;
    let text = enqueue(&db, with(json!({"user": {"id": "7"}}))).await;
    enqueue(&db, with(json!({"user": {"id": 8}}))).await;
    let mut tx = viewer(&db).await;
    let filter = RunFilter {
        params: vec![json!({"user": {"id": 7}}), json!({"user": {"id": "7"}})],
        ..RunFilter::default()
    };
    assert_eq!(
        ids(&list_runs(&mut tx, &filter, None, 9).await.unwrap().runs),
        [&text, &number]
    );
    let both = RunFilter {
        params: vec![json!({"user": {"id": 7, "name": "Jo"}})],
        ..RunFilter::default()
    };
    assert_eq!(ids(&list_runs(&mut tx, &both, None, 9).await.unwrap().runs), [&number]);
}
