//! `save_settings`: numbers that fit each other, whoever saves at the same moment.

use crate::world::{World, refusal};
use db::settings;
use domain::Role;
use std::collections::BTreeMap;

fn number(key: &str, value: i32) -> BTreeMap<String, i32> {
    BTreeMap::from([(key.to_owned(), value)])
}

#[tokio::test]
async fn two_who_save_at_once_cannot_together_break_what_each_alone_keeps() {
    let world = World::new().await;
    let mut first = world.person("ann", Role::Admin).await;
    settings::save(&mut first, &number("heartbeat", 15000)).await.unwrap();
    let second = async {
        let mut tx = world.person("bob", Role::Admin).await;
        let saved = settings::save(&mut tx, &number("lease", 10000)).await;
        tx.commit().await.unwrap();
        saved
    };
    let end = async {
        world.until_somebody_waits().await;
        first.commit().await.unwrap();
    };
    let (second, ()) = futures::future::join(second, end).await;
    assert_eq!(refusal(second), "422 invalid lease");
}

#[tokio::test]
async fn what_is_no_object_is_refused() {
    let world = World::new().await;
    let refused = sqlx::query("select save_settings('[1]')")
        .execute(world.pool())
        .await
        .map(|_| ())
        .map_err(db::DbError::from);
    assert_eq!(refusal(refused), "422 invalid");
}
