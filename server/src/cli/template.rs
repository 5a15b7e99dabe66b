//! `runboard template`.

use super::session;
use crate::config::Config;
use anyhow::Context;
use domain::Claims;
use runs::template::{self, Finding, SaveError};
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Definitions of work.
#[derive(clap::Subcommand)]
pub(super) enum TemplateCommand {
    /// Save files as the next versions of their templates.
    Apply {
        /// YAML or JSON.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Say what is wrong with files, without a database.
    Validate {
        /// YAML or JSON.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// List the templates.
    List,
}

impl TemplateCommand {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        let mut has_findings = false;
        match self {
            Self::Validate { files } => {
                for file in files {
                    match template::parse(&read(&file)?) {
                        Ok(template) => println!("{}: {} is in order", file.display(), template.slug),
                        Err(findings) => {
                            print(&file, &findings);
                            has_findings = true;
                        }
                    }
                }
            }
            Self::Apply { files } => {
                let services = session::open(&config).await?;
                let by = Claims::command_line();
                for file in files {
                    let mut tx = services.begin(&by).await?;
                    match template::save(&mut tx, services.now(), &by, &read(&file)?).await {
                        Ok(saved) => {
                            tx.commit().await?;
                            println!("{}: {} version {}", file.display(), saved.template.slug, saved.version);
                        }
                        Err(SaveError::Invalid { findings }) => {
                            print(&file, &findings);
                            has_findings = true;
                        }
                        Err(error) => return Err(error).context(file.display().to_string()),
                    }
                }
            }
            Self::List => {
                let services = session::open(&config).await?;
                let mut tx = services.begin(&Claims::command_line()).await?;
                for row in runs::read::templates(&mut tx).await? {
                    println!(
                        "{:<32} v{:<4} lane {}  {}",
                        row.slug, row.latest_version, row.lane, row.title
                    );
                }
            }
        }
        Ok(if has_findings {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }
}

fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

fn print(file: &Path, findings: &[Finding]) {
    for finding in findings {
        let (line, column) = (finding.line.unwrap_or(1), finding.column.unwrap_or(1));
        let path = if finding.path.is_empty() {
            String::new()
        } else {
            format!("{}: ", finding.path)
        };
        println!("{}:{line}:{column}: {path}{}", file.display(), finding.message);
    }
}
