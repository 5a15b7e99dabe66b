//! What a caller who hangs up leaves behind.

use crate::world::World;
use std::time::Duration;
use tokio::time::timeout;

#[tokio::test]
async fn a_transaction_that_is_given_up_while_it_begins_leaves_none_open() {
    let world = World::new().await;
    for micros in 0..300 {
        let _ = timeout(Duration::from_micros(micros * 5), db::pool::begin(world.pool())).await;
    }
    // `set local` says something only inside a transaction.
    let mut open = 0;
    let mut conns = Vec::new();
    for _ in 0..world.pool().options().get_max_connections() {
        let mut conn = world.pool().acquire().await.unwrap();
        sqlx::raw_sql("set local lock_timeout = '7s'")
            .execute(&mut *conn)
            .await
            .unwrap();
        let told: String = sqlx::query_scalar("show lock_timeout")
            .fetch_one(&mut *conn)
            .await
            .unwrap();
        open += usize::from(told == "7s");
        conns.push(conn);
    }
    assert_eq!(open, 0, "connections stand in a transaction that nobody began");
}
