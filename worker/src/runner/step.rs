//! One step: its condition, its tries, its records.

use super::{Attempt, failure::Failure, outcome, secrets};
use crate::{
    journal::Entry,
    log::StepLog,
    pace,
    steps::{StepContext, StepError},
    stop::{Stop, StopReason},
};
use chrono::{DateTime, Utc};
use db::queue::{NewStep, Wait, WriteOutcome};
use domain::{OnFailure, Step, StepStatus};
use runs::template::render::{self, RenderError, Scope};
use serde_json::{Value, json};
use std::time::Duration;

/// A handler that was asked to stop gets this much longer than its processes.
const LAST_CALL: Duration = Duration::from_secs(15);

/// How a step ended.
pub(super) enum StepEnd {
    /// Well; the records of the last step are left to be said with the end of the run.
    Success { output: Value, unsaid: Vec<Entry> },
    /// Its condition said no.
    Skipped,
    /// It failed, and the template says that the run goes on.
    Tolerated,
    /// It failed, and the run fails with it.
    Failed(Failure),
    /// It lets the run wait.
    Waits(Box<Wait>),
    /// It was asked to stop.
    Stopped(StopReason),
}

/// One step in work.
struct Work<'a> {
    attempt: &'a Attempt<'a>,
    step: &'a Step<String>,
    position: usize,
    log: StepLog,
}

/// Runs the step at `position`; `scope` is what its texts may refer to.
pub(super) async fn execute(attempt: &Attempt<'_>, position: usize, scope: Scope) -> (usize, StepEnd) {
    let step = &attempt.template.steps[position];
    let work = Work {
        attempt,
        step,
        position,
        log: attempt.log.step(&step.id),
    };
    (position, work.run(scope).await)
}

/// Says of the step at `position` that it was begun and is put off: another lets the run wait first.
pub(super) fn put_off(attempt: &Attempt<'_>, position: usize) {
    let work = Work {
        attempt,
        step: &attempt.template.steps[position],
        position,
        log: attempt.log.step(&attempt.template.steps[position].id),
    };
    let record = work.record(StepStatus::Released, 1, work.now(), None, None);
    attempt.journal.say(vec![record]);
}

