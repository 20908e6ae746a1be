//! The life of the logs. A server that is restored from a backup has lost its last days, and goes on with positions that devices
//! already know with other content. So it begins another life: an epoch, which every cursor names. Whoever comes with a cursor of
//! the old one is told to start again, and from where on to send again what was acknowledged.
//!
//! A restore is noticed by the mark in the data directory: the database is behind it. That is looked at before anything is
//! served; while the server works, database and mark go up together every few seconds in which something was written.

mod keep;
mod mark;
mod store;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use application::fault::Fault;
use deadpool_postgres::Pool;
use uuid::Uuid;

pub use self::mark::{Mark, MarkFile, Seen};
pub use self::store::{Loss, Turned};
use self::store::{Standing, Store};

/// The life of the logs, as this process sees it. Clones share it.
#[derive(Clone, Debug)]
pub struct Lives {
    store: Store,
    file: MarkFile,
    settled: Arc<AtomicBool>,
}

/// It is not known yet which life this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not known yet whether the database is as it was left")]
pub struct Unsettled;

impl Lives {
    /// Of the database behind `pool`, with the mark in this data directory.
    pub fn new(pool: Pool, data_dir: &Path) -> Self {
        Self { store: Store::new(pool), file: MarkFile::within(data_dir), settled: Arc::default() }
    }

    /// Lets requests pass once the life is known.
    ///
    /// # Errors
    /// It is not.
    pub fn pass(&self) -> Result<(), Unsettled> {
        if self.settled.load(Ordering::Acquire) { Ok(()) } else { Err(Unsettled) }
    }

    /// Compares the database with the mark, begins another life if the database is an older copy, and ends what was begun.
    ///
    /// # Errors
    /// The database is away, or the mark cannot be read or written.
    pub async fn settle(&self) -> Result<(), Fault> {
        // The file first: it is written after the database, also by others, so what is read of the database is not older.
        let seen = self.file.read().await?;
        let standing = self.store.standing().await?;
        match seen {
            Seen::Mark(mark) if is_older(&standing, &mark) => {
                tracing::warn!(
                    database.beats = standing.mark.beats,
                    mark.beats = mark.beats,
                    "the database is older than this data directory has seen it, as after the restore of a backup; a new life of the logs begins"
                );
                self.store.begin(standing.mark.epoch, mark.beats, Loss::AfterHead).await?;
            }
            Seen::Unreadable => {
                tracing::warn!("the mark of the data directory cannot be read, so a new life of the logs begins");
                self.store.begin(standing.mark.epoch, 0, Loss::Unknown).await?;
            }
            Seen::Mark(_) | Seen::Nothing => {}
        }
        self.turn(|_| {}).await?;
        self.beat().await?;
        self.settled.store(true, Ordering::Release);
        Ok(())
    }

    /// Begins another life on purpose; how many spaces it took, and its name.
    ///
    /// # Errors
    /// The database is away, or the mark cannot be written. What was begun is ended by the next server that starts, or by this
    /// again.
    pub async fn renew(&self, loss: Loss, progress: impl FnMut(&Turned)) -> Result<(Turned, Uuid), Fault> {
        let standing = self.store.standing().await?;
        self.store.begin(standing.mark.epoch, 0, loss).await?;
        let turned = self.turn(progress).await?;
        Ok((turned, self.beat().await?.epoch))
    }

    /// Begins the life that follows `epoch`, whose logs were restored up to their heads; goes on with it where that was begun.
    ///
    /// # Errors
    /// The database is away, or the mark cannot be read or written. The same call goes on.
    pub async fn follow(&self, epoch: Uuid, progress: impl FnMut(&Turned)) -> Result<(Turned, Uuid), Fault> {
        let beats = match self.file.read().await? {
            Seen::Mark(mark) => mark.beats,
            Seen::Nothing | Seen::Unreadable => 0,
        };
        self.store.begin(epoch, beats, Loss::AfterHead).await?;
        let turned = self.turn(progress).await?;
        Ok((turned, self.beat().await?.epoch))
    }

    /// Brings every space into the present life; what an interruption left is done by the next call.
    async fn turn(&self, mut progress: impl FnMut(&Turned)) -> Result<Turned, Fault> {
        let mut turned = Turned::default();
        let standing = self.store.standing().await?;
        if !standing.turning {
            return Ok(turned);
        }
        let mut after = Uuid::nil();
        while let Some((last, spaces)) = self.store.turn(after).await? {
            after = last;
            turned.spaces += spaces;
            progress(&turned);
        }
        self.store.turned(standing.mark.epoch).await?;
        tracing::info!(spaces = turned.spaces, epoch = %standing.mark.epoch, "a new life of the logs has begun");
        Ok(turned)
    }

    /// Goes one up, in the database first: a mark never says more than the database has on disk.
    async fn beat(&self) -> Result<Mark, Fault> {
        let mark = self.store.beat().await?;
        self.file.write(mark).await?;
        Ok(mark)
    }
}

/// Whether the database is a copy from before the mark was made. Numbers are given once, so the same number in another life is
/// another's.
fn is_older(standing: &Standing, mark: &Mark) -> bool {
    let Mark { epoch, beats } = standing.mark;
    beats < mark.beats || (beats == mark.beats && epoch != mark.epoch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_behind_the_mark_is_older_and_one_ahead_of_it_is_not() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let is_older = |epoch, beats, mark_epoch, mark_beats| {
            let standing = Standing { mark: Mark { epoch, beats }, turning: false };
            is_older(&standing, &Mark { epoch: mark_epoch, beats: mark_beats })
        };
        assert!(is_older(one, 4, one, 5));
        assert!(is_older(one, 4, other, 5), "a copy from before the last life");
        assert!(is_older(one, 5, other, 5));
        assert!(!is_older(one, 5, one, 5));
        assert!(!is_older(one, 6, one, 5), "other servers went on");
        assert!(!is_older(other, 6, one, 5), "another server began a life");
    }
}
