//! What servers and people do about schedules: save, plan, fire, pause, start by hand.
//!
//! Each time is offered twice, as by two servers, and sometimes by a server that read an older `next_at`.

use super::machine::{Answer, Machine};
use serde_json::{Value, json};

/// One act about any schedule.
pub(super) async fn any(machine: &mut Machine) -> Result<(), String> {
    let number = machine.below(4);
    let known = machine
        .value(&format!(
            "select json_build_object('id', schedule_id, 'version', version, 'enabled', enabled, 'planned', next_at is not null,
               'due', coalesce(next_at <= runboard_internal.clock(), false))
             from public.schedules where name = 's{number}'"
        ))
        .await?;
    let Ok(known) = serde_json::from_str::<Value>(&known) else {
        return save(machine, number, None).await;
    };
    let id = known["id"].as_str().unwrap_or_default().to_owned();
    match machine.below(12) {
        0 => save(machine, number, Some(&known)).await,
        1 => machine
            .ask(&format!("select public.pause_schedule('{id}')::text"))
            .await
            .map(drop),
        2 => machine
            .ask(&format!("select public.resume_schedule('{id}')::text"))
            .await
            .map(drop),
        4 => run_now(machine, &id).await,
        5 if machine.chance(60) => machine
            .ask(&format!("select public.delete_schedule('{id}')::text"))
            .await
            .map(drop),
        _ if known["planned"] == json!(true) => fire(machine, &id, &known).await,
        _ => plan(machine, &id, &known).await,
    }
}

/// One of four: free, capped by the day of a zone, quiet over midnight, both of a template and capped.
async fn save(machine: &mut Machine, number: u32, known: Option<&Value>) -> Result<(), String> {
    let mut spec = json!({"name": format!("s{number}"), "cron": "* * * * *", "enabled": true, "lane": machine.one_of(&["A", "B", "C"])});
    match number {
        0 => spec["action"] = json!("test.noop"),
        1 => {
            spec["action"] = json!("test.noop");
            spec["daily_cap"] = json!(1);
            spec["zone"] = json!("Asia/Kolkata");
        }
        2 => {
            spec["action"] = json!("test.noop");
            spec["quiet_from"] = json!("22:00");
            spec["quiet_to"] = json!("06:00");
            spec["zone"] = json!("America/New_York");
        }
        _ => {
            spec["template"] = json!("flow");
            spec["params"] = json!({"url": "x"});
            spec["daily_cap"] = json!(1);
        }
    }
    if let Some(known) = known {
        spec["schedule_id"] = known["id"].clone();
        spec["version"] = known["version"].clone();
    }
    let answer = machine.ask(&format!("select public.save_schedule('{spec}')")).await?;
    match answer {
        Answer::Told(_) => Ok(()),
        Answer::Refused(why) => Err(format!("a good schedule was refused: {why}")),
    }
}

/// A server worked out the next time, sometimes of a schedule that has changed since.
async fn plan(machine: &mut Machine, id: &str, known: &Value) -> Result<(), String> {
    let late = machine.chance(20);
    let version = known["version"].as_i64().unwrap_or_default() - i64::from(late);
    let seconds = machine.below(3);
    let answer = machine
        .ask(&format!(
            "select public.plan_schedule('{id}', {version}, runboard_internal.clock() + {seconds} * interval '1 second')"
        ))
        .await?;
    let expected = !late && known["enabled"] == json!(true);
    if answer.text() == expected.to_string() {
        Ok(())
    } else {
        Err(format!("plan_schedule answered {answer:?} instead of {expected}"))
    }
}

/// Two servers deal with the same time; the first may have read an older one.
async fn fire(machine: &mut Machine, id: &str, known: &Value) -> Result<(), String> {
    if known["due"] == json!(false) && machine.chance(60) {
        machine.advance(61).await?;
        return Ok(());
    }
    let stale = machine.chance(15);
    let expected = format!(
        "(select next_at - {} * interval '1 second' from public.schedules where schedule_id = '{id}')",
        u8::from(stale)
    );
    let expected = machine.value(&format!("select {expected}")).await?;
    let fires = machine
        .one_of(&["null", "array[EXPECTED, runboard_internal.clock()]", "array[EXPECTED]"])
        .replace("EXPECTED", &format!("'{expected}'::timestamptz"));
    let (missed, seconds) = (machine.below(3), machine.below(60) + 1);
    let call = format!(
        "select public.fire_schedule('{id}', '{expected}', runboard_internal.clock() + {seconds} * interval '1 second', {fires}, {missed}) ->> 'outcome'"
    );
    let may = !stale && known["due"] == json!(true) && known["enabled"] == json!(true);
    let first = machine.ask(&call).await?;
    if (first.text() == "moved") == may || matches!(first, Answer::Refused(_)) {
        return Err(format!("a schedule that may fire, {may}, answered {first:?}"));
    }
    let second = machine.ask(&call).await?;
    if second.text() == "moved" {
        Ok(())
    } else {
        Err(format!("the second server that fired one time was answered {second:?}"))
    }
}

async fn run_now(machine: &mut Machine, id: &str) -> Result<(), String> {
    let answer = machine
        .ask(&format!("select public.run_schedule('{id}') ->> 'status'"))
        .await?;
    if answer.text() == "queued" {
        Ok(())
    } else {
        Err(format!("a schedule started by hand answered {answer:?}"))
    }
}
