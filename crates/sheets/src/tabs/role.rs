//! The role of a workbook: which tabs it has.

use super::{Tab, backlog, candidates, constraints, context, gaps, intake, kpi_contributions, math_models};
use super::{metrics, params, results, roadmap, run_log, runs, scenario, scoring, targets};
use domain::Malformed;
use std::{fmt, str::FromStr};

/// What a workbook is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WorkbookRole {
    /// Teams hand in ideas.
    Intake,
    /// All initiatives in one list.
    Backlog,
    /// Scoring, math models, metrics.
    ProductOps,
    /// Candidates, scenarios, portfolios.
    Optimization,
    /// What was published.
    Roadmap,
}

impl WorkbookRole {
    /// Every role, in the order in which work flows through them.
    pub const ALL: [Self; 5] = [
        Self::Intake,
        Self::Backlog,
        Self::ProductOps,
        Self::Optimization,
        Self::Roadmap,
    ];

    /// The word in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Backlog => "backlog",
            Self::ProductOps => "productops",
            Self::Optimization => "optimization",
            Self::Roadmap => "roadmap",
        }
    }

    /// The title of a workbook that is made for somebody.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Intake => "Intake",
            Self::Backlog => "Central Backlog",
            Self::ProductOps => "ProductOps",
            Self::Optimization => "Optimization Center",
            Self::Roadmap => "Roadmap",
        }
    }

    /// Its tabs, in their order; the run log stands last in every workbook.
    pub const fn tabs(self) -> &'static [&'static Tab] {
        match self {
            Self::Intake => const { &[&intake::INTAKE, &run_log::RUN_LOG] },
            Self::Backlog => const { &[&backlog::BACKLOG, &run_log::RUN_LOG] },
            Self::ProductOps => {
                const {
                    &[
                        &scoring::SCORING_INPUTS,
                        &math_models::MATH_MODELS,
                        &params::PARAMS,
                        &metrics::METRICS_CONFIG,
                        &kpi_contributions::KPI_CONTRIBUTIONS,
                        &context::LLM_CONTEXT,
                        &context::CONFIG,
                        &run_log::RUN_LOG,
                    ]
                }
            }
            Self::Optimization => {
                const {
                    &[
                        &candidates::CANDIDATES,
                        &scenario::SCENARIO_CONFIG,
                        &constraints::CONSTRAINTS,
                        &targets::TARGETS,
                        &runs::RUNS,
                        &results::RESULTS_PORTFOLIO,
                        &gaps::GAPS_AND_ALERTS,
                        &run_log::RUN_LOG,
                    ]
                }
            }
            Self::Roadmap => const { &[&roadmap::ROADMAP_VERSIONS, &roadmap::ROADMAP_ITEMS, &run_log::RUN_LOG] },
        }
    }
}

impl fmt::Display for WorkbookRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for WorkbookRole {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| Malformed {
                what: "role of a workbook",
                form: "intake, backlog, productops, optimization or roadmap",
                value: text.to_owned(),
            })
    }
}
