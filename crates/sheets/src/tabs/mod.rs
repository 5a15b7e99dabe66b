//! Tabs: what each one means to people and to the database, one place per tab.
//!
//! Everything that speaks of a column reads it here: the reader and the writer, validation, protection, dropdowns,
//! the help row and the page for product managers.

mod backlog;
mod candidates;
mod column;
mod constraints;
mod context;
pub mod document;
mod find;
mod gaps;
mod intake;
mod kpi_contributions;
mod math_models;
mod metrics;
mod params;
mod results;
mod roadmap;
mod role;
mod run_log;
mod runs;
mod scenario;
mod scoring;
mod targets;
mod vocabulary;

pub use backlog::BACKLOG;
pub use candidates::CANDIDATES;
pub use column::{Choices, Column, Kind, Owner};
pub use constraints::CONSTRAINTS;
pub use context::{CONFIG, LLM_CONTEXT};
pub use find::{UnknownTab, find, same_name};
pub use gaps::GAPS_AND_ALERTS;
pub use intake::INTAKE;
pub use kpi_contributions::KPI_CONTRIBUTIONS;
pub use math_models::MATH_MODELS;
pub use metrics::METRICS_CONFIG;
pub use params::PARAMS;
pub use results::RESULTS_PORTFOLIO;
pub use roadmap::{ROADMAP_ITEMS, ROADMAP_VERSIONS};
pub use role::WorkbookRole;
pub use run_log::RUN_LOG;
pub use runs::RUNS;
pub use scenario::SCENARIO_CONFIG;
pub use scoring::SCORING_INPUTS;
pub use targets::TARGETS;

/// The row of the headers, counted from 1, on every tab.
pub const HEADER_ROW: u32 = 1;

/// Which rows stand between the headers and the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Headers in row 1, data from row 2.
    Plain,
    /// Headers, owner, type and unit, help; data from row 5.
    Explained,
}

impl Layout {
    /// The row that says who owns a column, counted from 1.
    pub const fn owner_row(self) -> Option<u32> {
        match self {
            Self::Plain => None,
            Self::Explained => Some(2),
        }
    }

    /// The row that says type and unit, counted from 1.
    pub const fn kind_row(self) -> Option<u32> {
        match self {
            Self::Plain => None,
            Self::Explained => Some(3),
        }
    }

    /// The row with the help text, counted from 1.
    pub const fn help_row(self) -> Option<u32> {
        match self {
            Self::Plain => None,
            Self::Explained => Some(4),
        }
    }

    /// The first row of data, counted from 1.
    pub const fn first_data_row(self) -> u32 {
        match self {
            Self::Plain => 2,
            Self::Explained => 5,
        }
    }
}

/// One kind of tab.
#[derive(Debug, PartialEq, Eq)]
pub struct Tab {
    /// Its name as Runboard writes it.
    pub name: &'static str,
    /// Other names under which it is found.
    pub aliases: &'static [&'static str],
    /// What it is for, in a sentence for product managers.
    pub purpose: &'static str,
    /// Which rows stand above the data.
    pub layout: Layout,
    /// The headers that together tell its rows apart; the first one must not be blank.
    pub identity: &'static [&'static str],
    /// Its columns, in the order in which they are made.
    pub columns: &'static [Column],
    /// Rows of a tab that is made anew.
    pub default_rows: u32,
    /// Columns of a tab that is made anew.
    pub default_columns: u32,
}

impl Tab {
    /// The column of this header as Runboard writes it.
    pub fn column(&self, header: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.header == header)
    }

    /// The column of row statuses, on tabs that have one.
    pub fn status_column(&self) -> Option<&'static Column> {
        self.columns
            .iter()
            .find(|column| matches!(column.header, vocabulary::RUN_STATUS | vocabulary::RUN_STATUS_TITLE))
    }

    /// Whether product managers edit anything on it that a save action stores.
    pub fn has_pm_columns(&self) -> bool {
        self.columns.iter().any(|column| column.owner == Owner::Pm)
    }
}

#[cfg(test)]
mod tests;