impl Work<'_> {
    async fn run(&self, mut scope: Scope) -> StepEnd {
        let began = self.now();
        scope.secrets = match secrets::values(self.attempt, self.step).await {
            Ok(values) => values,
            Err(error) => return self.fail(1, began, error).await,
        };
        match render::condition_holds(self.step, &scope) {
            Ok(true) => {}
            Ok(false) => return self.skip(),
            Err(error) => return self.fail(1, began, unrendered(&error)).await,
        }
        let most = self.step.retry.max_attempts.max(1);
        let mut number = 1;
        loop {
            let began = self.now();
            self.begin(number, began);
            let stop = self.attempt.stop.child();
            let with = match &self.attempt.given {
                Some(given) => Ok(given.clone()),
                None => render::render_with(self.step, &scope),
            };
            let tried = match with {
                Ok(with) => self.one_try(with, &stop).await.and_then(outcome::bounded),
                Err(error) => Err(unrendered(&error)),
            };
            self.attempt.log.flush().await;
            let error = match (tried, stop.reason()) {
                (Ok(output), _) => return self.succeed(number, began, output).await,
                (Err(_), Some(StopReason::StepTimeout)) => self.timed_out(),
                (Err(_), Some(reason)) => return self.stopped(number, began, reason),
                (Err(mut error), None) => match error.wait.take() {
                    Some(wait) => return StepEnd::Waits(wait),
                    None => error,
                },
            };
            if !error.retryable || number >= most {
                return self.fail(number, began, error).await;
            }
            let wait = pace::backoff(&self.step.retry.backoff, number);
            self.try_failed(number, &error, wait);
            tokio::select! {
                () = pace::pause(wait) => number += 1,
                reason = self.attempt.stop.requested() => return self.stopped(number, began, reason),
            }
        }
    }

    async fn one_try(&self, with: serde_json::Map<String, Value>, stop: &Stop) -> Result<Value, StepError> {
        let Some(handler) = self.attempt.shared.kinds.get(&self.step.kind) else {
            return Err(StepError::words(
                "unknown_kind",
                format!("this worker does not serve {} steps", self.step.kind),
            )
            .hint("Start a worker with this kind in --kinds."));
        };
        let working = handler.run(StepContext {
            run_id: &self.attempt.run.run_id,
            lease_seq: self.attempt.lease.lease_seq,
            attempt: self.attempt.run.attempt,
            step: &self.step.id,
            with,
            origin: &self.attempt.origin,
            pool: &self.attempt.shared.pool,
            log: &self.log,
            stop,
            kill_grace: self.attempt.shared.kill_grace,
            key: &self.attempt.shared.key,
            journal: &self.attempt.journal,
            keeper: &self.attempt.shared.keeper,
        });
        tokio::pin!(working);
        let time_over = async {
            match self.step.timeout_seconds {
                Some(seconds) => pace::pause(Duration::from_secs(seconds.into())).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            result = &mut working => return result,
            () = time_over => stop.request(StopReason::StepTimeout),
            _ = stop.requested() => {}
        }
        tokio::select! {
            result = working => result,
            () = pace::pause(self.attempt.shared.kill_grace + LAST_CALL) => {
                tracing::error!(run.id = self.attempt.run.run_id, step.id = self.step.id, "A step did not stop; it is dropped.");
                Err(StepError::stopped())
            }
        }
    }

    fn begin(&self, number: u32, began: DateTime<Utc>) {
        let title = self.step.title();
        let message = if number == 1 {
            format!("{title} started.")
        } else {
            format!(
                "{title} started again, try {number} of {}.",
                self.step.retry.max_attempts
            )
        };
        self.attempt.journal.say(vec![
            self.record(StepStatus::Running, number, began, None, None),
            self.event("step_started", message, json!({"try": number})),
        ]);
    }

    fn skip(&self) -> StepEnd {
        let now = self.now();
        self.attempt.journal.say(vec![
            self.record(StepStatus::Skipped, 1, now, None, None),
            self.event(
                "step_skipped",
                format!("{} was skipped: its condition is not met.", self.step.title()),
                json!({}),
            ),
        ]);
        StepEnd::Skipped
    }

    /// A success is known to the database before anything that builds on it begins.
    async fn succeed(&self, number: u32, began: DateTime<Utc>, output: Value) -> StepEnd {
        let took = self.now() - began;
        let message = format!("{} succeeded in {}.", self.step.title(), in_words(took));
        let entries = vec![
            self.record(StepStatus::Success, number, began, Some(output.clone()), None),
            self.event(
                "step_finished",
                message,
                json!({"try": number, "duration_ms": took.num_milliseconds()}),
            ),
        ];
        if self.attempt.is_last_step() {
            return StepEnd::Success {
                output,
                unsaid: entries,
            };
        }
        // The record comes last: the answer is about it.
        match self
            .attempt
            .journal
            .say_and_wait(entries.into_iter().rev().collect())
            .await
        {
            WriteOutcome::Lost => StepEnd::Stopped(StopReason::Lost),
            WriteOutcome::Error(message) => {
                let error = StepError::words("result_refused", "the output could not be stored").hint(message);
                self.fail(number, began, error).await
            }
            _ => StepEnd::Success {
                output,
                unsaid: Vec::new(),
            },
        }
    }

    async fn fail(&self, number: u32, began: DateTime<Utc>, error: StepError) -> StepEnd {
        if let Some(reason) = self.attempt.stop.reason() {
            return self.stopped(number, began, reason);
        }
        self.note(&error);
        let message = format!("{} failed: {}.", self.step.title(), error.message.trim_end_matches('.'));
        let event = self.event(
            "step_failed",
            message,
            json!({"try": number, "code": error.code, "hint": error.hint}),
        );
        let failure = Failure::of_step(&self.step.id, error);
        let shown = failure.to_json(&self.attempt.lease);
        let entries = vec![event, self.record(StepStatus::Failed, number, began, None, Some(shown))];
        if self.step.on_failure == OnFailure::Abort {
            self.attempt.journal.say(entries);
            return StepEnd::Failed(failure);
        }
        match self.attempt.journal.say_and_wait(entries).await {
            WriteOutcome::Lost => StepEnd::Stopped(StopReason::Lost),
            _ => StepEnd::Tolerated,
        }
    }

    fn try_failed(&self, number: u32, error: &StepError, wait: Duration) {
        self.note(error);
        let wait = chrono::TimeDelta::from_std(wait).unwrap_or_default();
        let message = format!(
            "{} failed: {}; try {} of {} follows in {}.",
            self.step.title(),
            error.message.trim_end_matches('.'),
            number + 1,
            self.step.retry.max_attempts,
            in_words(wait)
        );
        let data = json!({"try": number, "code": error.code, "hint": error.hint});
        self.attempt.journal.say(vec![self.event("step_failed", message, data)]);
    }

    fn stopped(&self, number: u32, began: DateTime<Utc>, reason: StopReason) -> StepEnd {
        let status = match reason {
            StopReason::Lost => return StepEnd::Stopped(reason),
            StopReason::Released => StepStatus::Released,
            StopReason::Canceled | StopReason::RunFailed => StepStatus::Canceled,
            StopReason::Deadline | StopReason::StepTimeout => StepStatus::Failed,
        };
        let error = (status == StepStatus::Failed).then(|| Failure::deadline().to_json(&self.attempt.lease));
        self.attempt
            .journal
            .say(vec![self.record(status, number, began, None, error)]);
        StepEnd::Stopped(reason)
    }

    fn timed_out(&self) -> StepError {
        let seconds = self.step.timeout_seconds.unwrap_or_default();
        StepError::words("timeout", format!("it did not end within {seconds} s"))
            .hint("Give the step a longer timeout_seconds, or find out in its log what it waits for.")
            .retryable()
    }

    /// The full chain goes to the log of the worker, where people who run it look.
    fn note(&self, error: &StepError) {
        let chain = error.source.as_ref().map(|source| format!("{source:#}"));
        let mask = self.attempt.journal.mask();
        tracing::warn!(
            run.id = self.attempt.run.run_id,
            step.id = self.step.id,
            trace.id = super::failure::trace_id(&self.attempt.lease),
            code = %error.code,
            error = %mask.text(chain.as_deref().unwrap_or(&error.message)),
            "A step failed."
        );
    }

    fn record(
        &self,
        status: StepStatus,
        number: u32,
        began: DateTime<Utc>,
        output: Option<Value>,
        error: Option<Value>,
    ) -> Entry {
        Entry::Step(NewStep {
            step: self.step.id.clone(),
            position: i32::try_from(self.position).unwrap_or(i32::MAX),
            title: self.step.title().to_owned(),
            kind: self.step.kind.clone(),
            status: status.as_str().to_owned(),
            try_number: i32::try_from(number).unwrap_or(i32::MAX),
            started_at: Some(began),
            finished_at: (status != StepStatus::Running).then(|| self.now()),
            output,
            error,
        })
    }

    fn event(&self, kind: &'static str, message: String, mut data: Value) -> Entry {
        data["step"] = Value::from(self.step.id.as_str());
        Entry::Event {
            kind,
            message,
            data: Some(data),
        }
    }

    fn now(&self) -> DateTime<Utc> {
        self.attempt.journal.clock().now()
    }
}

fn unrendered(error: &RenderError) -> StepError {
    StepError::words("invalid_input", error.to_string().trim_end_matches('.'))
        .hint("Look at the template, at the parameters of the run and at what earlier steps left.")
}

fn in_words(span: chrono::TimeDelta) -> String {
    match span.num_milliseconds() {
        ms @ ..1000 => format!("{} ms", ms.max(0)),
        ms @ 1000..60_000 => format!("{:.1} s", ms as f64 / 1000.0),
        ms => format!("{} min {} s", ms / 60_000, ms / 1000 % 60),
    }
}
