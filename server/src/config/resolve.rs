//! Which of the sources says what a setting is.

use super::{
    ConfigError,
    settings::{FOREIGN, FOREIGN_PREFIXES, SETTINGS, Setting},
};
use std::{collections::BTreeMap, env, fs, io::ErrorKind, path::Path, path::PathBuf};

/// In the environment of a step it names the directory for what the step leaves behind, and is no setting.
const OF_STEPS: &str = "RUNBOARD_ARTIFACTS";

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    /// The environment.
    Environment,
    /// `runboard.toml`.
    File,
    /// Nobody said it.
    Default,
}

/// Every setting with its text and source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved(Vec<(Setting, Option<String>, Source)>);

impl Resolved {
    /// Settings in the order of the list.
    pub fn iter(&self) -> impl Iterator<Item = &(Setting, Option<String>, Source)> {
        self.0.iter()
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(setting, ..)| setting.name == name)
            .and_then(|(_, value, _)| value.as_deref())
    }

    /// The text of a setting that has a default.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    pub(super) fn source(&self, name: &str) -> Source {
        self.0
            .iter()
            .find(|(setting, ..)| setting.name == name)
            .map_or(Source::Default, |(.., source)| *source)
    }
}

/// Reads the environment and the file, and puts `flags` above them.
pub fn resolve(flags: &BTreeMap<&'static str, String>) -> Result<Resolved, ConfigError> {
    let named = env::var_os("RUNBOARD_CONFIG").map(PathBuf::from);
    let path = named.clone().unwrap_or_else(|| PathBuf::from("runboard.toml"));
    let file = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => String::new(),
        Err(source) => return Err(ConfigError::Unreadable { path, source }),
    };
    let mut variables = BTreeMap::new();
    for (name, value) in env::vars_os() {
        let Some(name) = name.to_str().map(str::to_owned) else {
            continue;
        };
        if is_ours(&name) {
            let value = value
                .into_string()
                .map_err(|_| ConfigError::NotText { name: name.clone() })?;
            variables.insert(name, value);
        }
    }
    from_sources(flags, &variables, &path, &file)
}

fn is_ours(name: &str) -> bool {
    name.starts_with("RUNBOARD_") || SETTINGS.iter().any(|setting| setting.name == name)
}

pub(super) fn from_sources(
    flags: &BTreeMap<&'static str, String>,
    variables: &BTreeMap<String, String>,
    path: &Path,
    file: &str,
) -> Result<Resolved, ConfigError> {
    for name in variables.keys() {
        let foreign = FOREIGN.iter().any(|(foreign, _)| foreign == name)
            || FOREIGN_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
        if !foreign && !SETTINGS.iter().any(|setting| setting.name == name) {
            let suggestion = closest(name, SETTINGS.iter().map(|setting| setting.name));
            return Err(ConfigError::UnknownVariable {
                name: name.clone(),
                suggestion,
            });
        }
    }
    let table: toml::Table = file.parse().map_err(|source| ConfigError::NotToml {
        path: path.to_owned(),
        source,
    })?;
    for key in table.keys() {
        if !SETTINGS.iter().any(|setting| setting.key == key) {
            let suggestion = closest(key, SETTINGS.iter().map(|setting| setting.key));
            return Err(ConfigError::UnknownKey {
                key: key.clone(),
                path: path.to_owned(),
                suggestion,
            });
        }
    }
    let in_step = variables.contains_key("RUNBOARD_OUTPUT");
    let mut resolved = Vec::new();
    for setting in SETTINGS {
        let in_file = match table.get(setting.key) {
            Some(toml::Value::String(text)) => Some(text.clone()),
            Some(_) => {
                return Err(ConfigError::NotText {
                    name: setting.key.to_owned(),
                });
            }
            None => None,
        };
        // An empty variable is how a shell leaves one out.
        let in_environment = variables
            .get(setting.name)
            .filter(|value| !(value.is_empty() || in_step && setting.name == OF_STEPS))
            .cloned();
        let (value, source) = [
            (flags.get(setting.name).cloned(), Source::Flag),
            (in_environment, Source::Environment),
            (in_file, Source::File),
            (setting.default.map(str::to_owned), Source::Default),
        ]
        .into_iter()
        .find(|(value, _)| value.is_some())
        .unwrap_or((None, Source::Default));
        resolved.push((*setting, value, source));
    }
    Ok(Resolved(resolved))
}

