//! The port to what an account goes through between its first day and its last.

use domain::id::{AccountId, SessionId};

use crate::fault::Fault;
use crate::identity::place::Place;

/// An account that is to be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// From when on, ms. The first wish counts.
    pub erase_after: i64,
    /// The sessions that this ended.
    pub ended: Vec<SessionId>,
}

/// How calling off a deletion ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// Nothing is scheduled any more, or nothing was.
    Done,
    /// The account is gone, or about to be.
    TooLate,
}

/// The life of accounts, beside the store of sessions. Every method is one atomic step.
pub trait AccountLife {
    /// Puts a new hash in the place of an old one, unless somebody has changed the password meanwhile.
    fn renew_hash(&self, account: AccountId, old: &str, new: &str) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Takes note of a wrong password. It costs the caller nothing and waits for nothing, so that no clock tells which
    /// addresses have accounts; the log gets at most one entry a minute for each account, with their number.
    fn sign_in_refused(&self, account: AccountId, at: i64, place: &Place);

    /// Schedules the erasure, ends every session, posts a mail and logs it; asked again, it only ends the sessions.
    /// `None` when there is no such account.
    fn schedule_deletion(
        &self,
        account: AccountId,
        now_ms: i64,
        erase_after: i64,
        by: crate::identity::Actor,
        place: &Place,
    ) -> impl Future<Output = Result<Option<Scheduled>, Fault>> + Send;

    /// Calls the deletion off and logs it.
    fn cancel_deletion(
        &self,
        account: AccountId,
        now_ms: i64,
        place: &Place,
    ) -> impl Future<Output = Result<Cancelled, Fault>> + Send;
}
