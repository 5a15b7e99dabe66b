//! `runboard export`.

use super::session;
use crate::{
    actions::runs::export::{Pages, sheet},
    config::Config,
    export::Format,
};
use anyhow::Context;
use domain::{Claims, RunStatus};
use runs::read::RunFilter;
use std::{
    fs::File,
    io::{self, Write},
    path::PathBuf,
};

/// What to export.
#[derive(clap::Subcommand)]
pub(super) enum Export {
    /// Runs, newest first.
    Runs(Runs),
}

/// Which runs, and where to.
#[derive(clap::Args)]
pub(super) struct Runs {
    /// csv, json, ndjson or xlsx.
    #[arg(long, default_value = "csv")]
    format: String,
    /// Only these statuses.
    #[arg(long, value_delimiter = ',')]
    status: Vec<RunStatus>,
    /// Only this lane.
    #[arg(long)]
    lane: Option<String>,
    /// Only this template.
    #[arg(long)]
    template: Option<String>,
    /// Only this action.
    #[arg(long)]
    action: Option<String>,
    /// Only this environment.
    #[arg(long)]
    env: Option<String>,
    /// Only these reasons.
    #[arg(long, value_delimiter = ',')]
    reason: Vec<String>,
    /// Only what failed for good and was not started again.
    #[arg(long)]
    dead: bool,
    /// Only with these words in id, title or requester.
    #[arg(long)]
    text: Option<String>,
    /// Only made at or after this time, such as 2026-01-31T00:00:00Z.
    #[arg(long)]
    from: Option<chrono::DateTime<chrono::Utc>>,
    /// Only made before this time.
    #[arg(long)]
    to: Option<chrono::DateTime<chrono::Utc>>,
    /// File to write; standard output when left out.
    #[arg(long, short)]
    output: Option<PathBuf>,
}

impl Export {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let Self::Runs(wanted) = self;
        let format: Format = wanted
            .format
            .parse()
            .map_err(|()| anyhow::anyhow!("the format is csv, json, ndjson or xlsx"))?;
        let services = session::open(&config).await?;
        if format == Format::Xlsx {
            let path = wanted
                .output
                .clone()
                .context("a workbook goes into a file: name it with --output")?;
            let mut pages = Pages::new(services, Claims::command_line(), wanted.filter(), format);
            return Ok(sheet(&mut pages).await?.save(&path)?);
        }
        let mut output: Box<dyn Write> = match &wanted.output {
            Some(path) => {
                let file = File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
                Box::new(io::BufWriter::new(file))
            }
            None => Box::new(io::stdout().lock()),
        };
        let mut pages = Pages::new(services, Claims::command_line(), wanted.filter(), format);
        while let Some(part) = pages.next().await? {
            output.write_all(&part).context("the output does not take more")?;
        }
        output.flush().context("the output does not take more")
    }
}

impl Runs {
    fn filter(self) -> RunFilter {
        let some = |words: Vec<String>| (!words.is_empty()).then_some(words);
        RunFilter {
            status: some(self.status.iter().map(|status| status.as_str().to_owned()).collect()),
            lane: self.lane.into_iter().collect(),
            template: self.template.into_iter().collect(),
            action: self.action.into_iter().collect(),
            text: self.text,
            from: self.from,
            to: self.to,
            env: self.env.into_iter().collect(),
            reason: some(self.reason),
            dead: self.dead,
            ..RunFilter::default()
        }
    }
}
