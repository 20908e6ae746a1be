//! The task of a serving process: it looks every second how the database stands, and has rebuilt what is older.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Folds, OTHERS_STOP_MS, Standing};
use crate::clock::jitter_ms;
use crate::postgres::rebuild::{Cause, RebuildError, Scope, begin};

/// How long it rests between two looks.
const PAUSE_MS: u64 = 800;
/// And how much longer at most.
const PAUSE_JITTER_MS: u64 = 200;

impl Folds {
    /// Looks again and again, until `stop`. A rebuild of what is older has so many workers.
    pub async fn watch(self, workers: u16, stop: CancellationToken) {
        loop {
            if let Err(fault) = self.look().await {
                tracing::debug!(fault = %fault, "the versions of the folds could not be looked up now");
            }
            self.have_rebuilt(workers).await;
            let pause = Duration::from_millis(PAUSE_MS + jitter_ms(PAUSE_JITTER_MS));
            if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                return;
            }
        }
    }

    /// Begins the rebuild of everything that is older, unless another one is there: then it comes after that.
    async fn have_rebuilt(&self, workers: u16) {
        let Standing::Older { older: Some(projections), since } = self.standing() else { return };
        if since.elapsed() < Duration::from_millis(OTHERS_STOP_MS) {
            return;
        }
        let scope = Scope { projections, workers, ..Scope::default() };
        match begin(&self.0.pool, &scope, Cause::Fold).await {
            Ok(id) => tracing::info!(rebuild.id = %id, "everything that was built with older folds is rebuilt"),
            Err(RebuildError::Unfinished { .. }) => {}
            Err(error) => tracing::warn!(error = %error, "the rebuild of what is older could not be begun now"),
        }
    }
}

/// Says what has changed.
pub(super) fn tell(before: &Standing, now: &Standing) {
    match (before, now) {
        (Standing::Older { older: Some(_), .. }, Standing::Older { older: Some(_), .. }) => {}
        (_, Standing::Older { older: Some(older), .. }) => tracing::warn!(
            projections = older.names().collect::<Vec<_>>().join(" "),
            "these projections were built with older folds; no space is served before it is rebuilt"
        ),
        (Standing::Newer, Standing::Newer) => {}
        (_, Standing::Newer) => {
            tracing::error!(
                "a newer program builds the projections of this database; this one serves no space any more"
            );
        }
        (Standing::Older { .. }, Standing::Current) => tracing::info!("every projection is built with its newest fold"),
        _ => {}
    }
}
