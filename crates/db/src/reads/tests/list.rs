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
        lane: Some("B".to_owned()),
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
                lane: Some("C".to_owned()),
                ..of("queued")
            },
            "status = 'queued' and lane = 'C'".to_owned(),
        ),
        (of("waiting"), "status = 'waiting'".to_owned()),
        (
            RunFilter {
                template: Some("rare".to_owned()),
                ..of("failed")
            },
            "status = 'failed' and template_slug = 'rare'".to_owned(),
        ),
        (
            RunFilter {
                lane: Some("A".to_owned()),
                ..of("failed")
            },
            "status = 'failed' and lane = 'A'".to_owned(),
        ),
        (
            RunFilter {
                template: Some("rare".to_owned()),
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
        lane: Some("A".to_owned()),
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
