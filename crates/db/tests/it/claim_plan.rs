//! The plan of the claim's pick: it must walk its index even when statistics lie.

use crate::world::World;
use sqlx::{AssertSqlSafe, Row as _};

/// The plan of the pick as it stands in `claim_runs`, for values that the planner does not see: what a
/// cached plan of the function is made from.
async fn plan(world: &World) -> String {
    let source = world
        .value("select prosrc from pg_proc where oid = 'public.claim_runs'::regproc")
        .await;
    let begin = source.find("with head as (").expect("the pick begins there");
    let end = begin + source[begin..].find("from locked as k;").expect("the pick ends there");
    let pick = source[begin..end]
        .replace("into candidate_ids, candidate_keys", "")
        .replace("open_lanes", "$1")
        .replace("open_slots", "$2")
        .replace("open_shifts", "$6")
        .replace("claimer.kinds", "$3")
        .replace("busy_keys", "$4")
        .replace("wanted - cardinality(picked)", "$5");
    // The settings that the function gives its planner; the search path would only hide `explain`.
    let settings = world
        .value(
            "select string_agg('set ' || replace(setting, '=', ' to '), '; ') from pg_proc, unnest(proconfig) as setting
             where oid = 'public.claim_runs'::regproc and setting not like 'search_path%'",
        )
        .await;
    let mut conn = world.conn().await;
    let prepare = format!(
        "{settings}; set plan_cache_mode = force_generic_plan;
         prepare pick (text[], integer[], text[], text[], integer, double precision[]) as {pick} from locked as k"
    );
    sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *conn).await.unwrap();
    let rows = sqlx::raw_sql("explain (costs off) execute pick ('{A,B}', '{5,5}', '{api}', '{busy}', 10, '{0,0}')")
        .fetch_all(&mut *conn)
        .await
        .unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    lines.join("\n")
}

async fn assert_walks_the_index(world: &World) {
    let plan = plan(world).await;
    assert_eq!(plan.matches("using run_queue_claim").count(), 2, "{plan}");
    assert!(!plan.contains("Seq Scan on run_queue"), "{plan}");
    assert!(!plan.contains("Bitmap"), "{plan}");
}

#[tokio::test]
async fn it_walks_the_index_of_a_long_queue() {
    let world = World::new().await;
    world.execute(FILL).await;
    world.execute("analyze runboard_internal.run_queue").await;
    assert_walks_the_index(&world).await;
}

#[tokio::test]
async fn it_walks_the_index_when_statistics_say_the_queue_is_empty() {
    let world = World::new().await;
    world.execute("analyze runboard_internal.run_queue").await;
    world.execute(FILL).await;
    assert_walks_the_index(&world).await;
}

#[tokio::test]
async fn it_walks_the_index_when_statistics_say_the_queue_is_long() {
    let world = World::new().await;
    world.execute(FILL).await;
    world.execute("analyze runboard_internal.run_queue").await;
    world
        .execute("delete from runboard_internal.run_queue where seq % 1000 > 0")
        .await;
    assert_walks_the_index(&world).await;
}

const FILL: &str = "insert into runboard_internal.run_queue (run_id, lane, priority, queued_at, kinds)
  select 'run ' || n, (array['A', 'B', 'C', 'D'])[n % 4 + 1], 100, now(), '{api}' from generate_series(1, 100000) as n";
