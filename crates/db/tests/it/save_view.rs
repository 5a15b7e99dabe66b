//! `save_view` and `delete_view`: names for filters, each person's own and those that are shared.

use crate::world::{World, refusal};
use db::views;
use domain::Role;
use serde_json::{Value, json};
use uuid::Uuid;

async fn save(world: &World, who: &str, role: Role, spec: Value) -> db::Result<Uuid> {
    let mut tx = world.person(who, role).await;
    let saved = views::save(&mut tx, &spec).await?;
    tx.commit().await.unwrap();
    Ok(saved.view_id)
}

async fn names(world: &World, who: &str) -> String {
    let mut tx = world.person(who, Role::Viewer).await;
    let rows = views::list(&mut tx).await.unwrap();
    let names: Vec<_> = rows
        .iter()
        .map(|row| format!("{}{}", row.name, if row.is_mine { "*" } else { "" }))
        .collect();
    names.join(" ")
}

#[tokio::test]
async fn a_view_is_its_owners_until_it_is_shared() {
    let world = World::new().await;
    let id = save(
        &world,
        "ann",
        Role::Planner,
        json!({"name": "Mine", "query": "status=failed"}),
    )
    .await
    .unwrap();
    assert_eq!(
        (names(&world, "ann").await, names(&world, "bob").await),
        ("Mine*".to_owned(), String::new())
    );
    save(
        &world,
        "ann",
        Role::Planner,
        json!({"view_id": id, "name": "Ours", "is_shared": true}),
    )
    .await
    .unwrap();
    assert_eq!(
        (names(&world, "ann").await, names(&world, "bob").await),
        ("Ours*".to_owned(), "Ours".to_owned())
    );
    let mut tx = world.person("ann", Role::Viewer).await;
    views::delete(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(names(&world, "bob").await, "");
    assert_eq!(
        world.value("select string_agg(split_part(actor, '@', 1) || ' ' || verb, ', ' order by audit_id) from audit_log where object_kind = 'view'").await,
        "ann save_view, ann save_view, ann delete_view"
    );
}

#[tokio::test]
async fn nobody_changes_or_deletes_what_is_somebody_elses() {
    let world = World::new().await;
    let private = save(&world, "ann", Role::Planner, json!({"name": "Private", "query": ""}))
        .await
        .unwrap();
    let shared = save(
        &world,
        "ann",
        Role::Planner,
        json!({"name": "Shared", "query": "", "is_shared": true}),
    )
    .await
    .unwrap();
    for (id, role, answer) in [
        (private, Role::Admin, "404 unknown_view view_id"),
        (shared, Role::Operator, "403 forbidden"),
    ] {
        let change = json!({"view_id": id, "name": "Taken over"});
        assert_eq!(refusal(save(&world, "bob", role, change).await), answer);
        let mut tx = world.person("bob", role).await;
        assert_eq!(refusal(views::delete(&mut tx, id).await), answer);
    }
    save(&world, "bob", Role::Admin, json!({"view_id": shared, "name": "Tidied"}))
        .await
        .unwrap();
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let world = World::new().await;
    save(&world, "ann", Role::Viewer, json!({"name": "Twice", "query": ""}))
        .await
        .unwrap();
    for (spec, answer) in [
        (json!({"query": ""}), "422 invalid_field name"),
        (json!({"name": " ", "query": ""}), "422 invalid_field name"),
        (json!({"name": "x".repeat(61)}), "422 invalid_field name"),
        (
            json!({"name": "Long", "query": "x".repeat(2001)}),
            "422 invalid_field query",
        ),
        (json!({"name": "TWICE", "query": ""}), "409 name_taken name"),
        (json!({"name": "Other", "is_shared": true}), "403 forbidden is_shared"),
        (json!({"name": "Other", "color": "red"}), "422 unknown_field color"),
        (json!({"name": "Other", "view_id": "none"}), "404 unknown_view view_id"),
    ] {
        assert_eq!(
            refusal(save(&world, "ann", Role::Viewer, spec.clone()).await),
            answer,
            "{spec}"
        );
    }
}
