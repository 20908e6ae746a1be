//! The list of erasures: a file in the data directory with a line for each account. It is not in the database, so that a
//! backup of the database that is restored does not bring an account back for good.
//!
//! Lines are only ever added, under a lock on the file: other processes of this data directory write it too.

use std::collections::HashSet;
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

/// How each line begins.
const BEGINNING: &[u8] = b"{\"account_id\":\"";

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

/// What stands in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Everybody it names, each once.
    pub listed: Vec<Listed>,
    /// Lines in which something else stands than what a crash left of a line.
    pub unreadable: usize,
}

impl ErasureFile {
    /// Reads it; one that is not there is empty.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn read(&self) -> Result<Contents, Fault> {
        let path = self.path.clone();
        blocking(move || match std::fs::read(&path) {
            Ok(bytes) => Ok(parse(&bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Contents::default()),
            Err(error) => Err(error),
        })
        .await
    }

    /// Adds those that it does not name yet, all at once. They are on disk when this returns.
    ///
    /// # Errors
    /// It cannot be written.
    pub async fn take_over(&self, lines: Vec<Listed>) -> Result<(), Fault> {
        let path = self.path.clone();
        blocking(move || append(&path, &lines)).await
    }
}

impl ErasureList for ErasureFile {
    async fn lines(&self) -> Result<Vec<Listed>, Fault> {
        let read = self.read().await?;
        if read.unreadable > 0 {
            tracing::warn!(
                list.path = %self.path.display(),
                list.lines = read.unreadable,
                "lines of the list of erasures cannot be read and are passed over"
            );
        }
        Ok(read.listed)
    }

    async fn note(&self, line: Listed) -> Result<(), Fault> {
        self.take_over(vec![line]).await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T, Fault> {
    let refused = |reason: String| Fault::Refused(format!("the list of erasures: {reason}"));
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| refused(error.to_string()))?;
    done.map_err(|error| refused(error.to_string()))
}

fn append(path: &Path, lines: &[Listed]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    // Released with the file.
    file.lock()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let mut known: HashSet<AccountId> = parse(&bytes).listed.iter().map(|line| line.account).collect();
    // What a crash left of a line ends here.
    let mut text = if bytes.last().is_some_and(|last| *last != b'\n') { "\n".to_owned() } else { String::new() };
    for line in lines.iter().filter(|line| known.insert(line.account)) {
        text.push_str(&serde_json::to_string(&Line { account_id: line.account.0, erased_at: line.erased_at })?);
        text.push('\n');
    }
    file.write_all(text.as_bytes())?;
    // Also when everything stood there: whoever wrote it may have been killed before it was on disk.
    file.sync_all()?;
    // A file that was just made is found after a crash only if its directory is on disk.
    match path.parent() {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

/// Everybody who is named. A line that a crash cut short was never relied on: its erasure had not gone on. Where lists were
/// put together another line may stand right behind it, and that one counts.
fn parse(bytes: &[u8]) -> Contents {
    let mut read = Contents::default();
    let mut known = HashSet::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let mut clean = true;
        for piece in pieces(line) {
            match serde_json::from_slice::<Line>(piece) {
                Ok(line) if known.insert(line.account_id) => {
                    read.listed.push(Listed { account: AccountId(line.account_id), erased_at: line.erased_at });
                }
                Ok(_) => {}
                Err(_) => clean &= is_cut_short(piece),
            }
        }
        read.unreadable += usize::from(!clean);
    }
    read
}

/// What stands before the first brace, and from each brace to before the next.
fn pieces(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = line.trim_ascii();
    std::iter::from_fn(move || {
        let end = rest.iter().skip(1).position(|byte| *byte == b'{').map_or(rest.len(), |behind| behind + 1);
        let (piece, behind) = rest.split_at(end);
        rest = behind;
        (!piece.is_empty()).then_some(piece)
    })
}

fn is_cut_short(piece: &[u8]) -> bool {
    let begins = BEGINNING.starts_with(piece) || piece.starts_with(BEGINNING);
    begins && !piece.contains(&b'}')
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

    #[test]
    fn lists_that_were_put_together_lose_nobody() {
        let texts: Vec<String> =
            (0..4).map(|at| format!("{{\"account_id\":\"{}\",\"erased_at\":{at}}}", uuid_v7())).collect();
        let cut = &texts[3][..30];
        let together = format!("\u{feff}{}{}\r\n{}\n{cut}{}\nx\n\n{cut}", texts[0], texts[1], texts[0], texts[2]);
        let read = parse(together.as_bytes());
        assert_eq!(read.listed.iter().map(|line| line.erased_at).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(read.unreadable, 2, "the mark at the start and the letter, not what was cut short");
    }

    #[tokio::test]
    async fn a_long_list_is_taken_over_at_once_and_names_everybody_once() {
        let (file, dir) = file();
        let lines: Vec<Listed> = (0..20_000).map(line).collect();
        file.note(lines[7]).await.unwrap();
        file.take_over([lines.clone(), lines.clone()].concat()).await.unwrap();
        assert_eq!(file.lines().await.unwrap().len(), lines.len());
        file.take_over(lines.clone()).await.unwrap();
        assert_eq!(std::fs::read_to_string(file.path()).unwrap().lines().count(), lines.len());
        std::fs::remove_dir_all(dir).unwrap();
    }
}
