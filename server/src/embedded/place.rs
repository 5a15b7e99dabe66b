//! Where the cluster, its socket and its log are.

use super::{EmbeddedError, error::io, owner::Owner};
use sha2::{Digest, Sha256};
use std::{
    fs,
    fs::{File, TryLockError},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// A socket path holds 107 bytes on Linux and 103 on macOS, the file name included.
const LONGEST_SOCKET_DIR: usize = 80;

/// Name of the file with password and port, in the data directory.
pub(super) const STATE_FILE: &str = "postgres.json";

/// The directories of one private Postgres.
#[derive(Debug)]
pub(super) struct Place {
    data_dir: PathBuf,
    /// The cluster itself; exists only when complete.
    pub(super) cluster: PathBuf,
    /// Where a cluster is made before it is moved to its place.
    pub(super) unfinished: PathBuf,
    /// Holds the Unix socket.
    pub(super) socket_dir: PathBuf,
    /// What the postmaster prints.
    pub(super) log: PathBuf,
    /// Password and port.
    pub(super) state_file: PathBuf,
    /// What the owner should know.
    pub(super) note: Option<String>,
}

impl Place {
    /// Makes the directories. When Postgres runs as somebody who cannot reach the data directory (a
    /// checkout in root's home), the cluster goes below /var/lib instead, under a name made from that directory.
    pub(super) async fn prepare(data_dir: &Path, owner: &Owner) -> Result<Self, EmbeddedError> {
        make(data_dir, if *owner == Owner::Ourselves { 0o700 } else { 0o711 })?;
        let data_dir = data_dir
            .canonicalize()
            .map_err(io(format!("finding {}", data_dir.display())))?;
        let name = short_name(&data_dir);
        let reachable = owner.can_enter(&data_dir).await;
        let home = if reachable {
            data_dir.clone()
        } else {
            Path::new("/var/lib/runboard").join(&name)
        };
        if !reachable {
            make(Path::new("/var/lib/runboard"), 0o711)?;
            make(&home, 0o711)?;
        }
        let mut socket_dir = home.join("socket");
        if socket_dir.as_os_str().len() > LONGEST_SOCKET_DIR {
            socket_dir = Path::new("/tmp").join(format!("runboard-{name}"));
        }
        make(&socket_dir, 0o700)?;
        owner.give(&socket_dir)?;
        Ok(Self {
            cluster: home.join("pg"),
            unfinished: home.join("pg.new"),
            socket_dir,
            log: data_dir.join("postgres.log"),
            state_file: data_dir.join(STATE_FILE),
            note: (!reachable).then(|| {
                format!(
                    "Postgres cannot enter {}, so its data is in {}.",
                    data_dir.display(),
                    home.display()
                )
            }),
            data_dir,
        })
    }

    /// Takes the lock that makes this process the only server of the cluster; it ends with the process.
    pub(super) fn lock(&self) -> Result<File, EmbeddedError> {
        let path = self.data_dir.join("server.lock");
        let file = File::create(&path).map_err(io(format!("opening {}", path.display())))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(EmbeddedError::Busy {
                data_dir: self.data_dir.clone(),
            }),
            Err(TryLockError::Error(source)) => Err(io(format!("locking {}", path.display()))(source)),
        }
    }
}

fn make(dir: &Path, mode: u32) -> Result<(), EmbeddedError> {
    fs::create_dir_all(dir).map_err(io(format!("making {}", dir.display())))?;
    fs::set_permissions(dir, fs::Permissions::from_mode(mode))
        .map_err(io(format!("setting the rights of {}", dir.display())))
}

fn short_name(data_dir: &Path) -> String {
    let digest = Sha256::digest(data_dir.as_os_str().as_encoded_bytes());
    domain::hex(&digest[..5])
}
