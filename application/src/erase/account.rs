//! One account's erasure, from where it stands to its end.

use super::port::{Cleared, ErasureList, Erasures, Listed, Unfinished};
use crate::fault::Fault;

/// How far an erasure came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erased {
    /// Nothing is left.
    Finished,
    /// Somebody else goes on with it.
    Elsewhere,
    /// Stopped on the way; whoever comes next goes on with it.
    Stopped,
}

/// Goes on with an erasure that has begun. The list comes first: what is not on it is not deleted.
pub async fn erase(
    store: &impl Erasures,
    list: &impl ErasureList,
    begun: Unfinished,
    clock: &(impl Fn() -> i64 + Sync),
    stop: &(impl Fn() -> bool + Sync),
) -> Result<Erased, Fault> {
    list.note(Listed { account: begun.account, erased_at: begun.requested_at }).await?;
    while !stop() {
        match store.clear(begun.account, clock()).await? {
            Cleared::More => {}
            Cleared::Finished => return Ok(Erased::Finished),
            Cleared::Elsewhere => return Ok(Erased::Elsewhere),
        }
    }
    Ok(Erased::Stopped)
}
