//! Schedules that start by themselves, with the clock of the database moved by hand.

use chrono::Duration;
use domain::{Claims, Role};
use runs::schedules::{self, Draft, ScheduleError, Ticked};
use serde_json::{Map, json};
use testkit::TestDb;

fn hourly() -> Draft {
    Draft {
        replaces: None,
        name: "hourly".to_owned(),
        template: Some("ping".to_owned()),
        action: None,
        params: json!({"url": "http://example.com"})
            .as_object()
            .cloned()
            .unwrap_or_default(),
        options: Map::new(),
        scope: None,
        cron: "0 * * * *".to_owned(),
        zone: "UTC".to_owned(),
        enabled: true,
        lane: None,
        priority: None,
        catch_up: "none".to_owned(),
        daily_cap: None,
        quiet_from: None,
        quiet_to: None,
    }
}

async fn save(db: &TestDb, draft: Draft) -> Result<(), ScheduleError> {
    let operator = super::enqueue::caller(Role::Operator);
    let mut tx = db::pool::begin_as(db.pool(), &operator).await.expect("a scene");
    schedules::save(&mut tx, &operator, draft).await?;
    tx.commit().await.expect("a scene");
    Ok(())
}

async fn tick(db: &TestDb) -> Ticked {
    schedules::tick(db.pool()).await.expect("a look")
}

async fn runs(db: &TestDb) -> String {
    db.value("select count(*) from public.runs").await
}

#[tokio::test]
async fn each_hour_starts_one_run_though_two_servers_look() {
    let db = super::enqueue::with_ping().await;
    let draft = Draft {
        catch_up: "one".to_owned(),
        ..hourly()
    };
    save(&db, draft).await.unwrap();
    for hour in 1..=5 {
        db.advance(Duration::hours(1)).await;
        // Two servers, twice each, in any order.
        let looks = (0..4).map(|_| schedules::tick(db.pool()));
        for look in futures::future::join_all(looks).await {
            look.unwrap();
        }
        assert_eq!(runs(&db).await, hour.to_string());
    }
}

#[tokio::test]
async fn nothing_starts_before_its_time() {
    let db = super::enqueue::with_ping().await;
    save(&db, hourly()).await.unwrap();
    assert_eq!(tick(&db).await, Ticked::default());
}

#[tokio::test]
async fn a_schedule_saved_by_sql_gets_its_time_from_a_server() {
    let db = super::enqueue::with_ping().await;
    db.execute(
        r#"select save_schedule('{"name": "by hand", "action": "test.noop", "cron": "0 * * * *", "enabled": true, "catch_up": "one"}')"#,
    )
    .await;
    tick(&db).await;
    assert_eq!(
        db.value("select next_at > clock_timestamp() from public.schedules where name = 'by hand'")
            .await,
        "true"
    );
    db.advance(Duration::hours(1)).await;
    assert_eq!(tick(&db).await.run_ids.len(), 1);
}

#[tokio::test]
async fn a_cron_that_nobody_can_read_is_said_on_the_schedule() {
    let db = super::enqueue::with_ping().await;
    db.execute(
        r#"select save_schedule('{"name": "by hand", "action": "test.noop", "cron": "whenever", "enabled": true}')"#,
    )
    .await;
    for _ in 0..2 {
        assert_eq!(tick(&db).await, Ticked::default());
    }
    let problem = db
        .value("select problem from public.schedules where name = 'by hand'")
        .await;
    assert!(problem.contains("not a cron"), "{problem}");
}

#[tokio::test]
async fn hours_without_a_server_are_caught_up_as_the_schedule_says() {
    for (catch_up, expected) in [("none", 0), ("one", 1), ("all", 5)] {
        let db = super::enqueue::with_ping().await;
        let draft = Draft {
            catch_up: catch_up.to_owned(),
            ..hourly()
        };
        save(&db, draft).await.unwrap();
        // Half past, five hours later: no time is of this moment.
        let to_half_past = "select 3600 * 4 + 5400 - extract(epoch from clock_timestamp() - date_trunc('hour', clock_timestamp()))::int";
        let seconds: i64 = db.value(to_half_past).await.parse().unwrap();
        db.advance(Duration::seconds(seconds)).await;
        assert_eq!(tick(&db).await.run_ids.len(), expected, "{catch_up}");
        assert_eq!(tick(&db).await.run_ids.len(), 0, "{catch_up}");
    }
}

#[tokio::test]
async fn a_cap_holds_back_and_says_so() {
    let db = super::enqueue::with_ping().await;
    let draft = Draft {
        cron: "* * * * *".to_owned(),
        daily_cap: Some(1),
        ..hourly()
    };
    save(&db, draft).await.unwrap();
    db.advance(Duration::minutes(1)).await;
    assert_eq!(tick(&db).await.run_ids.len(), 1);
    db.advance(Duration::minutes(1)).await;
    let held = tick(&db).await;
    assert_eq!(held.run_ids.len(), 0);
    assert_eq!(
        held.held_back,
        ["It has started one run today in UTC, which is its cap."]
    );
}

#[tokio::test]
async fn what_cannot_be_started_is_refused_when_it_is_saved() {
    let db = super::enqueue::with_ping().await;
    let refused = save(
        &db,
        Draft {
            cron: "0 0 30 2 *".to_owned(),
            ..hourly()
        },
    )
    .await;
    assert!(matches!(refused, Err(ScheduleError::Timetable(_))), "{refused:?}");
    let refused = save(
        &db,
        Draft {
            params: Map::new(),
            ..hourly()
        },
    )
    .await;
    assert!(
        matches!(refused, Err(ScheduleError::InvalidParams { .. })),
        "{refused:?}"
    );
    let action = |name: &str| Draft {
        template: None,
        action: Some(name.to_owned()),
        ..hourly()
    };
    for name in ["no.such", "template.run", "runs.bulk"] {
        let refused = save(&db, action(name)).await;
        assert!(matches!(refused, Err(ScheduleError::Action { .. })), "{refused:?}");
    }
    let planner = super::enqueue::caller(Role::Planner);
    let mut tx = db::pool::begin_as(db.pool(), &planner).await.unwrap();
    let refused = schedules::save(&mut tx, &planner, hourly()).await;
    assert!(matches!(refused, Err(ScheduleError::Forbidden { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_preview_needs_no_schedule() {
    let db = TestDb::new().await;
    let mut tx = db::pool::begin_as(db.pool(), &Claims::command_line()).await.unwrap();
    let times = schedules::preview(&mut tx, "0 8 * * 1", "Asia/Tokyo", 5).await.unwrap();
    assert_eq!(times.len(), 5);
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == Duration::weeks(1)));
}
