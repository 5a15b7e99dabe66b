//! What a server says while it works: progress and log messages, on their way to the step.
#![expect(deprecated, reason = "servers in use still send log messages")]

use crate::steps::StepContext;
use rmcp::{
    ClientHandler, RoleClient,
    model::{
        ClientCapabilities, ClientConfig, Implementation, LoggingMessageNotificationParam, ProgressNotificationParam,
    },
    service::NotificationContext,
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// Messages on their way; a server that talks faster than the log takes it waits.
const IN_TRANSIT: usize = 64;

/// Listens to a server.
#[derive(Debug)]
pub(super) struct Voice(mpsc::Sender<Notice>);

/// One thing that a server says.
#[derive(Debug)]
pub(super) enum Notice {
    Progress {
        done: f64,
        total: Option<f64>,
        message: Option<String>,
    },
    Log(String),
}

impl Voice {
    pub(super) fn new() -> (Self, mpsc::Receiver<Notice>) {
        let (sender, heard) = mpsc::channel(IN_TRANSIT);
        (Self(sender), heard)
    }
}

impl ClientHandler for Voice {
    async fn on_progress(&self, told: ProgressNotificationParam, _: NotificationContext<RoleClient>) {
        let notice = Notice::Progress {
            done: told.progress,
            total: told.total,
            message: told.message,
        };
        let _ = self.0.send(notice).await;
    }

    async fn on_logging_message(&self, told: LoggingMessageNotificationParam, _: NotificationContext<RoleClient>) {
        let text = match told.data {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let _ = self.0.send(Notice::Log(text)).await;
    }

    fn get_info(&self) -> ClientConfig {
        let who = Implementation::new("runboard", env!("CARGO_PKG_VERSION"));
        ClientConfig::new(ClientCapabilities::default(), who)
    }
}

/// Writes what is heard into the log and the progress of the run, until the server is gone.
pub(super) async fn listen(mut heard: mpsc::Receiver<Notice>, step: &StepContext<'_>) {
    while let Some(notice) = heard.recv().await {
        match notice {
            Notice::Log(text) => {
                for line in text.lines() {
                    step.log.say(line).await;
                }
            }
            Notice::Progress { done, total, message } => {
                let whole = |number: f64| number.round() as i64;
                let share = total.map_or_else(|| done.to_string(), |total| format!("{done} of {total}"));
                let line = match &message {
                    Some(message) => format!("{share}: {message}"),
                    None => share,
                };
                step.log.say(&line).await;
                step.progress(json!({
                    "done": whole(done), "total": total.map_or(0, whole), "message": message,
                }));
            }
        }
    }
}
