//! One thing that was looked at.

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// In order.
    Ok,
    /// It works, but not as well as it could; or it is not there and not needed by everybody.
    Warning,
    /// Something must be done.
    Broken,
}

impl State {
    /// The word for people and programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Broken => "broken",
        }
    }
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// In words.
    pub todo: String,
    /// What can be copied as it stands: SQL, a command, a line of a file.
    pub copy: Option<String>,
}

/// One thing that was looked at, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Stable name.
    pub name: &'static str,
    /// How it is.
    pub state: State,
    /// What was found.
    pub says: String,
    /// What to do, when something is to be done.
    pub fix: Option<Fix>,
}

impl Check {
    /// In order.
    pub fn ok(name: &'static str, says: impl Into<String>) -> Self {
        Self {
            name,
            state: State::Ok,
            says: says.into(),
            fix: None,
        }
    }

    /// Worth knowing.
    pub fn warning(name: &'static str, says: impl Into<String>, todo: impl Into<String>) -> Self {
        let fix = Fix {
            todo: todo.into(),
            copy: None,
        };
        Self {
            name,
            state: State::Warning,
            says: says.into(),
            fix: Some(fix),
        }
    }

    /// In the way.
    pub fn broken(name: &'static str, says: impl Into<String>, todo: impl Into<String>) -> Self {
        Self {
            state: State::Broken,
            ..Self::warning(name, says, todo)
        }
    }

    /// With what can be copied.
    #[must_use]
    pub fn copy(mut self, text: impl Into<String>) -> Self {
        if let Some(fix) = &mut self.fix {
            fix.copy = Some(text.into());
        }
        self
    }

    /// Whether something must be done.
    pub fn is_broken(&self) -> bool {
        self.state == State::Broken
    }
}
