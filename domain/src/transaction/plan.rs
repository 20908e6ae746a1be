//! Transactions that the server makes for a person: a revert, a step of a restore. They go the way of all others; what
//! they were made from goes with them, and what they were made from is still so when they are decided.

use std::collections::BTreeMap;

use serde_json::Value;

use super::command::Request;
use super::read::{Sent, digest};
use super::receipt::Notice;
use crate::entity::EntityRef;
use crate::id::{SpaceId, TransactionId};

/// What the server made a transaction from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Versions of entities: with another, the transaction is not decided.
    pub versions: BTreeMap<EntityRef, i64>,
    /// What its receipt says beside.
    pub notices: Vec<Notice>,
}

/// A transaction of the server's, for `space`. Its digest is that of `asked`, what the person asked for: the commands may
/// be others when the same is asked again.
pub fn planned(
    (id, space): (TransactionId, SpaceId),
    asked: &Value,
    base: String,
    requests: Vec<Request>,
    plan: Plan,
) -> Sent {
    let (digest, content) = digest(space, asked);
    Sent {
        id,
        digest,
        content,
        base: Some(base),
        device_seq: None,
        commands: Ok(requests),
        plan: Some(plan),
        request: None,
    }
}
