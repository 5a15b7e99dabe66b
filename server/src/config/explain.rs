//! The settings as a person reads them.

use super::{Resolved, Source};
use std::fmt::Write;

/// Every setting with its value, its source and its meaning; secrets are masked.
pub fn explain(resolved: &Resolved) -> String {
    let mut text = String::new();
    for (setting, value, source) in resolved.iter() {
        let shown = match value {
            None => "(unset)",
            Some(_) if setting.is_secret => "••••••",
            Some(value) => value,
        };
        let source = match source {
            Source::Flag => "flag",
            Source::Environment => "environment",
            Source::File => "runboard.toml",
            Source::Default => "default",
        };
        let _ = writeln!(
            text,
            "{} = {shown}  [{source}]\n    {} In runboard.toml: {}.",
            setting.name, setting.meaning, setting.key
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::config::resolve::from_sources;
    use std::{collections::BTreeMap, path::Path};

    #[test]
    fn a_secret_is_never_printed() {
        let variables = BTreeMap::from([("DATABASE_URL".to_owned(), "postgres://u:hunter2@h/d".to_owned())]);
        let resolved = from_sources(&BTreeMap::new(), &variables, Path::new("runboard.toml"), "").unwrap();
        let text = super::explain(&resolved);
        assert!(text.contains("DATABASE_URL = ••••••  [environment]"), "{text}");
        assert!(!text.contains("hunter2"));
    }
}
