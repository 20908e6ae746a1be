//! Other subcommands of the program under test, beside a server.

use std::path::Path;
use std::process::{Output, Stdio};

use tokio::process::Command;

use super::binary::binary;
use crate::patience::within;

/// A subcommand on this database and data directory, not started yet.
#[must_use]
pub fn command(database_url: &str, data_dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).env("DATABASE_URL", database_url).env("LEVELUP_DATA_DIR", data_dir);
    command.env("LEVELUP_LOG", "warn").env_remove("LEVELUP_PASSWORD").env_remove("LEVELUP_LOG_FORMAT");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// Runs a subcommand to its end; its exit code, its standard output and its standard error.
pub async fn run(database_url: &str, data_dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let running = command(database_url, data_dir, arguments).output();
    let Output { status, stdout, stderr } = within("the end of a subcommand", running).await.expect("it can be run");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}
