//! The hub: what was committed goes to live readers from memory.
//!
//! For each space with a reader it holds the last changes in a bounded, contiguous ring, and the head. A reader
//! subscribes first, then catches up, then goes live; nobody is buffered for: a reader takes from the ring when it is
//! ready, and one that fell behind the ring reads the log from its cursor.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use application::change::Change;
use application::feed::{Life, Slice};
use application::ledger::Head;
use application::submit::Committed;
use domain::id::SpaceId;
use tokio::sync::watch;
use tracing::Span;
use uuid::Uuid;

use crate::hints::Hints;
use crate::postgres::replica::Replica;
use crate::telemetry::TraceMark;

#[cfg(test)]
mod tests;

/// Changes that the ring of one space holds.
const RING_CHANGES_MAX: usize = 1_024;

/// The hub of this node. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Hub {
    spaces: Arc<Mutex<HashMap<SpaceId, Arc<Channel>>>>,
    commits: Arc<AtomicU64>,
    hints: Hints,
    replica: Replica,
}

#[derive(Debug)]
struct Channel {
    ring: Mutex<Ring>,
    head: watch::Sender<i64>,
}

#[derive(Debug, Default)]
struct Ring {
    /// The head after the last change, once one was published.
    head: Option<Head>,
    changes: VecDeque<Arc<Change>>,
    /// Where in a trace the last of them was published.
    published: Option<TraceMark>,
}

/// A reader's hold on a space. While one exists, the space's changes are kept.
#[derive(Debug)]
pub struct Subscription {
    hub: Hub,
    space: SpaceId,
    channel: Arc<Channel>,
    head: watch::Receiver<i64>,
}

impl Hub {
    /// One that tells other nodes what it is told.
    pub fn telling(hints: Hints) -> Self {
        Self { hints, ..Self::default() }
    }

    /// The same, with a replica that has to have what was written here.
    #[must_use]
    pub fn beside(self, replica: Replica) -> Self {
        Self { replica, ..self }
    }

    /// The replica of the database.
    pub(crate) fn replica(&self) -> &Replica {
        &self.replica
    }

    /// How many commits were handed over so far.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Hands over what was committed. Commits of one space come in their order.
    pub fn publish(&self, committed: &Committed) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.replica.wrote(committed.space, committed.head.position);
        self.hints.head(committed.space, &committed.head);
        let Some(channel) = lock(&self.spaces).get(&committed.space).cloned() else { return };
        lock(&channel.ring).push(committed);
        channel.raise(committed.head.position);
    }

    /// Tells readers, here and on other nodes, of a head that was found when something was sent again: whoever wrote it may
    /// have been lost before it told anybody.
    pub fn found(&self, space: SpaceId, head: &Head) {
        self.replica.wrote(space, head.position);
        self.hints.head(space, head);
        self.raise(space, head.position);
    }

    /// Tells readers of a head that was found in the database: another node wrote. Whether it was news.
    pub fn raise(&self, space: SpaceId, position: i64) -> bool {
        let channel = lock(&self.spaces).get(&space).cloned();
        channel.is_some_and(|channel| channel.raise(position))
    }

    /// Whether readers here have not heard of this head, by what somebody says who may err.
    pub(crate) fn is_behind(&self, space: SpaceId, epoch: Uuid, position: i64) -> bool {
        let Some(channel) = lock(&self.spaces).get(&space).cloned() else { return false };
        let is_another_life = lock(&channel.ring).head.as_ref().is_some_and(|head| head.epoch != epoch);
        is_another_life || *channel.head.borrow() < position
    }

    /// Forgets the changes that are held of a space: its readers read the log, which says something else now.
    pub fn forget(&self, space: SpaceId) {
        self.replica.outdate();
        let Some(channel) = lock(&self.spaces).get(&space).cloned() else { return };
        *lock(&channel.ring) = Ring::default();
    }

    /// The spaces that have readers, and the heads that they know of.
    pub fn watched(&self) -> Vec<(SpaceId, i64)> {
        lock(&self.spaces).iter().map(|(space, channel)| (*space, *channel.head.borrow())).collect()
    }

    /// Holds on to a space. Subscribe first, then catch up.
    pub fn subscribe(&self, space: SpaceId) -> Subscription {
        let mut spaces = lock(&self.spaces);
        let channel = spaces
            .entry(space)
            .or_insert_with(|| Arc::new(Channel { ring: Mutex::default(), head: watch::Sender::new(0) }));
        let channel = Arc::clone(channel);
        let head = channel.head.subscribe();
        Subscription { hub: self.clone(), space, channel, head }
    }
}

