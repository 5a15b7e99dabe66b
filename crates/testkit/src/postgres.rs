//! Finds the Postgres programs and runs them as somebody Postgres accepts.

use anyhow::{Context, Result, bail};
use std::{
    fs,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The Postgres programs of this machine and the user they run as.
pub(crate) struct Programs {
    bin: PathBuf,
    /// Somebody else than root, when we are root: Postgres refuses root.
    user: Option<(u32, u32)>,
}

impl Programs {
    /// `PG_BIN`, else the newest of `/usr/lib/postgresql/*/bin`, else the `PATH`.
    pub(crate) fn find() -> Result<Self> {
        let bin = bin_directory().context("no initdb found: install Postgres 15 or newer, or set PG_BIN")?;
        let user = if rustix::process::geteuid().is_root() {
            Some(
                user_named("postgres")
                    .or_else(|| user_named("nobody"))
                    .context("no user to run Postgres as")?,
            )
        } else {
            None
        };
        Ok(Self { bin, user })
    }

    /// Makes a directory that the Postgres user owns.
    pub(crate) fn make_directory(&self, path: &Path) -> Result<()> {
        fs::create_dir_all(path).with_context(|| format!("making {}", path.display()))?;
        if let Some((user, group)) = self.user {
            chown(path, Some(user), Some(group)).with_context(|| format!("giving away {}", path.display()))?;
        }
        Ok(())
    }

    /// A command that runs `program` of Postgres, silent and detached from our process group.
    pub(crate) fn command(&self, program: &str, directory: &Path) -> Command {
        let mut command = Command::new(self.bin.join(program));
        self.detach(&mut command, directory);
        command
    }

    /// A shell that finds the Postgres programs first in its `PATH`.
    pub(crate) fn shell(&self, script: &str, directory: &Path) -> Command {
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(script);
        command.env("PATH", format!("{}:/usr/bin:/bin", self.bin.display()));
        self.detach(&mut command, directory);
        command
    }

    fn detach(&self, command: &mut Command, directory: &Path) {
        command.current_dir(directory).env("HOME", directory).env("LC_ALL", "C");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.process_group(0);
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
    }
}

/// Runs `command` to its end and shows what it logged when it fails.
pub(crate) fn run(mut command: Command, log: &Path) -> Result<()> {
    let program = command.get_program().display().to_string();
    let status = command.status().with_context(|| format!("starting {program}"))?;
    if !status.success() {
        let said = fs::read_to_string(log).unwrap_or_default();
        bail!("{program} ended with {status}: {said}");
    }
    Ok(())
}

fn bin_directory() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("PG_BIN") {
        return Some(PathBuf::from(named));
    }
    let mut packaged: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    packaged.sort();
    packaged.pop().map(|(_, bin)| bin).or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|bin| bin.join("initdb").exists())
    })
}

fn user_named(name: &str) -> Option<(u32, u32)> {
    let table = fs::read_to_string("/etc/passwd").ok()?;
    table.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        (fields.first() == Some(&name)).then_some(())?;
        Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    })
}
