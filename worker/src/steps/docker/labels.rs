//! How a container is known to belong to a step: labels that outlive the worker.

use crate::steps::StepContext;
use std::collections::HashMap;

const INSTALLATION: &str = "runboard.installation";
const RUN_ID: &str = "runboard.run_id";
const LEASE_SEQ: &str = "runboard.lease_seq";
const STEP: &str = "runboard.step";

/// Whose a container is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Labels {
    /// Which Runboard: several may share an engine.
    pub(super) installation: String,
    pub(super) run_id: String,
    pub(super) lease_seq: i64,
    pub(super) step: String,
}

impl Labels {
    pub(super) fn of(step: &StepContext<'_>, installation: &str) -> Self {
        Self {
            installation: installation.to_owned(),
            run_id: step.run_id.to_owned(),
            lease_seq: step.lease_seq,
            step: step.step.to_owned(),
        }
    }

    pub(super) fn to_map(&self) -> HashMap<String, String> {
        HashMap::from([
            (INSTALLATION.to_owned(), self.installation.clone()),
            (RUN_ID.to_owned(), self.run_id.clone()),
            (LEASE_SEQ.to_owned(), self.lease_seq.to_string()),
            (STEP.to_owned(), self.step.clone()),
        ])
    }

    /// Reads the labels of a container; `None` when it is not ours.
    pub(super) fn read(labels: &HashMap<String, String>) -> Option<Self> {
        Some(Self {
            installation: labels.get(INSTALLATION)?.clone(),
            run_id: labels.get(RUN_ID)?.clone(),
            lease_seq: labels.get(LEASE_SEQ)?.parse().ok()?,
            step: labels.get(STEP)?.clone(),
        })
    }

    /// What a list of containers is narrowed to.
    pub(super) fn filters(installation: &str, run_id: Option<&str>) -> HashMap<String, Vec<String>> {
        let mut wanted = vec![format!("{INSTALLATION}={installation}")];
        wanted.extend(run_id.map(|run_id| format!("{RUN_ID}={run_id}")));
        HashMap::from([("label".to_owned(), wanted)])
    }
}
