//! The task of a serving process, and its last act.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::Lives;
use crate::hub::Hub;

/// How often the mark goes up while something is written: what a restore to a backup loses without being noticed is younger.
const EVERY: Duration = Duration::from_secs(2);
/// How long to wait after the database was away.
const AGAIN: Duration = Duration::from_millis(200);
/// How long the last beat may take.
const LAST: Duration = Duration::from_secs(1);

impl Lives {
    /// Settles, if that has not been done, and keeps the mark up, until `stop`.
    pub async fn keep(self, hub: Hub, stop: CancellationToken) {
        while self.pass().is_err() {
            if stop.run_until_cancelled(sleep(AGAIN)).await.is_none() {
                return;
            }
            // The first failure was told; a database that is away is told elsewhere.
            if let Err(fault) = self.settle().await {
                tracing::debug!(fault = %fault, "it is still not known whether the database is as it was left");
            }
        }
        let mut written = 0;
        while stop.run_until_cancelled(sleep(EVERY)).await.is_some() {
            let now = hub.commits();
            if now == written {
                continue;
            }
            match self.beat().await {
                Ok(_) => written = now,
                Err(fault) => {
                    tracing::warn!(fault = %fault, "the mark of the log's life could not be kept up; it is tried again")
                }
            }
        }
    }

    /// Settles; what is in the way is logged, and the task tries again.
    pub async fn try_settle(&self) {
        if let Err(fault) = self.settle().await {
            tracing::warn!(fault = %fault, "it is not known yet whether the database is as it was left; nothing is served before");
        }
    }

    /// The last beat, when nothing is written any more.
    pub async fn rest(&self) {
        if self.pass().is_ok() {
            match timeout(LAST, self.beat()).await {
                Ok(Ok(_)) => {}
                Ok(Err(fault)) => tracing::debug!(fault = %fault, "there was no last beat"),
                Err(_) => tracing::debug!("there was no time for a last beat"),
            }
        }
    }
}
