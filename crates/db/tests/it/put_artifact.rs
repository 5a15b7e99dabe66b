//! `put_artifact`: what a step left behind.

use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn a_resend_keeps_one_copy_under_the_same_id() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    let put = format!(
        r#"select put_artifact('{}', {}, '{{"step": "a", "name": "a.txt", "kind": "text", "content_type": "text/plain", "inline_base64": "aGk="}}')"#,
        run.run_id, run.lease_seq
    );
    world.value(&put).await;
    let first = world.value("select artifact_id from artifacts").await;
    assert_eq!(world.value(&put).await, "ok");
    assert_eq!(world.value("select artifact_id from artifacts").await, first);
    assert_eq!(
        world
            .value("select concat_ws(' ', size_bytes, convert_from(inline, 'UTF8'), left(sha256, 8)) from artifacts")
            .await,
        "2 hi 8f434346"
    );
}

#[tokio::test]
async fn a_second_try_leaves_a_newer_copy_under_the_same_name() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    for text in ["b2xk", "bmV3"] {
        world
            .execute(&format!(
                r#"select put_artifact('{}', {}, '{{"name": "a.txt", "kind": "text", "inline_base64": "{text}"}}')"#,
                run.run_id, run.lease_seq
            ))
            .await;
    }
    assert_eq!(
        world.value("select convert_from(inline, 'UTF8') from artifacts").await,
        "new"
    );
}

#[tokio::test]
async fn artifacts_outlive_a_cancel() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world
        .execute(&format!(
            r#"select put_artifact('{}', {}, '{{"name": "part.txt", "kind": "text", "inline_base64": "aGk="}}')"#,
            run.run_id, run.lease_seq
        ))
        .await;
    world.complete(&run, "canceled", None, false).await;
    assert_eq!(world.value("select name from artifacts").await, "part.txt");
}
