//! The mark: a file in the data directory that says how far this directory has seen its database go. It is not in the database,
//! so an older copy of the database does not bring an older mark.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use application::fault::Fault;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::uuid_v7;

/// Its name in the data directory.
const NAME: &str = "life.json";

/// How far a database had gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The life of its logs.
    pub epoch: Uuid,
    /// A number that only rises.
    pub beats: i64,
}

/// What stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// There is none: this directory has seen no database yet.
    Nothing,
    /// This.
    Mark(Mark),
    /// Something that is no mark.
    Unreadable,
}

/// The file. Processes of one data directory write the same; the last of them counts.
#[derive(Clone, Debug)]
pub struct MarkFile {
    path: PathBuf,
}

impl MarkFile {
    /// The mark of a data directory.
    pub fn within(data_dir: &Path) -> Self {
        Self { path: data_dir.join(NAME) }
    }

    /// Reads it.
    ///
    /// # Errors
    /// The file system refuses.
    pub async fn read(&self) -> Result<Seen, Fault> {
        let path = self.path.clone();
        blocking(move || match std::fs::read(&path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).map_or(Seen::Unreadable, Seen::Mark)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Seen::Nothing),
            Err(error) => Err(error),
        })
        .await
    }

    /// Writes it, whole or not at all. It is on disk when this returns.
    ///
    /// # Errors
    /// The file system refuses.
    pub async fn write(&self, mark: Mark) -> Result<(), Fault> {
        let path = self.path.clone();
        blocking(move || replace(&path, &serde_json::to_vec(&mark)?)).await
    }
}

/// Under a name of its own first: a crash leaves the old file or the new one. The name is nobody else's: processes in containers
/// share numbers, and may share the directory.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let draft = path.with_extension(format!("{}.new", uuid_v7().simple()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o644).open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&draft, path)?;
    match path.parent() {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T, Fault> {
    let refused = |reason: String| Fault::Refused(format!("the mark of the log's life: {reason}"));
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| refused(error.to_string()))?;
    done.map_err(|error| refused(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn processes_that_share_a_directory_do_not_take_each_others_draft() {
        let dir = std::env::temp_dir().join(format!("levelup-life-{}", uuid_v7().simple()));
        std::fs::create_dir(&dir).unwrap();
        let file = MarkFile::within(&dir);
        let written = (1..=32).map(|beats| {
            let file = file.clone();
            tokio::spawn(async move { file.write(Mark { epoch: Uuid::nil(), beats }).await })
        });
        for one in futures_util::future::join_all(written).await {
            one.unwrap().unwrap();
        }
        assert!(matches!(file.read().await.unwrap(), Seen::Mark(_)));
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1, "no draft is left");
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[tokio::test]
    async fn a_mark_is_read_as_it_was_written_and_garbage_is_told_from_none() {
        let dir = std::env::temp_dir().join(format!("levelup-life-{}", uuid_v7().simple()));
        std::fs::create_dir(&dir).unwrap();
        let file = MarkFile::within(&dir);
        assert_eq!(file.read().await.unwrap(), Seen::Nothing);
        for beats in [1, 2] {
            let mark = Mark { epoch: uuid_v7(), beats };
            file.write(mark).await.unwrap();
            assert_eq!(file.read().await.unwrap(), Seen::Mark(mark));
        }
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1, "no draft is left");
        std::fs::write(dir.join(NAME), "{\"epoch\":").unwrap();
        assert_eq!(file.read().await.unwrap(), Seen::Unreadable);
        std::fs::remove_dir_all(dir).unwrap();
    }
}
