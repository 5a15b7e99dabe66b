//! No function that changes a run can be forgotten by the machine.

use super::{acts, machine::Machine};
use std::collections::BTreeSet;

/// Public functions that change something, but neither a run nor where it stands nor what is kept of it.
const CHANGE_NO_RUN: &[&str] = &[
    // Bytes in the object store, and alerts with their messages.
    "announce_upload",
    "finish_upload",
    "forget_objects",
    "take_unused_objects",
    "claim_deliveries",
    "evaluate_alerts",
    "finish_delivery",
    "log_alert_test",
    // A notification; and what was counted of runs that had ended.
    "announce_runs",
    "count_ended_runs",
    // What people keep for themselves, and what operators configure.
    "archive_template",
    "delete_alert_channel",
    "delete_lane",
    "delete_view",
    "save_alert_channel",
    "save_alert_rule",
    "save_lane",
    "save_retention",
    "save_settings",
    "save_template",
    "save_view",
];
/// The seed whose story is told, and the most acts it may take.
const SEED: u64 = 7;
const MOST: usize = 4000;

#[tokio::test]
async fn every_public_function_that_changes_a_run_is_among_the_acts() {
    let mut machine = Machine::new(SEED).await;
    let changing = machine
        .value(
            "select string_agg(distinct p.proname, ' ') from pg_proc as p
             where p.pronamespace = 'public'::regnamespace and p.provolatile = 'v'",
        )
        .await
        .expect("the functions can be listed");
    let wanted: BTreeSet<&str> = changing
        .split(' ')
        .filter(|name| !CHANGE_NO_RUN.contains(name))
        .collect();
    let missing = |machine: &Machine| -> Vec<String> {
        wanted
            .iter()
            .filter(|name| !machine.told.contains(**name))
            .map(ToString::to_string)
            .collect()
    };
    for _ in 0..MOST / 25 {
        if missing(&machine).is_empty() {
            break;
        }
        // The promises are looked at in the other stories.
        for _ in 0..25 {
            if let Err(wrong) = acts::any(&mut machine).await {
                panic!("{wrong}\n{}", machine.story());
            }
        }
    }
    assert_eq!(missing(&machine), [""; 0], "never acted, or always refused");
}

#[tokio::test]
async fn what_is_said_to_change_no_run_is_there() {
    let machine = Machine::new(SEED).await;
    let strays: Vec<&&str> = CHANGE_NO_RUN
        .iter()
        .filter(|name| !machine.functions.contains(**name))
        .collect();
    assert!(strays.is_empty(), "{strays:?}");
}
