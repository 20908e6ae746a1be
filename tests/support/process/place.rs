//! Where processes of a test have their files.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use infrastructure::clock::uuid_v7;

use super::processes_in;
use crate::patience::until;

/// A directory of a test's own that other accounts may pass through. It goes when nothing runs in it any more.
pub struct Place(PathBuf);

impl Place {
    /// Makes one; its path is short, because sockets lie in it.
    #[must_use]
    pub fn fresh() -> Self {
        let id = uuid_v7().simple().to_string();
        let path = std::env::temp_dir().join(format!("levelup-{}", &id[20..]));
        std::fs::create_dir(&path).expect("a place for a test's files");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Fails unless every process that worked in here is gone, after the moment that it takes them to go.
    pub async fn assert_deserted(&self) {
        until("the end of the last process", async || processes_in(&self.0).is_empty().then_some(())).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the files of the failed test are in {}", self.0.display());
        } else {
            // What is left behind in a temporary directory harms nobody.
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}
