//! Why the settings were refused.

use std::{io, path::PathBuf};

/// A setting that stops the start, said in a sentence.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The environment has a variable of ours that we do not know.
    #[error("{name} in the environment is not a setting of runboard{}", suggest(.suggestion.as_ref()))]
    UnknownVariable {
        /// Its name.
        name: String,
        /// The one that looks most like it.
        suggestion: Option<String>,
    },
    /// The file has a key that we do not know.
    #[error("{key:?} in {path} is not a setting of runboard{}", suggest(.suggestion.as_ref()), path = path.display())]
    UnknownKey {
        /// The key.
        key: String,
        /// The file.
        path: PathBuf,
        /// The one that looks most like it.
        suggestion: Option<String>,
    },
    /// The file is not TOML.
    #[error("{path} cannot be read as TOML", path = path.display())]
    NotToml {
        /// The file.
        path: PathBuf,
        /// Where and why.
        #[source]
        source: toml::de::Error,
    },
    /// The file cannot be read.
    #[error("{path} cannot be read", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A value of a setting is not text.
    #[error("{name} is not text")]
    NotText {
        /// The setting.
        name: String,
    },
    /// The object store cannot be what the settings say.
    #[error(transparent)]
    Artifacts(#[from] runs::artifacts::SettingsError),
    /// A value does not have its form.
    #[error("{name} is {value:?}, but {form}")]
    Malformed {
        /// The setting.
        name: &'static str,
        /// What it was.
        value: String,
        /// What it should be.
        form: &'static str,
    },
}

fn suggest(name: Option<&String>) -> String {
    match name {
        Some(name) => format!("; did you mean {name}?"),
        None => "; `runboard config --explain` lists them".to_owned(),
    }
}
