//! `fire_schedule`: each time of a schedule starts one run or says what holds it back.

use crate::world::World;
use chrono::{DateTime, Duration, Utc};
use db::schedules::{self, Fired, Firing};
use serde_json::{Value, json};
use uuid::Uuid;

/// A schedule that is due, with `fields` added.
async fn due(world: &World, fields: Value) -> (Uuid, DateTime<Utc>) {
    let mut conn = world.conn().await;
    let at = schedules::now(&mut conn).await.unwrap();
    let mut spec =
        json!({"name": "nightly", "action": "test.noop", "cron": "* * * * *", "enabled": true, "next_at": at});
    for (name, value) in fields.as_object().unwrap() {
        spec[name] = value.clone();
    }
    let saved = schedules::save(&mut conn, &spec).await.unwrap();
    (saved.schedule_id, saved.next_at.unwrap())
}

async fn fire(world: &World, schedule: Uuid, at: DateTime<Utc>) -> Fired {
    let firing = Firing {
        fires: vec![at],
        missed: 0,
        next_at: Some(at + Duration::hours(1)),
    };
    schedules::fire(&mut *world.conn().await, schedule, at, &firing)
        .await
        .unwrap()
}

/// Makes the schedule due again, a minute later.
async fn again(world: &World, at: DateTime<Utc>) -> DateTime<Utc> {
    world.advance(Duration::minutes(1)).await;
    let at = at + Duration::minutes(1);
    world.execute(&format!("update schedules set next_at = '{at}'")).await;
    at
}

