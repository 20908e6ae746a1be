//! Backups that a serving process makes by itself: one node at a time, when the last one is old enough or an admin asks. What
//! fails is tried again, later and later. Whole chains go when there are more than are to be kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use application::backup::{Known, due_in};
use application::fault::Fault;
use deadpool_postgres::Pool;
use metrics::{counter, gauge};
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::by_itself::ByItself;
use super::error::BackupError;
use super::folder::Folder;
use super::make::Wish;
use crate::clock::{jitter_ms, now_ms, uuid_v7};
use crate::config::Serving;
use crate::erasure::ErasureFile;
use crate::metric_names::{BACKUP_LAST_SUCCESS, BACKUPS_TOTAL};
use crate::postgres::backup::runs::{self, Cause};
use crate::postgres::fault::no_connection;

/// How often the turn is kept.
const KEEP_MS: u64 = 20_000;
/// The longest sleep: other nodes make backups too, and the clock may be set.
const LOOK_MS: u64 = 60_000;
/// How much later than due at most, so that nodes do not all try at once.
const JITTER_MS: u64 = 5_000;
/// The wait after the first failure; each further one waits twice as long.
const AGAIN_MS: u64 = 30_000;
/// What is remembered of backups.
const REMEMBERED_MS: i64 = 400 * 24 * 60 * 60 * 1_000;

/// Who makes them. Clones share it.
#[derive(Clone, Debug)]
pub struct Backups {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    pool: Pool,
    folder: Option<PathBuf>,
    every_ms: i64,
    keep: usize,
    wish: Wish,
    holder: Uuid,
    asked: Notify,
}

/// What becomes of a wish for a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is begun.
    Begun,
    /// One is being made.
    Running,
    /// This node makes none.
    Off,
}

