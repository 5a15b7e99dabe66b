//! The fence between the rooms: which may know which, and who may hold a heavy crate.
//!
//! Reads `cargo metadata`, so a dependency that crosses a wall fails here before anybody reviews it.

use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;

/// Rooms and the rooms they may use. Rooms between the same arrows do not know each other.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("db", &["domain"]),
    ("runs", &["domain", "db"]),
    ("sheets", &["domain"]),
    ("workbook", &["domain", "sheets"]),
    ("app", &["domain", "db", "runs"]),
    ("frontend", &["app"]),
    ("server", &["domain", "db", "runs", "app"]),
    ("worker", &["domain", "db", "runs"]),
];

/// Rooms that exist for tests: they may use every room, and only tests may use them.
const TEST_ROOMS: &[&str] = &["testkit", "runboard-tests"];

/// Crates that bring a whole world along, and the rooms where that world may be seen.
const HEAVY: &[(&str, &[&str])] = &[
    ("sqlx", &["db"]),
    ("tokio-postgres", &["db"]),
    ("axum", &["server"]),
    ("leptos", &["app", "frontend", "server"]),
    ("leptos_axum", &["app", "server"]),
    ("ironcalc_base", &["workbook"]),
    ("calamine", &["workbook"]),
];

/// One line of a manifest.
struct Dependency {
    from: String,
    to: String,
    for_tests: bool,
}

#[test]
fn rooms_know_only_the_rooms_behind_them() {
    let rooms = rooms();
    let allowed: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    for name in rooms.iter().filter(|room| !TEST_ROOMS.contains(&room.as_str())) {
        assert!(
            allowed.contains_key(name.as_str()),
            "the room {name} is not in the fence: say what it may use"
        );
    }
    let crossings: Vec<String> = dependencies()
        .into_iter()
        .filter(|edge| !edge.for_tests && rooms.contains(&edge.to) && !TEST_ROOMS.contains(&edge.from.as_str()))
        .filter(|edge| !allowed[edge.from.as_str()].contains(&edge.to.as_str()))
        .map(|edge| format!("{} -> {}", edge.from, edge.to))
        .collect();
    assert!(crossings.is_empty(), "these arrows point through a wall: {crossings:?}");
}

#[test]
fn heavy_crates_stay_in_their_rooms() {
    let strays: Vec<String> = dependencies()
        .into_iter()
        .filter(|edge| !edge.for_tests && !TEST_ROOMS.contains(&edge.from.as_str()))
        .filter(|edge| {
            HEAVY
                .iter()
                .any(|(heavy, homes)| *heavy == edge.to && !homes.contains(&edge.from.as_str()))
        })
        .map(|edge| format!("{} -> {}", edge.from, edge.to))
        .collect();
    assert!(strays.is_empty(), "these crates left their room: {strays:?}");
}

#[test]
fn the_browser_room_stays_out_of_plain_builds() {
    let metadata = metadata();
    let defaults = metadata["workspace_default_members"]
        .as_array()
        .expect("cargo lists default members");
    let has_frontend = defaults
        .iter()
        .filter_map(Value::as_str)
        .any(|id| id.contains("app/frontend"));
    assert!(
        !has_frontend,
        "frontend in default-members would unify the features ssr and hydrate"
    );
}

fn rooms() -> Vec<String> {
    packages()
        .iter()
        .filter_map(|package| package["name"].as_str().map(str::to_owned))
        .collect()
}

fn dependencies() -> Vec<Dependency> {
    let mut found = Vec::new();
    for package in packages() {
        let from = package["name"].as_str().expect("a package has a name");
        for line in package["dependencies"]
            .as_array()
            .expect("a package lists its dependencies")
        {
            found.push(Dependency {
                from: from.to_owned(),
                to: line["name"].as_str().expect("a dependency has a name").to_owned(),
                for_tests: line["kind"] == "dev",
            });
        }
    }
    found
}

fn packages() -> Vec<Value> {
    metadata()["packages"].as_array().expect("cargo lists packages").clone()
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be run");
    assert!(
        output.status.success(),
        "cargo metadata failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON")
}
