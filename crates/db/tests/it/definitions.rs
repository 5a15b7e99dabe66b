//! What is callable, as one list: a changed name, argument, answer or grant shows in review.

use crate::world::World;

#[tokio::test]
async fn the_public_functions_are_these() {
    let world = World::new().await;
    let list = world
        .value(
            "select string_agg(format('%s(%s) -> %s | %s', p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
               (select string_agg(a.grantee::regrole::text, ' ' order by a.grantee::regrole::text) from aclexplode(p.proacl) as a
                where a.grantee <> p.proowner)), E'\\n' order by p.proname)
             from pg_proc as p where p.pronamespace = 'public'::regnamespace",
        )
        .await;
    insta::assert_snapshot!(list);
}

#[tokio::test]
async fn every_public_function_runs_as_its_owner_with_a_fixed_search_path_and_says_what_it_does() {
    let world = World::new().await;
    let strays = "select string_agg(p.proname, ' ') from pg_proc as p
      where p.pronamespace = 'public'::regnamespace
        and not (p.prosecdef and p.proconfig @> array['search_path=\"\"'] and obj_description(p.oid, 'pg_proc') is not null)";
    assert_eq!(world.value(strays).await, "");
}

#[tokio::test]
async fn no_function_is_callable_by_everybody() {
    let world = World::new().await;
    let strays = "select string_agg(p.oid::regprocedure::text, ' ') from pg_proc as p
      where p.pronamespace in ('public'::regnamespace, 'runboard_internal'::regnamespace)
        and (p.proacl is null or exists (select from aclexplode(p.proacl) as a where a.grantee = 0))";
    assert_eq!(world.value(strays).await, "");
}

#[tokio::test]
async fn every_table_and_function_is_commented() {
    let world = World::new().await;
    let strays = "select string_agg(name, ' ') from (
        select c.oid::regclass::text as name from pg_class as c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '_sqlx_migrations' and obj_description(c.oid, 'pg_class') is null
        union all
        select p.oid::regprocedure::text from pg_proc as p
        where p.pronamespace = 'runboard_internal'::regnamespace and p.prorettype <> 'trigger'::regtype and obj_description(p.oid, 'pg_proc') is null
      ) as s";
    assert_eq!(world.value(strays).await, "");
}

#[tokio::test]
async fn the_publication_covers_what_pages_follow() {
    let world = World::new().await;
    assert_eq!(
        world
            .value("select string_agg(tablename, ' ' order by tablename) from pg_publication_tables where pubname = 'supabase_realtime'")
            .await,
        "artifacts lanes run_events run_steps runs workers"
    );
}

/// A claim and an end rewrite rows of the ledger; an index that names what they change, even in its predicate,
/// would make them write to every index (docs/decisions/0001-hot-and-cold-tables.md).
#[tokio::test]
async fn no_index_of_the_ledger_names_what_a_claim_or_a_good_end_changes() {
    let world = World::new().await;
    let strays = "select string_agg(distinct i.indexrelid::regclass || '.' || a.attname, ' ') from pg_index as i
      join pg_depend as d on d.objid = i.indexrelid and d.refobjid = i.indrelid
      join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = d.refobjsubid
      where i.indrelid = 'public.runs'::regclass and a.attname in ('status', 'attempt', 'started_at', 'finished_at', 'result', 'error', 'log_line_count', 'version')";
    assert_eq!(world.value(strays).await, "");
}
