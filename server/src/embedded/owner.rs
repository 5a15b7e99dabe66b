//! The user that Postgres runs as: ourselves, or somebody unprivileged when we are root.

use super::{EmbeddedError, error::io};
use std::{fs, os::unix::fs::chown, path::Path};
use tokio::process::Command;

/// Who owns the cluster and its processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// The user of this process.
    Ourselves,
    /// Somebody else, because this process is root.
    Other { uid: u32, gid: u32 },
}

impl Owner {
    pub(super) fn choose() -> Result<Self, EmbeddedError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Ourselves);
        }
        let passwd = fs::read_to_string("/etc/passwd").map_err(io("reading /etc/passwd"))?;
        ["postgres", "_postgres", "nobody"]
            .iter()
            .find_map(|name| find(&passwd, name))
            .ok_or(EmbeddedError::NoOwner)
    }

    /// Makes a program of Postgres run as this user, away from our terminal and our environment.
    pub(super) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        // A group of its own: Ctrl-C at the terminal reaches the server, which then stops Postgres in order.
        command
            .process_group(0)
            .current_dir("/")
            .env_clear()
            .env("TZ", "UTC")
            .env("PATH", "/usr/bin:/bin");
        if let Self::Other { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
        command
    }

    pub(super) fn give(self, path: &Path) -> Result<(), EmbeddedError> {
        match self {
            Self::Ourselves => Ok(()),
            Self::Other { uid, gid } => {
                chown(path, Some(uid), Some(gid)).map_err(io(format!("giving {} to Postgres", path.display())))
            }
        }
    }

    /// Whether this user can enter `dir`: asked of the system, which knows every rule of access.
    pub(super) async fn can_enter(self, dir: &Path) -> bool {
        if self == Self::Ourselves {
            return true;
        }
        let status = self
            .command(Path::new("/bin/sh"))
            .args(["-c", "cd \"$1\" 2>/dev/null", "sh"])
            .arg(dir)
            .status()
            .await;
        status.is_ok_and(|status| status.success())
    }
}

fn find(passwd: &str, name: &str) -> Option<Owner> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next()? != name {
            return None;
        }
        Some(Owner::Other {
            uid: fields.nth(1)?.parse().ok()?,
            gid: fields.next()?.parse().ok()?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_read_from_the_user_list() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\npostgres:x:101:104::/var/lib/postgresql:/bin/bash\n";
        assert_eq!(find(passwd, "postgres"), Some(Owner::Other { uid: 101, gid: 104 }));
        assert_eq!(find(passwd, "post"), None);
    }
}
