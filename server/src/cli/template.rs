//! `runboard template`.

use super::session;
use crate::config::Config;
use anyhow::Context;
use db::PgConnection;
use domain::Claims;
use runs::template::{self, Finding, Plan, SaveError};
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Definitions of work.
#[derive(clap::Subcommand)]
pub(super) enum TemplateCommand {
    /// Save files as the next versions of their templates; what is saved already is left as it is.
    Apply {
        /// YAML or JSON.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Show what would change, and save nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Say what is wrong with files, without a database.
    Validate {
        /// YAML or JSON.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// List the templates.
    List,
    /// List the versions of a template.
    Versions {
        /// Name of the template.
        slug: String,
    },
    /// Show what changed between two versions.
    Diff {
        /// Name of the template.
        slug: String,
        /// The older version.
        from: i32,
        /// The newer version; the newest when absent.
        to: Option<i32>,
    },
    /// Take a template out of the list; its runs keep their versions.
    Archive {
        /// Name of the template.
        slug: String,
    },
}

impl TemplateCommand {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        match self {
            Self::Validate { files } => return validate(&files),
            Self::Apply { files, dry_run } => return apply(&config, &files, dry_run).await,
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
            Self::Versions { slug } => {
                let services = session::open(&config).await?;
                let mut tx = services.begin(&Claims::command_line()).await?;
                let versions = db::reads::template_versions(&mut tx, &slug).await?;
                anyhow::ensure!(!versions.is_empty(), "there is no template {slug}");
                for row in versions {
                    let who = row.created_by.as_deref().unwrap_or("-");
                    println!(
                        "v{:<4} {}  {who}",
                        row.version,
                        row.created_at.format("%Y-%m-%d %H:%M:%SZ")
                    );
                }
            }
            Self::Diff { slug, from, to } => {
                let services = session::open(&config).await?;
                let mut tx = services.begin(&Claims::command_line()).await?;
                let (from_name, from) = version(&mut tx, &slug, Some(from)).await?;
                let (to_name, to) = version(&mut tx, &slug, to).await?;
                print!("{}", template::diff((&from_name, &from), (&to_name, &to)).text);
            }
            Self::Archive { slug } => {
                let services = session::open(&config).await?;
                let mut tx = services.begin(&Claims::command_line()).await?;
                let was_listed = db::templates::archive(&mut tx, &slug).await?;
                tx.commit().await?;
                println!(
                    "{slug}: {}",
                    if was_listed { "archived" } else { "was archived before" }
                );
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn validate(files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for file in files {
        match template::parse(&read(file)?) {
            Ok(template) => println!("{}: {} is in order", file.display(), template.slug),
            Err(findings) => {
                print(file, &findings);
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}

/// Saves all files or none.
async fn apply(config: &Config, files: &[PathBuf], dry_run: bool) -> anyhow::Result<ExitCode> {
    let services = session::open(config).await?;
    let by = Claims::command_line();
    let mut tx = services.begin(&by).await?;
    let mut said = Vec::new();
    let mut has_findings = false;
    for file in files {
        let source = read(file)?;
        let shown = file.display();
        let (found, plan) = match template::plan(&mut tx, &by, &source).await {
            Ok(planned) => planned,
            Err(SaveError::Invalid { findings }) => {
                print(file, &findings);
                has_findings = true;
                continue;
            }
            Err(error) => return Err(error).context(shown.to_string()),
        };
        let slug = &found.slug;
        said.push(match &plan {
            Plan::New => format!("{shown}: {slug} is new"),
            Plan::Unchanged { version } => format!("{shown}: {slug} is unchanged (version {version})"),
            Plan::Changed { version, diff } => format!(
                "{shown}: {slug} version {version} changes, {} lines added, {} removed{}",
                diff.added_count,
                diff.removed_count,
                if dry_run {
                    format!("\n{}", diff.text)
                } else {
                    String::new()
                }
            ),
        });
        if !dry_run && !matches!(plan, Plan::Unchanged { .. }) {
            let saved = template::save(&mut tx, &by, &source)
                .await
                .with_context(|| shown.to_string())?;
            said.push(format!("{shown}: {slug} version {}", saved.version));
        }
    }
    if has_findings {
        eprintln!("Nothing was saved.");
        return Ok(ExitCode::FAILURE);
    }
    if dry_run {
        said.push("Nothing was saved: this was a dry run.".to_owned());
    } else {
        tx.commit().await?;
    }
    for line in said {
        println!("{}", line.trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

/// The name and the text of a version.
async fn version(conn: &mut PgConnection, slug: &str, number: Option<i32>) -> anyhow::Result<(String, String)> {
    let row = db::reads::template(conn, slug, number)
        .await?
        .with_context(|| match number {
            Some(number) => format!("{slug} has no version {number}"),
            None => format!("there is no template {slug}"),
        })?;
    Ok((format!("{slug} version {}", row.version), row.source))
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
