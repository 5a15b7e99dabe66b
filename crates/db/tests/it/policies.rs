//! Who may call and read what, by role.

use crate::world::World;
use db::pool::Session;
use domain::Role;
use sqlx::{AssertSqlSafe, Executor};

/// Whether each SQL text is let through for a person of this role; `y` or `n` each.
async fn allowed(world: &World, role: Role, statements: &[&str]) -> String {
    let mut answers = String::new();
    for statement in statements {
        let mut tx = world.person("ann", role).await;
        let result = tx.fetch_all(AssertSqlSafe(*statement)).await;
        answers.push(match result {
            Ok(_) => 'y',
            Err(error) => match error
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code)
                .as_deref()
            {
                Some("PT403" | "42501") => 'n',
                _ => panic!("{role}: {statement}: {error}"),
            },
        });
    }
    answers
}

/// The rows each table shows to a person of this role; `-` when it may not even ask.
async fn visible(world: &World, role: Role, tables: &[&str]) -> Vec<String> {
    let mut answers = Vec::new();
    for table in tables {
        let mut tx = world.person("ann", role).await;
        let count = sqlx::query_scalar::<_, i64>(AssertSqlSafe(format!("select count(*) from {table}")))
            .fetch_one(&mut *tx)
            .await;
        answers.push(count.map_or_else(|_| "-".to_owned(), |count| count.to_string()));
    }
    answers
}

const ACTS: [&str; 8] = [
    "select explain_wait(run_id) from runs limit 1",
    r#"select enqueue_run('{"action": "test.noop"}')"#,
    r#"select enqueue_run('{"template": "check", "params": {"url": "x"}}')"#,
    "select cancel_run(run_id) from runs limit 1",
    "select rerun_run(run_id) from runs limit 1",
    "select pause_lane('A')",
    "select sweep_stuck_runs()",
    "select drain_worker(worker_id) from workers",
];

const WORK: [&str; 6] = [
    r#"select register_worker('{"name": "x", "lanes": ["A"], "kinds": ["api"], "slots": 1}')"#,
    "select * from claim_runs('00000000-0000-0000-0000-000000000000', '{A}', 1)",
    "select write_runs('[]')",
    "select complete_run('x', 1, 'success')",
    "select release_run('x', 1)",
    "select assert_lease('x', 1)",
];

async fn populated() -> World {
    let world = World::new().await;
    world.template("check").await;
    world.run(serde_json::json!({})).await;
    world.worker("w1").await;
    world
        .execute("insert into users (email, display_name, role) values ('a@b.c', 'A', 'admin'); insert into secrets (name, nonce, ciphertext) values ('s', 'n', 'c')")
        .await;
    world
}

#[tokio::test]
async fn each_role_may_do_what_it_is_for() {
    let world = populated().await;
    assert_eq!(allowed(&world, Role::Viewer, &ACTS).await, "ynnnnnnn");
    assert_eq!(allowed(&world, Role::Planner, &ACTS).await, "yynnnnnn");
    assert_eq!(allowed(&world, Role::Operator, &ACTS).await, "yyyyyyyy");
    assert_eq!(allowed(&world, Role::Admin, &ACTS).await, "yyyyyyyy");
}

#[tokio::test]
async fn no_person_may_act_as_a_worker() {
    let world = populated().await;
    for role in [Role::Viewer, Role::Planner, Role::Operator, Role::Admin, Role::Worker] {
        assert_eq!(allowed(&world, role, &WORK).await, "nnnnnn", "{role}");
    }
}

#[tokio::test]
async fn people_read_the_board_and_only_administrators_read_the_accounts() {
    let world = populated().await;
    let tables = [
        "runs",
        "lanes",
        "workers",
        "run_events",
        "run_templates",
        "runboard_internal.run_queue",
        "(select email from users) as u",
        "(select name from secrets) as s",
    ];
    for role in [Role::Viewer, Role::Planner, Role::Operator] {
        assert_eq!(
            visible(&world, role, &tables).await,
            ["1", "4", "1", "1", "1", "1", "0", "0"],
            "{role}"
        );
    }
    assert_eq!(
        visible(&world, Role::Admin, &tables).await,
        ["1", "4", "1", "1", "1", "1", "1", "1"]
    );
}

