//! RunLog: what was started from this workbook and what came of it.

use super::column::{Choices, Column, Kind, system};
use super::{Layout, Tab};

const STATUSES: Choices = Choices::of(&["queued", "running", "waiting", "success", "failed", "canceled"]);

/// The tab of runs, in every workbook.
pub static RUN_LOG: Tab = Tab {
    name: "RunLog",
    aliases: &["Control"],
    purpose: "What was started from this workbook and what came of it, the newest on top.",
    layout: Layout::Explained,
    identity: &["run_id"],
    columns: COLUMNS,
    default_rows: 520,
    default_columns: 18,
};

const COLUMNS: &[Column] = &[
    system("run_id", Kind::Key, "runs.run_id", "The run.").required(),
    system("action", Kind::Text, "runs.action", "What was asked for."),
    system("tab", Kind::Text, "runs.tab", "The tab it was asked for on."),
    system("scope", Kind::Text, "runs.scope", "Which rows."),
    system("requested_by", Kind::Text, "runs.requested_by", "Who asked."),
    system("status", Kind::Choice(&STATUSES), "runs.status", "Where it stands.").required(),
    system("queued_at", Kind::Moment, "runs.queued_at", "When it was asked for."),
    system("started_at", Kind::Moment, "runs.started_at", "When work began."),
    system("finished_at", Kind::Moment, "runs.finished_at", "When it ended."),
    system(
        "done",
        Kind::Text,
        "runs.progress",
        "How far it is, out of how many rows.",
    )
    .also(&["done/total"]),
    system("updated", Kind::Number, "runs.updated_count", "Rows that were changed.").unit("rows"),
    system(
        "skipped",
        Kind::Number,
        "runs.skipped_count",
        "Rows that were left alone; each says why.",
    )
    .unit("rows"),
    system(
        "failed",
        Kind::Number,
        "runs.failed_count",
        "Rows that need you; each says what to do.",
    )
    .unit("rows"),
    system("message", Kind::Text, "runs.message", "How it went, in a sentence."),
    system(
        "error_code",
        Kind::Text,
        "runs.error_code",
        "A word to search for when it failed.",
    ),
    system("link", Kind::Text, "runs.link", "The run in Runboard."),
];
