//! Hints: how a node learns within milliseconds what another one did, without asking all the time.
//!
//! A hint says *look*: the log of this space goes as far as this, or something changed that every node holds in memory. It
//! carries no content and decides nothing: whoever hears one looks into the database, so a forged or stale hint costs a
//! look and a lost one is found by the next sweep. Hints leave after the commit, over a connection of their own, from a
//! bounded queue: nothing that writes waits for them or fails with them.

mod conversation;
#[cfg(test)]
mod conversation_tests;
mod ear;
mod echo;
mod letter;
mod nats;
mod nats_servers;
mod notify;
mod rhythm;
mod standing;
#[cfg(test)]
mod tests;
mod unsaid;
mod wanted;

use std::sync::Arc;

use application::ledger::Head;
use domain::id::SpaceId;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::ear::Ear;
pub use self::nats_servers::{NatsServers, NatsSettingError};
pub(crate) use self::rhythm::Rhythm;
pub use self::standing::Standing;
use self::standing::StandingCell;
use self::unsaid::Unsaid;
pub(crate) use self::wanted::Look;
use self::wanted::Wanted;
use crate::config::{HintsOver, Serving};
use crate::hub::Hub;

/// One hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// The log of a space goes as far as this.
    Head {
        /// Which.
        space: SpaceId,
        /// The life of the log.
        epoch: Uuid,
        /// The last position.
        position: i64,
    },
    /// Something changed that every node holds in memory.
    Changed(Topic),
}

/// What every node holds in memory, and looks after in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The sessions that ended.
    Sessions,
    /// The flags.
    Flags,
    /// What was taken out.
    Redactions,
}

impl Topic {
    /// All of them, each at the place of its number.
    pub(crate) const ALL: [Self; 3] = [Self::Sessions, Self::Flags, Self::Redactions];

    /// Its name in letters.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Flags => "flags",
            Self::Redactions => "redactions",
        }
    }
}

/// The hints of this node. Clones share them. The default says nothing and hears nothing.
#[derive(Clone, Debug, Default)]
pub struct Hints(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    node: Uuid,
    unsaid: Unsaid,
    wanted: Wanted,
    /// How often each topic was heard of.
    topics: [watch::Sender<u64>; Topic::ALL.len()],
    standing: StandingCell,
}

impl Hints {
    /// Those of a node. Without a way between nodes they are nobody's.
    pub fn of(node: Uuid, over: HintsOver) -> Self {
        let way = (over != HintsOver::Off).then(|| over.as_str());
        let (unsaid, standing) = (Unsaid::kept(way.is_some()), StandingCell::new(way));
        Self(Arc::new(Shared { node, unsaid, standing, ..Shared::default() }))
    }

    /// Says, soon, how far the log of a space goes. Never waits.
    pub fn head(&self, space: SpaceId, head: &Head) {
        self.0.unsaid.put(Hint::Head { space, epoch: head.epoch, position: head.position });
    }

    /// Says, soon, that something changed. Never waits.
    pub fn changed(&self, topic: Topic) {
        self.0.unsaid.put(Hint::Changed(topic));
    }

    /// Whether other nodes are heard.
    pub fn standing(&self) -> Standing {
        self.0.standing.get()
    }

    /// The rhythm of looks at a topic: `alone_ms` apart while no hint can come, `heard_ms` while they do, and one at once
    /// when a hint says so.
    pub(crate) fn rhythm(&self, topic: Topic, alone_ms: u64, heard_ms: u64) -> Rhythm {
        Rhythm::new(self.clone(), self.0.topics[topic as usize].subscribe(), alone_ms, heard_ms)
    }

    /// What the sweep is to look at next.
    pub(crate) fn wanted(&self) -> &Wanted {
        &self.0.wanted
    }

    /// Whether hints come, now.
    pub(crate) fn come(&self) -> bool {
        self.0.standing.is_heard()
    }

    /// Says and hears, until `stop` and some seconds more: requests that were taken are still answered then.
    ///
    /// # Errors
    /// The settings name no NATS server that could be used. Nothing else is one: what breaks is mended.
    pub fn talk(self, hub: Hub, serving: &Serving, stop: CancellationToken) -> Result<(), NatsSettingError> {
        let ear = Ear::new(self, hub);
        if let Some(servers) = NatsServers::of(&serving.hints)? {
            tokio::spawn(conversation::talk(nats::Nats::new(servers), ear, stop));
        } else if serving.hints.hints == HintsOver::Notify {
            let way = notify::Notify::new(serving.settings.reached.clone());
            tokio::spawn(conversation::talk(way, ear, stop));
        }
        Ok(())
    }
}
