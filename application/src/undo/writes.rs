//! The port to the write path, for what the server writes for a person.

use std::future::Future;

use domain::id::SpaceId;
use domain::transaction::{Receipt, Sent};

use crate::cursor::Cursor;
use crate::fault::Fault;
use crate::submit::Actor;

/// The answer to one transaction.
#[derive(Clone, Debug)]
pub struct Answered {
    /// It.
    pub receipt: Receipt,
    /// A node that has come this far shows what was written.
    pub written: Option<Cursor>,
}

/// The write path.
pub trait Writes: Send + Sync {
    /// Sends a transaction the way of all others.
    fn write(&self, actor: Actor, space: SpaceId, sent: Sent) -> impl Future<Output = Result<Answered, Fault>> + Send;
}
