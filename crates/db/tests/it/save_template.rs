//! Who may save and archive templates, whichever way they come.

use crate::world::World;
use db::{
    pool,
    templates::{NewVersion, archive, save_version},
};
use domain::{Claims, Role};
use serde_json::{Value, json};

const API: &str = "api";
const SHELL: &str = "shell";

/// Saves a template with one step of this kind, as the server does for a caller with this role.
async fn save(world: &World, role: Role, kind: &str, with: Value) -> db::Result<i32> {
    let claims = Claims {
        role,
        actor: format!("a {role}"),
        ..Claims::command_line()
    };
    let mut tx = pool::begin_as(world.pool(), &claims).await.unwrap();
    pool::act_as_server(&mut tx).await.unwrap();
    let definition = json!({"slug": "t", "steps": [{"id": "a", "kind": kind, "with": with}]});
    let version = NewVersion {
        slug: "t",
        title: "T",
        description: "",
        lane: "B",
        definition: &definition,
        source: "slug: t",
    };
    let number = save_version(&mut tx, &version).await?;
    tx.commit().await.unwrap();
    Ok(number)
}

fn status(result: &db::Result<i32>) -> Option<u16> {
    match result {
        Err(db::DbError::Refused { status, .. }) => Some(*status),
        _ => None,
    }
}

#[tokio::test]
async fn a_script_takes_an_admin_and_a_request_an_operator() {
    let world = World::new().await;
    assert_eq!(status(&save(&world, Role::Planner, API, json!({})).await), Some(403));
    assert_eq!(save(&world, Role::Operator, API, json!({})).await.unwrap(), 1);
    for kind in [SHELL, "docker", "agent"] {
        assert_eq!(
            status(&save(&world, Role::Operator, kind, json!({})).await),
            Some(403),
            "{kind}"
        );
    }
    let program = json!({"server": {"command": "x"}});
    let address = json!({"server": {"url": "http://x"}});
    assert_eq!(
        status(&save(&world, Role::Operator, "mcp", program.clone()).await),
        Some(403)
    );
    assert_eq!(save(&world, Role::Operator, "mcp", address).await.unwrap(), 2);
    assert_eq!(save(&world, Role::Admin, "mcp", program).await.unwrap(), 3);
    let audit = "select string_agg(actor || ' ' || verb || ' ' || detail::text, ', ' order by audit_id) from audit_log";
    assert_eq!(
        world.value(audit).await,
        "a operator save_template {\"version\": 1}, a operator save_template {\"version\": 2}, a admin save_template {\"version\": 3}"
    );
}

#[tokio::test]
async fn an_operator_neither_replaces_nor_archives_what_an_admin_wrote() {
    let world = World::new().await;
    assert_eq!(save(&world, Role::Admin, SHELL, json!({})).await.unwrap(), 1);
    assert_eq!(status(&save(&world, Role::Operator, API, json!({})).await), Some(403));
    let archived = |role: Role| {
        let claims = Claims {
            role,
            ..Claims::command_line()
        };
        let pool = world.pool().clone();
        async move {
            let mut tx = pool::begin_as(&pool, &claims).await.unwrap();
            let archived = archive(&mut tx, "t").await?;
            tx.commit().await.unwrap();
            Ok::<bool, db::DbError>(archived)
        }
    };
    assert!(matches!(
        archived(Role::Operator).await,
        Err(db::DbError::Refused { status: 403, .. })
    ));
    assert!(archived(Role::Admin).await.unwrap());
    assert!(!archived(Role::Admin).await.unwrap());
    assert_eq!(save(&world, Role::Admin, SHELL, json!({})).await.unwrap(), 2);
    assert_eq!(
        world.value("select archived_at is null from run_templates").await,
        "true"
    );
}

#[tokio::test]
async fn nobody_writes_a_template_past_the_function() {
    let world = World::new().await;
    let mut tx = pool::begin_as(world.pool(), &Claims::command_line()).await.unwrap();
    pool::act_as_server(&mut tx).await.unwrap();
    let sql = "insert into run_templates (slug, title, lane, latest_version) values ('x', 'X', 'B', 1)";
    let refused = sqlx::query(sql).execute(&mut *tx).await.unwrap_err();
    assert!(refused.to_string().contains("permission denied"), "{refused}");
}
