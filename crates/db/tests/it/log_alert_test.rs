//! `log_alert_test`: a try of a channel stands in its log.

use crate::world::World;
use db::alerts::{self, Answer};
use domain::Role;
use serde_json::json;
use uuid::Uuid;

async fn channel(world: &World) -> Uuid {
    let mut tx = world.person("root", Role::Admin).await;
    let id = sqlx::query_scalar::<_, serde_json::Value>("select save_alert_channel($1, 'n', 'c')")
        .bind(json!({"name": "ops", "url": "http://127.0.0.1/hook", "kinds": null}))
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id["channel_id"].as_str().unwrap().parse().unwrap()
}

async fn tested(world: &World, role: Role, channel_id: Uuid, status: i32) -> db::Result<()> {
    let answer = Answer {
        status: Some(status),
        excerpt: Some("said".to_owned()),
        error: None,
    };
    let mut tx = world.person("root", role).await;
    alerts::log_test(&mut tx, channel_id, &json!({"event": "test"}), &answer).await?;
    tx.commit().await.map_err(db::DbError::from)
}

#[tokio::test]
async fn what_came_back_is_kept_and_never_sent_again() {
    let world = World::new().await;
    let id = channel(&world).await;
    tested(&world, Role::Admin, id, 200).await.unwrap();
    tested(&world, Role::Admin, id, 503).await.unwrap();
    let mut tx = world.person("root", Role::Admin).await;
    let log = alerts::deliveries(&mut tx, id, None, 10).await.unwrap();
    let shown: Vec<_> = log
        .iter()
        .map(|row| {
            (
                row.event.as_str(),
                row.last_status,
                row.delivered_at.is_some(),
                row.gave_up_at.is_some(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [("test", Some(503), false, true), ("test", Some(200), true, false)]
    );
    drop(tx);
    let due = alerts::claim_deliveries(&mut *world.conn().await, 20, &[])
        .await
        .unwrap();
    assert!(due.is_empty());
}

#[tokio::test]
async fn the_log_keeps_the_last_twenty_tests() {
    let world = World::new().await;
    let id = channel(&world).await;
    for status in 400..425 {
        tested(&world, Role::Admin, id, status).await.unwrap();
    }
    let kept = "select count(*) || ' from ' || min(last_status) from alert_deliveries";
    assert_eq!(world.value(kept).await, "20 from 405");
}

#[tokio::test]
async fn only_admins_note_a_test() {
    let world = World::new().await;
    let id = channel(&world).await;
    assert!(tested(&world, Role::Operator, id, 200).await.is_err());
    assert!(tested(&world, Role::Admin, Uuid::nil(), 200).await.is_err());
}
