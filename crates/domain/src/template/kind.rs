//! What does the work of a step.

use super::{Step, Template};
use crate::Permission;
use serde::{Deserialize, Serialize};

/// What does the work of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// A script in a process group of its own.
    Shell,
    /// One HTTP request.
    Api,
    /// A container.
    Docker,
    /// A tool of an MCP server.
    Mcp,
    /// A built-in action.
    Action,
    /// The decision of a person.
    Approval,
    /// An agent outside, behind an adapter.
    Agent,
}

impl StepKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Shell,
        Self::Api,
        Self::Docker,
        Self::Mcp,
        Self::Action,
        Self::Approval,
        Self::Agent,
    ];

    /// The word used in templates and by workers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shell => "shell",
            Self::Api => "api",
            Self::Docker => "docker",
            Self::Mcp => "mcp",
            Self::Action => "action",
            Self::Approval => "approval",
            Self::Agent => "agent",
        }
    }
}

impl Step {
    /// Whether the step starts a program on the machine of a worker, a container, or an agent.
    fn is_powerful(&self) -> bool {
        match self.kind {
            StepKind::Shell | StepKind::Docker | StepKind::Agent => true,
            StepKind::Mcp => self
                .with
                .get("server")
                .is_some_and(|server| server.get("command").is_some()),
            StepKind::Api | StepKind::Action | StepKind::Approval => false,
        }
    }
}

impl Template {
    /// What it takes to save this template.
    pub fn editing(&self) -> Permission {
        if self.steps.iter().any(Step::is_powerful) {
            Permission::Administer
        } else {
            Permission::ManageRuns
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn editing(kind: &str, with: &Value) -> Permission {
        let steps = json!([{"id": "a", "kind": "approval"}, {"id": "b", "kind": kind, "with": with}]);
        let template: Template =
            serde_json::from_value(json!({"version": 1, "slug": "t", "title": "T", "steps": steps})).unwrap();
        template.editing()
    }

    #[test]
    fn what_starts_programs_is_edited_by_admins_and_the_rest_by_operators() {
        for kind in ["shell", "docker", "agent"] {
            assert_eq!(editing(kind, &json!({})), Permission::Administer, "{kind}");
        }
        for kind in ["api", "action", "approval"] {
            assert_eq!(editing(kind, &json!({})), Permission::ManageRuns, "{kind}");
        }
        assert_eq!(
            editing("mcp", &json!({"server": {"command": "x"}})),
            Permission::Administer
        );
        assert_eq!(
            editing("mcp", &json!({"server": {"url": "http://x"}})),
            Permission::ManageRuns
        );
    }
}
