//! Turns at something that only so many may do at once, and a bounded queue for the others.
//!
//! Reading a snapshot or a list costs a connection to the database. Without turns two hundred devices that start again
//! together would have all connections, and those who write would wait behind them.

use std::sync::Arc;
use std::time::Duration;

use metrics::{counter, gauge};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::metric_names::{TURNS_REFUSED_TOTAL, WAITING_TURNS};

/// How long anybody waits for a turn.
pub const TURN_WAIT_MS_MAX: u64 = 10_000;
/// When to come back, without jitter.
const RETRY_MS: u64 = 2_000;

/// Turns at one thing. Clones share them.
#[derive(Clone, Debug)]
pub struct Turns {
    name: &'static str,
    running: Arc<Semaphore>,
    /// One permit for each that runs or waits.
    places: Arc<Semaphore>,
    wait: Duration,
}

/// A turn; dropping it lets the next one run.
#[derive(Debug)]
pub struct Turn {
    _running: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

/// Too many wait, or the wait was too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many wait for their turn")]
pub struct Crowded {
    /// When to come back, without jitter.
    pub retry_after_ms: u64,
}

/// Counts one that waits, for as long as it does.
struct Waiting(&'static str);

impl Waiting {
    fn at(name: &'static str) -> Self {
        gauge!(WAITING_TURNS, "queue" => name).increment(1.0);
        Self(name)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        gauge!(WAITING_TURNS, "queue" => self.0).decrement(1.0);
    }
}

impl Turns {
    /// At most `running_max` at once and `waiting_max` behind them. `name` is what the metrics call it.
    pub fn new(name: &'static str, running_max: usize, waiting_max: usize) -> Self {
        Self {
            name,
            running: Arc::new(Semaphore::new(running_max)),
            places: Arc::new(Semaphore::new(running_max + waiting_max)),
            wait: Duration::from_millis(TURN_WAIT_MS_MAX),
        }
    }

    /// Waits for a turn, behind those who came before.
    ///
    /// # Errors
    /// Too many wait already, or it took too long.
    pub async fn take(&self) -> Result<Turn, Crowded> {
        let crowded = || {
            counter!(TURNS_REFUSED_TOTAL, "queue" => self.name).increment(1);
            Crowded { retry_after_ms: RETRY_MS }
        };
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| crowded())?;
        if let Ok(running) = Arc::clone(&self.running).try_acquire_owned() {
            return Ok(Turn { _running: running, _place: place });
        }
        let _waiting = Waiting::at(self.name);
        let running = timeout(self.wait, Arc::clone(&self.running).acquire_owned()).await;
        let running = running.ok().and_then(Result::ok).ok_or_else(crowded)?;
        Ok(Turn { _running: running, _place: place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_more_than_may_wait_is_told_to_come_back() {
        let turns = Turns::new("test", 1, 1);
        let first = turns.take().await.unwrap();
        let second = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take().await }
        });
        while turns.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(turns.take().await.unwrap_err(), Crowded { retry_after_ms: RETRY_MS });
        drop(first);
        drop(second.await.unwrap().unwrap());
        assert!(turns.take().await.is_ok());
    }

    #[tokio::test]
    async fn nobody_waits_for_ever_and_whoever_left_takes_no_place() {
        let turns = Turns { wait: Duration::from_millis(1), ..Turns::new("test", 1, 1) };
        let _first = turns.take().await.unwrap();
        for _ in 0..3 {
            assert!(turns.take().await.is_err());
        }
    }
}
