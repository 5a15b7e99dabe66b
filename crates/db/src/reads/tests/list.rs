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
    assert_eq!(ids(&page), made[..3]);
    let cursor = Cursor {
        created_at: page[2].created_at,
        run_id: page[2].run_id.clone(),
    };
    assert_eq!(
        ids(&list_runs(&mut tx, &all, Some(&cursor), 3).await.unwrap()),
        made[3..]
    );

    let in_b = RunFilter {
        lane: Some("B".to_owned()),
        ..RunFilter::default()
    };
    assert_eq!(ids(&list_runs(&mut tx, &in_b, None, 9).await.unwrap()), [&made[2]]);
    let failed = RunFilter {
        status: Some(vec!["failed".to_owned()]),
        ..RunFilter::default()
    };
    assert!(list_runs(&mut tx, &failed, None, 9).await.unwrap().is_empty());
    let running = RunFilter {
        status: Some(vec!["running".to_owned()]),
        ..RunFilter::default()
    };
    assert!(list_runs(&mut tx, &running, None, 9).await.unwrap().is_empty());
    let named = RunFilter {
        text: Some("NOOP".to_owned()),
        ..RunFilter::default()
    };
    assert_eq!(list_runs(&mut tx, &named, None, 9).await.unwrap().len(), 4);
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
            .is_empty()
    );
    assert!(lanes(&mut tx).await.unwrap().is_empty());
}
