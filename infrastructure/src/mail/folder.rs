//! Mail into a folder, for development: one `.eml` file a mail, whole or not there.

use std::fs::{OpenOptions, rename};
use std::io::{Result, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use lettre::message::Message;

use super::message::Outgoing;
use super::transport::SendError;

/// Writes the mail and logs where it is; never to whom, nor what it says.
pub(super) async fn put(dir: &Path, outgoing: &Outgoing<'_>, message: &Message) -> std::result::Result<(), SendError> {
    let name = format!("{}-{}-{}.eml", outgoing.now_ms, outgoing.mail, outgoing.attempt);
    let (dir, bytes) = (dir.to_owned(), message.formatted());
    let written = tokio::task::spawn_blocking(move || write(&dir, &name, &bytes)).await;
    match written.map_err(std::io::Error::other).flatten() {
        Ok(path) => {
            tracing::info!(mail.id = %outgoing.mail, mail.file = %path.display(), "a mail was written to the folder");
            Ok(())
        }
        Err(error) => Err(SendError::Later(format!("the folder: {error}"))),
    }
}

/// Under another name until it is whole. It may hold a token, so nobody else may read it.
fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let draft = dir.join(format!(".{name}.draft"));
    let path = dir.join(name);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    rename(&draft, &path)?;
    Ok(path)
}
