//! How far an interrupted push came: a small file with nothing secret in it, removed when the push is done. It only
//! saves time. Receipts make any overlap harmless, so a mark that does not fit is ignored.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::file::Line;
use super::tally::Tally;

/// What is remembered between two runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// The account on the server: another one (a database begun anew) has none of it.
    pub account_id: Uuid,
    /// Hash of the lines: another file is another push.
    pub lines_sha256: String,
    /// How many of the lines have been decided.
    pub done: usize,
    /// What became of them.
    pub tally: Tally,
    /// The last position that a receipt has named.
    pub written_to: i64,
    /// The log's end when the push began.
    pub head_before: i64,
    /// The file of receipts and how long it was.
    pub receipts: Option<(PathBuf, u64)>,
}

/// Where the mark of this push is, if any directory for it is known.
pub(super) fn place(server_url: &str, account_id: Uuid, lines_sha256: &str) -> Option<PathBuf> {
    let name = hex(&Sha256::digest(format!("{server_url}\n{account_id}\n{lines_sha256}")));
    state_directory().map(|directory| directory.join("push").join(format!("{}.json", &name[..16])))
}

/// The hash of the lines in their order.
pub(super) fn lines_sha256(lines: &[Line]) -> String {
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(line.device.as_deref().unwrap_or_default());
        hash.update("\n");
        hash.update(line.body.get());
        hash.update("\n");
    }
    hex(&hash.finalize())
}

/// The mark at `path`, if it is there and whole.
pub(super) fn load(path: &Path) -> Option<Mark> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Replaces the mark in one step: a crash leaves the old one or the new one.
pub(super) fn save(path: &Path, mark: &Mark) -> std::io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let beside = path.with_extension("new");
    fs::write(&beside, serde_json::to_vec(mark)?)?;
    fs::rename(beside, path)
}

/// Forgets it. One that stays behind is only a few bytes.
pub(super) fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

fn state_directory() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    variable("LEVELUP_DATA_DIR")
        .or_else(|| variable("XDG_STATE_HOME").map(|home| home.join("levelup")))
        .or_else(|| variable("HOME").map(|home| home.join(".local/state/levelup")))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_comes_back_as_it_was_and_a_torn_one_is_ignored() {
        let path = std::env::temp_dir().join(format!("levelup-mark-{}/push/x.json", std::process::id()));
        let mark = Mark {
            account_id: Uuid::from_u128(1),
            lines_sha256: "ab".into(),
            done: 3,
            tally: Tally::default(),
            written_to: 9,
            head_before: 7,
            receipts: Some(("r.ndjson".into(), 12)),
        };
        save(&path, &mark).unwrap();
        assert_eq!(load(&path), Some(mark));
        fs::write(&path, "{").unwrap();
        assert_eq!(load(&path), None);
        remove(&path);
        assert_eq!(load(&path), None);
    }
}