#[tokio::test]
async fn not_even_an_administrator_reads_hashes_and_ciphers() {
    let world = populated().await;
    let tables = [
        "(select password_hash from users) as u",
        "(select ciphertext from secrets) as s",
        "(select token_hash from api_tokens) as t",
        "(select token_hash from login_sessions) as l",
        "runboard_internal.idempotency_keys",
    ];
    assert_eq!(visible(&world, Role::Admin, &tables).await, ["-"; 5]);
}

#[tokio::test]
async fn a_token_with_the_role_worker_reads_nothing() {
    let world = populated().await;
    assert_eq!(
        visible(
            &world,
            Role::Worker,
            &["runs", "lanes", "(select name from secrets) as s"]
        )
        .await,
        ["0", "0", "0"]
    );
}

#[tokio::test]
async fn nobody_changes_a_table_with_their_own_hands() {
    let world = populated().await;
    let writes = [
        "update runs set title = 'x'",
        "delete from runs",
        "insert into audit_log (at, actor, role, via, verb, object_kind, object_id) values (now(), '', '', '', '', '', '')",
        "update lanes set max_running = 1",
        "delete from runboard_internal.run_queue",
        "update runboard_internal.settings set value = 1",
        "truncate run_events",
    ];
    assert_eq!(allowed(&world, Role::Admin, &writes).await, "nnnnnnn");
}

#[tokio::test]
async fn the_anonymous_role_reads_nothing_and_calls_nothing() {
    let world = populated().await;
    let mut strays = Vec::new();
    for sql in [
        "select * from runs",
        "select * from lanes",
        "select explain_wait('x')",
        "select enqueue_run('{}')",
        "select runboard_internal.caller()",
    ] {
        let mut tx = world.pool().begin().await.unwrap();
        tx.execute("set local role anon").await.unwrap();
        if tx.fetch_all(sql).await.is_ok() {
            strays.push(sql);
        }
    }
    assert!(strays.is_empty(), "{strays:?}");
}

#[tokio::test]
async fn claims_without_a_role_are_nobody() {
    let world = populated().await;
    let mut tx = world.pool().begin().await.unwrap();
    tx.execute(
        r#"set local role authenticated; set local request.jwt.claims = '{"sub": "x", "role": "authenticated"}'"#,
    )
    .await
    .unwrap();
    let seen: i64 = sqlx::query_scalar("select count(*) from runs")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    assert_eq!(seen, 0);
    let refused = tx
        .fetch_all(r#"select enqueue_run('{"action": "test.noop"}')"#)
        .await
        .unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "PT403");
}

#[tokio::test]
async fn a_worker_works_and_cannot_steer() {
    let world = populated().await;
    let pool = world.pool_as(Session::Worker);
    let mut conn = pool.acquire().await.unwrap();
    for sql in [
        WORK[0],
        WORK[1],
        WORK[2],
        WORK[3],
        WORK[4],
        "select sweep_stuck_runs()",
        "select name from lanes",
        "select ciphertext from secrets",
    ] {
        conn.fetch_all(sql).await.unwrap();
    }
    for sql in [
        "select * from runs",
        "select * from users",
        "select pause_lane('A')",
        "select cancel_run('x')",
        r#"select enqueue_run('{"action": "a"}')"#,
    ] {
        let refused = conn.fetch_all(sql).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501", "{sql}");
    }
}

