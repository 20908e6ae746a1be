//! The task of a serving process.

use std::time::Duration;

use application::erase::Round;
use metrics::counter;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, debug_span};

use super::Eraser;
use crate::clock::jitter_ms;
use crate::metric_names::ERASURES_TOTAL;

/// How long it rests between two rounds.
const PAUSE_MS: u64 = 55_000;
/// And how much longer at most, so that nodes do not look together.
const PAUSE_JITTER_MS: u64 = 10_000;

impl Eraser {
    /// Goes over everything at once and then every minute, until `stop`.
    pub async fn watch(self, stop: CancellationToken) {
        loop {
            match self.round(&stop).instrument(debug_span!("job", job.name = "erasure")).await {
                Ok(round) => tell(&round),
                Err(fault) => {
                    tracing::warn!(fault = %fault, "accounts could not be erased now; the next round tries again")
                }
            }
            let pause = Duration::from_millis(PAUSE_MS + jitter_ms(PAUSE_JITTER_MS));
            if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                return;
            }
        }
    }
}

fn tell(round: &Round) {
    counter!(ERASURES_TOTAL, "outcome" => "finished").increment(round.finished);
    counter!(ERASURES_TOTAL, "outcome" => "failed").increment(round.failed.len() as u64);
    for (account, fault) in &round.failed {
        tracing::error!(account.id = %account, fault = %fault, "an erasure broke off; the next round goes on with it");
    }
    if round.returned > 0 {
        tracing::warn!(
            accounts = round.returned,
            "accounts that had been erased were there again, as after the restore of a backup; they are erased again"
        );
    }
    if round.put_off > 0 {
        tracing::debug!(
            accounts = round.put_off,
            "accounts are due that are served elsewhere; they wait until they are back"
        );
    }
    if round.finished > 0 {
        tracing::info!(accounts = round.finished, "accounts were erased");
    }
}
