//! Who a caller is and what its role allows.

use crate::Malformed;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What a caller may do. Each of the first four includes those before it; `worker` stands apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Runs actions and scenarios; cancels and retries its own runs.
    Planner,
    /// Starts, cancels, retries any run; pauses lanes; approves.
    Operator,
    /// Edits templates, users, tokens, secrets, lanes, connections.
    Admin,
    /// Calls the worker endpoints and nothing else.
    Worker,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Viewer, Self::Planner, Self::Operator, Self::Admin, Self::Worker];

    /// The word used in SQL, JSON and pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Planner => "planner",
            Self::Operator => "operator",
            Self::Admin => "admin",
            Self::Worker => "worker",
        }
    }

    /// Whether this role includes `needed`. Roles of people stand in a row; a worker includes only itself.
    pub fn reaches(self, needed: Self) -> bool {
        let rank = |role: Self| Self::ALL.iter().position(|known| *known == role);
        match (self, needed) {
            (Self::Worker, _) | (_, Self::Worker) => self == needed,
            _ => rank(self) >= rank(needed),
        }
    }

    /// Whether this role grants `permission`.
    pub fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::Work => self == Self::Worker,
            _ if self == Self::Worker => false,
            Permission::Read => true,
            Permission::RunActions | Permission::ManageOwnRuns => self != Self::Viewer,
            Permission::ManageRuns => matches!(self, Self::Operator | Self::Admin),
            Permission::Administer => self == Self::Admin,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| Malformed {
                what: "role",
                form: "viewer, planner, operator, admin or worker",
                value: text.to_owned(),
            })
    }
}

/// One kind of thing a caller may want to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Read runs, templates, lanes, workers.
    Read,
    /// Start actions.
    RunActions,
    /// Cancel and retry runs the caller asked for itself.
    ManageOwnRuns,
    /// Start any template; cancel, retry, rerun any run; pause lanes; drain workers.
    ManageRuns,
    /// Users, tokens, secrets, templates, lanes.
    Administer,
    /// Claim, heartbeat, complete.
    Work,
}

impl Permission {
    /// The lowest role that has it, for error messages.
    pub fn lowest_role(self) -> Role {
        match self {
            Self::Read => Role::Viewer,
            Self::RunActions | Self::ManageOwnRuns => Role::Planner,
            Self::ManageRuns => Role::Operator,
            Self::Administer => Role::Admin,
            Self::Work => Role::Worker,
        }
    }
}

/// How a caller came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// A person with a session cookie.
    Browser,
    /// A program with an API token.
    Token,
    /// A sheet with the shared secret.
    Secret,
    /// An operator at the command line.
    Cli,
}

/// Who calls, as the server has proven it. Postgres sees the same as `request.jwt.claims`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// User id or token id; stable.
    pub subject: String,
    /// What people call the caller: an e-mail address or `token NAME`.
    pub actor: String,
    /// The role that was granted.
    pub role: Role,
    /// How the caller came in.
    pub via: Via,
    /// Actions a token is limited to; `None` means all that its role allows.
    pub actions: Option<Vec<String>>,
    /// Spreadsheets a token is limited to; `None` means all.
    pub spreadsheets: Option<Vec<String>>,
}

impl Claims {
    /// An operator at the command line of the server's own machine.
    pub fn command_line() -> Self {
        Self {
            subject: "cli".to_owned(),
            actor: "command line".to_owned(),
            role: Role::Admin,
            via: Via::Cli,
            actions: None,
            spreadsheets: None,
        }
    }

    /// Whether the role grants `permission`, and the limits of the token leave it: a token for some actions
    /// or spreadsheets must not make itself wider, nor steer what it did not start.
    pub fn may(&self, permission: Permission) -> bool {
        let is_narrow = self.actions.is_some() || self.spreadsheets.is_some();
        let is_left = match permission {
            Permission::Read | Permission::RunActions | Permission::Work => true,
            Permission::ManageOwnRuns => self.role == Role::Planner,
            Permission::ManageRuns | Permission::Administer => false,
        };
        self.role.may(permission) && (!is_narrow || is_left)
    }

    /// Whether the token reaches this spreadsheet; `None` is work on no spreadsheet.
    pub fn may_touch(&self, spreadsheet: Option<&str>) -> bool {
        self.spreadsheets
            .as_ref()
            .is_none_or(|allowed| spreadsheet.is_some_and(|id| allowed.iter().any(|known| known == id)))
    }

    /// Whether the caller may start `action`: by its role, and by the limits of its token.
    pub fn may_start(&self, action: &str) -> bool {
        self.may(Permission::RunActions)
            && self
                .actions
                .as_ref()
                .is_none_or(|allowed| allowed.iter().any(|name| name == action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_permission_belongs_to_its_lowest_role_and_those_above() {
        for permission in [
            Permission::Read,
            Permission::RunActions,
            Permission::ManageRuns,
            Permission::Administer,
            Permission::Work,
        ] {
            assert!(permission.lowest_role().may(permission), "{permission:?}");
        }
        assert!(!Role::Viewer.may(Permission::RunActions));
        assert!(!Role::Planner.may(Permission::ManageRuns));
        assert!(!Role::Operator.may(Permission::Administer));
    }

    #[test]
    fn a_worker_may_work_and_nothing_else() {
        assert!(Role::Worker.may(Permission::Work));
        assert!(!Role::Worker.may(Permission::Read));
        assert!(!Role::Admin.may(Permission::Work));
    }

    #[test]
    fn a_role_reaches_itself_and_those_before_it() {
        assert!(Role::Admin.reaches(Role::Viewer) && Role::Planner.reaches(Role::Planner));
        assert!(!Role::Planner.reaches(Role::Operator));
        assert!(!Role::Worker.reaches(Role::Viewer) && !Role::Admin.reaches(Role::Worker));
    }

    #[test]
    fn a_narrow_token_starts_only_its_actions() {
        let mut claims = Claims::command_line();
        claims.actions = Some(vec!["template.run".to_owned()]);
        assert!(claims.may_start("template.run"));
        assert!(!claims.may_start("pm.score_selected"));
        assert!(!claims.may(Permission::Administer) && !claims.may(Permission::ManageOwnRuns));
        assert!(claims.may_touch(None));
        claims.spreadsheets = Some(vec!["s1".to_owned()]);
        assert!(claims.may_touch(Some("s1")) && !claims.may_touch(Some("s2")) && !claims.may_touch(None));
    }
}
