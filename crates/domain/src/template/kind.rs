//! What does the work of a step.

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
