//! What is to be looked at in the database: spaces that hints named, or everything that is watched. One task looks, one look
//! at a time, so however many hints come, there is one question under way.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::id::SpaceId;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

/// What to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// The spaces that hints named.
    Hinted(Vec<SpaceId>),
    /// Every space that is watched here.
    Everything,
}

/// What is wanted, as it comes in.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    inner: Mutex<Inner>,
    some: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    spaces: HashSet<SpaceId>,
    everything: bool,
}

impl Wanted {
    /// A hint named this space. Only those that are watched come here, so they are bounded.
    pub(super) fn space(&self, space: SpaceId) {
        if self.inner().spaces.insert(space) {
            self.some.notify_one();
        }
    }

    /// Hints may have been lost, or will be from now on.
    pub(super) fn everything(&self) {
        self.inner().everything = true;
        self.some.notify_one();
    }

    /// What to look at next; by `latest` everything.
    pub(crate) async fn next(&self, latest: Instant) -> Look {
        loop {
            {
                let mut inner = self.inner();
                if inner.everything || Instant::now() >= latest {
                    *inner = Inner::default();
                    return Look::Everything;
                }
                if !inner.spaces.is_empty() {
                    return Look::Hinted(inner.spaces.drain().collect());
                }
            }
            drop(timeout_at(latest, self.some.notified()).await);
        }
    }

    /// What could not be looked at is wanted still.
    pub(crate) fn again(&self, look: Look) {
        match look {
            Look::Hinted(spaces) => self.inner().spaces.extend(spaces),
            Look::Everything => self.inner().everything = true,
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Every change under this lock is one step.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
