//! The task of a serving process: it looks every second how the database stands, and has rebuilt what is older.

use std::time::Duration;

use application::fault::Fault;
use application::identity::Actor;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Folds, Standing};
use crate::clock::jitter_ms;
use crate::postgres::rebuild::folds::OTHERS_STOP_MS;
use crate::postgres::rebuild::{self, Cause, Order, RebuildError, Scope, State, begin};

/// A rebuild that has not ended, and how it stands.
type InTheWay = (Uuid, State);

/// How long it rests between two looks.
const PAUSE_MS: u64 = 800;
/// And how much longer at most.
const PAUSE_JITTER_MS: u64 = 200;

impl Folds {
    /// Looks again and again, until `stop`. A rebuild of what is older has so many workers.
    pub async fn watch(self, workers: u16, stop: CancellationToken) {
        let mut told = None;
        loop {
            if let Err(fault) = self.look().await {
                tracing::debug!(fault = %fault, "the versions of the folds could not be looked up now");
            }
            self.have_rebuilt(workers, &mut told).await;
            let pause = Duration::from_millis(PAUSE_MS + jitter_ms(PAUSE_JITTER_MS));
            if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                return;
            }
        }
    }

    /// Begins the rebuild of everything that is older, unless another one is there: then it comes after that.
    async fn have_rebuilt(&self, workers: u16, told: &mut Option<InTheWay>) {
        let Standing::Older { older: Some(projections), since } = self.standing() else { return };
        if since.elapsed() < Duration::from_millis(OTHERS_STOP_MS) {
            return;
        }
        let scope = Scope { projections, workers, ..Scope::default() };
        match begin(&self.0.pool, &scope, Cause::Fold).await {
            Ok(id) => tracing::info!(rebuild.id = %id, "everything that was built with older folds is rebuilt"),
            Err(RebuildError::Unfinished { id }) => {
                if let Err(fault) = self.is_in_the_way(id, told).await {
                    tracing::debug!(fault = %fault, "the rebuild that is in the way could not be looked up now");
                }
            }
            Err(error) => tracing::warn!(error = %error, "the rebuild of what is older could not be begun now"),
        }
    }
}

impl Folds {
    /// Another rebuild has not ended. A check that waits to be resumed changes nothing, and ends; what else waits has to be ended
    /// by somebody, who is told once.
    async fn is_in_the_way(&self, id: Uuid, told: &mut Option<InTheWay>) -> Result<(), Fault> {
        let Some(other) = rebuild::get(&self.0.pool, id).await? else { return Ok(()) };
        if other.cause == rebuild::FOLD && other.state == State::Running {
            return Ok(());
        }
        if other.check && other.state == State::Paused {
            rebuild::order(&self.0.pool, id, Order::Cancel, Actor::Operator).await?;
            tracing::warn!(rebuild.id = %id, "a check that was paused is cancelled: rows of older folds are rebuilt");
            return Ok(());
        }
        if told.replace((id, other.state)) != Some((id, other.state)) {
            tracing::warn!(
                rebuild.id = %id,
                state = other.state.as_str(),
                reason = other.reason,
                "rows of older folds are rebuilt only when this rebuild has ended; resume or cancel it if it waits"
            );
        }
        Ok(())
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
