//! The columns of a list of runs.

use crate::Malformed;
use std::str::FromStr;

macro_rules! columns {
    ($($(#[$about:meta])* $name:ident = $word:literal, $title:literal;)+) => {
        /// A column that can be chosen; the title of a run is always shown.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Column {
            $($(#[$about])* $name,)+
        }

        impl Column {
            /// Every column, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word in the address.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// The head of the column.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }
    };
}

columns! {
    /// The id, under the title.
    Id = "id", "Id";
    /// State.
    Status = "status", "Status";
    /// Lane.
    Lane = "lane", "Lane";
    /// Who asked.
    By = "by", "Asked by";
    /// When it was made.
    Made = "made", "Made";
    /// When it was first claimed.
    Started = "started", "Started";
    /// When it ended.
    Ended = "ended", "Ended";
    /// How long it took.
    Took = "took", "Took";
    /// Template.
    Template = "template", "Template";
    /// Action.
    Action = "action", "Action";
    /// Environment.
    Env = "env", "Environment";
    /// Steps done of all.
    Steps = "steps", "Steps";
    /// Try of tries.
    Attempt = "attempt", "Attempt";
    /// Priority.
    Priority = "priority", "Priority";
    /// Why it ended so.
    Reason = "reason", "Reason";
    /// Who works on it.
    Worker = "worker", "Worker";
}

impl Column {
    /// What is shown when nothing is chosen.
    pub const USUAL: &'static [Self] = &[Self::Id, Self::Status, Self::Lane, Self::By, Self::Made, Self::Took];
}

impl FromStr for Column {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        Self::ALL
            .iter()
            .copied()
            .find(|column| column.as_str() == text)
            .ok_or_else(|| Malformed {
                what: "column",
                form: "id, status, lane, by, made, started, ended, took, template, action, env, steps, attempt, priority, reason or worker",
                value: text.to_owned(),
            })
    }
}
