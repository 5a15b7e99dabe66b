//! One run from all sides.

use super::*;

#[tokio::test]
async fn a_run_is_told_with_its_steps_events_and_artifacts() {
    let db = TestDb::new().await;
    let worker_id = worker(&db).await;
    let template = json!({
        "version": 1, "slug": "hello", "title": "Hello", "lane": "B",
        "params": {"type": "object", "properties": {}},
        "steps": [{"id": "say", "title": "Say it", "kind": "shell", "with": {"script": "echo hi"}}, {"id": "end", "kind": "shell"}],
        "policy": {"max_attempts": 2},
    });
    let mut conn = db.pool().acquire().await.unwrap();
    let version = NewVersion {
        slug: "hello",
        title: "Hello",
        description: "",
        lane: "B",
        definition: &template,
        source: "slug: hello",
    };
    assert_eq!(save_version(&mut conn, &version).await.unwrap(), 1);
    assert_eq!(save_version(&mut conn, &version).await.unwrap(), 2);

    let run_id = enqueue(&db, json!({"template": "hello"})).await;
    let run = claim(&db, worker_id).await;
    assert_eq!(run.template.as_ref().map(|snapshot| snapshot.version), Some(2));
    let (lease_seq, id) = (run.lease_seq, run.run_id.clone());
    let step = NewStep {
        step: "say".to_owned(),
        position: 0,
        title: "Say it".to_owned(),
        kind: "shell".to_owned(),
        status: "running".to_owned(),
        try_number: 1,
        started_at: None,
        finished_at: None,
        output: None,
        error: None,
    };
    let event = NewEvent {
        seq: 1,
        kind: "step_started".to_owned(),
        message: "Say it\0".to_owned(),
        data: None,
        at: None,
    };
    let artifact = NewArtifact {
        step: Some("say".to_owned()),
        name: "hi.txt".to_owned(),
        kind: "text".to_owned(),
        content_type: "text/plain".to_owned(),
        size_bytes: 2,
        sha256: "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4".to_owned(),
        body: ArtifactBody::InlineBase64("aGk=".to_owned()),
    };
    let outcomes = write(
        &db,
        &[
            Write::Hint {
                runs: vec![id.clone()],
                logs: vec![],
            },
            Write::Step {
                run_id: id.clone(),
                lease_seq,
                step: step.clone(),
            },
            Write::Events {
                run_id: id.clone(),
                lease_seq,
                events: vec![event],
            },
            Write::Artifact {
                run_id: id.clone(),
                lease_seq,
                artifact,
            },
            Write::Beat {
                run_id: id.clone(),
                lease_seq: lease_seq + 1,
                progress: None,
            },
        ],
    )
    .await;
    let ok = WriteOutcome::Ok;
    assert_eq!(outcomes, [ok.clone(), ok.clone(), ok.clone(), ok, WriteOutcome::Lost]);

    let mut tx = viewer(&db).await;
    let row = runs_by_id(&mut tx, std::slice::from_ref(&run_id))
        .await
        .unwrap()
        .pop()
        .unwrap();
    assert_eq!(
        (row.status.as_str(), row.current_step.as_deref()),
        ("running", Some("Say it"))
    );
    assert_eq!((row.steps_done, row.steps_total), (0, 2));
    let shown = row.version;
    assert!(run_body(&mut tx, &run_id).await.unwrap().is_some());
    assert_eq!(steps(&mut tx, &run_id).await.unwrap()[0].status, "running");
    assert_eq!(attempts(&mut tx, &run_id).await.unwrap()[0].outcome, "running");
    let kinds: Vec<_> = events(&mut tx, &run_id, 2)
        .await
        .unwrap()
        .into_iter()
        .map(|event| event.kind)
        .collect();
    assert_eq!(kinds, ["claimed", "step_started"]);
    let left = artifacts(&mut tx, &run_id).await.unwrap();
    assert_eq!(
        artifact_bytes(&mut tx, left[0].artifact_id).await.unwrap().as_deref(),
        Some(&b"hi"[..])
    );
    assert_eq!(
        super::artifact(&mut tx, left[0].artifact_id).await.unwrap().as_ref(),
        Some(&left[0])
    );
    drop(tx);

    let done = NewStep {
        status: "success".to_owned(),
        output: Some(json!({"said": "hi"})),
        ..step
    };
    write(
        &db,
        &[Write::Step {
            run_id: id.clone(),
            lease_seq,
            step: done,
        }],
    )
    .await;
    let requeued = queue::complete_run(&mut conn, &completion(&run, "failed", true))
        .await
        .unwrap();
    assert_eq!(requeued, queue::CompleteOutcome::Requeued);

    let mut tx = viewer(&db).await;
    let row = runs_by_id(&mut tx, std::slice::from_ref(&run_id))
        .await
        .unwrap()
        .pop()
        .unwrap();
    assert_eq!((row.status.as_str(), row.steps_done), ("queued", 1));
    assert!(row.version > shown);
    assert!(row.run_after.is_some());
    assert_eq!(attempts(&mut tx, &run_id).await.unwrap()[0].outcome, "retried");
    assert_eq!(template_titles(&mut tx).await, ["Hello"]);
    assert_eq!(
        super::template(&mut tx, "hello", Some(1))
            .await
            .unwrap()
            .unwrap()
            .version,
        1
    );
    assert_eq!(recent_params(&mut tx, "hello", 5).await.unwrap(), [json!({})]);
}

async fn template_titles(tx: &mut Transaction) -> Vec<String> {
    templates(tx)
        .await
        .unwrap()
        .into_iter()
        .map(|template| template.title)
        .collect()
}

#[tokio::test]
async fn a_heartbeat_says_what_a_person_wants() {
    let db = TestDb::new().await;
    let worker_id = worker(&db).await;
    let run_id = enqueue(&db, noop("A")).await;
    let run = claim(&db, worker_id).await;
    let mut conn = db.pool().acquire().await.unwrap();
    let beat = [Beat {
        run_id: run_id.clone(),
        lease_seq: run.lease_seq,
        progress: None,
    }];
    assert_eq!(
        queue::heartbeat_runs(&mut conn, &beat).await.unwrap(),
        [(run_id.clone(), queue::BeatOutcome::Ok)]
    );
    let asked = queue::cancel_run(&mut conn, &run_id, Some("enough"), false)
        .await
        .unwrap();
    assert_eq!(asked.outcome, queue::CancelOutcome::Requested);
    assert_eq!(
        queue::heartbeat_runs(&mut conn, &beat).await.unwrap(),
        [(run_id.clone(), queue::BeatOutcome::CancelRequested)]
    );
    assert!(queue::release_run(&mut conn, &run_id, run.lease_seq).await.unwrap());
    assert!(!queue::release_run(&mut conn, &run_id, run.lease_seq).await.unwrap());
}