impl Channel {
    /// A head only rises: what one source tells late never hides what another told before.
    fn raise(&self, position: i64) -> bool {
        self.head.send_if_modified(|head| {
            let higher = position > *head;
            *head = position.max(*head);
            higher
        })
    }
}

impl Ring {
    fn push(&mut self, committed: &Committed) {
        let follows = self.head.as_ref().is_some_and(|head| head.position == committed.before.position);
        if !follows {
            // Another node wrote in between: what is held no longer leads up to this commit.
            self.changes.clear();
        }
        self.changes.extend(committed.changes.iter().cloned());
        let surplus = self.changes.len().saturating_sub(RING_CHANGES_MAX);
        self.changes.drain(..surplus);
        self.head = Some(committed.head.clone());
        self.published = TraceMark::here();
    }

    /// The changes after `position`, if the ring reaches back to it with whole transactions.
    fn after(&self, position: i64, rows: usize) -> Option<Slice> {
        let head = self.head.clone()?;
        let first = self.changes.front().map_or(head.position + 1, |change| change.position);
        if position + 1 < first || position > head.position {
            return None;
        }
        let skip = usize::try_from(position + 1 - first).ok()?;
        let changes: Vec<Arc<Change>> = self.changes.iter().skip(skip).take(rows + 1).cloned().collect();
        // A reader that is served from memory was compared with the log before.
        Some(Slice { head, hash_before: None, changes, transaction: None, life: Life::default() })
    }
}

impl Subscription {
    /// The space.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// The changes after `position` from memory (one more than `rows`), or `None`: then read the log.
    pub fn after(&self, position: i64, rows: usize) -> Option<Slice> {
        let slice = lock(&self.channel.ring).after(position, rows)?;
        // Another node has written beyond what is held: from memory this reader would hear that it has caught up,
        // while it is being woken, again and again.
        (slice.head.position >= *self.head.borrow()).then_some(slice)
    }

    /// The replica of the database.
    pub(crate) fn replica(&self) -> &Replica {
        self.hub.replica()
    }

    /// How far the space is, by what was heard here.
    pub(crate) fn known(&self) -> i64 {
        *self.head.borrow()
    }

    /// Tells all readers of the space of a head that was found in the database.
    pub(crate) fn raise(&self, position: i64) {
        self.channel.raise(position);
    }

    /// Makes a span follow from the last commit that was handed over here.
    pub(crate) fn trace(&self, delivery: &Span) {
        if let Some(published) = &lock(&self.channel.ring).published {
            published.lead_to(delivery);
        }
    }

    /// Waits until the head is known to be beyond `position`.
    pub async fn beyond(&mut self, position: i64) {
        // The sender lives in the channel that this subscription holds, so waiting cannot fail.
        if self.head.wait_for(|head| *head > position).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Subscription {
    /// The last reader of a space lets go of its ring.
    fn drop(&mut self) {
        let mut spaces = lock(&self.hub.spaces);
        // Receivers come and go under this lock only; the last one is ours.
        if self.channel.head.receiver_count() <= 1 {
            spaces.remove(&self.space);
        }
    }
}

/// A lock whose holder panicked guards data that is still whole: every change under these locks is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
