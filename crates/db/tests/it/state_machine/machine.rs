//! The machine itself: who acts next, what is remembered, and what is looked at afterwards.

use super::{acts, bulk_acts, promises};
use crate::world::World;
use db::queue::{self, FinishedRun, WriteOutcome};
use rand::{Rng, RngExt as _, SeedableRng, rngs::StdRng, seq::IndexedRandom as _};
use sqlx::{AssertSqlSafe, Postgres, pool::PoolConnection};
use std::collections::{BTreeSet, VecDeque};

/// What a call answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// A value as text; null and no row are the empty text.
    Told(String),
    /// A refusal with its code, which is an answer too.
    Refused(String),
}

impl Answer {
    /// The text of an answer; empty when it was refused.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Told(text) => text,
            Self::Refused(_) => "",
        }
    }
}

/// One story on a database of its own.
pub(super) struct Machine {
    pub(super) world: World,
    pub(super) random: StdRng,
    /// Workers that the hands use; one that took its leave is replaced.
    pub(super) workers: Vec<String>,
    /// Leases that hands ever got, held or lost long ago.
    pub(super) leases: Vec<(String, i64)>,
    /// Tokens that somebody outside was given.
    pub(super) tokens: Vec<String>,
    /// Public functions there are.
    pub(super) functions: BTreeSet<String>,
    /// Public functions that were asked and did not refuse.
    pub(super) told: BTreeSet<String>,
    conn: PoolConnection<Postgres>,
    history: VecDeque<String>,
    pub(super) numbers: u64,
}

