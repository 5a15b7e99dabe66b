//! Runs through the database.

use super::{LINES, Look};
use crate::{cli::session, config::Config};
use anyhow::Context;
use db::reads::LogChunk;
use domain::Claims;
use runs::{
    Services,
    enqueue::{Command, EnqueueError, enqueue},
    read, template,
};
use serde_json::{Map, Value};

/// The database, as the command line.
pub(in crate::cli) struct Database {
    services: Services,
}

impl Database {
    pub(super) async fn open(config: &Config) -> anyhow::Result<Self> {
        Ok(Self {
            services: session::open(config).await?,
        })
    }

    pub(super) async fn params_of(&self, slug: &str) -> anyhow::Result<Option<Value>> {
        let mut tx = self.services.begin(&Claims::command_line()).await?;
        let stored = template::load(&mut tx, slug, None).await?;
        Ok(stored.map(|stored| Value::Object(stored.template.params.as_object().clone())))
    }

    pub(super) async fn start(&self, template: &str, params: Map<String, Value>) -> anyhow::Result<String> {
        let by = Claims::command_line();
        let command = Command {
            template: Some(template.to_owned()),
            params,
            ui: Some("cli".to_owned()),
            ..Command::default()
        };
        let mut tx = self.services.begin(&by).await?;
        let run = match enqueue(&mut tx, &by, command).await {
            Err(EnqueueError::InvalidParams { problems }) => {
                let problems: Vec<String> = problems
                    .into_iter()
                    .map(|problem| format!("{}: {}", problem.path, problem.message))
                    .collect();
                anyhow::bail!("the parameters do not fit: {}", problems.join("; "));
            }
            other => other?,
        };
        tx.commit().await?;
        Ok(run.run_id)
    }

    pub(super) async fn look(&self, run_id: &str, from_line: i64) -> anyhow::Result<Look> {
        let mut tx = self.services.begin(&Claims::command_line()).await?;
        let detail = read::run(&mut tx, run_id)
            .await?
            .with_context(|| format!("there is no run {run_id}"))?;
        let chunks = read::log_range(&mut tx, run_id, from_line, LINES).await?;
        let lines = chunks
            .iter()
            .flat_map(lines)
            .filter(|(line, ..)| (from_line..from_line + LINES).contains(line));
        Ok(Look {
            status: detail.row.status,
            message: detail
                .row
                .error
                .and_then(|error| error["message"].as_str().map(str::to_owned)),
            lines: lines.collect(),
            events: detail
                .events
                .into_iter()
                .map(|event| ((event.lease_seq, event.seq), event.at, event.message))
                .collect(),
        })
    }
}

fn lines(chunk: &LogChunk) -> impl Iterator<Item = (i64, String, String)> {
    let texts = chunk.lines.split('\n').zip(chunk.first_line..);
    texts.map(|(text, line)| (line, chunk.step.clone(), text.to_owned()))
}
