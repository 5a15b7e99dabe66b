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

#[tokio::test]
async fn chunks_are_picked_by_step_sign_and_text_in_both_directions() {
    let db = TestDb::new().await;
    let worker_id = worker(&db).await;
    let run_id = enqueue(&db, noop("A")).await;
    let run = claim(&db, worker_id).await;
    let mut complaint = log(&run, 2, "no such file");
    if let Write::Log { streams, .. } = &mut complaint {
        *streams = Some("e".to_owned());
    }
    write(
        &db,
        &[
            log(&run, 1, "one\nERROR two"),
            complaint,
            log(&run, 3, "a\u{1b}[31mll\u{1b}[0m well"),
        ],
    )
    .await;

    let mut tx = viewer(&db).await;
    let mut firsts = async |hint: LogHint, between, is_backwards| {
        let chunks = log_pick(&mut tx, &run_id, &hint, between, is_backwards, 10)
            .await
            .unwrap();
        chunks.into_iter().map(|chunk| chunk.first_line).collect::<Vec<_>>()
    };
    let all = (1, i64::MAX >> 1);
    let loud = LogHint {
        signs: Some(vec!["%err%".to_owned()]),
        ..LogHint::default()
    };
    assert_eq!(firsts(loud.clone(), all, false).await, [1, 3]);
    assert_eq!(firsts(loud.clone(), all, true).await, [3, 1]);
    assert_eq!(firsts(loud.clone(), (3, 3), false).await, [3]);
    assert_eq!(firsts(loud, (2, 2), true).await, [1]);
    let worded = LogHint {
        text: Some("ALL".to_owned()),
        ..LogHint::default()
    };
    assert_eq!(firsts(worded, all, false).await, [4]);
    let elsewhere = LogHint {
        step: Some("other".to_owned()),
        ..LogHint::default()
    };
    assert_eq!(firsts(elsewhere, all, false).await, [0_i64; 0]);
}
