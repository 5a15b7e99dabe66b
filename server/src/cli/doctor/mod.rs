//! `runboard doctor`: what is in order, what is not, and what to do.

mod database;
mod machine;

use crate::config::Config;
use runs::setup::State;
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
                .map(|check| {
                    let (todo, copy) = check.fix.clone().map_or((None, None), |fix| (Some(fix.todo), fix.copy));
                    json!({"name": check.name, "state": check.state.as_str(), "says": check.says, "todo": todo, "copy": copy})
                })
                .collect();
            super::print(&format!("{:#}\n", json!({"ok": !is_broken, "checks": checks})));
        } else {
            for check in &checks {
                println!("{:<8} {:<18} {}", check.state.as_str(), check.name, check.says);
                let Some(fix) = &check.fix else { continue };
                println!("{:<27} → {}", "", fix.todo);
                for line in fix.copy.iter().flat_map(|copy| copy.lines()) {
                    println!("{:<29} {line}", "");
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

/// An error and its causes, on one line.
fn because(error: &(dyn std::error::Error + 'static)) -> String {
    crate::error::chain(error)
}
