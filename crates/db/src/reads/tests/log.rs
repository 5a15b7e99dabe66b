//! Reading a log.

use super::*;

#[tokio::test]
async fn a_log_is_read_by_tail_by_range_by_search_and_onwards() {
    let db = TestDb::new().await;
    let worker_id = worker(&db).await;
    let run_id = enqueue(&db, noop("A")).await;
    let run = claim(&db, worker_id).await;
    write(
        &db,
        &[
            log(&run, 1, "one\ntwo\nthree"),
            log(&run, 2, "f\u{1b}[31mou\u{1b}[0mr"),
            log(&run, 3, "five\nsix"),
        ],
    )
    .await;

    let mut tx = viewer(&db).await;
    let firsts = |chunks: Vec<LogChunk>| chunks.into_iter().map(|chunk| chunk.first_line).collect::<Vec<_>>();
    assert_eq!(firsts(log_tail(&mut tx, &run_id, 2).await.unwrap()), [5]);
    assert_eq!(firsts(log_tail(&mut tx, &run_id, 3).await.unwrap()), [4, 5]);
    assert_eq!(firsts(log_tail(&mut tx, &run_id, 100).await.unwrap()), [1, 4, 5]);
    assert_eq!(firsts(log_range(&mut tx, &run_id, 3, 2).await.unwrap()), [1, 4]);
    assert_eq!(firsts(log_range(&mut tx, &run_id, 5, 100).await.unwrap()), [5]);
    assert_eq!(firsts(log_range(&mut tx, &run_id, 7, 100).await.unwrap()), [0_i64; 0]);
    assert_eq!(
        firsts(log_after(&mut tx, &run_id, run.lease_seq, 1).await.unwrap()),
        [4, 5]
    );
    assert_eq!(firsts(log_after(&mut tx, &run_id, 0, 0).await.unwrap()), [1, 4, 5]);

    let found = log_search(&mut tx, &run_id, "FOUR", 1, 10).await.unwrap();
    assert_eq!(
        found,
        [LogMatch {
            line: 4,
            step: "say".to_owned(),
            text: "four".to_owned()
        }]
    );
    let with_e: Vec<_> = log_search(&mut tx, &run_id, "e", 2, 2)
        .await
        .unwrap()
        .into_iter()
        .map(|hit| hit.line)
        .collect();
    assert_eq!(with_e, [3, 5]);
}
