//! MathModels: formulas that turn assumptions into value, one row per model.

use super::column::{Choices, Column, Kind, pm, system};
use super::vocabulary::{STATUS, UPDATED_AT, UPDATED_SOURCE, initiative_key};
use super::{Layout, Tab};

const SUGGESTED_BY: Choices = Choices::of(&["model", "built-in"]);

/// The tab of math models.
pub static MATH_MODELS: Tab = Tab {
    name: "MathModels",
    aliases: &[],
    purpose: "One row per model: say what you mean, write or take over a formula, approve it.",
    layout: Layout::Explained,
    identity: &["initiative_key", "model_name", "target_kpi_key"],
    columns: COLUMNS,
    default_rows: 500,
    default_columns: 30,
};

const COLUMNS: &[Column] = &[
    initiative_key("math_models.initiative_key"),
    pm(
        "target_kpi_key",
        Kind::Key,
        "math_models.target_kpi_key",
        "The KPI this model speaks about.",
    ),
    pm(
        "model_name",
        Kind::Text,
        "math_models.model_name",
        "A short name; one initiative may have several models.",
    )
    .required(),
    pm(
        "model_description_free_text",
        Kind::Text,
        "math_models.description",
        "Say in your own words how the value comes about.",
    ),
    pm(
        "is_primary",
        Kind::Boolean,
        "math_models.is_primary",
        "Tick the model that counts for this KPI.",
    ),
    pm(
        "metric_chain_text",
        Kind::Text,
        "math_models.metric_chain",
        "From first effect to north star: visits → orders → revenue.",
    ),
    pm(
        "immediate_kpi_key",
        Kind::Key,
        "math_models.immediate_kpi_key",
        "The KPI that moves first.",
    ),
    pm(
        "model_prompt_to_llm",
        Kind::Text,
        "math_models.prompt",
        "What a suggestion should take into account.",
    ),
    system(
        "llm_suggested_metric_chain_text",
        Kind::Text,
        "math_models.suggested_metric_chain",
        "A suggestion; copy it over if it is right.",
    ),
    pm(
        "formula_text",
        Kind::Text,
        "math_models.formula",
        "One line per step, the last one gives value: value = delta_orders * margin",
    ),
    system(
        "computed_score",
        Kind::Number,
        "math_models.computed_score",
        "What the formula gave at the last scoring.",
    ),
    pm(
        "approved_by_user",
        Kind::Boolean,
        "math_models.approved_by_user",
        "Tick it when the formula is right; only then it counts.",
    )
    .also(&["approved"]),
    system(
        "llm_suggested_formula_text",
        Kind::Text,
        "math_models.suggested_formula",
        "A suggestion; copy it over if it is right.",
    ),
    system(
        "llm_notes",
        Kind::Text,
        "math_models.suggestion_notes",
        "What to know about the suggestion.",
    ),
    pm(
        "assumptions_text",
        Kind::Text,
        "math_models.assumptions",
        "What you take for granted.",
    ),
    system(
        "suggested_by",
        Kind::Choice(&SUGGESTED_BY),
        "math_models.suggested_by",
        "A language model, or Runboard's own patterns.",
    )
    .also(&["suggested_by_llm"]),
    system(
        "evaluation_score",
        Kind::Number,
        "math_models.evaluation_score",
        "How good the suggestion was found, out of 100.",
    )
    .unit("0 to 100")
    .also(&["llm_evaluation_score"]),
    system(
        "evaluation_verdict",
        Kind::Text,
        "math_models.evaluation_verdict",
        "Accepted, revised or rejected.",
    )
    .also(&["llm_evaluation_verdict"]),
    system(
        "evaluation_issues",
        Kind::Text,
        "math_models.evaluation_issues",
        "What was found wrong with the suggestion.",
    )
    .also(&["llm_evaluation_issues"]),
    STATUS,
    UPDATED_SOURCE,
    UPDATED_AT,
];
