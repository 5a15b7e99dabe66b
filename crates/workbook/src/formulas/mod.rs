//! Formulas: what they name, and what they come to.
//!
//! The text of a formula is ours: its references follow rows, columns and tabs without any engine. What it comes to is
//! worked out by a [`Calculator`] after every change to values and kept in the cells, so that reading asks nobody. A
//! workbook without formulas never meets an engine. [`recalculated`] works them out again when imported values changed.
//! `NOW`, `TODAY` and `RAND` ask the engine's own clock and dice: they say what was so at the last change.

pub(crate) mod adjust;
#[cfg(test)]
mod adjust_tests;
mod cache;
mod calculator;
mod engine;
pub(crate) mod enter;
mod failure;
mod guard;
#[cfg(test)]
mod hostile_tests;
mod import;
mod lex;
mod need;
mod parts;
mod reference;
#[cfg(test)]
mod tests;
mod translate;

pub(crate) use cache::calculate_after;
pub use cache::recalculated;
pub use calculator::{Broken, Calculator, Formulas, Imports, NoImports, Results};
pub use engine::IronCalc;
pub use guard::{MOST_AT_ONCE, MOST_CELLS_READ, MOST_FORMULAS, MOST_NESTED, MOST_OPERATORS};
pub use import::MOST_IMPORTED;
