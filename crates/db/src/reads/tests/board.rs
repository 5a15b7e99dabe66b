//! What the first page shows.

use super::*;

#[tokio::test]
async fn the_board_shows_what_runs_what_waits_and_what_ended() {
    let db = TestDb::new().await;
    let worker_id = worker(&db).await;
    let failed = enqueue(&db, noop("A")).await;
    complete(&db, &claim(&db, worker_id).await, "failed").await;
    let running = enqueue(&db, noop("A")).await;
    claim(&db, worker_id).await;
    let first = enqueue(&db, noop("A")).await;
    let urgent = enqueue(&db, json!({"action": "test.noop", "lane": "A", "priority": 5})).await;
    let later = enqueue(
        &db,
        json!({"action": "test.noop", "lane": "A", "run_after": Clock::system().now() + Duration::hours(1)}),
    )
    .await;
    let elsewhere = enqueue(&db, noop("D")).await;

    let mut tx = viewer(&db).await;
    let now_running = super::running(&mut tx).await.unwrap();
    assert_eq!(ids(&now_running), [&running]);
    assert_eq!(now_running[0].worker_name.as_deref(), Some("w1"));
    assert_eq!(
        (now_running[0].steps_done, now_running[0].steps_total),
        (0, 1),
        "a run without a template has one step"
    );
    assert_eq!(
        ids(&next_queued(&mut tx, 5).await.unwrap()),
        [&urgent, &first, &later, &elsewhere]
    );
    assert_eq!(ids(&next_queued(&mut tx, 1).await.unwrap()), [&urgent, &elsewhere]);
    let ended = last_finished(&mut tx, 5).await.unwrap();
    assert_eq!(ids(&ended), [&failed]);
    assert_eq!(ended[0].reason.as_deref(), Some("step_failed"));

    let lanes = lanes(&mut tx).await.unwrap();
    let a = &lanes[0];
    assert_eq!((a.name.as_str(), a.running, a.queued, a.deferred), ("A", 1, 2, 1));
    assert!(lanes[1].oldest_queued_at.is_none());

    let strip = strip(&mut tx).await.unwrap();
    assert_eq!((strip.workers_fresh, strip.workers_stale, strip.slots), (1, 0, 4));
    assert_eq!((strip.running, strip.queued, strip.stuck), (1, 3, 0));
    assert_eq!((strip.failed_24h, strip.finished_24h, strip.recovered_24h), (1, 1, 0));
    assert_eq!(strip.oldest_queued_lane.as_deref(), Some("A"));
    assert_eq!(strip.oldest_queued_at, a.oldest_queued_at);

    let workers = workers(&mut tx).await.unwrap();
    assert_eq!((workers[0].worker_id, workers[0].running), (worker_id, 1));
}

#[tokio::test]
async fn the_oldest_of_a_lane_is_found_behind_a_more_urgent_one() {
    let db = TestDb::new().await;
    enqueue(&db, noop("A")).await;
    db.advance(Duration::minutes(3)).await;
    enqueue(&db, json!({"action": "test.noop", "lane": "A", "priority": 1})).await;

    let lanes = lanes(&mut *viewer(&db).await).await.unwrap();
    let now: DateTime<Utc> = Clock::system().now() + Duration::minutes(3);
    assert!(now - lanes[0].oldest_queued_at.unwrap() >= Duration::minutes(3));
}

#[tokio::test]
async fn a_silent_worker_is_stale_and_its_runs_are_stuck_then_recovered() {
    let db = TestDb::new().await;
    let worker_id = worker(&db).await;
    enqueue(&db, noop("A")).await;
    claim(&db, worker_id).await;
    db.advance(Duration::minutes(2)).await;

    let silent = strip(&mut *viewer(&db).await).await.unwrap();
    assert_eq!((silent.workers_fresh, silent.workers_stale, silent.stuck), (0, 1, 1));

    let mut conn = db.pool().acquire().await.unwrap();
    let swept = queue::sweep_stuck_runs(&mut conn, 100).await.unwrap();
    assert_eq!((swept.recovered, swept.failed), (1, 0));
    let after = strip(&mut *viewer(&db).await).await.unwrap();
    assert_eq!((after.stuck, after.recovered_24h), (0, 1));
}

#[tokio::test]
async fn the_chart_counts_ends_and_the_depth_of_the_queue_minute_by_minute() {
    let db = TestDb::new().await;
    // From the first second of a minute, so that no step below crosses into the next by chance.
    let into_minute: f64 = db
        .value("select extract(second from clock_timestamp())")
        .await
        .parse()
        .unwrap();
    db.advance(Duration::milliseconds(((61.0 - into_minute) * 1000.0) as i64))
        .await;
    let worker_id = worker(&db).await;
    enqueue(&db, noop("A")).await;
    enqueue(&db, noop("A")).await;
    db.advance(Duration::minutes(1)).await;
    complete(&db, &claim(&db, worker_id).await, "success").await;
    db.advance(Duration::minutes(1)).await;
    complete(&db, &claim(&db, worker_id).await, "failed").await;
    enqueue(&db, noop("A")).await;
    db.advance(Duration::minutes(1)).await;

    let minutes = minutes(&mut *viewer(&db).await, 5).await.unwrap();
    let shape: Vec<_> = minutes.iter().map(|m| (m.finished, m.failed, m.queue_depth)).collect();
    assert_eq!(shape, [(0, 0, 0), (0, 0, 2), (1, 0, 1), (0, 1, 1), (0, 0, 1)]);
}
