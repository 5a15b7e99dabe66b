//! What readers cannot follow does not come in, at whichever door.

use crate::world::{World, refusal};
use db::queue;
use domain::Role;
use serde_json::{Value, json};

fn nested(levels: usize) -> Value {
    (0..levels).fold(Value::Null, |inside, _| json!([inside]))
}

#[tokio::test]
async fn a_run_takes_sixty_four_levels_and_no_more() {
    let world = World::new().await;
    let spec = |levels| json!({"action": "test.noop", "lane": "A", "params": {"a": nested(levels)}});
    world.try_enqueue(spec(63)).await.unwrap();
    assert_eq!(refusal(world.try_enqueue(spec(65)).await), "422 too_deep params");
    let keyed = json!({"action": "test.noop", "lane": "A", "idempotency_key": "k", "scope": nested(100)});
    assert_eq!(refusal(world.try_enqueue(keyed).await), "422 too_deep scope");
}

#[tokio::test]
async fn a_number_that_only_postgres_can_hold_is_refused() {
    let world = World::new().await;
    let sql = "select enqueue_run('{\"action\": \"test.noop\", \"params\": {\"a\": [1e400]}}')";
    let refused = sqlx::query(sql).execute(world.pool()).await.unwrap_err();
    assert!(refused.to_string().contains("a number beyond 1e308"), "{refused}");
}

#[tokio::test]
async fn an_outcome_from_outside_takes_no_more() {
    let world = World::new().await;
    let run = world.waiting(json!({"kind": "callback"})).await;
    let mut tx = world.person("olga", Role::Operator).await;
    let outcome = json!({"output": nested(70)});
    let refused = queue::resume_run(&mut tx, &run.run_id, &outcome).await;
    assert_eq!(refusal(refused), "422 too_deep outcome");
}
