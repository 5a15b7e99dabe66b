//! Rules of one step, whatever its kind.

use super::{action, agent, api, approval, docker, is_slug, mcp, shell, with::Find};
use crate::template::{Step, StepKind};
use std::collections::HashSet;

/// Finds what is wrong with `step`, which stands below the steps `earlier`.
pub(super) fn check_step(step: &Step, earlier: &HashSet<&str>, find: &mut Find<'_>) {
    if !is_slug(&step.id) {
        let message = "A step id begins with a letter and has only a-z, 0-9, _ and -.";
        find("id", message.to_owned());
    }
    for need in step.needs.iter().flatten() {
        if !earlier.contains(need.as_str()) {
            find("needs", format!("{need:?} is not a step above this one."));
        }
    }
    if earlier.contains(step.id.as_str()) {
        find("id", format!("The id {:?} is used twice.", step.id));
    }
    if step.retry.max_attempts == 0 {
        find("retry.max_attempts", "At least one attempt is needed.".to_owned());
    }
    let check_with = match step.kind {
        StepKind::Shell => shell::check,
        StepKind::Api => api::check,
        StepKind::Docker => docker::check,
        StepKind::Mcp => mcp::check,
        StepKind::Action => action::check,
        StepKind::Approval => approval::check,
        StepKind::Agent => agent::check,
    };
    check_with(&step.with, find);
}
