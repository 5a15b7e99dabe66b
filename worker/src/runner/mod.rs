//! One attempt of one run: its steps in the order of their needs, its records, its end.

mod definition;
mod failure;
mod outcome;
mod plan;
mod secrets;
mod step;
mod waiting;

use crate::{
    definitions::Definitions,
    held::Lease,
    journal::{Entry, Journal, RunClock},
    keyring::Keyring,
    log::{LogLimits, RunLog},
    pace, process,
    steps::{Kinds, Origin, artifacts::Keeper},
    stop::{Stop, StopReason},
    writer::Writer,
};
use db::{
    Pool,
    pool::{self, LONGEST_ANSWER},
    queue::{self, ClaimedRun, Wait, WriteOutcome},
};
use definition::definition;
use domain::Template;
use failure::Failure;
use futures::{StreamExt, stream::FuturesUnordered};
pub(crate) use outcome::LARGEST_OUTPUT;
use plan::Plan;
use runs::template::render::{RunFacts, Scope, StepFacts};
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use step::StepEnd;
use waiting::Pause;

/// What every attempt of this process shares.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) pool: Pool,
    pub(crate) writer: Writer,
    pub(crate) definitions: Definitions,
    pub(crate) keeper: Keeper,
    pub(crate) kinds: Kinds,
    pub(crate) key: Keyring,
    pub(crate) log_limits: LogLimits,
    pub(crate) kill_grace: Duration,
}

/// One attempt.
struct Attempt<'a> {
    shared: &'a Shared,
    run: RunFacts,
    params: Value,
    origin: Origin,
    template: Arc<Template<String>>,
    /// What the step of a run without a template is given, as the caller wrote it: nothing is filled in.
    given: Option<Map<String, Value>>,
    lease: Arc<Lease>,
    journal: Arc<Journal>,
    log: Arc<RunLog>,
    /// Stops the steps of this attempt; a child of the line on the lease.
    stop: Stop,
    /// Steps that have not ended yet.
    open: AtomicUsize,
}

/// How an attempt ended.
enum End {
    Success,
    Failed(Failure),
    Stopped(StopReason),
    /// A step waits, and nothing else is left to do before it.
    Waits(Pause),
}

/// Works on a run until it has ended, was given back or was lost.
pub(crate) async fn run(shared: &Shared, claimed: ClaimedRun, lease: Arc<Lease>) {
    let clock = RunClock::starting_at(claimed.claimed_at);
    let journal = Arc::new(Journal::new(Arc::clone(&lease), shared.writer.clone(), clock));
    let time_left = claimed.deadline_at.map(|deadline_at| clock.until(deadline_at));
    if claimed.attempt > 1 {
        kill_earlier(&lease);
    }
    let (template, given) = match definition(shared, &claimed).await {
        Ok(definition) => definition,
        Err(failure) => return conclude(&journal, End::Failed(failure), Vec::new(), None, shared).await,
    };
    let Some(settled) = waiting::settled(shared, &lease, &template).await else {
        return;
    };
    let attempt = Attempt {
        shared,
        run: RunFacts {
            run_id: claimed.run_id,
            title: claimed.title,
            attempt: claimed.attempt,
            lane: claimed.lane,
            env: claimed.env,
            template: template.slug.clone(),
        },
        params: claimed.params,
        origin: Origin {
            requested_by: claimed.requested_by,
            sheet_context: claimed.sheet_context,
        },
        template,
        given,
        stop: lease.stop.child(),
        lease,
        log: RunLog::new(Arc::clone(&journal), shared.log_limits),
        journal,
        open: AtomicUsize::new(0),
    };
    let sending = attempt.log.keep_sending();
    let working = attempt.work(Plan::new(&attempt.template, &claimed.steps_done, &settled), time_left);
    let (end, unsaid, result) = tokio::select! {
        ended = working => ended,
        () = sending => unreachable!("it never ends by itself"),
        () = attempt.journal.keep_telling() => unreachable!("it never ends by itself"),
    };
    attempt.journal.tell_rest();
    attempt.log.finish().await;
    conclude(&attempt.journal, end, unsaid, result, shared).await;
}

