//! What this node tells of itself, for admins on any node: that it started and stops, and that its database was away.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::breaker::{Breaker, Standing};
use crate::clock::now_ms;
use crate::postgres::node_notes::PostgresNotes;

/// How often the circuit is looked at.
const LOOK_MS: u64 = 1_000;
/// How long notes are kept.
const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;
/// How often old ones are dropped.
const FORGET_MS: i64 = 60 * 60 * 1_000;
/// How long the last note may take.
const LAST_MS_MAX: u64 = 1_000;

/// One node.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its id, another at each start.
    pub id: Uuid,
    /// What it runs.
    pub version: &'static str,
    /// Where it listens.
    pub listen: String,
}

impl Node {
    /// Tells of itself until `stop`, and then that it stops.
    pub async fn tell(self, notes: PostgresNotes, breaker: Breaker, stop: CancellationToken) {
        self.note(&notes, "node_started", self.about()).await;
        let mut ticks = interval(Duration::from_millis(LOOK_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut away_since, mut forgot_at) = (None, i64::MIN);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            let now = now_ms();
            match (breaker.standing(), away_since) {
                (Standing::Open, None) => away_since = Some(now),
                (Standing::Closed, Some(from)) => {
                    away_since = None;
                    self.note(&notes, "database_was_away", json!({ "from": from, "to": now })).await;
                }
                _ => {}
            }
            if now.saturating_sub(forgot_at) >= FORGET_MS && notes.forget(now - KEPT_MS).await.is_ok() {
                forgot_at = now;
            }
        }
        let last = self.note(&notes, "node_stopped", self.about());
        drop(timeout(Duration::from_millis(LAST_MS_MAX), last).await);
    }

    fn about(&self) -> Value {
        json!({ "version": self.version, "listen": self.listen })
    }

    async fn note(&self, notes: &PostgresNotes, what: &str, about: Value) {
        if let Err(fault) = notes.put(self.id, now_ms(), what, &about).await {
            tracing::debug!(fault = %fault, "a note about this node could not be written");
        }
    }
}
