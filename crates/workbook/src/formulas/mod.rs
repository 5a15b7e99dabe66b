//! Formulas: what they name, and what they come to.

pub(crate) mod adjust;
#[cfg(test)]
mod adjust_tests;
mod lex;
mod reference;
