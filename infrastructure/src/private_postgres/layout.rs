//! Where everything of the private PostgreSQL lies.
//!
//! ```text
//! <data dir>/postgres        the cluster
//! <data dir>/postgres.lock   held by the process that owns the running server
//! <data dir>/postgres.log    what the server says; .log.1 is the one before
//! <data dir>/socket          its socket, or /tmp/levelup-<hash> when that path is too long
//! ```

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{PrivatePostgresError, account::Account};

pub(super) const PORT: u16 = 5432;
pub(super) const ROLE: &str = "levelup";
pub(super) const DATABASE: &str = "levelup";

/// The kernel's limit for the path of a socket, without the closing zero.
const SOCKET_PATH_BYTES_MAX: usize = 107;

/// The directories of one data directory, all there and owned by whom they must be.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) data_dir: PathBuf,
    pub(super) cluster_dir: PathBuf,
    pub(super) socket_dir: PathBuf,
    pub(super) account: Account,
    /// Settings beside the usual ones; the later of a name holds.
    pub(super) settings: Vec<String>,
}

impl Layout {
    pub(super) fn prepare(data_dir: &Path) -> Result<Self, PrivatePostgresError> {
        make_dir(data_dir, 0o711)?;
        let data_dir = data_dir.canonicalize().map_err(PrivatePostgresError::path("opening", data_dir))?;
        let cluster_dir = data_dir.join("postgres");
        let account = Account::for_cluster(&cluster_dir)?;
        account.let_in(&data_dir)?;
        let socket_dir = socket_dir(&data_dir);
        make_private(&socket_dir, &account)?;
        Ok(Self { data_dir, cluster_dir, socket_dir, account, settings: Vec::new() })
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.data_dir.join("postgres.lock")
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.socket_dir.join(format!(".s.PGSQL.{PORT}"))
    }

    pub(super) fn socket_lock(&self) -> PathBuf {
        self.socket_dir.join(format!(".s.PGSQL.{PORT}.lock"))
    }

    pub(super) fn log(&self) -> PathBuf {
        self.data_dir.join("postgres.log")
    }
}

/// Every process of a data directory must come to the same answer, so the environment has no say in it.
fn socket_dir(data_dir: &Path) -> PathBuf {
    let beside = data_dir.join("socket");
    let longest = beside.join(format!(".s.PGSQL.{PORT}"));
    if longest.as_os_str().len() <= SOCKET_PATH_BYTES_MAX {
        return beside;
    }
    let digest = Sha256::digest(data_dir.as_os_str().as_encoded_bytes());
    let name: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Path::new("/tmp").join(format!("levelup-{name}"))
}

/// A directory that only `account` may enter. In /tmp anyone could have made it first, so it is looked at again.
pub(super) fn make_private(dir: &Path, account: &Account) -> Result<(), PrivatePostgresError> {
    make_dir(dir, 0o700)?;
    let found = fs::symlink_metadata(dir).map_err(PrivatePostgresError::path("opening", dir))?;
    if found.is_dir() && found.uid() == 0 && account.uid != 0 {
        chown(dir, Some(account.uid), Some(account.gid)).map_err(PrivatePostgresError::path("giving away", dir))?;
    }
    let found = fs::symlink_metadata(dir).map_err(PrivatePostgresError::path("opening", dir))?;
    if found.is_dir() && found.uid() == account.uid && found.permissions().mode() & 0o077 == 0 {
        Ok(())
    } else {
        Err(PrivatePostgresError::NotPrivate { path: dir.to_owned() })
    }
}

fn make_dir(dir: &Path, mode: u32) -> Result<(), PrivatePostgresError> {
    let made = fs::DirBuilder::new().recursive(true).mode(mode).create(dir);
    made.map_err(PrivatePostgresError::path("making", dir))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_data_directory_gets_a_short_socket() {
        let long = PathBuf::from(format!("/{}", "x".repeat(90)));
        assert!(socket_dir(&long).starts_with("/tmp"));
        assert_eq!(socket_dir(&long), socket_dir(&long));
        assert_ne!(socket_dir(&long), socket_dir(&long.join("y")));
        assert_eq!(socket_dir(Path::new("/var/lib/levelup")), Path::new("/var/lib/levelup/socket"));
    }
}