/// The known name that differs in the fewest places, if it is close enough to be meant.
fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    known
        .map(|candidate| (distance(name, candidate), candidate))
        .min()
        .filter(|(distance, _)| *distance <= 3)
        .map(|(_, candidate)| candidate.to_owned())
}

/// Levenshtein distance.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, left) in one.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, right) in other.bytes().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(
        flags: &[(&'static str, &str)],
        variables: &[(&str, &str)],
        file: &str,
    ) -> Result<Resolved, ConfigError> {
        let flags = flags.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        from_sources(&flags, &variables, Path::new("runboard.toml"), file)
    }

    #[test]
    fn the_environment_of_a_step_and_of_a_container_in_kubernetes_is_left_alone() {
        let of_step = [
            ("RUNBOARD_RUN_ID", "run_20260101_000000_aaaaaaaa"),
            ("RUNBOARD_STEP", "probe"),
            ("RUNBOARD_ATTEMPT", "1"),
            ("RUNBOARD_LEASE_SEQ", "7"),
            ("RUNBOARD_OUTPUT", "/scratch/output"),
            ("RUNBOARD_ARTIFACTS", "/scratch/artifacts"),
        ];
        assert_eq!(resolved(&[], &of_step, "").unwrap().get("RUNBOARD_ARTIFACTS"), None);
        let of_kubernetes = [
            ("RUNBOARD_PORT", "tcp://10.0.0.1:7411"),
            ("RUNBOARD_PORT_7411_TCP_ADDR", "10.0.0.1"),
            ("RUNBOARD_SERVICE_HOST", "10.0.0.1"),
        ];
        assert!(resolved(&[], &of_kubernetes, "").is_ok());
        assert!(resolved(&[], &[("RUNBOARD_LISTENER", "x")], "").is_err());
    }

    #[test]
    fn a_flag_beats_the_environment_which_beats_the_file() {
        let file = "listen = \"127.0.0.1:3\"\nlog = \"debug\"\nsite_root = \"site\"";
        let all = resolved(
            &[("RUNBOARD_LISTEN", "127.0.0.1:1")],
            &[("RUNBOARD_LISTEN", "127.0.0.1:2"), ("RUNBOARD_LOG", "warn")],
            file,
        )
        .unwrap();
        assert_eq!(
            (all.text("RUNBOARD_LISTEN"), all.source("RUNBOARD_LISTEN")),
            ("127.0.0.1:1", Source::Flag)
        );
        assert_eq!(
            (all.text("RUNBOARD_LOG"), all.source("RUNBOARD_LOG")),
            ("warn", Source::Environment)
        );
        assert_eq!(
            (all.text("RUNBOARD_SITE_ROOT"), all.source("RUNBOARD_SITE_ROOT")),
            ("site", Source::File)
        );
        assert_eq!(
            (all.text("RUNBOARD_DATA_DIR"), all.source("RUNBOARD_DATA_DIR")),
            (".runboard", Source::Default)
        );
    }

    #[test]
    fn an_unknown_setting_is_refused_with_the_one_that_was_meant() {
        let error = resolved(&[], &[("RUNBOARD_LISTN", "x")], "").unwrap_err();
        assert_eq!(
            error.to_string(),
            "RUNBOARD_LISTN in the environment is not a setting of runboard; did you mean RUNBOARD_LISTEN?"
        );
        let error = resolved(&[], &[], "databse_url = \"x\"").unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"databse_url\" in runboard.toml is not a setting of runboard; did you mean database_url?"
        );
    }

    #[test]
    fn variables_of_the_worker_and_of_callers_are_left_alone() {
        assert!(resolved(&[], &[("RUNBOARD_SLOTS", "4"), ("RUNBOARD_TOKEN", "t")], "").is_ok());
    }

    #[test]
    fn one_environment_serves_the_server_and_the_worker() {
        let arguments = concat!(
            include_str!("../../../worker/src/cli.rs"),
            include_str!("../../../worker/src/cli/artifacts.rs")
        );
        let of_worker: Vec<&str> = arguments
            .split("env = \"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert!(of_worker.contains(&"RUNBOARD_LANES"), "{of_worker:?}");
        for name in of_worker {
            assert!(
                resolved(&[], &[(name, "x")], "").is_ok(),
                "the server refuses {name} of the worker"
            );
        }
    }
}
