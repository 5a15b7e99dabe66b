//! Params: the numbers that math models read.

use super::column::{Column, Kind, pm, system};
use super::vocabulary::{FRAMEWORKS, STATUS, UPDATED_AT, UPDATED_SOURCE, initiative_key};
use super::{Layout, Tab};

/// The tab of parameters.
pub static PARAMS: Tab = Tab {
    name: "Params",
    aliases: &["Parameters"],
    purpose: "The numbers that formulas read: fill in a value, approve it.",
    layout: Layout::Explained,
    identity: &["initiative_key", "framework", "model_name", "param_name"],
    columns: COLUMNS,
    default_rows: 2000,
    default_columns: 24,
};

const COLUMNS: &[Column] = &[
    initiative_key("params.initiative_key"),
    system(
        "framework",
        Kind::Choice(&FRAMEWORKS),
        "params.framework",
        "The framework that reads it.",
    ),
    system(
        "model_name",
        Kind::Text,
        "params.model_name",
        "The model that reads it.",
    ),
    system("param_name", Kind::Key, "params.param_name", "Its name in the formula.").required(),
    pm("value", Kind::Number, "params.value", "The number."),
    pm(
        "approved",
        Kind::Boolean,
        "params.approved",
        "Tick it when the number may be counted with.",
    ),
    system(
        "is_auto_seeded",
        Kind::Boolean,
        "params.is_auto_seeded",
        "Runboard made this row from a formula.",
    ),
    pm(
        "param_display",
        Kind::Text,
        "params.display_name",
        "A name that people like to read.",
    ),
    pm(
        "description",
        Kind::Text,
        "params.description",
        "What the number counts.",
    ),
    pm("unit", Kind::Text, "params.unit", "Its unit: orders per month, EUR, %."),
    pm(
        "min",
        Kind::Number,
        "params.min_value",
        "The smallest value that makes sense.",
    ),
    pm(
        "max",
        Kind::Number,
        "params.max_value",
        "The largest value that makes sense.",
    ),
    pm(
        "source",
        Kind::Text,
        "params.source",
        "Where the number comes from: PM, Analytics, Finance, Eng.",
    ),
    pm("notes", Kind::Text, "params.notes", "Anything others should know."),
    STATUS,
    UPDATED_SOURCE,
    UPDATED_AT,
];
