//! The settings as a person reads them.

use super::{Resolved, Setting, Source, settings::FOREIGN};
use std::fmt::Write;

/// Every setting with its value; secrets are masked.
pub fn list(resolved: &Resolved) -> String {
    let mut text = String::new();
    for (setting, value, _) in resolved.iter() {
        let _ = writeln!(text, "{} = {}", setting.name, shown(setting, value.as_deref()));
    }
    text
}

/// The same with source and meaning, and what belongs to the worker and to callers.
pub fn explain(resolved: &Resolved) -> String {
    let mut text = String::new();
    for (setting, value, source) in resolved.iter() {
        let source = match source {
            Source::Flag => "flag",
            Source::Environment => "environment",
            Source::File => "runboard.toml",
            Source::Default => "default",
        };
        let _ = writeln!(
            text,
            "{} = {}  [{source}]\n    {} In runboard.toml: {}.",
            setting.name,
            shown(setting, value.as_deref()),
            setting.meaning,
            setting.key
        );
    }
    text.push_str("\nOf the worker and of callers; one environment serves all of them:\n");
    for (name, meaning) in FOREIGN {
        let _ = writeln!(text, "{name}\n    {meaning}");
    }
    text
}

fn shown<'v>(setting: &Setting, value: Option<&'v str>) -> &'v str {
    match value {
        None => "(unset)",
        Some(_) if setting.is_secret => "••••••",
        Some(value) => value,
    }
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