impl Attempt<'_> {
    /// Runs every step whose turn comes; answers with the end, what is still to be said, and the result.
    async fn work(&self, mut plan: Plan<'_>, time_left: Option<Duration>) -> (End, Vec<Entry>, Option<Value>) {
        self.open.store(plan.open_count(), Ordering::Relaxed);
        let mut unsaid = Vec::new();
        let mut end = End::Success;
        let mut pause = None;
        let mut in_work = FuturesUnordered::new();
        let deadline = async {
            match time_left {
                Some(time_left) => pace::pause(time_left).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(deadline);

        loop {
            // Who asks to stop when everything is done comes too late.
            if let Some(reason) = self.stop.reason()
                && plan.open_count() > 0
            {
                end = first(end, End::Stopped(reason));
            }
            if matches!(end, End::Success) {
                for position in plan.start_ready() {
                    in_work.push(step::execute(self, position, self.scope(plan.facts())));
                }
            }
            let ended = tokio::select! {
                ended = in_work.next() => ended,
                () = &mut deadline, if self.stop.reason().is_none() => {
                    self.stop.request(StopReason::Deadline);
                    continue;
                }
            };
            // Nothing is in work and nothing could start: the attempt is over.
            let Some((position, ended)) = ended else { break };
            let (output, status) = match ended {
                StepEnd::Success {
                    output,
                    unsaid: entries,
                } => {
                    unsaid.extend(entries);
                    (output, "success")
                }
                StepEnd::Skipped => (Value::Null, "skipped"),
                StepEnd::Tolerated => (Value::Null, "failed"),
                StepEnd::Failed(failure) => {
                    self.stop.request(StopReason::RunFailed);
                    end = first(end, End::Failed(failure));
                    (Value::Null, "failed")
                }
                StepEnd::Waits(wait) => {
                    // It stays in work for the plan: what needs it does not start, what does not goes on.
                    self.wait_at(&mut pause, position, wait);
                    continue;
                }
                StepEnd::Stopped(reason) => {
                    end = first(end, End::Stopped(reason));
                    (Value::Null, "canceled")
                }
            };
            plan.end(
                position,
                StepFacts {
                    output,
                    status: status.to_owned(),
                },
            );
            self.open.store(plan.open_count(), Ordering::Relaxed);
        }
        if let Some(pause) = pause {
            end = first(end, End::Waits(pause));
        }
        let result = matches!(end, End::Success).then(|| result(&plan));
        (end, unsaid, result)
    }

    /// A run waits for one thing at a time: the first that asks. What asks later is begun again after it.
    fn wait_at(&self, pause: &mut Option<Pause>, position: usize, wait: Box<Wait>) {
        let step = &self.template.steps[position].id;
        if pause.is_none() {
            *pause = Some(Pause {
                step: step.clone(),
                wait,
            });
        } else {
            step::put_off(self, position);
        }
    }

    fn scope(&self, steps: BTreeMap<String, StepFacts>) -> Scope {
        Scope {
            params: self.params.clone(),
            run: self.run.clone(),
            steps,
            secrets: BTreeMap::new(),
        }
    }

    /// Whether only one step has not ended: what it leaves is said together with the end of the run.
    fn is_last_step(&self) -> bool {
        self.open.load(Ordering::Relaxed) == 1
    }
}

/// The first reason to end counts, except that nothing is stronger than a lost lease.
fn first(known: End, new: End) -> End {
    match (&known, &new) {
        (End::Success, _) | (_, End::Stopped(StopReason::Lost)) => new,
        _ => known,
    }
}

/// The states of the steps, and what the last of them left.
fn result(plan: &Plan<'_>) -> Value {
    let facts = plan.facts();
    let output = plan.last_output().unwrap_or_default();
    let statuses: Map<String, Value> = facts
        .into_iter()
        .map(|(id, facts)| (id, Value::from(facts.status)))
        .collect();
    json!({"steps": statuses, "output": output})
}

/// Kills what an earlier attempt of this run left on this machine when its worker was killed.
fn kill_earlier(lease: &Lease) {
    let lease_seq = lease.lease_seq.to_string();
    let killed = process::kill_strays(|environment| {
        environment.get("RUNBOARD_RUN_ID") == Some(&lease.run_id)
            && environment
                .get("RUNBOARD_LEASE_SEQ")
                .is_some_and(|held| held != lease_seq)
    });
    if killed > 0 {
        tracing::warn!(
            run.id = lease.run_id,
            processes.count = killed,
            "Killed what an earlier attempt left running."
        );
    }
}

/// Tells the control plane how the attempt ended, and waits until it knows.
async fn conclude(journal: &Journal, end: End, mut unsaid: Vec<Entry>, result: Option<Value>, shared: &Shared) {
    let lease = journal.lease();
    let ending = match end {
        End::Stopped(StopReason::Lost) => return,
        End::Stopped(StopReason::Released) => return release(journal, shared).await,
        End::Waits(pause) => return waiting::suspend(journal, pause, shared).await,
        End::Success => Entry::End {
            status: "success",
            result,
            error: None,
            retryable: false,
        },
        End::Stopped(StopReason::Canceled) => Entry::End {
            status: "canceled",
            result: None,
            error: None,
            retryable: false,
        },
        End::Stopped(StopReason::Deadline | StopReason::StepTimeout | StopReason::RunFailed) => {
            failed(&Failure::deadline(), lease)
        }
        End::Failed(failure) => failed(&failure, lease),
    };
    unsaid.push(ending);
    match journal.say_and_wait(unsaid).await {
        // A result that Postgres refuses must not keep the run open until its lease is over.
        WriteOutcome::Error(message) => {
            let failure = Failure::new("result_refused", "the result could not be stored").hint(message);
            journal.say_and_wait(vec![failed(&failure, lease)]).await;
        }
        // The ledger says so too; on a busy worker a line per run would cost more than the run.
        outcome => tracing::debug!(run.id = lease.run_id, ?outcome, "The attempt has ended."),
    }
}

fn failed(failure: &Failure, lease: &Lease) -> Entry {
    Entry::End {
        status: "failed",
        result: None,
        error: Some(failure.to_json(lease)),
        retryable: failure.retryable,
    }
}

/// Gives the run back, after everything it said has arrived.
async fn release(journal: &Journal, shared: &Shared) {
    let lease = journal.lease();
    if journal.say_and_wait(vec![Entry::Beat]).await == WriteOutcome::Lost {
        return;
    }
    let released = pool::ask(&shared.pool, LONGEST_ANSWER, async |conn| {
        queue::release_run(conn, &lease.run_id, lease.lease_seq).await
    });
    match released.await {
        Ok(_) => tracing::info!(run.id = lease.run_id, "The run is given back."),
        // The worker gives back what it still holds when it takes its leave.
        Err(error) => tracing::warn!(run.id = lease.run_id, %error, "The run could not be given back by itself."),
    }
}
