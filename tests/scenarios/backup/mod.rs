//! Backups and restores, by the program as an operator runs it and by servers that make backups themselves.

mod bad;
mod damaged;
mod drill;
mod increments;
mod killed;
mod leaving;
mod lists;
mod meanwhile;
mod refused;
mod schedule;
mod writers;

use std::path::{Path, PathBuf};

use support::process::run;
use support::{DataDir, Database};

use crate::log_copy::{done, text};

/// Makes a backup; its folder.
pub(crate) async fn backup(database: &Database, dir: &Path, more: &[&str]) -> PathBuf {
    backup_with(database, &DataDir::fresh(), dir, more).await
}

/// The same, with the list of erasures of this data directory.
pub(crate) async fn backup_with(database: &Database, data_dir: &DataDir, dir: &Path, more: &[&str]) -> PathBuf {
    let arguments = [&["backup", text(dir)], more].concat();
    let (exit, said, error) = run(&database.url(), data_dir.path(), &arguments).await;
    assert_eq!(exit, 0, "{said}{error}");
    dir.join(said.split([':', ',']).next().unwrap())
}

/// Restores with this data directory, which has to succeed; what was said.
async fn restored(database: &Database, data_dir: &DataDir, arguments: &[&str]) -> String {
    let (exit, said, error) = run(&database.url(), data_dir.path(), &[&["restore"], arguments].concat()).await;
    assert_eq!(exit, 0, "{said}{error}");
    said
}

/// Verifies a backup, which has to be whole; what was said.
async fn verified(database: &Database, path: &Path) -> String {
    done(database, &["backup", "verify", text(path)]).await
}

/// The names of what lies in a folder of backups, but for the lock.
fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name != ".lock");
    names.sort();
    names
}
