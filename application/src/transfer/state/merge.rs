//! An account joins another: its state is exported and imported there. It is locked first, so that it stands still, and
//! every attempt exports the same lines.

use domain::id::{AccountId, SpaceId};
use uuid::Uuid;

/// Who joins whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The account that joins, and is locked.
    pub from: AccountId,
    /// The account that it joins.
    pub into: AccountId,
}

/// The id of the import of one account into another, however often it is begun and wherever the log stands: an account
/// that was written to after it joined is not added a second time.
pub fn merge_id(merge: Merge) -> Uuid {
    let into: SpaceId = merge.into.into();
    Uuid::new_v5(&into.0, format!("merge/{}", merge.from).as_bytes())
}
