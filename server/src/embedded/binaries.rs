//! Where the programs of Postgres are.

use super::EmbeddedError;
use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

/// A directory that holds `initdb` and `postgres`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries(PathBuf);

impl Binaries {
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

/// Looks at `PG_BIN`, then at the newest installed by a package, then along `PATH`.
pub(super) fn find() -> Result<Binaries, EmbeddedError> {
    let named = env::var_os("PG_BIN").map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    candidates(named, &path)
        .into_iter()
        .find(|dir| is_complete(dir))
        .map(Binaries)
        .ok_or(EmbeddedError::NoBinaries)
}

fn candidates(named: Option<PathBuf>, path: &OsStr) -> Vec<PathBuf> {
    // Who names a directory wants that one and no other.
    if let Some(dir) = named {
        return vec![dir];
    }
    let mut dirs = packaged("/usr/lib/postgresql", "", "bin");
    for prefix in ["/opt/homebrew/opt", "/usr/local/opt"] {
        dirs.extend(packaged(prefix, "postgresql@", "bin"));
    }
    dirs.extend(packaged("/usr", "pgsql-", "bin"));
    dirs.extend(env::split_paths(path));
    dirs
}

/// `base/PREFIX<version>/bin` for every version from 15, newest first.
fn packaged(base: &str, prefix: &str, bin: &str) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(base)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            (version >= 15).then(|| (version, entry.path().join(bin)))
        })
        .collect();
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    found.into_iter().map(|(_, dir)| dir).collect()
}

fn is_complete(dir: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|program| dir.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_directory_is_the_only_candidate() {
        let named = Some(PathBuf::from("/opt/pg/bin"));
        assert_eq!(
            candidates(named, OsStr::new("/usr/bin")),
            [PathBuf::from("/opt/pg/bin")]
        );
    }

    #[test]
    fn the_newest_packaged_version_comes_first_and_old_ones_not_at_all() {
        let base = tempfile::tempdir().unwrap();
        for version in ["9", "14", "15", "17"] {
            fs::create_dir_all(base.path().join(version)).unwrap();
        }
        let found = packaged(base.path().to_str().unwrap(), "", "bin");
        assert_eq!(found, [base.path().join("17/bin"), base.path().join("15/bin")]);
    }
}
