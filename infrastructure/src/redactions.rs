//! Redactions, as every node hears of them: what it holds in memory of such a space is dropped, so that readers, writers and
//! retries get what the store says now. A look at once when a hint says so, and every fraction of a second by itself; the node
//! that redacts drops at once.

use std::sync::Arc;

use application::fault::Fault;
use domain::id::SpaceId;
use tokio_util::sync::CancellationToken;

use crate::hints::{Hints, Topic};
use crate::hub::Hub;
use crate::postgres::ledger::PostgresLedger;
use crate::postgres::redact::PostgresRedactions;

/// How often the others' redactions are looked for by itself: without hints, and while they come.
const POLL_MS: u64 = 300;
const POLL_HEARD_MS: u64 = 800;

/// What of this node remembers texts. Clones share it.
#[derive(Clone, Debug)]
pub struct Memories {
    hub: Hub,
    ledger: Arc<PostgresLedger>,
    hints: Hints,
}

impl Memories {
    /// These two; other nodes are told by hints.
    pub fn new(hub: Hub, ledger: Arc<PostgresLedger>, hints: Hints) -> Self {
        Self { hub, ledger, hints }
    }

    /// Drops what is held of a space, of which something was taken out here.
    pub fn redacted(&self, space: SpaceId) {
        self.hints.changed(Topic::Redactions);
        self.drop_of(space);
    }

    /// Drops what writing remembers of a space that another node has brought further than that.
    pub(crate) fn outrun(&self, space: SpaceId, position: i64) {
        self.ledger.forget_behind(space, position);
    }

    fn drop_of(&self, space: SpaceId) {
        self.ledger.forget_texts(space);
        self.hub.forget(space);
    }

    /// Drops what others redact, until `stop`. What was redacted before the start is in no memory.
    pub async fn follow(self, store: PostgresRedactions, stop: CancellationToken) {
        let mut rhythm = self.hints.rhythm(Topic::Redactions, POLL_MS, POLL_HEARD_MS);
        let mut seen = None;
        while stop.run_until_cancelled(rhythm.beat()).await.is_some() {
            match self.look(&store, seen).await {
                Ok(newest) => seen = Some(newest),
                Err(fault) => tracing::debug!(fault = %fault, "redactions could not be looked up"),
            }
        }
    }

    async fn look(&self, store: &PostgresRedactions, seen: Option<i64>) -> Result<i64, Fault> {
        let Some(seen) = seen else {
            let newest = store.newest().await?;
            // A replica may be from before the start.
            self.hub.replica().outdate();
            return Ok(newest);
        };
        let found = store.since(seen).await?;
        found.iter().for_each(|(space, _)| self.drop_of(*space));
        Ok(found.last().map_or(seen, |(_, revision)| *revision))
    }
}
