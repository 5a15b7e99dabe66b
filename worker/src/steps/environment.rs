//! The environment of a program that a step starts: a few names, and nothing of the worker's own.

use super::StepContext;
use crate::scratch::{MARK, StepDirectory};
use serde_json::Value;
use std::ffi::OsString;

/// Names that a program inherits from its worker.
const INHERITED: [&str; 3] = ["PATH", "LANG", "TZ"];
const USUAL_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What every program finds.
pub(super) fn base(step: &StepContext<'_>, directory: &StepDirectory) -> Vec<(&'static str, OsString)> {
    let mut found = vec![
        ("PATH", OsString::from(USUAL_PATH)),
        ("LANG", OsString::from("C.UTF-8")),
    ];
    found.extend(
        INHERITED
            .iter()
            .filter_map(|name| Some((*name, std::env::var_os(name)?))),
    );
    found.extend([
        ("HOME", directory.work().into_os_string()),
        ("RUNBOARD_RUN_ID", step.run_id.into()),
        ("RUNBOARD_STEP", step.step.into()),
        ("RUNBOARD_ATTEMPT", step.attempt.to_string().into()),
        ("RUNBOARD_LEASE_SEQ", step.lease_seq.to_string().into()),
        ("RUNBOARD_ARTIFACTS", directory.artifacts().into_os_string()),
        (MARK, directory.output().into_os_string()),
    ]);
    found
}

/// What only processes of this step carry in their environment.
pub(super) fn mark(directory: &StepDirectory) -> String {
    format!("{MARK}={}", directory.output().display())
}

/// Whether a template may give this variable: not those by which its processes are found and ended.
pub(super) fn is_free(name: &str) -> bool {
    !matches!(name, MARK | "RUNBOARD_RUN_ID" | "RUNBOARD_LEASE_SEQ")
}

/// A value as a program gets it: texts as they are, lists and objects as JSON, nothing for null.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
