//! What this node has not said yet: bounded, and of each space the newest position only.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::id::SpaceId;
use metrics::counter;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{Hint, Topic};
use crate::metric_names::HINTS_DROPPED_TOTAL;

/// Spaces of which something may wait to be said. Past it hints are dropped: the sweeps of others find what was written.
pub(super) const SPACES_MAX: usize = 65_536;

/// The queue. The default keeps nothing.
#[derive(Debug, Default)]
pub(super) struct Unsaid {
    is_kept: bool,
    waiting: Mutex<Waiting>,
    some: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    heads: HashMap<SpaceId, (Uuid, i64)>,
    changed: [bool; Topic::ALL.len()],
}

impl Unsaid {
    /// A queue, or one that keeps nothing because nobody will say it.
    pub(super) fn kept(is_kept: bool) -> Self {
        Self { is_kept, ..Self::default() }
    }

    /// Takes a hint in.
    pub(super) fn put(&self, hint: Hint) {
        if !self.is_kept {
            return;
        }
        if self.waiting().put(hint) {
            self.some.notify_one();
        } else {
            counter!(HINTS_DROPPED_TOTAL).increment(1);
        }
    }

    /// Waits until there is something to say. It may be gone by then.
    pub(super) async fn some(&self) {
        self.some.notified().await;
    }

    /// Takes all of it.
    pub(super) fn take(&self) -> Vec<Hint> {
        let Waiting { heads, changed } = std::mem::take(&mut *self.waiting());
        let topics = Topic::ALL.into_iter().filter(|topic| changed[*topic as usize]).map(Hint::Changed);
        let heads = heads.into_iter().map(|(space, (epoch, position))| Hint::Head { space, epoch, position });
        topics.chain(heads).collect()
    }

    /// Puts back what could not be said; what is newer stays.
    pub(super) fn put_back(&self, hints: Vec<Hint>) {
        hints.into_iter().for_each(|hint| self.put(hint));
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Every change under this lock is one step.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Whether there was room.
    fn put(&mut self, hint: Hint) -> bool {
        match hint {
            Hint::Changed(topic) => self.changed[topic as usize] = true,
            Hint::Head { space, epoch, position } => {
                let is_full = self.heads.len() >= SPACES_MAX;
                match self.heads.entry(space) {
                    Entry::Vacant(_) if is_full => return false,
                    Entry::Vacant(place) => drop(place.insert((epoch, position))),
                    Entry::Occupied(mut known) if known.get().0 == epoch => {
                        known.get_mut().1 = known.get().1.max(position);
                    }
                    Entry::Occupied(mut known) => drop(known.insert((epoch, position))),
                }
            }
        }
        true
    }
}
