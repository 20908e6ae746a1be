//! A backup that a server makes by itself, with what belongs to it: room is made for it where there is none, a full one is looked
//! at before others are stacked on it, and chains that are not to be kept go.

use std::time::Instant;

use application::backup::{Known, Wanted, surplus};
use application::fault::Fault;
use metrics::{counter, gauge};
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

use super::error::BackupError;
use super::folder::Folder;
use super::make::Wish;
use super::noted::make_noted;
use super::verify::verify;
use crate::metric_names::{BACKUP_BYTES, BACKUP_CHECKS_TOTAL, BACKUP_LAST_SUCCESS, BACKUP_SECONDS, BACKUPS_TOTAL};
use crate::postgres::backup::runs::Cause;

/// How it is to be made.
pub(super) struct ByItself<'a> {
    /// Where to.
    pub(super) folder: &'a Folder,
    /// Chains that are kept.
    pub(super) keep: usize,
    /// Why.
    pub(super) cause: Cause,
    /// Ends it.
    pub(super) stop: &'a CancellationToken,
}

impl ByItself<'_> {
    /// Makes it. `wish` hears what must not be gone on from.
    pub(super) async fn make(&self, client: &mut Client, wish: &mut Wish) -> Result<(), BackupError> {
        let began = Instant::now();
        let known = self.with_room(client, wish).await?;
        let manifest = &known.manifest;
        counter!(BACKUPS_TOTAL, "outcome" => "made").increment(1);
        gauge!(BACKUP_BYTES).set(manifest.bytes() as f64);
        gauge!(BACKUP_SECONDS).set(began.elapsed().as_secs_f64());
        gauge!(BACKUP_LAST_SUCCESS).set(manifest.ended_at as f64 / 1_000.0);
        let (name, bytes) = (known.name(), manifest.bytes());
        tracing::info!(backup.name = name, backup.bytes = bytes, backup.events = manifest.events, "a backup was made");
        if manifest.parent.is_none() && !self.is_whole(&known, wish).await? {
            // Older chains may be all there is.
            return Ok(());
        }
        // The backup is made, whatever becomes of older ones; the next one clears away again.
        if let Err(error) = self.clear().await {
            tracing::warn!(error = %error, "backups that are not to be kept could not be removed");
        }
        Ok(())
    }

    /// Once more, if chains that are not to be kept had taken up the room.
    async fn with_room(&self, client: &mut Client, wish: &Wish) -> Result<Known, BackupError> {
        let wished = (self.folder, wish, self.cause);
        let full = match make_noted(client, wished, self.stop, &mut |_| {}).await {
            Err(full @ BackupError::NoRoom { .. }) => full,
            made => return made,
        };
        match self.clear().await {
            Ok(0) => Err(full),
            Ok(gone) => {
                tracing::warn!(error = %full, backups = gone, "older backups made room, and it is tried once more");
                make_noted(client, wished, self.stop, &mut |_| {}).await
            }
            Err(error) => {
                tracing::warn!(error = %error, "backups that are not to be kept could not be removed");
                Err(full)
            }
        }
    }

    /// Whether a full one can be read back, from its files alone.
    async fn is_whole(&self, known: &Known, wish: &mut Wish) -> Result<bool, BackupError> {
        let (folder, stop, wanted) = (self.folder.clone(), self.stop.clone(), Wanted::Named(known.name().to_owned()));
        let looking = tokio::task::spawn_blocking(move || verify(&folder, &wanted, &stop, &mut |_| {}));
        let looked = looking.await.map_err(|error| Fault::Refused(error.to_string()))?;
        if matches!(looked, Err(BackupError::Interrupted)) {
            return Err(BackupError::Interrupted);
        }
        let outcome = if looked.is_ok() { "whole" } else { "damaged" };
        counter!(BACKUP_CHECKS_TOTAL, "check" => "verify", "outcome" => outcome).increment(1);
        wish.shunned = looked.as_ref().err().map(|_| known.name().to_owned());
        if let Err(error) = looked {
            let name = known.name();
            tracing::error!(error = %error, backup.name = name, "the backup is damaged; the next one is a full one again");
            return Ok(false);
        }
        Ok(true)
    }

    /// Removes whole chains beyond those that are kept, and never the newest; how many backups that were.
    async fn clear(&self) -> Result<usize, BackupError> {
        let (folder, keep) = (self.folder.clone(), self.keep);
        let cleared = tokio::task::spawn_blocking(move || {
            let held = folder.hold()?;
            let gone = surplus(&folder.found()?.known, keep);
            for name in &gone {
                folder.remove(&held, name)?;
                tracing::info!(backup.name = name, "a backup that is not to be kept was removed");
            }
            Ok(gone.len())
        });
        cleared.await.map_err(|error| Fault::Refused(error.to_string()))?
    }
}
