//! A randomized state machine over all functions of the queue: virtual hands act in random order on a real
//! database whose clock jumps, and after every act everything that must hold is looked at.
//!
//! One hand moves at a time, so a seed replays its story. A failing seed is printed with the last acts;
//! `RUNBOARD_TEST_SEED=… RUNBOARD_TEST_STEPS=…` tells one story again. Hands that truly collide are in
//! [`crate::interleaving`].

mod acts;
mod bulk_acts;
mod coverage;
mod lease_acts;
mod machine;
mod mutations;
mod outside_acts;
mod promises;
mod schedule_acts;

use futures::future::join_all;
use machine::Machine;
use std::time::{SystemTime, UNIX_EPOCH};

/// Stories of one test and the acts of each.
const STORIES: u64 = 8;
const STEPS: usize = 250;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// The named seed, else new ones every time.
fn seeds() -> Vec<u64> {
    if let Some(seed) = number("RUNBOARD_TEST_SEED") {
        return vec![seed];
    }
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock after 1970");
    let first = since.as_secs() * STORIES;
    (first..first + STORIES).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_hands_do_in_whatever_order_every_promise_holds() {
    let steps = number("RUNBOARD_TEST_STEPS").map_or(STEPS, |steps| usize::try_from(steps).expect("a count"));
    let seeds = seeds();
    println!("seeds {seeds:?}, {steps} acts each");
    let stories = join_all(seeds.into_iter().map(|seed| async move {
        let mut machine = Machine::new(seed).await;
        let mut told = machine.play(steps).await;
        if told.is_ok() {
            told = machine.play_to_the_end().await;
        }
        told.map_err(|wrong| format!("seed {seed}: {wrong}\n{}", machine.story()))
    }))
    .await;
    let broken: Vec<String> = stories.into_iter().filter_map(Result::err).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}