#[tokio::test]
async fn a_worker_cannot_make_itself_an_administrator_with_claims() {
    let world = populated().await;
    let pool = world.pool_as(Session::Worker);
    let mut conn = pool.acquire().await.unwrap();
    conn.execute(r#"set request.jwt.claims = '{"sub": "x", "app_metadata": {"runboard_role": "admin"}}'"#)
        .await
        .unwrap();
    let role: String = sqlx::query_scalar("select runboard_internal.caller() ->> 'role'")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(role, "worker");
}

#[tokio::test]
async fn every_table_has_row_level_security() {
    let world = World::new().await;
    let open = "select string_agg(oid::regclass::text, ' ') from pg_class
      where relnamespace in ('public'::regnamespace, 'runboard_internal'::regnamespace) and relkind in ('r', 'p') and not relrowsecurity";
    assert_eq!(world.value(open).await, "");
}

#[tokio::test]
async fn the_audit_log_can_only_grow() {
    let world = World::new().await;
    for sql in [
        "update audit_log set actor = 'x'",
        "delete from audit_log",
        "truncate audit_log",
    ] {
        assert!(world.pool().execute(sql).await.is_err(), "{sql}");
    }
}

/// Who may do what with tables, columns, sequences and functions of the schema that Supabase shows.
const GRANTS: &str = "select string_agg(g.line, E'\\n' order by g.line) from (
    select c.relname || ' ' || a.grantee::regrole || ' ' || a.privilege_type as line
    from pg_class as c cross join aclexplode(c.relacl) as a
    where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner
    union all
    select a.attrelid::regclass || '.' || a.attname || ' ' || x.grantee::regrole || ' ' || x.privilege_type
    from pg_attribute as a join pg_class as c on c.oid = a.attrelid cross join aclexplode(a.attacl) as x
    where c.relnamespace = 'public'::regnamespace
    union all
    select p.oid::regprocedure || ' ' || a.grantee::regrole || ' ' || a.privilege_type
    from pg_proc as p cross join aclexplode(p.proacl) as a
    where p.pronamespace = 'public'::regnamespace and a.grantee <> p.proowner) as g";

/// What Supabase gives away of everything that is made in the schema public.
const SUPABASE: &str =
    "alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
    alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
    alter default privileges in schema public grant all on functions to anon, authenticated, service_role";

#[tokio::test]
async fn the_default_grants_of_supabase_reach_nothing_of_ours() {
    let plain = World::new().await;
    let supabase = testkit::TestDb::empty().await;
    supabase.execute(SUPABASE).await;
    db::migrate::run(supabase.pool()).await.unwrap();
    let wanted = plain.value(GRANTS).await;
    assert!(wanted.contains("users.email authenticated SELECT"));
    assert_eq!(supabase.value(GRANTS).await, wanted);
}

#[tokio::test]
async fn an_installation_that_gave_them_away_takes_them_back() {
    let world = World::new().await;
    let wanted = world.value(GRANTS).await;
    let delivered = "users, secrets, api_tokens, runs, audit_log, lanes";
    world
        .execute(&format!(
            "grant all on {delivered} to anon, authenticated, service_role;
             grant execute on function save_template(jsonb), cancel_run(text, text, boolean) to anon, authenticated"
        ))
        .await;
    assert_ne!(world.value(GRANTS).await, wanted);
    world
        .execute(include_str!(
            "../../../../migrations/20261120130400_grant_by_name_only.sql"
        ))
        .await;
    assert_eq!(world.value(GRANTS).await, wanted);
}

#[tokio::test]
async fn only_the_server_reads_the_ledger_of_migrations() {
    let world = World::new().await;
    let ledger = ["_sqlx_migrations"];
    assert_eq!(visible(&world, Role::Admin, &ledger).await, ["-"]);
    let pool = world.pool_as(Session::Server);
    assert_eq!(db::migrate::pending(&pool).await.unwrap(), []);
    let seen: i64 = sqlx::query_scalar("select count(*) from _sqlx_migrations")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(seen > 0);
}

/// Whether `ann`, a planner whose token is for these spreadsheets, may steer a run of somebody else for `sheet-1`.
async fn steers(world: &World, spreadsheets: Option<&[&str]>) -> bool {
    let run = world
        .run(serde_json::json!({"sheet_context": {"spreadsheet_id": "sheet-1"}}))
        .await;
    let claims = domain::Claims {
        subject: "ann".to_owned(),
        actor: "token ann".to_owned(),
        role: Role::Planner,
        via: domain::Via::Token,
        actions: None,
        spreadsheets: spreadsheets.map(|ids| ids.iter().map(ToString::to_string).collect()),
    };
    let mut tx = db::pool::begin_as(world.pool(), &claims).await.unwrap();
    db::queue::cancel_run(&mut tx, &run, None, false).await.is_ok()
}

#[tokio::test]
async fn a_planner_steers_the_runs_of_its_spreadsheets() {
    let world = World::new().await;
    assert!(steers(&world, Some(&["sheet-0", "sheet-1"])).await);
    assert!(!steers(&world, Some(&["sheet-2"])).await);
    assert!(!steers(&world, Some(&[])).await);
    assert!(!steers(&world, None).await);
}
