//! The flags on this node, in memory: evaluating one costs no read. Told at once by whoever sets a flag here, and by the store of
//! those that other nodes set: when a hint says so, and within a fraction of a second in any case.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use application::fault::Fault;
use application::flags::{Flags as Store, SetFlag};
use domain::flag::Flag;
use domain::id::AccountId;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::hints::{Hints, Topic};

/// How often the store is asked by itself for what other nodes set: without hints, and while they come. Both are within the
/// second that is promised.
const POLL_MS: u64 = 300;
const POLL_HEARD_MS: u64 = 800;

/// The flags. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct LiveFlags {
    held: Arc<RwLock<Held>>,
    /// One looks at a time: what an earlier look found never comes after what a later one did.
    looking: Arc<Mutex<()>>,
    hints: Hints,
}

#[derive(Debug, Default)]
struct Held {
    /// The last change that is known; none before the first look.
    revision: Option<i64>,
    flags: BTreeMap<String, Flag>,
}

/// What a flag says of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// This node has not looked for the first time.
    NotYet,
    /// There is no such flag.
    NoFlag,
    /// It is on.
    On,
    /// It is off.
    Off,
}

impl LiveFlags {
    /// Those of a node that tells others when a flag is set.
    pub fn telling(hints: Hints) -> Self {
        Self { hints, ..Self::default() }
    }

    /// Asks the store for what was set here, and tells other nodes to do so.
    ///
    /// # Errors
    /// The store could not be asked.
    pub async fn changed(&self, store: &impl Store) -> Result<(), Fault> {
        self.hints.changed(Topic::Flags);
        self.look(store).await
    }

    /// What a flag says of an account; of nobody in particular it is on when it is on for everybody.
    pub fn said(&self, name: &str, account: Option<AccountId>) -> Said {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let is_on = |flag: &Flag| account.map_or_else(|| flag.is_on_for_everybody(), |account| flag.is_on_for(account));
        match (held.revision, held.flags.get(name)) {
            (None, _) => Said::NotYet,
            (Some(_), None) => Said::NoFlag,
            (Some(_), Some(flag)) if is_on(flag) => Said::On,
            (Some(_), Some(_)) => Said::Off,
        }
    }

    /// Every flag by name and whether it is on for an account; none before this node has looked for the first time.
    pub fn of(&self, account: AccountId) -> Option<BTreeMap<String, bool>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.revision?;
        Some(held.flags.iter().map(|(name, flag)| (name.clone(), flag.is_on_for(account))).collect())
    }

    /// Asks the store for what is new.
    ///
    /// # Errors
    /// The store could not be asked.
    pub async fn look(&self, store: &impl Store) -> Result<(), Fault> {
        let _alone = self.looking.lock().await;
        let known = self.held.read().unwrap_or_else(PoisonError::into_inner).revision;
        let found = store.since(known.unwrap_or_default()).await?;
        let newest = found.last().map_or(known.unwrap_or_default(), |last| last.revision);
        found.into_iter().for_each(|flag| self.take(flag));
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        held.revision = held.revision.max(Some(newest));
        Ok(())
    }

    /// Looks again and again, until `stop`.
    pub async fn follow(self, store: impl Store, stop: CancellationToken) {
        let mut rhythm = self.hints.rhythm(Topic::Flags, POLL_MS, POLL_HEARD_MS);
        while stop.run_until_cancelled(rhythm.beat()).await.is_some() {
            if let Err(fault) = self.look(&store).await {
                tracing::debug!(fault = %fault, "the flags could not be looked up");
            }
        }
    }

    /// A flag as it was set or removed.
    fn take(&self, set: SetFlag) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if set.is_removed {
            held.flags.remove(&set.flag.name);
        } else {
            held.flags.insert(set.flag.name.clone(), set.flag);
        }
    }
}
