//! The port to the store of flags. Every method is one atomic step, its entry in the log included.

use domain::flag::Flag;

use super::Wish;
use crate::fault::Fault;
use crate::identity::Actor;

/// A flag as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetFlag {
    /// What decides for whom it is on.
    pub flag: Flag,
    /// What it is for.
    pub description: String,
    /// Counts its changes; another one is to be changed on its version.
    pub version: i64,
    /// When it was changed last, Unix ms.
    pub changed_at: i64,
    /// Whether it was removed; only nodes are told of those.
    pub is_removed: bool,
    /// The number of its last change among those of all flags.
    pub revision: i64,
}

/// How setting a flag ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is so now.
    Done(SetFlag),
    /// It is not of the version that was seen: it is of this one, or there is none.
    Changed(Option<i64>),
    /// There are as many as there may be.
    Full,
}

/// How removing a flag ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// It is gone.
    Done,
    /// There was none.
    Unknown,
    /// It is of this version.
    Changed(i64),
}

/// The store of flags.
pub trait Flags: Send + Sync {
    /// Every flag that is there, by name.
    fn all(&self) -> impl Future<Output = Result<Vec<SetFlag>, Fault>> + Send;

    /// The flags that changed behind a revision, in order, removed ones too.
    fn since(&self, revision: i64) -> impl Future<Output = Result<Vec<SetFlag>, Fault>> + Send;

    /// Makes or changes a flag; of at most `max`.
    fn put(&self, wish: &Wish, max: usize) -> impl Future<Output = Result<Put, Fault>> + Send;

    /// Removes a flag.
    fn remove(&self, name: &str, seen: i64, by: Actor, at: i64) -> impl Future<Output = Result<Removed, Fault>> + Send;
}
