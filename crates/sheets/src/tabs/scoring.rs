//! Scoring_Inputs: what is known about each initiative, and the scores that follow from it.

use super::column::{Column, Kind, pm, system};
use super::vocabulary::{FRAMEWORKS, STATUS, UPDATED_AT, UPDATED_SOURCE, initiative_key};
use super::{Layout, Tab};

/// The tab of scoring inputs.
pub static SCORING_INPUTS: Tab = Tab {
    name: "Scoring_Inputs",
    aliases: &["Scoring"],
    purpose: "Fill in what you know about each initiative; the scores follow.",
    layout: Layout::Explained,
    identity: &["initiative_key"],
    columns: COLUMNS,
    default_rows: 1000,
    default_columns: 48,
};

const fn score(header: &'static str, kept_in: &'static str, help: &'static str) -> Column {
    system(header, Kind::Number, kept_in, help)
}

const fn input(header: &'static str, kept_in: &'static str, help: &'static str) -> Column {
    pm(header, Kind::Number, kept_in, help)
}

const COLUMNS: &[Column] = &[
    initiative_key("initiatives.initiative_key"),
    system(
        "initiative_title",
        Kind::Text,
        "initiatives.title",
        "Its title, to read along.",
    )
    .also(&["title"]),
    pm(
        "active_scoring_framework",
        Kind::Choice(&FRAMEWORKS),
        "initiatives.active_scoring_framework",
        "Which framework gives the score that counts.",
    ),
    pm(
        "use_math_model",
        Kind::Boolean,
        "initiatives.use_math_model",
        "Tick it to score with a math model too.",
    ),
    score(
        "active_value_score",
        "initiatives.value_score",
        "Value by the active framework.",
    ),
    score(
        "active_effort_score",
        "initiatives.effort_score",
        "Effort by the active framework.",
    ),
    score(
        "active_overall_score",
        "initiatives.overall_score",
        "Value over effort by the active framework.",
    ),
    score(
        "math_value_score",
        "initiatives.math_value_score",
        "Value by the math model.",
    ),
    score(
        "math_effort_score",
        "initiatives.math_effort_score",
        "Effort by the math model.",
    ),
    score(
        "math_overall_score",
        "initiatives.math_overall_score",
        "Value over effort by the math model.",
    ),
    system(
        "math_warnings",
        Kind::Text,
        "initiative_scores.warnings",
        "What the math model could not take as it stands.",
    ),
    input(
        "rice_reach",
        "initiatives.rice_reach",
        "How many people or events it reaches per period.",
    )
    .unit("people per period"),
    input(
        "rice_impact",
        "initiatives.rice_impact",
        "3 massive, 2 high, 1 medium, 0.5 low, 0.25 minimal.",
    ),
    input(
        "rice_confidence",
        "initiatives.rice_confidence",
        "How sure you are, from 0 to 1; 80 is read as 80 %.",
    )
    .unit("0 to 1"),
    input(
        "rice_effort",
        "initiatives.rice_effort",
        "Person-months it takes; without it there is no score.",
    )
    .unit("person-months"),
    input(
        "wsjf_business_value",
        "initiatives.wsjf_business_value",
        "Compared with the others: 1, 2, 3, 5, 8, 13, 20.",
    )
    .unit("points"),
    input(
        "wsjf_time_criticality",
        "initiatives.wsjf_time_criticality",
        "How much is lost by waiting: 1 to 20.",
    )
    .unit("points"),
    input(
        "wsjf_risk_reduction",
        "initiatives.wsjf_risk_reduction",
        "Risk taken away or doors opened: 1 to 20.",
    )
    .unit("points"),
    input(
        "wsjf_job_size",
        "initiatives.wsjf_job_size",
        "How large the work is: 1 to 20; without it there is no score.",
    )
    .unit("points"),
    input("ice_impact", "initiatives.ice_impact", "From 1 to 10.").unit("1 to 10"),
    input("ice_confidence", "initiatives.ice_confidence", "From 1 to 10.").unit("1 to 10"),
    input(
        "ice_ease",
        "initiatives.ice_ease",
        "From 1, very hard, to 10, done tomorrow.",
    )
    .unit("1 to 10"),
    score(
        "rice_value_score",
        "initiatives.rice_value_score",
        "Reach × impact × confidence.",
    ),
    score(
        "rice_effort_score",
        "initiatives.rice_effort_score",
        "The effort RICE counts with.",
    ),
    score(
        "rice_overall_score",
        "initiatives.rice_overall_score",
        "RICE: value over effort.",
    ),
    score(
        "wsjf_value_score",
        "initiatives.wsjf_value_score",
        "Cost of delay: the three values together.",
    ),
    score(
        "wsjf_effort_score",
        "initiatives.wsjf_effort_score",
        "The job size WSJF counts with.",
    ),
    score(
        "wsjf_overall_score",
        "initiatives.wsjf_overall_score",
        "WSJF: cost of delay over job size.",
    ),
    score(
        "ice_value_score",
        "initiatives.ice_value_score",
        "Impact and confidence as ICE counts them.",
    ),
    score(
        "ice_effort_score",
        "initiatives.ice_effort_score",
        "The ease ICE counts with.",
    ),
    score("ice_overall_score", "initiatives.ice_overall_score", "The ICE score."),
    input(
        "strategic_priority_coefficient",
        "initiatives.strategic_priority_coefficient",
        "1 is neutral; 1.2 lifts it by a fifth where your workspace uses it.",
    )
    .unit("factor"),
    pm(
        "risk_level",
        Kind::Text,
        "initiatives.risk_level",
        "How risky it is, in your own words: low, medium, high.",
    ),
    pm(
        "time_sensitivity",
        Kind::Text,
        "initiatives.time_sensitivity",
        "How much its timing matters.",
    ),
    STATUS,
    UPDATED_SOURCE,
    UPDATED_AT,
];
