//! The list of erasures: a file in the data directory with a line for each account. It is not in the database, so that a
//! backup of the database that is restored does not bring an account back for good.
//!
//! Lines are only ever added, under a lock on the file: other processes of this data directory write it too.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use application::erase::{ErasureList, Listed};
use application::fault::Fault;
use domain::id::AccountId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Its name in the data directory.
const NAME: &str = "erasures.ndjson";

/// The file.
#[derive(Clone, Debug)]
pub struct ErasureFile {
    path: PathBuf,
}

#[derive(Deserialize, Serialize)]
struct Line {
    account_id: Uuid,
    erased_at: i64,
}

impl ErasureFile {
    /// The list of a data directory.
    pub fn within(data_dir: &Path) -> Self {
        Self { path: data_dir.join(NAME) }
    }

    /// A list that lies elsewhere, such as another node's.
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl ErasureList for ErasureFile {
    async fn lines(&self) -> Result<Vec<Listed>, Fault> {
        let path = self.path.clone();
        blocking(move || match std::fs::read(&path) {
            Ok(bytes) => Ok(parse(&bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        })
        .await
    }

    async fn note(&self, line: Listed) -> Result<(), Fault> {
        let path = self.path.clone();
        blocking(move || append(&path, line)).await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T, Fault> {
    let refused = |reason: String| Fault::Refused(format!("the list of erasures: {reason}"));
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| refused(error.to_string()))?;
    done.map_err(|error| refused(error.to_string()))
}

fn append(path: &Path, line: Listed) -> std::io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    // Released with the file.
    file.lock()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    if parse(&bytes).iter().any(|known| known.account == line.account) {
        return Ok(());
    }
    // What a crash left of a line ends here.
    let mut text = if bytes.last().is_some_and(|last| *last != b'\n') { "\n".to_owned() } else { String::new() };
    text.push_str(&serde_json::to_string(&Line { account_id: line.account.0, erased_at: line.erased_at })?);
    text.push('\n');
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    // A file that was just made is found after a crash only if its directory is on disk.
    match path.parent() {
        Some(parent) if bytes.is_empty() => File::open(parent)?.sync_all(),
        _ => Ok(()),
    }
}

/// Every whole line. One that a crash cut short was never relied on: its erasure had not gone on.
fn parse(bytes: &[u8]) -> Vec<Listed> {
    let mut unreadable = 0;
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let listed = lines.filter_map(|line| match serde_json::from_slice::<Line>(line) {
        Ok(line) => Some(Listed { account: AccountId(line.account_id), erased_at: line.erased_at }),
        Err(_) => {
            unreadable += 1;
            None
        }
    });
    let listed = listed.collect();
    if unreadable > 0 {
        tracing::warn!(lines = unreadable, "lines of the list of erasures cannot be read and are passed over");
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::uuid_v7;

    fn file() -> (ErasureFile, PathBuf) {
        let dir = std::env::temp_dir().join(format!("levelup-list-{}", uuid_v7().simple()));
        std::fs::create_dir(&dir).unwrap();
        (ErasureFile::within(&dir), dir)
    }

    fn line(erased_at: i64) -> Listed {
        Listed { account: AccountId(uuid_v7()), erased_at }
    }

    #[tokio::test]
    async fn what_was_noted_is_read_again_and_once() {
        let (file, dir) = file();
        assert_eq!(file.lines().await.unwrap(), Vec::new());
        let (one, two) = (line(1), line(2));
        for noted in [one, two, one] {
            file.note(noted).await.unwrap();
        }
        assert_eq!(file.lines().await.unwrap(), [one, two]);
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[tokio::test]
    async fn a_line_that_was_cut_short_spoils_no_other() {
        let (file, dir) = file();
        let (one, two) = (line(1), line(2));
        file.note(one).await.unwrap();
        OpenOptions::new().append(true).open(file.path()).unwrap().write_all(b"{\"account_id\":\"0197").unwrap();
        file.note(two).await.unwrap();
        assert_eq!(file.lines().await.unwrap(), [one, two]);
        std::fs::remove_dir_all(dir).unwrap();
    }
}
