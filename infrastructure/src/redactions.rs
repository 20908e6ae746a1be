//! Redactions, as every node hears of them: what it holds in memory of such a space is dropped, so that readers, writers and
//! retries get what the store says now. A look every fraction of a second; the node that redacts drops at once.

use std::sync::Arc;
use std::time::Duration;

use application::fault::Fault;
use domain::id::SpaceId;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::hub::Hub;
use crate::postgres::ledger::PostgresLedger;
use crate::postgres::redact::PostgresRedactions;

/// How often the others' redactions are looked for.
const POLL_MS: u64 = 300;

/// What of this node remembers texts. Clones share it.
#[derive(Clone, Debug)]
pub struct Memories {
    hub: Hub,
    ledger: Arc<PostgresLedger>,
}

impl Memories {
    /// These two.
    pub fn new(hub: Hub, ledger: Arc<PostgresLedger>) -> Self {
        Self { hub, ledger }
    }

    /// Drops what is held of a space.
    pub fn drop_of(&self, space: SpaceId) {
        self.ledger.forget_texts(space);
        self.hub.forget(space);
    }

    /// Drops what others redact, until `stop`. What was redacted before the start is in no memory.
    pub async fn follow(self, store: PostgresRedactions, stop: CancellationToken) {
        let mut ticks = interval(Duration::from_millis(POLL_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut seen = None;
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            match self.look(&store, seen).await {
                Ok(newest) => seen = Some(newest),
                Err(fault) => tracing::debug!(fault = %fault, "redactions could not be looked up"),
            }
        }
    }

    async fn look(&self, store: &PostgresRedactions, seen: Option<i64>) -> Result<i64, Fault> {
        let Some(seen) = seen else { return store.newest().await };
        let found = store.since(seen).await?;
        found.iter().for_each(|(space, _)| self.drop_of(*space));
        Ok(found.last().map_or(seen, |(_, revision)| *revision))
    }
}
