//! The circuit breaker in front of the database.
//!
//! While the database is away, waiting for it helps nobody: requests pile up, and all of them come at once when it is
//! back. So after some failures in a row, or a probe without an answer, everybody is refused at once, until a probe in
//! the background finds it there again and the first few requests went well. What counts as a failure is told by those
//! who see outcomes: the HTTP middleware and the ledger.

mod circuit;
mod probe;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use application::fault::Fault;
use deadpool_postgres::Pool;
use metrics::{counter, gauge};
use tokio_util::sync::CancellationToken;

pub use self::circuit::{Circuit, Standing};
use crate::clock::now_ms;
use crate::metric_names::{DATABASE_CIRCUIT, DATABASE_CIRCUIT_OPENED_TOTAL, DATABASE_CIRCUIT_REFUSED_TOTAL};

/// When to come back, without jitter.
const RETRY_MS: u64 = 1_000;

/// The breaker of one server. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Breaker(Arc<Mutex<Circuit>>);

/// The database is away, or has just come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the database is away")]
pub struct Away {
    /// When to come back, without jitter.
    pub retry_after_ms: u64,
}

impl Breaker {
    /// Probes the database behind `pool` until `stop`.
    pub async fn probe(self, pool: Pool, stop: CancellationToken) {
        probe::run(self, pool, stop).await;
    }

    /// Lets a request pass, or not.
    ///
    /// # Errors
    /// The circuit is open, or half open and enough are trying.
    pub fn pass(&self) -> Result<(), Away> {
        if self.circuit().passes() {
            return Ok(());
        }
        counter!(DATABASE_CIRCUIT_REFUSED_TOTAL).increment(1);
        Err(Away { retry_after_ms: RETRY_MS })
    }

    /// Where the circuit stands.
    pub fn standing(&self) -> Standing {
        self.circuit().standing()
    }

    /// The database answered a request.
    pub fn succeeded(&self) {
        self.change(|circuit| circuit.succeeded(now_ms()));
    }

    /// The database did not answer a request.
    pub fn failed(&self) {
        self.change(|circuit| circuit.failed(now_ms()));
    }

    /// Learns from the outcome of something that only the database can have done.
    pub fn learn<T>(&self, outcome: &Result<T, Fault>) {
        match outcome {
            Ok(_) => self.succeeded(),
            Err(Fault::Unavailable(_) | Fault::Unknown(_)) => self.failed(),
            Err(Fault::Refused(_) | Fault::Crowded(_) | Fault::Damaged { .. } | Fault::Rebuilding) => {}
        }
    }

    fn probed(&self, began_at: i64, answered: bool) {
        self.change(|circuit| circuit.probed(began_at, answered, now_ms()));
    }

    fn change(&self, change: impl FnOnce(&mut Circuit)) {
        let mut circuit = self.circuit();
        let before = circuit.standing();
        change(&mut circuit);
        let now = circuit.standing();
        drop(circuit);
        if now != before {
            tell(now);
        }
    }

    fn circuit(&self) -> MutexGuard<'_, Circuit> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tell(now: Standing) {
    let number = match now {
        Standing::Closed => {
            tracing::info!("the database answers; requests pass again");
            0.0
        }
        Standing::HalfOpen => 1.0,
        Standing::Open => {
            tracing::warn!("the database is away; requests that need it are refused at once");
            counter!(DATABASE_CIRCUIT_OPENED_TOTAL).increment(1);
            2.0
        }
    };
    gauge!(DATABASE_CIRCUIT).set(number);
}
