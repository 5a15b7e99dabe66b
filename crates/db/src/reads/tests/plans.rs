//! How reads find what they show in a ledger of a million runs: through indexes, in a bounded number of pages
//! of the buffer. Time is never asserted.

use super::*;
use crate::reads::{
    board, lanes,
    list::{
        self,
        source::{self, SMALL, Source},
    },
    logs, run, templates,
};
use serde_json::Value;
use sqlx::{Arguments as _, AssertSqlSafe, Execute as _, Row as _, postgres::PgArguments, types::Json};

/// Tables that grow for ever; reading one of them from end to end is never right.
const LARGE: [&str; 5] = ["runs", "run_ends", "run_attempts", "run_steps", "run_events_default"];

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

    /// Explains a statement: no large table is read from end to end, and no more pages than `most`. Answers how
    /// many rows of large tables it looked at.
    async fn at(&mut self, name: &str, sql: &str, arguments: PgArguments, most: i64) -> i64 {
        let explain = format!("explain (analyze, buffers, costs off, timing off, format json) {sql}");
        let row = sqlx::query_with(AssertSqlSafe(explain), arguments)
            .persistent(false)
            .fetch_one(&mut *self.tx)
            .await
            .unwrap();
        let Json(plan): Json<Value> = row.get(0);
        let top = &plan[0]["Plan"];
        let pages = top["Shared Hit Blocks"].as_i64().unwrap() + top["Shared Read Blocks"].as_i64().unwrap();
        let mut rows = 0;
        let wrong = &mut self.wrong;
        visit(top, &mut |node| {
            let table = node["Relation Name"].as_str().unwrap_or_default();
            if node["Node Type"] == "Seq Scan" && node["Actual Loops"] != 0 && LARGE.contains(&table) {
                wrong.push(format!("{name} reads {table} from end to end"));
            }
            if LARGE.contains(&table) {
                rows += looked_at(node);
            }
        });
        println!("{name}: {pages} pages, {rows} rows");
        if pages > most {
            wrong.push(format!("{name} reads {pages} pages, more than {most}"));
        }
        rows
    }

    /// The first page of a list: out of the part that is right for it, and never more than a look takes.
    async fn at_list(&mut self, name: &str, filter: RunFilter, part: Source, most: i64) {
        let chosen = Source::of(&mut self.tx, &filter).await.unwrap();
        if chosen != part {
            self.wrong.push(format!("{name} reads {chosen:?}, not {part:?}"));
        }
        let counting = source::sizes(&filter, SMALL).take_arguments().unwrap().unwrap();
        let counted = self
            .at(&format!("{name}, the choice"), source::SIZES, counting, 1000)
            .await;
        let paging = list::page(part, &filter, None, 50).take_arguments().unwrap().unwrap();
        let looked = self.at(name, part.statement(), paging, most).await;
        // Where a look stopped is found by passing over the same runs again.
        if counted > 2 * SMALL || looked > 2 * part.look(&filter) + 50 {
            self.wrong.push(format!("{name} looks at {counted} and {looked} runs"));
        }
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

/// Rows that a node read, whether it kept them or not.
fn looked_at(node: &Value) -> i64 {
    let number = |name: &str| node[name].as_f64().unwrap_or_default();
    let rows = number("Actual Rows") + number("Rows Removed by Filter") + number("Rows Removed by Index Recheck");
    (rows * number("Actual Loops")) as i64
}

fn one(value: impl for<'q> sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>) -> PgArguments {
    let mut arguments = PgArguments::default();
    arguments.add(value).unwrap();
    arguments
}

fn of_status(words: &[&str]) -> RunFilter {
    RunFilter {
        status: Some(words.iter().map(ToString::to_string).collect()),
        ..RunFilter::default()
    }
}

fn with_text(text: &str) -> RunFilter {
    RunFilter {
        text: Some(text.to_owned()),
        ..RunFilter::default()
    }
}

impl RunFilter {
    fn in_lane(self, lane: &str) -> Self {
        Self {
            lane: vec![lane.to_owned()],
            ..self
        }
    }

    fn of_template(self, template: &str) -> Self {
        Self {
            template: vec![template.to_owned()],
            ..self
        }
    }

    fn of_action(self, action: &str) -> Self {
        Self {
            action: vec![action.to_owned()],
            ..self
        }
    }
}

#[tokio::test]
async fn lists_of_a_million_runs_read_a_bounded_part() {
    let mut look = Look::new().await;
    let all = RunFilter::default;
    look.at_list("the newest", all(), Source::Ledger, 200).await;
    for (status, part, most) in [
        ("failed", Source::EndedBadly, 500),
        ("success", Source::Ledger, 200),
        ("queued", Source::NewestOpen, 500),
        ("running", Source::Open, 500),
        ("waiting", Source::Open, 100),
    ] {
        look.at_list(status, of_status(&[status]), part, most).await;
    }
    let open = of_status(&["queued", "running", "waiting"]);
    look.at_list("open", open, Source::NewestOpen, 500).await;
    look.at_list("a lane", all().in_lane("C"), Source::Ledger, 200).await;
    look.at_list("a lane that has none", all().in_lane("D"), Source::Lane, 100)
        .await;
    let parent = RunFilter {
        parent: Some("run_20260101_000000_aaaaaaaa".to_owned()),
        ..all()
    };
    look.at_list("children of a run", parent, Source::Parent, 100).await;
    look.assert_sound();
}

#[tokio::test]
async fn lists_of_a_template_or_an_action_read_its_runs_only() {
    let mut look = Look::new().await;
    let all = RunFilter::default;
    for template in ["common", "rare", "never", "unknown"] {
        look.at_list(template, all().of_template(template), Source::Template, 200)
            .await;
    }
    for action in ["template.run", "never.used"] {
        look.at_list(action, all().of_action(action), Source::Action, 200).await;
    }
    let failed = || of_status(&["failed"]);
    look.at_list(
        "failed of a common one",
        failed().of_template("common"),
        Source::EndedBadly,
        500,
    )
    .await;
    look.at_list(
        "failed of a rare one",
        failed().of_template("rare"),
        Source::Template,
        3000,
    )
    .await;
    look.at_list("failed of none", failed().of_template("unknown"), Source::Template, 100)
        .await;
    look.assert_sound();
}

#[tokio::test]
async fn lists_of_a_status_in_a_lane_read_a_bounded_part() {
    let mut look = Look::new().await;
    for (status, part) in [
        ("failed", Source::EndedBadly),
        ("success", Source::Ledger),
        ("queued", Source::NewestOpen),
        ("running", Source::Open),
        ("waiting", Source::Open),
    ] {
        let name = format!("{status} in a lane");
        look.at_list(&name, of_status(&[status]).in_lane("C"), part, 1000).await;
    }
    for status in ["failed", "success"] {
        let name = format!("{status} in a lane that has none");
        look.at_list(&name, of_status(&[status]).in_lane("D"), Source::Lane, 100)
            .await;
    }
    look.at_list(
        "queued in a lane that has none",
        of_status(&["queued"]).in_lane("D"),
        Source::Open,
        100,
    )
    .await;
    look.assert_sound();
}

#[tokio::test]
async fn lists_of_derived_states_and_parameters_read_a_bounded_part() {
    let mut look = Look::new().await;
    let states = |query: &str| RunFilter {
        states: domain::filter::Filter::parse(query).status,
        ..RunFilter::default()
    };
    for (query, part, most) in [
        ("status=stuck", Source::Open, 500),
        ("status=canceling>60s", Source::Open, 500),
        ("status=scheduled,retrying", Source::Open, 100),
        // Those of this very moment stand above; the queue of the others is long.
        ("status=queued>5m", Source::NewestOpen, 2000),
        ("status=queued>500w", Source::NewestOpen, 60_000),
    ] {
        look.at_list(query, states(query), part, most).await;
    }
    let params = RunFilter {
        params: vec![serde_json::json!({"size": 1}), serde_json::json!({"size": "1"})],
        ..RunFilter::default()
    };
    look.at_list("a parameter that all have", params, Source::Ledger, 300)
        .await;
    let params = RunFilter {
        params: vec![serde_json::json!({"size": {"of": 7}})],
        ..RunFilter::default()
    };
    look.at_list("a parameter that nobody has", params, Source::Ledger, 10_000)
        .await;
    let lanes = RunFilter {
        lane: vec!["A".to_owned(), "C".to_owned()],
        ..RunFilter::default()
    };
    look.at_list("two lanes", lanes, Source::Ledger, 200).await;
    look.assert_sound();
}

#[tokio::test]
async fn a_search_for_words_looks_at_a_bounded_part() {
    let mut look = Look::new().await;
    look.at_list("words that all have", with_text("template"), Source::Ledger, 200)
        .await;
    look.at_list("words that nobody has", with_text("nowhere"), Source::Ledger, 10_000)
        .await;
    look.at_list(
        "words that no failed run has",
        RunFilter {
            text: Some("nowhere".to_owned()),
            ..of_status(&["failed"])
        },
        Source::EndedBadly,
        40_000,
    )
    .await;
    let run_id = look
        .db
        .value("select run_id from public.runs order by created_at limit 1")
        .await;
    look.at_list("an id", with_text(&run_id), Source::Ids, 300).await;
    look.at_list("the minute of an id", with_text(&run_id[..17]), Source::Ids, 300)
        .await;
    look.at_list(
        "an id of no run",
        with_text("run_20000101_000000_aaaaaaaa"),
        Source::Ids,
        100,
    )
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
        1500,
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
