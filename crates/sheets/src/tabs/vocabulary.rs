//! Words and columns that several tabs share.

use super::column::{Choices, Column, Kind, pm, shown, system};

/// The header of row statuses.
pub(super) const RUN_STATUS: &str = "run_status";
/// The same on tabs that write their headers as titles.
pub(super) const RUN_STATUS_TITLE: &str = "Run Status";

const STATUS_HELP: &str = "What the last action said about this row: OK, SKIPPED, FAILED or CONFLICT, and why.";
const SOURCE_HELP: &str = "Which action wrote to this row last.";
const UPDATED_HELP: &str = "When Runboard wrote to this row last.";

/// The column of row statuses, also under the name `Status`.
pub(super) const STATUS: Column = shown(RUN_STATUS, Kind::Text, STATUS_HELP)
    .required()
    .also(&["Status", "Last Run Status"]);
/// The column of row statuses on a tab whose column `status` means something else.
pub(super) const STATUS_BESIDE: Column = shown(RUN_STATUS, Kind::Text, STATUS_HELP)
    .required()
    .also(&["Last Run Status"]);
/// The column of row statuses on a tab whose `Status` has always meant the lifecycle.
pub(super) const STATUS_TITLE: Column = shown(RUN_STATUS_TITLE, Kind::Text, STATUS_HELP)
    .required()
    .also(&["Last Run Status"]);
/// The token of the last writer.
pub(super) const UPDATED_SOURCE: Column = shown("updated_source", Kind::Text, SOURCE_HELP);
/// The same, written as a title.
pub(super) const UPDATED_SOURCE_TITLE: Column = shown("Updated Source", Kind::Text, SOURCE_HELP);
/// When it was written.
pub(super) const UPDATED_AT: Column = shown("updated_at", Kind::Moment, UPDATED_HELP);
/// The same, written as a title.
pub(super) const UPDATED_AT_TITLE: Column = shown("Updated At", Kind::Moment, UPDATED_HELP);

/// The key of the initiative a row is about, kept in the table of that tab.
pub(super) const fn initiative_key(kept_in: &'static str) -> Column {
    system("initiative_key", Kind::Key, kept_in, "The key of the initiative.").required()
}

/// The department that asks for an initiative.
pub(super) const DEPARTMENT: Column = pm(
    "Department",
    Kind::Text,
    "initiatives.department",
    "The department that asks.",
)
.also(&["Dept"]);
/// The team that asks for it.
pub(super) const REQUESTING_TEAM: Column = pm(
    "Requesting Team",
    Kind::Text,
    "initiatives.requesting_team",
    "The team that asks.",
);
/// Who asks for it.
pub(super) const REQUESTER_NAME: Column = pm(
    "Requester Name",
    Kind::Text,
    "initiatives.requester_name",
    "Whom to ask back.",
);
/// Their address.
pub(super) const REQUESTER_EMAIL: Column = pm(
    "Requester Email",
    Kind::Text,
    "initiatives.requester_email",
    "Where to write to.",
);

/// Ways of scoring.
pub(super) const FRAMEWORKS: Choices = Choices {
    words: &["RICE", "WSJF", "ICE", "MATH_MODEL"],
    older: &[("math", "MATH_MODEL")],
};
/// What a scenario or a constraint speaks about.
pub(super) const DIMENSIONS: Choices = Choices {
    words: &[
        "global",
        "market",
        "department",
        "category",
        "program",
        "segment",
        "product",
        "initiative",
    ],
    older: &[("country", "market"), ("all", "global"), ("product_area", "product")],
};
/// How an initiative may be cut.
pub(super) const SCOPES: Choices = Choices::of(&["mvp", "full", "either", "custom"]);
