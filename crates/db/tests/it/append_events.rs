//! `append_events`: what a worker tells.

use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn a_resend_changes_nothing() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    let send = format!(
        r#"select append_events('{}', {}, '[{{"seq": 1, "kind": "note", "message": "One."}}, {{"seq": 2, "kind": "note", "message": "Two."}}]')"#,
        run.run_id, run.lease_seq
    );
    assert_eq!(world.value(&send).await, "ok");
    assert_eq!(world.value(&send).await, "ok");
    assert_eq!(
        world
            .value("select string_agg(message, ' ' order by seq) from run_events where lease_seq > 0")
            .await,
        "One. Two."
    );
}

#[tokio::test]
async fn a_resend_after_midnight_meets_its_first_copy() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    let send = format!(
        r#"select append_events('{}', {}, '[{{"seq": 1, "kind": "note", "message": "One."}}]')"#,
        run.run_id, run.lease_seq
    );
    world.value(&send).await;
    world.advance(chrono::Duration::days(1)).await;
    world.value(&send).await;
    assert_eq!(
        world.value("select count(*) from run_events where lease_seq > 0").await,
        "1"
    );
}

#[tokio::test]
async fn a_clock_that_is_hours_off_cannot_leave_the_life_of_the_lease() {
    let world = World::new().await;
    let run = world.running(json!({})).await;
    world
        .execute(&format!(
            "select append_events('{}', {}, jsonb_build_array(
                 jsonb_build_object('seq', 1, 'kind', 'note', 'message', 'early', 'at', clock_timestamp() - interval '1 hour'),
                 jsonb_build_object('seq', 2, 'kind', 'note', 'message', 'late', 'at', clock_timestamp() + interval '1 hour')))",
            run.run_id, run.lease_seq
        ))
        .await;
    let outside = "select count(*) from run_events as e join runboard_internal.run_leases as l using (run_id)
      where e.lease_seq = l.lease_seq and (e.at < l.claimed_at or e.at > clock_timestamp())";
    assert_eq!(world.value(outside).await, "0");
}
