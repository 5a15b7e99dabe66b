//! How reads find what they show in a ledger of a million runs: through indexes, in a bounded number of pages
//! of the buffer. Time is never asserted.

use super::*;
use crate::reads::{board, lanes, list, logs, run, templates};
use serde_json::Value;
use sqlx::{Arguments as _, AssertSqlSafe, Row as _, postgres::PgArguments, types::Json};

/// Tables that grow for ever; reading one of them from end to end is never right.
const LARGE: [&str; 4] = ["runs", "run_attempts", "run_steps", "run_events_default"];

const SWEEP: &str = "select public.sweep_stuck_runs(100)";
const CLAIM: &str =
    "select * from public.claim_runs('00000000-0000-4000-8000-000000000001', array['A', 'B', 'C', 'D'], 10)";

/// Statements on the shared ledger, and what is wrong with how they are done.
struct Look {
    db: TestDb,
    tx: Transaction,
    wrong: Vec<String>,
}

impl Look {
    /// As somebody who may only read.
    async fn new() -> Self {
        let db = TestDb::filled("ledger", include_str!("ledger.sql")).await;
        let tx = viewer(&db).await;
        Self {
            db,
            tx,
            wrong: Vec::new(),
        }
    }

    /// Explains a statement: no large table is read from end to end, and no more pages than `most`.
    async fn at(&mut self, name: &str, sql: &str, arguments: PgArguments, most: i64) {
        let explain = format!("explain (analyze, buffers, costs off, timing off, format json) {sql}");
        let row = sqlx::query_with(AssertSqlSafe(explain), arguments)
            .persistent(false)
            .fetch_one(&mut *self.tx)
            .await
            .unwrap();
        let Json(plan): Json<Value> = row.get(0);
        let top = &plan[0]["Plan"];
        let pages = top["Shared Hit Blocks"].as_i64().unwrap() + top["Shared Read Blocks"].as_i64().unwrap();
        println!("{name}: {pages} pages");
        let wrong = &mut self.wrong;
        visit(top, &mut |node| {
            let table = node["Relation Name"].as_str().unwrap_or_default();
            if node["Node Type"] == "Seq Scan" && node["Actual Loops"] != 0 && LARGE.contains(&table) {
                wrong.push(format!("{name} reads {table} from end to end"));
            }
        });
        if pages > most {
            wrong.push(format!("{name} reads {pages} pages, more than {most}"));
        }
    }

    /// The first page of a list: of `status`, with the text in `place` of the parameters of lists.
    async fn at_list(&mut self, name: &str, status: Option<&[&str]>, place: usize, text: &str, most: i64) {
        let mut arguments = PgArguments::default();
        let words: Option<Vec<String>> = status.map(|words| words.iter().map(ToString::to_string).collect());
        arguments.add(words).unwrap();
        for number in 2..=16 {
            let given = (number == place).then(|| text.to_owned());
            match number {
                6..=8 => arguments.add(None::<DateTime<Utc>>),
                10 => arguments.add(51_i64),
                13 => arguments.add(None::<Vec<String>>),
                14 => arguments.add(None::<bool>),
                _ => arguments.add(given),
            }
            .unwrap();
        }
        let held = status.is_some_and(|status| status == ["running"] || status == ["waiting"]);
        let sql = if held { list::LIST_HELD } else { list::LIST_LEDGER };
        self.at(name, sql, arguments, most).await;
    }

    fn assert_sound(self) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
    }
}

fn visit(node: &Value, look: &mut impl FnMut(&Value)) {
    look(node);
    for child in node["Plans"].as_array().into_iter().flatten() {
        visit(child, look);
    }
}

fn one(value: impl for<'q> sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>) -> PgArguments {
    let mut arguments = PgArguments::default();
    arguments.add(value).unwrap();
    arguments
}

#[tokio::test]
async fn lists_of_a_million_runs_read_a_bounded_part() {
    let mut look = Look::new().await;
    look.at_list("the newest", None, 0, "", 1500).await;
    for status in ["failed", "success", "queued", "running", "waiting"] {
        look.at_list(status, Some(&[status]), 0, "", 2500).await;
    }
    look.at_list("open", Some(&["queued", "running", "waiting"]), 0, "", 2500)
        .await;
    for template in ["common", "rare", "never"] {
        look.at_list(template, None, 3, template, 1500).await;
    }
    for action in ["template.run", "never.used"] {
        look.at_list(action, None, 4, action, 1500).await;
    }
    look.at_list("a text that all have", None, 5, "template", 1500).await;
    look.at_list("children of a run", None, 15, "run_20260101_000000_aaaaaaaa", 100)
        .await;
    look.assert_sound();
}

#[tokio::test]
async fn the_board_of_a_million_runs_reads_a_bounded_part() {
    let mut look = Look::new().await;
    let none = PgArguments::default;
    look.at("strip", board::STRIP, none(), 2000).await;
    look.at("minutes", board::MINUTES, one(60_i32), 8000).await;
    look.at("running", board::RUNNING, none(), 1500).await;
    look.at("next", board::NEXT_QUEUED, one(10_i64), 3000).await;
    look.at("ended", board::LAST_FINISHED, one(10_i64), 1500).await;
    look.at("lanes", lanes::LANES, none(), 8000).await;
    look.at("workers", lanes::WORKERS, none(), 500).await;
    look.at(
        "recent parameters",
        templates::RECENT_PARAMS,
        two("common", 5_i64),
        8000,
    )
    .await;
    look.assert_sound();
}

fn two(
    first: impl for<'q> sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    second: impl for<'q> sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
) -> PgArguments {
    let mut arguments = one(first);
    arguments.add(second).unwrap();
    arguments
}

#[tokio::test]
async fn the_page_of_a_run_reads_that_run_only() {
    let mut look = Look::new().await;
    let run = look
        .db
        .value("select run_id from public.run_attempts order by lease_seq desc limit 1")
        .await;
    for (name, sql) in [
        ("body", run::RUN_BODY),
        ("attempts", run::ATTEMPTS),
        ("steps", run::STEPS),
        ("artifacts", run::ARTIFACTS),
    ] {
        // The first one also loads the functions that policies ask.
        look.at(name, sql, one(run.clone()), 300).await;
    }
    look.at("events", run::EVENTS, two(run.clone(), 1000_i64), 300).await;
    look.at("the end of the log", logs::LOG_TAIL, two(run.clone(), 500_i64), 200)
        .await;
    look.at("row", list::RUNS_BY_ID, one(vec![run]), 100).await;
    look.assert_sound();
}

#[tokio::test]
async fn a_sweep_and_a_claim_read_no_more_than_they_work_on() {
    let mut look = Look::new().await;
    // A worker's connection; what it changes is rolled back.
    look.tx = look.db.pool().begin().await.unwrap();
    look.at("sweep", SWEEP, PgArguments::default(), 3000).await;
    look.at("claim of ten", CLAIM, PgArguments::default(), 3000).await;
    look.assert_sound();
}