#[tokio::test]
async fn the_run_says_which_schedule_started_it() {
    let world = World::new().await;
    let (schedule, at) = due(&world, json!({"lane": "D", "priority": 7, "options": {"x": 1}})).await;
    let fired = fire(&world, schedule, at).await;
    assert_eq!((fired.outcome.as_deref(), fired.run_ids.len()), (Some("fired"), 1));
    let run = "select concat_ws(' ', title, lane, priority, options, requested_by ->> 'actor', requested_by ->> 'schedule' = (select schedule_id::text from schedules where not built_in)) from runs";
    assert_eq!(world.value(run).await, r#"nightly D 7 {"x": 1} schedule nightly t"#);
    assert_eq!(
        world.value("select concat_ws(' ', last_outcome, last_run_id = (select run_id from runs), next_at > last_at) from schedules where not built_in").await,
        "fired t t"
    );
}

#[tokio::test]
async fn who_comes_second_starts_nothing() {
    let world = World::new().await;
    let (schedule, at) = due(&world, json!({})).await;
    fire(&world, schedule, at).await;
    let second = fire(&world, schedule, at).await;
    assert_eq!((second.outcome.as_deref(), second.run_ids.len()), (Some("moved"), 0));
    assert_eq!(world.value("select count(*) from runs").await, "1");
}

#[tokio::test]
async fn of_twenty_servers_at_once_one_starts_the_run() {
    let world = World::new().await;
    let (schedule, at) = due(&world, json!({})).await;
    let mut outcomes = Vec::new();
    for fired in futures::future::join_all((0..20).map(|_| fire(&world, schedule, at))).await {
        outcomes.extend(fired.outcome);
    }
    outcomes.sort();
    assert_eq!((outcomes[0].as_str(), outcomes[1].as_str()), ("fired", "moved"));
    assert_eq!(world.value("select count(*) from runs").await, "1");
}

#[tokio::test]
async fn what_is_paused_or_not_due_starts_nothing() {
    let world = World::new().await;
    let (schedule, at) = due(&world, json!({})).await;
    schedules::pause(&mut *world.conn().await, schedule).await.unwrap();
    assert_eq!(fire(&world, schedule, at).await.outcome.as_deref(), Some("moved"));
    schedules::resume(&mut *world.conn().await, schedule).await.unwrap();
    let later = at + Duration::hours(1);
    world
        .execute(&format!("update schedules set next_at = '{later}'"))
        .await;
    assert_eq!(fire(&world, schedule, later).await.outcome.as_deref(), Some("moved"));
    assert_eq!(world.value("select count(*) from runs").await, "0");
}

#[tokio::test]
async fn the_daily_cap_counts_in_the_zone_of_the_schedule() {
    let world = World::new().await;
    let (schedule, at) = due(&world, json!({"daily_cap": 1, "zone": "Pacific/Kiritimati"})).await;
    // The first was yesterday in that zone, though it may be today in UTC.
    fire(&world, schedule, at).await;
    world
        .execute(
            "update schedule_ticks set at = date_trunc('day', clock_timestamp() at time zone 'Pacific/Kiritimati') at time zone 'Pacific/Kiritimati' - interval '1 second'",
        )
        .await;
    let second = again(&world, at).await;
    assert_eq!(fire(&world, schedule, second).await.outcome.as_deref(), Some("fired"));
    world.execute("update schedule_ticks set at = clock_timestamp() where tick_id = (select max(tick_id) from schedule_ticks)").await;
    let third = again(&world, second).await;
    let held = fire(&world, schedule, third).await;
    assert_eq!(
        (held.outcome.as_deref(), held.code.as_deref()),
        (Some("skipped"), Some("daily_cap"))
    );
    assert_eq!(
        held.message.as_deref(),
        Some("It has started one run today in Pacific/Kiritimati, which is its cap.")
    );
}

#[tokio::test]
async fn quiet_hours_may_cross_midnight() {
    let world = World::new().await;
    let now = schedules::now(&mut *world.conn().await).await.unwrap();
    let time = |hours: i64| (now + Duration::hours(hours)).format("%H:%M").to_string();
    // Whatever the hour of this test, one of the two spans crosses midnight of some zone and both hold now.
    for (name, zone, from, to) in [("a", "UTC", time(-11), time(11)), ("b", "UTC", time(-1), time(1))] {
        let (schedule, at) = due(
            &world,
            json!({"name": name, "zone": zone, "quiet_from": from, "quiet_to": to}),
        )
        .await;
        assert_eq!(
            fire(&world, schedule, at).await.code.as_deref(),
            Some("quiet_hours"),
            "{from} {to}"
        );
    }
    let (schedule, at) = due(
        &world,
        json!({"name": "c", "quiet_from": time(1), "quiet_to": time(23)}),
    )
    .await;
    assert_eq!(fire(&world, schedule, at).await.outcome.as_deref(), Some("fired"));
}

#[tokio::test]
async fn a_template_that_is_gone_is_said_and_the_next_time_still_comes() {
    let world = World::new().await;
    world.template("check").await;
    let (schedule, at) = due(
        &world,
        json!({"action": null, "template": "check", "params": {"url": "x"}}),
    )
    .await;
    world
        .execute("update run_templates set archived_at = clock_timestamp()")
        .await;
    let fired = fire(&world, schedule, at).await;
    assert_eq!(
        (fired.outcome.as_deref(), fired.code.as_deref()),
        (Some("skipped"), Some("unknown_template"))
    );
    assert_eq!(
        world
            .value("select concat_ws(' ', outcome, code, message) from schedule_ticks")
            .await,
        "skipped unknown_template There is no template check."
    );
    assert_eq!(
        world
            .value("select next_at is not null from schedules where not built_in")
            .await,
        "true"
    );
}

#[tokio::test]
async fn missed_times_leave_one_row_that_counts_them() {
    let world = World::new().await;
    let (schedule, at) = due(&world, json!({})).await;
    let firing = Firing {
        fires: Vec::new(),
        missed: 240,
        next_at: Some(at + Duration::hours(1)),
    };
    let fired = schedules::fire(&mut *world.conn().await, schedule, at, &firing)
        .await
        .unwrap();
    assert_eq!(fired.outcome.as_deref(), Some("missed"));
    assert_eq!(
        world
            .value("select concat_ws(' ', outcome, missed_count, message) from schedule_ticks")
            .await,
        "missed 240 240 times passed while no server ran."
    );
}

#[tokio::test]
async fn a_run_now_is_no_time_of_the_cron() {
    let world = World::new().await;
    let (schedule, at) = due(&world, json!({"daily_cap": 1, "enabled": true})).await;
    schedules::run_now(&mut *world.conn().await, schedule).await.unwrap();
    assert_eq!(fire(&world, schedule, at).await.outcome.as_deref(), Some("fired"));
    assert_eq!(world.value("select count(*) from runs").await, "2");
}
