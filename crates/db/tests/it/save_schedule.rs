//! `save_schedule` and the other verbs of people: what they refuse, and what they leave in the audit log.

use crate::world::{World, refusal};
use db::schedules;
use domain::Role;
use serde_json::{Value, json};
use uuid::Uuid;

async fn save(world: &World, fields: Value) -> Result<Uuid, db::DbError> {
    let mut spec = json!({"name": "nightly", "action": "test.noop", "cron": "0 8 * * *", "zone": "Europe/Paris"});
    for (name, value) in fields.as_object().unwrap() {
        spec[name] = value.clone();
    }
    let mut tx = world.person("ann", Role::Operator).await;
    let saved = schedules::save(&mut tx, &spec).await?;
    tx.commit().await.unwrap();
    Ok(saved.schedule_id)
}

#[tokio::test]
async fn a_new_schedule_is_off() {
    let world = World::new().await;
    save(&world, json!({})).await.unwrap();
    assert_eq!(
        world
            .value("select concat_ws(' ', enabled, catch_up, next_at is null, created_by) from schedules where not built_in")
            .await,
        "f none t ann@example.org"
    );
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_its_field() {
    let world = World::new().await;
    for (fields, expected) in [
        (json!({"nmae": "x"}), "422 unknown_field nmae"),
        (json!({"name": " "}), "422 invalid_field name"),
        (json!({"template": "x"}), "422 missing_field template"),
        (
            json!({"action": null, "template": "x"}),
            "422 unknown_template template",
        ),
        (json!({"cron": ""}), "422 invalid_cron cron"),
        (json!({"zone": "Mars/Olympus"}), "422 unknown_zone zone"),
        (json!({"lane": "Z"}), "422 unknown_lane lane"),
        (json!({"catch_up": "some"}), "422 invalid_field catch_up"),
        (json!({"daily_cap": 0}), "422 invalid_field daily_cap"),
        (json!({"daily_cap": 1.5}), "422 invalid_field daily_cap"),
        (json!({"priority": 1001}), "422 invalid_field priority"),
        (json!({"quiet_from": "22:00"}), "422 invalid_field quiet_to"),
        (
            json!({"quiet_from": "25:00", "quiet_to": "06:00"}),
            "422 invalid_field quiet_from",
        ),
        (json!({"next_at": "infinity"}), "422 invalid_field next_at"),
        (json!({"schedule_id": Uuid::nil()}), "404 unknown_schedule schedule_id"),
        (json!({"schedule_id": "x"}), "422 invalid_field schedule_id"),
    ] {
        assert_eq!(refusal(save(&world, fields.clone()).await), expected, "{fields}");
    }
}

#[tokio::test]
async fn a_name_is_given_once() {
    let world = World::new().await;
    save(&world, json!({})).await.unwrap();
    assert_eq!(
        refusal(save(&world, json!({"name": "Nightly"})).await),
        "409 name_taken name"
    );
}

#[tokio::test]
async fn who_read_an_old_version_changes_nothing() {
    let world = World::new().await;
    let id = save(&world, json!({})).await.unwrap();
    save(&world, json!({"schedule_id": id, "version": 1, "cron": "0 9 * * *"}))
        .await
        .unwrap();
    let late = save(&world, json!({"schedule_id": id, "version": 1, "cron": "0 7 * * *"})).await;
    assert_eq!(refusal(late), "409 changed_meanwhile");
    assert_eq!(
        world.value("select cron from schedules where not built_in").await,
        "0 9 * * *"
    );
}

#[tokio::test]
async fn each_act_is_in_the_audit_log() {
    let world = World::new().await;
    let id = save(&world, json!({})).await.unwrap();
    let mut tx = world.person("ann", Role::Operator).await;
    schedules::resume(&mut tx, id).await.unwrap();
    schedules::resume(&mut tx, id).await.unwrap();
    schedules::pause(&mut tx, id).await.unwrap();
    schedules::run_now(&mut tx, id).await.unwrap();
    schedules::delete(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        world
            .value("select string_agg(verb, ' ' order by audit_id) from audit_log")
            .await,
        "create_schedule resume_schedule pause_schedule enqueue_run run_schedule delete_schedule"
    );
}

#[tokio::test]
async fn only_operators_change_schedules_and_only_servers_fire_them() {
    let world = World::new().await;
    let id = save(&world, json!({})).await.unwrap();
    for role in [Role::Viewer, Role::Planner] {
        for verb in ["pause_schedule", "resume_schedule", "delete_schedule", "run_schedule"] {
            let mut tx = world.person("bob", role).await;
            let sql = sqlx::AssertSqlSafe(format!("select {verb}('{id}')"));
            let refused = sqlx::query(sql).execute(&mut *tx).await.unwrap_err();
            assert!(
                matches!(db::DbError::from(refused), db::DbError::Refused { status: 403, .. }),
                "{role} {verb}"
            );
        }
    }
    let mut tx = world.person("ann", Role::Admin).await;
    let sql = sqlx::AssertSqlSafe(format!("select fire_schedule('{id}', now(), now())"));
    assert!(sqlx::query(sql).execute(&mut *tx).await.is_err());
}

/// What a person of this role gets who calls the function for the built-in schedule.
async fn on_retention(world: &World, role: Role, call: &str) -> Result<(), db::DbError> {
    let id = world
        .value("select schedule_id from schedules where name = 'Retention'")
        .await;
    let mut tx = world.person("ann", role).await;
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "select {}",
        call.replace("ID", &format!("'{id}'"))
    )))
    .execute(&mut *tx)
    .await?;
    tx.commit().await.unwrap();
    Ok(())
}

const RETENTION: &str = r#"save_schedule(jsonb_build_object('schedule_id', ID) || '{"name": "Retention", "action": "ACTION", "cron": "0 4 * * *"}')"#;

#[tokio::test]
async fn an_operator_does_not_steer_what_comes_with_runboard() {
    let world = World::new().await;
    let save = RETENTION.replace("ACTION", "retention.apply");
    for call in ["pause_schedule(ID)", "resume_schedule(ID)", "run_schedule(ID)", &save] {
        assert_eq!(
            refusal(on_retention(&world, Role::Operator, call).await),
            "403 forbidden",
            "{call}"
        );
        on_retention(&world, Role::Admin, call).await.unwrap();
    }
}

#[tokio::test]
async fn a_built_in_schedule_keeps_its_work() {
    let world = World::new().await;
    let save = RETENTION.replace("ACTION", "test.noop");
    assert_eq!(
        refusal(on_retention(&world, Role::Admin, &save).await),
        "409 built_in action"
    );
}