impl Backups {
    /// As the operator chose.
    pub fn new(pool: Pool, serving: &Serving) -> Self {
        let settings = &serving.backup;
        let erased = ErasureFile::within(&serving.settings.data_dir);
        let inner = Inner {
            pool,
            folder: settings.backup_dir.clone(),
            every_ms: i64::try_from(settings.backup_every.as_millis()).unwrap_or(i64::MAX),
            keep: settings.backup_keep,
            wish: Wish { full: false, chain_max: settings.backup_chain, erased, shunned: None },
            holder: uuid_v7(),
            asked: Notify::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Whether this node makes any; how often, in ms, and how many chains it keeps.
    pub fn plan(&self) -> Option<(i64, usize)> {
        self.inner.folder.as_ref().map(|_| (self.inner.every_ms, self.inner.keep))
    }

    /// Somebody wishes for one now.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ask(&self) -> Result<Asked, Fault> {
        if self.inner.folder.is_none() {
            return Ok(Asked::Off);
        }
        let client = self.inner.pool.get().await.map_err(|error| no_connection(&error))?;
        if runs::is_leased(&**client, now_ms()).await? {
            return Ok(Asked::Running);
        }
        self.inner.asked.notify_one();
        Ok(Asked::Begun)
    }

    /// Makes them, until `stop`.
    pub async fn keep(self, stop: CancellationToken) {
        let Some(path) = self.inner.folder.clone() else { return };
        let (mut failures, mut wish) = (0_u32, self.inner.wish.clone());
        while let Some(cause) = stop.run_until_cancelled(self.wait(&path, failures)).await {
            match self.attempt(&path, (cause, &mut wish), &stop).await {
                Ok(true) => failures = 0,
                Ok(false) => {}
                Err(BackupError::Interrupted) => return,
                Err(error) => {
                    failures = failures.saturating_add(1);
                    counter!(BACKUPS_TOTAL, "outcome" => "failed").increment(1);
                    tracing::error!(error = %error, backup.dir = %path.display(), "no backup could be made; it is tried again");
                }
            }
        }
    }

    /// Sleeps until there is something to try; why.
    async fn wait(&self, path: &Path, failures: u32) -> Cause {
        let again = match failures {
            0 => 0,
            _ => AGAIN_MS.saturating_mul(1 << (failures - 1).min(16)),
        };
        let again = again.min(self.inner.every_ms.unsigned_abs()) + jitter_ms(JITTER_MS.min(again));
        let asked = self.inner.asked.notified();
        tokio::pin!(asked);
        tokio::select! {
            () = &mut asked => return Cause::Admin,
            () = sleep(Duration::from_millis(again)) => {}
        }
        loop {
            let due_in = match self.due_in(path).await {
                Ok(due_in) => due_in,
                Err(error) => {
                    tracing::debug!(error = %error, "it is not known when the last backup was made");
                    LOOK_MS
                }
            };
            if due_in == 0 {
                return Cause::Schedule;
            }
            tokio::select! {
                () = &mut asked => return Cause::Admin,
                () = sleep(Duration::from_millis(due_in.min(LOOK_MS) + jitter_ms(JITTER_MS.min(due_in)))) => {}
            }
        }
    }

    /// In how many ms the next one is due. What lies in the folder counts, whoever made it, and not what the database knows: that
    /// may have been set back, and the folder may be another.
    async fn due_in(&self, path: &Path) -> Result<u64, BackupError> {
        let path = path.to_owned();
        let looking = tokio::task::spawn_blocking(move || match Folder::open(&path) {
            Ok(folder) => Ok(folder.found()?.known.pop()),
            // Whoever makes the next one makes it, or says why not.
            Err(_) => Ok(None),
        });
        let newest: Result<Option<Known>, BackupError> =
            looking.await.map_err(|error| Fault::Refused(error.to_string()))?;
        let newest = newest?.map(|known| known.manifest);
        if let Some(newest) = &newest {
            gauge!(BACKUP_LAST_SUCCESS).set(newest.ended_at as f64 / 1_000.0);
        }
        Ok(due_in(newest.map(|newest| newest.began_at), self.inner.every_ms, now_ms()))
    }

    /// Makes one, if it is this node's turn; whether it was.
    async fn attempt(
        &self,
        path: &Path,
        (cause, wish): (Cause, &mut Wish),
        stop: &CancellationToken,
    ) -> Result<bool, BackupError> {
        let mut client = self.inner.pool.get().await.map_err(|error| no_connection(&error))?;
        if !self.take_turn(&client).await? {
            // Somebody else is at it: what it comes to is seen at the next look.
            stop.run_until_cancelled(sleep(Duration::from_millis(KEEP_MS))).await;
            return Ok(false);
        }
        if cause == Cause::Schedule && self.due_in(path).await? > 0 {
            runs::leave_lease(&**client, self.inner.holder).await?;
            return Ok(true);
        }
        let made = tokio::select! {
            made = self.make(&mut client, path, (cause, wish), stop) => made,
            fault = self.keep_turn() => Err(fault.into()),
        };
        runs::leave_lease(&**client, self.inner.holder).await?;
        made.map(|()| true)
    }

    async fn make(
        &self,
        client: &mut Client,
        path: &Path,
        (cause, wish): (Cause, &mut Wish),
        stop: &CancellationToken,
    ) -> Result<(), BackupError> {
        let by_itself = ByItself { folder: &Folder::make(path)?, keep: self.inner.keep, cause, stop };
        by_itself.make(client, wish).await?;
        Ok(runs::forget(client, now_ms() - REMEMBERED_MS).await?)
    }

    async fn take_turn(&self, client: &Client) -> Result<bool, Fault> {
        runs::take_lease(client, self.inner.holder, now_ms()).await
    }

    /// Keeps the turn; ends when it cannot be kept.
    async fn keep_turn(&self) -> Fault {
        loop {
            sleep(Duration::from_millis(KEEP_MS)).await;
            let kept = match self.inner.pool.get().await {
                Ok(client) => self.take_turn(&client).await,
                Err(error) => Err(no_connection(&error)),
            };
            match kept {
                Ok(true) => {}
                Ok(false) => return Fault::Crowded("another node makes a backup".to_owned()),
                // It is this node's for a while yet; what is away for longer ends the backup by itself.
                Err(fault) => tracing::debug!(fault = %fault, "the turn at backups could not be kept"),
            }
        }
    }
}
