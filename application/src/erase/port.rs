//! The ports of erasure: the store, and the list that survives it.

use domain::id::{AccountId, SessionId};

use crate::fault::Fault;

/// An erasure that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// Whose.
    pub account: AccountId,
    /// Since when, ms.
    pub requested_at: i64,
}

/// An account whose days of grace are over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Since when, ms.
    pub since: i64,
    /// Whose.
    pub account: AccountId,
}

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Who was erased.
    pub account: AccountId,
    /// When that began, ms.
    pub erased_at: i64,
}

/// What a step of clearing came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleared {
    /// There may be more.
    More,
    /// Nothing is left; the erasure is finished.
    Finished,
    /// Somebody else is at this account just now.
    Elsewhere,
}

/// The store.
pub trait Erasures {
    /// Accounts whose days of grace are over, page by page: those behind one of them, in their order.
    fn due(&self, now_ms: i64, behind: Due) -> impl Future<Output = Result<Vec<Due>, Fault>> + Send;

    /// Ends the account's sessions, makes it unusable and its space unwritable, and notes that its erasure has begun:
    /// which sessions ended. With `only_if_due`, nothing happens to an account whose time has not come: `None`.
    fn begin(
        &self,
        account: AccountId,
        now_ms: i64,
        only_if_due: bool,
    ) -> impl Future<Output = Result<Option<Vec<SessionId>>, Fault>> + Send;

    /// Erasures that have begun and are not finished.
    fn unfinished(&self) -> impl Future<Output = Result<Vec<Unfinished>, Fault>> + Send;

    /// Deletes the next few rows.
    fn clear(&self, account: AccountId, now_ms: i64) -> impl Future<Output = Result<Cleared, Fault>> + Send;

    /// Which of these are there: an account or a space has the id.
    fn present(&self, accounts: &[AccountId]) -> impl Future<Output = Result<Vec<AccountId>, Fault>> + Send;

    /// Takes up again the erasures that were finished lately and of which something is there after all: written by a
    /// statement that had begun before.
    fn reopen(&self, now_ms: i64) -> impl Future<Output = Result<u64, Fault>> + Send;
}

/// The list.
pub trait ErasureList {
    /// Every line.
    fn lines(&self) -> impl Future<Output = Result<Vec<Listed>, Fault>> + Send;

    /// Adds a line unless the account has one. It is on disk when this returns.
    fn note(&self, line: Listed) -> impl Future<Output = Result<(), Fault>> + Send;
}