impl Machine {
    pub(super) async fn new(seed: u64) -> Self {
        let world = World::new().await;
        world.advance(chrono::Duration::zero()).await;
        world.template("flow").await;
        // Schedules and what is kept are part of the story; those that come with Runboard are not.
        world
            .execute(r#"select public.save_retention('{"runs": 1, "logs": 1, "events": 1}')"#)
            .await;
        world.execute(promises::SHADOW).await;
        let mut workers = Vec::new();
        for number in 0..4 {
            workers.push(world.worker(&format!("w{number}")).await.to_string());
        }
        let functions = world
            .value("select string_agg(distinct p.proname, ' ') from pg_proc as p where p.pronamespace = 'public'::regnamespace")
            .await;
        let conn = world.conn().await;
        Self {
            world,
            random: StdRng::seed_from_u64(seed),
            workers,
            leases: Vec::new(),
            tokens: Vec::new(),
            functions: functions.split(' ').map(str::to_owned).collect(),
            // The world registers workers by itself.
            told: BTreeSet::from(["register_worker".to_owned()]),
            conn,
            history: VecDeque::new(),
            numbers: 0,
        }
    }

    /// Plays so many acts; the first broken promise ends the story.
    pub(super) async fn play(&mut self, steps: usize) -> Result<(), String> {
        for _ in 0..steps {
            acts::any(self).await?;
            promises::hold(self).await?;
        }
        Ok(())
    }

    /// Left alone with one good worker and people who decide, every run ends.
    pub(super) async fn play_to_the_end(&mut self) -> Result<(), String> {
        self.ask("select count(public.resume_lane(name)) from public.lanes")
            .await?;
        let worker = self.world.worker("last").await.to_string();
        for _ in 0..150 {
            self.advance(600).await?;
            acts::sweep(self).await?;
            acts::settle_waits(self).await?;
            for (run, lease) in acts::claim(self, &worker, 50).await? {
                self.ask(&format!(
                    "select public.complete_run('{run}', {lease}, 'success', null, null)"
                ))
                .await?;
            }
            promises::hold(self).await?;
            if self
                .value("select count(*) from public.runs where finished_at is null")
                .await?
                == "0"
            {
                return bulk_acts::settle(self).await;
            }
        }
        Err(format!(
            "runs never end: {}",
            self.value("select string_agg(run_id || ' ' || status, ', ') from public.runs where finished_at is null")
                .await?
        ))
    }

    /// Asks one value; a refusal is an answer, any other failure ends the story.
    pub(super) async fn ask(&mut self, sql: &str) -> Result<Answer, String> {
        while self.history.len() >= 12 {
            self.history.pop_front();
        }
        self.history.push_back(sql.to_owned());
        let answer = self.quietly(sql).await?;
        if matches!(answer, Answer::Told(_)) {
            self.told.extend(public_names(sql));
        }
        if let Some(last) = self.history.back_mut() {
            use std::fmt::Write as _;
            let _ = write!(last, "  →  {answer:?}");
        }
        Ok(answer)
    }

    /// The last words of short runs, as a worker says them.
    /// `None` when the function sends some of them the long way.
    pub(super) async fn finish_runs(&mut self, runs: &mut [FinishedRun]) -> Result<Option<Vec<WriteOutcome>>, String> {
        self.history.push_back(format!("finish_runs of {} runs", runs.len()));
        match queue::finish_runs(&mut self.conn, runs, None).await {
            Ok(outcomes) => {
                self.told.insert("finish_runs".to_owned());
                Ok(Some(outcomes))
            }
            Err(error) if error.code() == Some("not_fresh") => Ok(None),
            Err(error) => Err(format!("finish_runs: {error}")),
        }
    }

    /// The same for looks that are no part of the story.
    pub(super) async fn value(&mut self, sql: &str) -> Result<String, String> {
        Ok(self.quietly(sql).await?.text().to_owned())
    }

    /// One of the looks that are taken after every act; it is planned once.
    pub(super) async fn look(&mut self, sql: &'static str) -> Result<String, String> {
        let seen: Result<Option<String>, sqlx::Error> = sqlx::query_scalar(sql).fetch_one(&mut *self.conn).await;
        seen.map(Option::unwrap_or_default)
            .map_err(|error| format!("{error}: {sql}"))
    }

    async fn quietly(&mut self, sql: &str) -> Result<Answer, String> {
        let text = format!("select (select answer from ({sql}) as t (answer))::text");
        let answer = sqlx::query_scalar::<_, Option<String>>(AssertSqlSafe(text.as_str()))
            .persistent(false)
            .fetch_one(&mut *self.conn)
            .await;
        match answer {
            Ok(answer) => Ok(Answer::Told(answer.unwrap_or_default())),
            Err(sqlx::Error::Database(error)) if error.code().is_some_and(|code| code.starts_with("PT")) => Ok(
                Answer::Refused(format!("{}: {}", error.code().unwrap_or_default(), error.message())),
            ),
            Err(error) => Err(format!("{error}: {sql}")),
        }
    }

    /// Moves the database's clock.
    pub(super) async fn advance(&mut self, seconds: i64) -> Result<(), String> {
        self.history.push_back(format!("{seconds} s pass"));
        self.execute(&format!(
            "update runboard_internal.test_clock set ahead = ahead + {seconds} * interval '1 second'"
        ))
        .await
    }

    /// Runs a statement that is no part of the story.
    pub(super) async fn execute(&mut self, sql: &str) -> Result<(), String> {
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut *self.conn)
            .await
            .map_err(|error| format!("{error}: {sql}"))?;
        Ok(())
    }

    /// The last acts, oldest first.
    pub(super) fn story(&self) -> String {
        self.history.iter().cloned().collect::<Vec<_>>().join("\n")
    }

    /// One of several, by chance.
    pub(super) fn one_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of.choose(&mut self.random).expect("a choice of several")
    }

    /// True so many times of a hundred.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.random.random_range(0..100) < percent
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        self.random.next_u32() % end
    }

    /// Any run there is.
    pub(super) async fn any_run(&mut self) -> Result<Option<String>, String> {
        let open = if self.chance(70) { "finished_at is null" } else { "true" };
        // By a number of ours, not by chance of Postgres: the seed tells the story.
        let nth = self.below(1000);
        let run = self
            .value(&format!(
                "select run_id from (select run_id, row_number() over (order by created_at, title, run_id) - 1 as place, count(*) over () as runs
                   from public.runs where {open}) as r where place = {nth} % runs"
            ))
            .await?;
        Ok(Some(run).filter(|run| !run.is_empty()))
    }
}

/// Names behind `public.` in a statement.
fn public_names(sql: &str) -> impl Iterator<Item = String> {
    sql.split("public.").skip(1).filter_map(|rest| {
        let name = rest.split('(').next()?;
        name.chars()
            .all(|letter| letter.is_ascii_lowercase() || letter == '_')
            .then(|| name.to_owned())
    })
}
