//! `runboard doctor`: what is in order, what is not, and what to do.

mod database;
mod machine;

use crate::config::Config;
use runs::connections::{Check, State};
use serde_json::json;
use std::process::ExitCode;

/// Check everything this installation needs. The exit code is 1 when something must be done.
#[derive(clap::Args)]
pub(super) struct Doctor {
    /// Answer as JSON.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        let mut checks = database::checks(&config).await;
        checks.extend(machine::checks(&config).await);
        let is_broken = checks.iter().any(|check| check.state == State::Broken);
        if self.json {
            let checks: Vec<_> = checks
                .iter()
                .map(|check| json!({"name": check.name, "state": word(check.state), "says": check.says, "todo": check.todo}))
                .collect();
            super::print(&format!("{:#}\n", json!({"ok": !is_broken, "checks": checks})));
        } else {
            for check in &checks {
                println!("{:<8} {:<18} {}", word(check.state), check.name, check.says);
                if let Some(todo) = &check.todo {
                    println!("{:<27} → {todo}", "");
                }
            }
        }
        Ok(if is_broken {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }
}

fn word(state: State) -> &'static str {
    match state {
        State::Ok => "ok",
        State::Warning => "warning",
        State::Broken => "broken",
    }
}

/// An error and its causes, on one line.
fn because(error: &(dyn std::error::Error + 'static)) -> String {
    crate::error::chain(error)
}
