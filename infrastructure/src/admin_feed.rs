//! What goes on, told to admins who listen: nodes start and stop, circuits open, flags change, accounts are erased. One task a
//! node looks at its sources a few times a second, and only while somebody listens; all who listen share what it finds.
//!
//! A source is one method that gives what happened since a moment; `Source::look` lists them. What happened carries an id, and
//! each look reaches back some seconds, so that what was committed late is not missed and nothing is told twice.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use application::fault::Fault;
use application::identity::Act;
use deadpool_postgres::Pool;
use serde_json::{Value, json};
use tokio::sync::broadcast;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::breaker::{Breaker, Standing};
use crate::clock::{now_ms, uuid_v7};
use crate::postgres::node_notes::PostgresNotes;

mod progress;

/// How often the sources are looked at.
const POLL_MS: u64 = 400;
/// How far back each look reaches: a commit may take a while, and clocks differ.
const OVERLAP_MS: i64 = 10_000;
/// What a listener may be behind before it is told that it missed something.
const BEHIND_MAX: usize = 256;
/// Acts that are worth telling.
const ACTS: &[&str] = &[
    Act::AccountsExported.as_str(),
    Act::BackupAsked.as_str(),
    Act::Erased.as_str(),
    Act::FlagRemoved.as_str(),
    Act::FlagSet.as_str(),
    Act::Locked.as_str(),
    Act::MergedInto.as_str(),
    Act::RebuildBegun.as_str(),
    Act::RebuildCancelled.as_str(),
    Act::RebuildPaused.as_str(),
    Act::RebuildResumed.as_str(),
    Act::Redacted.as_str(),
    Act::Repaired.as_str(),
    Act::RoleChanged.as_str(),
    Act::RoleMissing.as_str(),
    Act::Unlocked.as_str(),
    Act::VerifyBegun.as_str(),
    Act::VerifyStopped.as_str(),
];

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// Told once under this id.
    pub id: Uuid,
    /// When, Unix ms.
    pub at: i64,
    /// What.
    pub what: String,
    /// What else there is to say; an object.
    pub about: Value,
}

/// The feed of one node. Clones share it.
#[derive(Clone, Debug)]
pub struct AdminFeed {
    told: broadcast::Sender<Arc<Happening>>,
    /// Since when somebody listens.
    since: Arc<AtomicI64>,
}

/// Where it looks.
#[derive(Clone, Debug)]
pub struct Source {
    /// What nodes and admins do.
    pub notes: PostgresNotes,
    /// Where long work says how far it is.
    pub pool: Pool,
    /// This node's own circuit, which is also seen while the database is away.
    pub breaker: Breaker,
    /// This node.
    pub node: Uuid,
}

impl Default for AdminFeed {
    fn default() -> Self {
        Self { told: broadcast::Sender::new(BEHIND_MAX), since: Arc::default() }
    }
}

impl AdminFeed {
    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Happening>> {
        if self.told.receiver_count() == 0 {
            self.since.store(now_ms(), Ordering::SeqCst);
        }
        self.told.subscribe()
    }

    /// Looks and tells until `stop`.
    pub async fn follow(self, source: Source, stop: CancellationToken) {
        let mut ticks = interval(Duration::from_millis(POLL_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut known = Known::default();
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            if self.told.receiver_count() == 0 {
                known = Known::default();
                continue;
            }
            let began = self.since.load(Ordering::SeqCst);
            let mut found: Vec<Happening> = known.circuit(&source).into_iter().collect();
            match source.look(now_ms() - OVERLAP_MS).await {
                Ok(seen) => found.extend(seen.into_iter().filter(|one| one.at >= began)),
                Err(fault) => tracing::debug!(fault = %fault, "what goes on could not be looked up"),
            }
            for happening in known.new_ones(found) {
                // Whoever listened last may have gone just now.
                drop(self.told.send(Arc::new(happening)));
            }
        }
    }
}

impl Source {
    /// Everything that happened since a moment.
    async fn look(&self, since: i64) -> Result<Vec<Happening>, Fault> {
        let mut found = self.notes.told(since).await?;
        found.extend(self.notes.acts(since, ACTS).await?);
        found.extend(progress::progress(&self.pool).await?);
        Ok(found)
    }
}

/// What was told already.
#[derive(Debug, Default)]
struct Known {
    told: HashMap<Uuid, i64>,
    standing: Option<Standing>,
}

impl Known {
    /// What was not told yet, in order.
    fn new_ones(&mut self, found: Vec<Happening>) -> Vec<Happening> {
        let (now, oldest) = (now_ms(), now_ms() - 2 * OVERLAP_MS);
        for one in &found {
            // What stands as it stood is found again and again.
            self.told.entry(one.id).and_modify(|seen| *seen = now);
        }
        self.told.retain(|_, seen| *seen >= oldest);
        let mut new: Vec<Happening> = found.into_iter().filter(|one| !self.told.contains_key(&one.id)).collect();
        new.sort_by_key(|one| (one.at, one.id));
        self.told.extend(new.iter().map(|one| (one.id, now_ms())));
        new
    }

    /// The circuit of this node, when it has moved.
    fn circuit(&mut self, source: &Source) -> Option<Happening> {
        let (now, before) = (source.breaker.standing(), self.standing);
        self.standing = Some(now);
        if before.is_none_or(|before| before == now) {
            return None;
        }
        let what = match now {
            Standing::Open => "circuit_opened",
            Standing::HalfOpen => return None,
            Standing::Closed => "circuit_closed",
        };
        Some(Happening { id: uuid_v7(), at: now_ms(), what: what.to_owned(), about: json!({ "node": source.node }) })
    }
}
