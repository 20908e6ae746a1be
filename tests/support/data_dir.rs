//! A data directory of a test's own, removed with its last owner.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use infrastructure::clock::uuid_v7;

/// A fresh directory; clones share it, so that a server that starts again finds its signing key.
#[derive(Clone, Debug)]
pub struct DataDir(Arc<Owned>);

#[derive(Debug)]
struct Owned(PathBuf);

impl DataDir {
    /// Makes a directory under the system's temporary one.
    #[must_use]
    pub fn fresh() -> Self {
        let path = std::env::temp_dir().join(format!("levelup-test-{}", uuid_v7().simple()));
        std::fs::create_dir_all(&path).expect("a data directory can be made");
        Self(Arc::new(Owned(path)))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.0
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // What is left behind in a temporary directory harms nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
