//! Follows the work of an agent to its end, over a stream or by asking, whatever breaks in between.

use super::{
    adapter::Adapter,
    stream::Parser,
    wire::{Event, State, What},
};
use crate::{
    pace,
    steps::{StepContext, StepError},
};
use serde_json::json;
use std::time::Duration;

/// How often an adapter without a stream is asked.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// Failures in a row before the adapter counts as gone.
const MOST_FAILURES: u32 = 8;

/// What has been heard of one piece of work.
pub(super) struct Follower<'a> {
    pub(super) adapter: &'a Adapter,
    pub(super) id: &'a str,
    pub(super) step: &'a StepContext<'a>,
    /// Number of the last event.
    pub(super) heard: u64,
}

impl Follower<'_> {
    /// Waits for the end of the work; answers with its last state.
    pub(super) async fn follow(&mut self) -> Result<State, StepError> {
        let (mut failures, mut has_stream) = (0, true);
        loop {
            let before = self.heard;
            let round = async {
                if has_stream {
                    has_stream = self.listen().await?;
                }
                let state = self.adapter.state(self.id, self.heard).await?;
                Ok::<State, StepError>(state)
            };
            match round.await {
                Ok(mut state) => {
                    failures = 0;
                    for event in std::mem::take(&mut state.events) {
                        self.hear(event).await;
                    }
                    if state.status.is_final() {
                        return Ok(state);
                    }
                    pace::pause(pace::jittered(ASK_EVERY)).await;
                }
                Err(error) if !error.retryable => return Err(error),
                Err(error) => {
                    failures = if self.heard > before { 1 } else { failures + 1 };
                    if failures > MOST_FAILURES {
                        return Err(error);
                    }
                    let text = format!("The adapter cannot be heard: {}; it is tried again.", error.message);
                    self.step.log.say(&text).await;
                    pace::pause(pace::reconnect_wait(failures)).await;
                }
            }
        }
    }

    /// Listens to the stream until it ends; false when there is none.
    async fn listen(&mut self) -> Result<bool, StepError> {
        let Some(mut response) = self.adapter.events(self.id, self.heard).await? else {
            return Ok(false);
        };
        let mut parser = Parser::default();
        // A stream that breaks off is looked after by asking for the state.
        while let Ok(Some(part)) = response.chunk().await {
            let Some(events) = parser.take(&part) else {
                return Err(
                    StepError::words("adapter_error", "the adapter sent an event without end")
                        .hint("Compare what it sends with docs/STEPS.md."),
                );
            };
            for data in events {
                let Ok(event) = serde_json::from_str::<Event>(&data) else {
                    self.step
                        .log
                        .say("The adapter sent an event that cannot be read; it is left out.")
                        .await;
                    continue;
                };
                let is_end = matches!(event.what, What::End);
                self.hear(event).await;
                if is_end {
                    return Ok(true);
                }
            }
        }
        Ok(true)
    }

    async fn hear(&mut self, event: Event) {
        // A stream that begins again, or a state after a stream, may repeat what was heard.
        if event.seq != 0 && event.seq <= self.heard {
            return;
        }
        self.heard = self.heard.max(event.seq);
        match event.what {
            What::Log { text, stream } => {
                let stream = if stream.as_deref() == Some("err") { 'e' } else { 'o' };
                for line in text.lines() {
                    self.step.log.line(stream, line).await;
                }
            }
            What::Progress { done, total, message } => {
                self.step
                    .progress(json!({"done": done, "total": total, "message": message}));
            }
            What::End | What::Other => {}
        }
    }
}
