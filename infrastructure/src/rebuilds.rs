//! The task of a serving process that runs rebuilds: those that were asked for over the API, and those whose process was
//! killed. Any number of nodes look; the one whose session takes a rebuild runs it.

use std::sync::Arc;
use std::time::Duration;

use application::fault::Fault;
use deadpool_postgres::Pool;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::clock::jitter_ms;
use crate::postgres::rebuild::{AtStop, News, RebuildError, Standing, State, current, go_on};

/// How long it rests between two looks.
const PAUSE_MS: u64 = 2_000;
/// And how much longer at most, so that nodes do not look together.
const PAUSE_JITTER_MS: u64 = 1_000;

/// Runs rebuilds. Clones share the bell.
#[derive(Clone, Debug)]
pub struct Rebuilds {
    pool: Pool,
    bell: Arc<Notify>,
}

impl Rebuilds {
    /// Of the database behind `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool, bell: Arc::default() }
    }

    /// There may be something to do: look now.
    pub fn ring(&self) {
        self.bell.notify_one();
    }

    /// Looks again and again, until `stop`; what it runs then is left to others.
    pub async fn watch(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.round(&stop).await {
                tell_failure(&error);
            }
            let pause = tokio::time::sleep(Duration::from_millis(PAUSE_MS + jitter_ms(PAUSE_JITTER_MS)));
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.bell.notified() => {}
                () = pause => {}
            }
        }
    }

    async fn round(&self, stop: &CancellationToken) -> Result<(), RebuildError> {
        let Some(found) = current(&self.pool).await? else { return Ok(()) };
        let is_left = found.holder.is_none() && matches!(found.state, State::Running | State::Cancelling);
        if !is_left {
            return Ok(());
        }
        tracing::info!(rebuild.id = %found.id, "a rebuild goes on here");
        let mut tell = |news: News<'_>| match news {
            News::Progress(_) => {}
            // Which row, and not what it says.
            News::Difference(one) => {
                tracing::warn!(space.id = %one.space, table = one.table, key = one.key, "a row was not what the log says");
            }
            News::Failed(finding) => {
                tracing::error!(finding = %finding, "a space could not be folded again; it is left as it is")
            }
            News::Damage(finding) => {
                tracing::error!(finding = %finding, "a log is damaged; its space is left as it is")
            }
        };
        let standing = go_on(&self.pool, found.id, (stop, AtStop::Leave), &mut tell).await?;
        tell_end(&standing);
        Ok(())
    }
}

fn tell_end(standing: &Standing) {
    let Standing { id, state, spaces, events, differences, .. } = standing;
    tracing::info!(rebuild.id = %id, state = state.as_str(), spaces, events, differences, "a rebuild ended or waits");
}

fn tell_failure(error: &RebuildError) {
    match error {
        // Another node was faster, or it has gone with its space.
        RebuildError::Running { .. } | RebuildError::Gone(_) => {}
        RebuildError::Fault(Fault::Unavailable(_)) => {
            tracing::debug!(error = %error, "rebuilds could not be looked up now")
        }
        // That is told once, by who looks after the folds.
        RebuildError::Newer(_) => tracing::debug!(error = %error, "a newer program goes on with the rebuild"),
        RebuildError::Paused { .. } => tracing::error!(error = %error, "a rebuild waits to be resumed"),
        _ => tracing::warn!(error = %error, "a rebuild broke off; it is taken up again"),
    }
}
