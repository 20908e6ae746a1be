//! What this node has counted of its minutes: in memory while it happens, in the database some seconds later.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use application::analytics::{Spoken, Tally};
use application::fault::Fault;
use application::identity::Platform;
use domain::transaction::Receipt;
use metrics::counter;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::clock::{now_ms, uuid_v7};
use crate::metric_names::MEASURES_TOTAL;
use crate::postgres::measures::PostgresMeasures;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// How often what was counted is written.
const EVERY_MS: u64 = 10_000;
/// Minutes that are kept while the database is away; past it the oldest go.
const MINUTES_MAX: usize = 1_440;

/// The counts of this node. Clones share them.
#[derive(Clone, Debug)]
pub struct Measures {
    node: Uuid,
    minutes: Arc<Mutex<BTreeMap<i64, Minute>>>,
    /// Held while minutes are written: each write is the whole of a minute so far, so an older one may not come behind a newer one.
    writing: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Clone, Debug, Default)]
struct Minute {
    tally: Tally,
    /// Whether something of it is not written yet.
    is_due: bool,
}

impl Default for Measures {
    fn default() -> Self {
        Self { node: uuid_v7(), minutes: Arc::default(), writing: Arc::default() }
    }
}

impl Measures {
    /// A transaction was answered, so long after it was taken in.
    pub fn answered(&self, receipt: &Receipt, repeated: bool, took: Duration) {
        self.count(|tally| tally.answered(receipt, repeated, took));
    }

    /// So many transactions were not taken in.
    pub fn turned_away(&self, transactions: usize) {
        self.count(|tally| tally.turned_away += transactions as u64);
    }

    /// A change came to a reader that waited, so long after it was recorded.
    pub fn delivered(&self, took: Duration) {
        self.count(|tally| tally.delivery.add(took));
    }

    /// A request came, of a client that runs on this.
    pub fn asked(&self, spoken: Spoken, platform: Platform) {
        self.count(|tally| tally.requests.add(spoken, platform));
    }

    fn count(&self, add: impl FnOnce(&mut Tally)) {
        let now = now_ms();
        let mut minutes = self.lock();
        let minute = minutes.entry(now - now.rem_euclid(MINUTE_MS)).or_default();
        add(&mut minute.tally);
        minute.is_due = true;
        if minutes.len() > MINUTES_MAX {
            minutes.pop_first();
        }
    }

    /// Writes what is not written yet, one writer at a time. What could not be written is kept.
    ///
    /// # Errors
    /// The database is away.
    pub async fn write(&self, store: &PostgresMeasures) -> Result<(), Fault> {
        let _writing = self.writing.lock().await;
        for at in self.due() {
            let Some(tally) = self.take(at) else { continue };
            let mut taken = Taken { measures: self, at, is_written: false };
            if let Err(fault) = store.put(self.node, at, &tally).await {
                counter!(MEASURES_TOTAL, "outcome" => "failed").increment(1);
                return Err(fault);
            }
            taken.is_written = true;
            counter!(MEASURES_TOTAL, "outcome" => "written").increment(1);
        }
        self.forget(now_ms());
        Ok(())
    }

    /// Writes again and again, counts people once an hour and clears away what is older than `days`, until `stop`; then writes
    /// once more.
    pub async fn keep(self, store: PostgresMeasures, days: i64, stop: CancellationToken) {
        let mut ticks = interval(Duration::from_millis(EVERY_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut counted = 0;
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            self.round(&store, days, &mut counted).await;
        }
        self.write_last(&store).await;
    }

    async fn write_last(&self, store: &PostgresMeasures) {
        if let Err(fault) = self.write(store).await {
            tracing::debug!(fault = %fault, "what was measured last could not be written");
        }
    }

    #[tracing::instrument(level = "debug", name = "job", skip_all, fields(job.name = "measures"))]
    async fn round(&self, store: &PostgresMeasures, days: i64, counted: &mut i64) {
        if let Err(fault) = self.write(store).await {
            tracing::debug!(fault = %fault, "what was measured could not be written; later");
            return;
        }
        let hour = now_ms() - now_ms().rem_euclid(HOUR_MS);
        if *counted != hour {
            let before = hour.saturating_sub(days.saturating_mul(24 * HOUR_MS));
            let done = async { store.count_people(hour).await.and(store.clear(before).await) };
            match done.await {
                Ok(()) => *counted = hour,
                Err(fault) => tracing::debug!(fault = %fault, "active accounts could not be counted; later"),
            }
        }
    }

    /// The minutes that are to be written.
    fn due(&self) -> Vec<i64> {
        self.lock().iter().filter(|(_, minute)| minute.is_due).map(|(at, _)| *at).collect()
    }

    /// What is to be written of a minute; it counts as written from now on, and what is counted meanwhile is to be written again.
    fn take(&self, at: i64) -> Option<Tally> {
        let mut minutes = self.lock();
        let minute = minutes.get_mut(&at).filter(|minute| minute.is_due)?;
        minute.is_due = false;
        Some(minute.tally.clone())
    }

    /// Minutes that are over and written are of no use any more.
    fn forget(&self, now: i64) {
        self.lock().retain(|at, minute| minute.is_due || *at + 2 * MINUTE_MS > now);
    }

    /// Every change under this lock is one step, so a lock whose holder panicked guards whole counts.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<i64, Minute>> {
        self.minutes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A minute that is being written. Unless it was, it is to be written again, also when the writer is dropped in between.
struct Taken<'a> {
    measures: &'a Measures,
    at: i64,
    is_written: bool,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if !self.is_written
            && let Some(minute) = self.measures.lock().get_mut(&self.at)
        {
            minute.is_due = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    use super::*;
    use crate::postgres::pool::connect;

    /// A database that nobody answers for.
    fn nowhere() -> PostgresMeasures {
        let config = "host=127.0.0.1 port=1 user=nobody dbname=nothing".parse().unwrap();
        PostgresMeasures::new(connect(config, 1).unwrap())
    }

    fn counted(minutes: i64) -> Measures {
        let measures = Measures::default();
        measures.lock().extend((1..=minutes).map(|number| {
            let minute = Minute { tally: Tally { turned_away: 1, ..Tally::default() }, is_due: true };
            (number * MINUTE_MS, minute)
        }));
        measures
    }

    #[tokio::test]
    async fn every_minute_of_an_outage_is_kept_until_it_is_written() {
        let measures = counted(5);
        for _ in 0..2 {
            measures.write(&nowhere()).await.unwrap_err();
            assert_eq!(measures.due().len(), 5);
        }
        measures.forget(i64::MAX);
        assert_eq!(measures.due().len(), 5);
    }

    #[tokio::test]
    async fn nobody_takes_a_minute_while_another_writes() {
        let (measures, store) = (counted(1), nowhere());
        let writing = measures.writing.lock().await;
        let mut second = pin!(measures.write(&store));
        let waits = poll_fn(|context| Poll::Ready(second.as_mut().poll(context).is_pending())).await;
        assert!(waits && measures.due().len() == 1);
        drop(writing);
        second.await.unwrap_err();
        assert_eq!(measures.due().len(), 1);
    }
}
