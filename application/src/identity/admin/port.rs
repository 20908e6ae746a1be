//! The port to the acts of support and admins. Every method is one atomic step, its entry in the log included.

use domain::id::{AccountId, SessionId};

use super::super::account::Role;
use super::super::directory::Registered;
use super::super::email::Email;
use super::super::failure::Refusal;
use super::super::security_log::Actor;
use super::create::NewAccount;
use super::file::AccountFile;
use super::list::{AccountLine, Sought};
use crate::fault::Fault;
use crate::identity::life::account_life::Scheduled;

/// Which account.
#[derive(Clone, Debug)]
pub enum Whose {
    /// The one with this id.
    Id(AccountId),
    /// The one with this address, whatever its case.
    Email(Email),
}

/// An act on an account.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// On whose account.
    pub account: AccountId,
    /// By whom. The command line may do what would leave no admin; over HTTP nobody may.
    pub by: Actor,
    /// When, ms.
    pub at: i64,
}

/// How an act ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// It is as was asked, now or already before; these sessions ended with it.
    Done(Vec<SessionId>),
    /// There is no such account.
    Unknown,
    /// Nothing was done: no admin would be left who may sign in.
    LastAdmin,
}

/// The acts.
pub trait Administration {
    /// Makes an account that is signed in nowhere yet; its address counts as proven.
    fn create(&self, account: NewAccount) -> impl Future<Output = Result<Registered, Fault>> + Send;

    /// All that support may see of an account; the look is logged in the same transaction.
    fn look(&self, which: Whose, by: Actor, at: i64)
    -> impl Future<Output = Result<Option<AccountFile>, Fault>> + Send;

    /// Logs that somebody looks at this of an account; whether there is such an account.
    fn looked(&self, order: Order, what: &'static str) -> impl Future<Output = Result<bool, Fault>> + Send;

    /// Accounts by address; that somebody looked is logged in the same transaction.
    fn list(&self, sought: &Sought, by: Actor, at: i64)
    -> impl Future<Output = Result<Vec<AccountLine>, Fault>> + Send;

    /// Schedules the erasure of an account, ends its sessions, posts a mail; why not, if not.
    fn schedule_erasure(
        &self,
        order: Order,
        erase_after: i64,
    ) -> impl Future<Output = Result<Result<Scheduled, Done>, Fault>> + Send;

    /// Calls an erasure off.
    fn cancel_erasure(&self, order: Order) -> impl Future<Output = Result<Done, Fault>> + Send;

    /// Keeps an account out and ends its sessions.
    fn lock(&self, order: Order) -> impl Future<Output = Result<Done, Fault>> + Send;

    /// Lets an account in again.
    fn unlock(&self, order: Order) -> impl Future<Output = Result<Done, Fault>> + Send;

    /// Gives an account another role.
    fn change_role(&self, order: Order, role: Role) -> impl Future<Output = Result<Done, Fault>> + Send;

    /// Ends every session of an account.
    fn end_sessions(&self, order: Order) -> impl Future<Output = Result<Done, Fault>> + Send;
}

impl Done {
    /// The sessions that ended, or why nothing was done.
    pub(super) fn ended(self) -> Result<Vec<SessionId>, Refusal> {
        if let Self::Done(sessions) = self { Ok(sessions) } else { Err(self.refused()) }
    }

    /// Why nothing was done.
    pub(super) fn refused(self) -> Refusal {
        if self == Self::LastAdmin { Refusal::LastAdmin } else { Refusal::AccountUnknown }
    }
}
