//! What this node notes of the syncs of devices, in memory: with every request that moved something, written down by a task
//! of its own in batches, each sync once a minute while it goes on and once when it is over. No write waits for it, and a
//! node that is killed loses the notes of a minute at most: what was decided stands in the receipts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use application::fault::Fault;
use application::sync_history::{Channel, Sync, Tally};
use domain::id::{AccountId, DeviceId};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::clock;
use crate::postgres::sync_history::PostgresSyncHistory;

/// How often a sync that goes on is written down at most.
const WRITTEN_MS: i64 = 60_000;
/// How often it is looked whether any is due.
const ROUND_MS: u64 = 2_000;
/// Syncs that are kept in mind at once, and as many that are over and not written down yet. Past it new ones are not noted.
const SYNCS_MAX: usize = 100_000;
/// Syncs that one statement writes.
const BATCH_SYNCS: usize = 500;

/// Whose sync, and how they are connected.
type Key = (AccountId, DeviceId, Channel);

/// The syncs of this node. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct SyncNotes {
    notes: Arc<Mutex<Notes>>,
    /// One writes at a time: what was taken earlier is never written over what was taken later.
    writing: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Default)]
struct Notes {
    open: HashMap<Key, Open>,
    over: Vec<(AccountId, Sync)>,
}

#[derive(Debug)]
struct Open {
    sync: Sync,
    /// Whether something is not written down yet.
    is_due: bool,
    /// When it was last written down; at first, when it began.
    written_at: i64,
}

/// Which syncs are to be written down.
#[derive(Clone, Copy, Debug)]
enum Due {
    /// Those whose time has come.
    Timely,
    /// All of this account.
    Of(AccountId),
    /// All.
    All,
}

impl SyncNotes {
    /// Something passed between a device and the server, from one moment to another. What moved nothing is not noted.
    pub fn note(&self, (account, device): (AccountId, DeviceId), channel: Channel, span: (i64, i64), tally: &Tally) {
        if tally.is_idle() {
            return;
        }
        let (started_at, ended_at) = span;
        let mut notes = self.lock();
        let key = (account, device, channel);
        if let Some(open) = notes.open.get_mut(&key)
            && open.sync.goes_on_at(started_at)
        {
            open.sync.tally.add(tally);
            open.sync.ended_at = open.sync.ended_at.max(ended_at);
            open.is_due = true;
            return;
        }
        notes.close(key);
        if notes.open.len() < SYNCS_MAX {
            let (id, channel) = (clock::uuid_v7(), channel.name().to_owned());
            let sync = Sync { id, device, channel, started_at, ended_at, tally: tally.clone() };
            notes.open.insert(key, Open { sync, is_due: true, written_at: started_at });
        }
    }

    /// Writes down what is due, again and again, until `stop`; then all of it.
    pub async fn follow(self, history: PostgresSyncHistory, stop: CancellationToken) {
        let mut ticks = interval(Duration::from_millis(ROUND_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            self.write_or_say(&history, Due::Timely).await;
        }
        self.write_or_say(&history, Due::All).await;
    }

    /// Writes down what is known of an account's syncs, for somebody who wants to read them now.
    ///
    /// # Errors
    /// It could not be written; it is tried again later.
    pub async fn write_of(&self, history: &PostgresSyncHistory, account: AccountId) -> Result<(), Fault> {
        self.write(history, Due::Of(account)).await
    }

    async fn write_or_say(&self, history: &PostgresSyncHistory, due: Due) {
        if let Err(fault) = self.write(history, due).await {
            tracing::debug!(fault = %fault, "syncs could not be written down; later");
        }
    }

    async fn write(&self, history: &PostgresSyncHistory, due: Due) -> Result<(), Fault> {
        let _alone = self.writing.lock().await;
        let mut outcome = Ok(());
        for batch in self.due(due, clock::now_ms()).chunks(BATCH_SYNCS) {
            if let Err(fault) = history.write(batch).await {
                self.again(batch);
                outcome = Err(fault);
            }
        }
        outcome
    }

    /// What is to be written down now. Syncs that are over are forgotten with it.
    fn due(&self, due: Due, now_ms: i64) -> Vec<(AccountId, Sync)> {
        let mut notes = self.lock();
        let wanted = |account: AccountId| !matches!(due, Due::Of(of) if of != account);
        let mut taken: Vec<(AccountId, Sync)> = notes.over.extract_if(.., |(account, _)| wanted(*account)).collect();
        notes.open.retain(|(account, ..), open| {
            let is_over = !open.sync.goes_on_at(now_ms);
            let is_time = is_over || now_ms - open.written_at >= WRITTEN_MS || !matches!(due, Due::Timely);
            if open.is_due && is_time && wanted(*account) {
                taken.push((*account, open.sync.clone()));
                open.is_due = false;
                open.written_at = now_ms;
            }
            open.is_due || !is_over
        });
        taken
    }

    fn again(&self, failed: &[(AccountId, Sync)]) {
        let mut notes = self.lock();
        for (account, sync) in failed {
            let same = |((of, ..), open): &(&Key, &mut Open)| of == account && open.sync.id == sync.id;
            match notes.open.iter_mut().find(same) {
                Some((_, open)) => open.is_due = true,
                None => notes.put_over(*account, sync.clone()),
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Notes {
    /// A sync is over, if there is one.
    fn close(&mut self, key: Key) {
        if let Some(open) = self.open.remove(&key).filter(|open| open.is_due) {
            self.put_over(key.0, open.sync);
        }
    }

    fn put_over(&mut self, account: AccountId, sync: Sync) {
        if self.over.len() < SYNCS_MAX {
            self.over.push((account, sync));
        }
    }
}

#[cfg(test)]
mod tests;
