//! Which directories of this machine a container may see: none but those an administrator allows.

use super::request::WantedMount;
use crate::steps::StepError;
use std::{
    path::{Component, Path, PathBuf},
    str::FromStr,
};

/// A directory that containers may see with everything below it: `/srv/data`, or `/srv/data:rw` when
/// they may write there too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedMount {
    directory: PathBuf,
    may_write: bool,
}

/// A text that names no directory: it would cover more than anybody meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a directory by its whole path: write /srv/data, or /srv/data:rw")]
pub struct NotADirectory(String);

impl FromStr for AllowedMount {
    type Err = NotADirectory;

    fn from_str(text: &str) -> Result<Self, NotADirectory> {
        let (directory, may_write) = match text.strip_suffix(":rw") {
            Some(directory) => (directory, true),
            None => (text.strip_suffix(":ro").unwrap_or(text), false),
        };
        let directory = Path::new(directory);
        if !directory.is_absolute() || directory.components().any(|part| part == Component::ParentDir) {
            return Err(NotADirectory(text.to_owned()));
        }
        Ok(Self {
            directory: real(directory),
            may_write,
        })
    }
}

impl AllowedMount {
    /// The directory that `wanted` names, links resolved, if one of `allowed` covers it.
    pub(super) fn judge(allowed: &[Self], wanted: &WantedMount) -> Result<PathBuf, StepError> {
        let source = Path::new(&wanted.source);
        let is_plain = source.is_absolute() && !source.components().any(|part| part == Component::ParentDir);
        let source = real(source);
        let covers = |allowed: &Self| source.starts_with(&allowed.directory);
        if is_plain
            && allowed
                .iter()
                .any(|allowed| covers(allowed) && (wanted.read_only || allowed.may_write))
        {
            return Ok(source);
        }
        let may_be_read = is_plain && allowed.iter().any(covers);
        let (message, flag) = if may_be_read {
            (format!("{} may only be read", wanted.source), ":rw")
        } else {
            (
                format!("{} is not a directory that containers may see", wanted.source),
                if wanted.read_only { "" } else { ":rw" },
            )
        };
        Err(StepError::words("mount_refused", message).hint(format!(
            "If the step should have it, an administrator starts the worker with --allow-mount {}{flag}.",
            source.display()
        )))
    }
}

/// The path with its links resolved, as far as they are on this machine.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(allowed: &[&str], source: &str, read_only: bool) -> Result<PathBuf, String> {
        let allowed: Vec<AllowedMount> = allowed.iter().map(|text| text.parse().unwrap()).collect();
        let wanted = WantedMount {
            source: source.to_owned(),
            target: "/data".to_owned(),
            read_only,
        };
        AllowedMount::judge(&allowed, &wanted).map_err(|error| error.message)
    }

    #[test]
    fn nothing_is_seen_that_nobody_allowed() {
        assert!(
            judge(&[], "/srv/data", true)
                .unwrap_err()
                .contains("not a directory that")
        );
        assert!(judge(&["/srv/data"], "/srv/database", true).is_err());
        assert!(judge(&["/srv/data"], "/srv/data/../../etc", true).is_err());
        assert!(judge(&["/srv/data"], "srv/data", true).is_err());
        assert_eq!(judge(&["/srv/data"], "/srv/data/a", true), Ok("/srv/data/a".into()));
    }

    #[test]
    fn who_names_no_directory_allows_none() {
        for text in ["", ":rw", ":ro", "srv/data", ".", "/srv/../etc"] {
            assert!(text.parse::<AllowedMount>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn what_may_be_read_may_not_be_written() {
        assert_eq!(
            judge(&["/srv/data"], "/srv/data", false),
            Err("/srv/data may only be read".to_owned())
        );
        assert!(judge(&["/srv/data:rw"], "/srv/data", false).is_ok());
    }

    #[test]
    fn a_link_leads_to_where_it_leads() {
        let directory = tempfile::tempdir().unwrap();
        let (inside, outside) = (directory.path().join("inside"), directory.path().join("outside"));
        std::fs::create_dir(&inside).unwrap();
        std::fs::create_dir(&outside).unwrap();
        std::os::unix::fs::symlink(&outside, inside.join("link")).unwrap();
        let allowed = inside.display().to_string();
        let wanted = inside.join("link").display().to_string();
        assert!(judge(&[&allowed], &wanted, true).is_err());
    }
}
