//! The long form: thousands of runs, ten workers, and faults all along by a schedule that a seed decides.
//!
//! `script/test chaos --long [--runs N] [--workers N] [--seed N]`; the seed is printed, so that a bad night
//! can be told again.

use anyhow::{Context, Result, bail};
use rand::{RngExt as _, SeedableRng, rngs::StdRng};
use runboard_tests::{
    fleet::{Launch, WorkerProcess},
    pause,
    site::Site,
};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use testkit::StopMode;

/// Longest time the whole may take.
const PATIENCE: Duration = Duration::from_hours(1);
const OURS: &str = "application_name in ('runboard worker', 'runboard listener') and datname = current_database()";

/// What may happen next, with how likely it is.
const FAULTS: [(&str, u32); 7] = [
    ("kill -9 of a worker", 8),
    ("SIGSTOP past the lease, SIGCONT", 6),
    ("SIGTERM and another one", 4),
    ("all sessions ended", 5),
    ("kill -9 of a backend", 2),
    ("Postgres restarts", 2),
    ("Postgres crashes", 2),
];

#[tokio::main]
async fn main() -> Result<()> {
    let options = options()?;
    let number = |name: &str, usual: u64| options.get(name).copied().unwrap_or(usual);
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let (runs, workers, seed) = (
        number("--runs", 10_000),
        number("--workers", 10),
        number("--seed", since),
    );
    println!("{runs} runs, {workers} workers, seed {seed}");
    let mut night = Night::begin(usize::try_from(runs)?, usize::try_from(workers)?, seed).await;
    let begun = Instant::now();
    while night.open().await? > 0 {
        if begun.elapsed() > PATIENCE {
            bail!(
                "not done after {} min\n{}",
                PATIENCE.as_secs() / 60,
                night.site.story().await
            );
        }
        night.rest().await;
        night.fault().await?;
    }
    night.end(begun.elapsed()).await
}

fn options() -> Result<BTreeMap<String, u64>> {
    let mut words = std::env::args().skip(1);
    let mut options = BTreeMap::new();
    while let Some(name) = words.next() {
        if !["--runs", "--workers", "--seed"].contains(&name.as_str()) {
            bail!("unknown option {name}: --runs, --workers, --seed");
        }
        let value = words.next().and_then(|word| word.parse().ok());
        options.insert(name, value.context("each option takes a number")?);
    }
    Ok(options)
}

struct Night {
    site: Site,
    watch: runboard_tests::watch::Watch,
    fleet: Vec<WorkerProcess>,
    random: StdRng,
    runs: usize,
    started: usize,
    faults: BTreeMap<&'static str, Vec<f64>>,
}

impl Night {
    async fn begin(runs: usize, workers: usize, seed: u64) -> Self {
        let site = Site::on_its_own_postgres("").await;
        // So many faults may meet one run more often than a real one survives.
        site.set("max_crashes", 1000).await;
        site.db
            .execute(&format!(
                "update public.lanes set max_running = {} where name = 'B'",
                workers * 3
            ))
            .await;
        let watch = site.watch().await;
        let fleet = site.fleet(workers);
        site.enqueue("work", runs, 0.1).await;
        Self {
            site,
            watch,
            fleet,
            random: StdRng::seed_from_u64(seed),
            runs,
            started: workers,
            faults: BTreeMap::new(),
        }
    }

    /// Runs that have not ended. Postgres may be recovering: it is asked until it answers.
    async fn open(&self) -> Result<i64> {
        let mut failures = 0;
        loop {
            let sql = "select count(*) from public.runs where finished_at is null";
            match sqlx::query_scalar(sql).fetch_one(self.site.db.pool()).await {
                Ok(count) => return Ok(count),
                Err(error) if failures > 100 => return Err(error).context("Postgres does not come back"),
                Err(_) => failures += 1,
            }
            pause(100).await;
        }
    }

    async fn rest(&mut self) {
        let milliseconds = self.random.random_range(500..3000);
        pause(milliseconds).await;
    }

    async fn fault(&mut self) -> Result<()> {
        let mut draw = self
            .random
            .random_range(0..FAULTS.iter().map(|(_, weight)| weight).sum());
        let mut drawn = FAULTS[0].0;
        for (name, weight) in FAULTS {
            drawn = name;
            if draw < weight {
                break;
            }
            draw -= weight;
        }
        let victim = self.random.random_range(0..self.fleet.len());
        self.site.fault();
        let at = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
        self.faults.entry(drawn).or_default().push(at);
        match drawn {
            "kill -9 of a worker" => self.replace(victim, Signal::KILL),
            "SIGTERM and another one" => self.replace(victim, Signal::TERM),
            "SIGSTOP past the lease, SIGCONT" => {
                self.fleet[victim].signal(Signal::STOP);
                pause(3500).await;
                self.fleet[victim].signal(Signal::CONT);
            }
            "all sessions ended" => {
                self.ask(&format!(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity where {OURS}"
                ))
                .await?;
            }
            "kill -9 of a backend" => {
                let pid = self
                    .ask(&format!("select count(*), min(pid) from pg_stat_activity where {OURS}"))
                    .await?;
                if let Some(pid) = Pid::from_raw(pid) {
                    kill_process(pid, Signal::KILL)?;
                }
            }
            _ => {
                let mode = if drawn == "Postgres crashes" {
                    StopMode::Immediate
                } else {
                    StopMode::Fast
                };
                self.site.cluster().stop(mode);
                pause(self.random.random_range(100..2500)).await;
                self.site.cluster().start_again();
            }
        }
        Ok(())
    }

    fn replace(&mut self, victim: usize, signal: Signal) {
        self.fleet[victim].signal(signal);
        self.fleet[victim].wait();
        self.started += 1;
        self.fleet[victim] = self.site.worker(&Launch::named(&format!("w{}", self.started)));
    }

    /// The last column of one row, as a number.
    async fn ask(&self, sql: &str) -> Result<i32> {
        let mut conn = PgConnection::connect(self.site.db.url()).await?;
        let row = conn.fetch_one(AssertSqlSafe(sql)).await?;
        let last = sqlx::Row::len(&row) - 1;
        Ok(sqlx::Row::try_get::<Option<i32>, _>(&row, last)
            .ok()
            .flatten()
            .unwrap_or_default())
    }

    async fn end(self, took: Duration) -> Result<()> {
        println!("\n| fault | times | slowest until the next success, s |\n| --- | ---: | ---: |");
        for (name, times) in &self.faults {
            let slowest: Option<f64> = sqlx::query_scalar(
                "select max(extract(epoch from (
                   select min(a.ended_at) from public.run_attempts as a
                   where a.outcome = 'success' and a.ended_at > to_timestamp(f.at)) - to_timestamp(f.at)))::float8
                 from unnest($1::float8[]) as f (at)",
            )
            .bind(times)
            .fetch_one(self.site.db.pool())
            .await?;
            println!(
                "| {name} | {} | {} |",
                times.len(),
                slowest.map_or("-".to_owned(), |s| format!("{s:.1}"))
            );
        }
        println!(
            "\ntook {:.0} s, {} worker processes\n",
            took.as_secs_f32(),
            self.started
        );
        self.site.conclude("the long night", self.runs, self.watch).await;
        Ok(())
    }
}
