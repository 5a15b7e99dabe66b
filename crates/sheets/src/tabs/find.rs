//! A tab by its name.

use super::{INTAKE, RUN_LOG, Tab, WorkbookRole};
use crate::headers::folded;

/// A name that no tab of the workbook has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is no tab of a {role} workbook: use {known}")]
pub struct UnknownTab {
    /// The name that was given.
    pub name: String,
    /// The role of the workbook.
    pub role: WorkbookRole,
    /// The tabs it has, in words.
    pub known: String,
}

/// The tab of this name in a workbook of this role. Every tab of an intake workbook takes ideas, whatever its name.
pub fn find(role: WorkbookRole, name: &str) -> Result<&'static Tab, UnknownTab> {
    let found = role.tabs().iter().copied().find(|tab| is_called(tab, name));
    if let Some(tab) = found {
        return Ok(tab);
    }
    if role == WorkbookRole::Intake && !name.trim().is_empty() {
        return Ok(&INTAKE);
    }
    let known: Vec<&str> = role
        .tabs()
        .iter()
        .map(|tab| tab.name)
        .filter(|tab| *tab != RUN_LOG.name)
        .collect();
    Err(UnknownTab {
        name: name.to_owned(),
        role,
        known: known.join(", "),
    })
}

/// Whether two names of tabs mean the same one.
pub fn same_name(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

fn is_called(tab: &Tab, name: &str) -> bool {
    same_name(tab.name, name) || tab.aliases.iter().any(|alias| same_name(alias, name))
}
