//! `levelup admin`: accounts, by whoever runs the machine. It works on the database itself, beside a server or without
//! one; servers notice what it did within a second. Each act is in the account's log as the operator's.

pub mod analytics;
pub mod audit;
pub mod cancel_erase;
pub mod create;
pub mod dead_letters;
mod desk;
pub mod erase;
pub mod erasures;
pub mod flags;
pub mod list;
pub mod lock;
pub mod merge_accounts;
pub mod redact;
pub mod role;
pub mod sessions;
pub mod show;
pub mod unlock;

use clap::{Args, Subcommand, ValueEnum};

use super::CliError;
use desk::Desk;

/// What `levelup admin` is told.
#[derive(Args, Debug)]
pub struct AdminArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: AdminCommand,
}

/// What there is to do.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Make an account
    Create(create::CreateArgs),
    /// Show an account with its devices and sessions; the look is logged
    Show(show::ShowArgs),
    /// List accounts by address; the look is logged
    List(list::ListArgs),
    /// Give an account another role
    Role(role::RoleArgs),
    /// Keep an account out and end its sessions
    Lock(lock::LockArgs),
    /// Let an account in again
    Unlock(unlock::UnlockArgs),
    /// Lock an account and add what it holds to another one
    MergeAccounts(merge_accounts::MergeAccountsArgs),
    /// Show an account's sessions, or end them all
    Sessions(sessions::SessionsArgs),
    /// Delete an account with everything of it, after the days of grace or now
    Erase(erase::EraseArgs),
    /// Search what was written and done: who, what, when, from where and why; the look is logged
    Audit(Box<audit::AuditArgs>),
    /// Call an erasure off that has not begun
    CancelErase(cancel_erase::CancelEraseArgs),
    /// Take one value out of everything that is kept of a space
    Redact(redact::RedactArgs),
    /// See, set and remove flags
    Flags(flags::FlagsArgs),
    /// List refused transactions that nobody has acknowledged
    DeadLetters(dead_letters::DeadLettersArgs),
    /// Show how well the service did: success, conflicts, latency, devices
    Analytics(analytics::AnalyticsArgs),
    /// Erasures of other nodes
    Erasures(erasures::ErasuresArgs),
}

/// What an account may do.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RoleName {
    /// Reads and writes its own space.
    User,
    /// Also sees accounts; every look is logged.
    Support,
    /// Also administers.
    Admin,
}

/// Does it.
pub async fn run(args: AdminArgs) -> Result<(), CliError> {
    match args.command {
        AdminCommand::Create(args) => create::run(args).await,
        AdminCommand::Show(args) => show::run(args).await,
        AdminCommand::Role(args) => role::run(args).await,
        AdminCommand::Lock(args) => lock::run(args).await,
        AdminCommand::Unlock(args) => unlock::run(args).await,
        AdminCommand::MergeAccounts(args) => merge_accounts::run(args).await,
        AdminCommand::Sessions(args) => sessions::run(args).await,
        AdminCommand::Erase(args) => erase::run(args).await,
        AdminCommand::Audit(args) => audit::run(*args).await,
        AdminCommand::List(args) => list::run(args).await,
        AdminCommand::CancelErase(args) => cancel_erase::run(args).await,
        AdminCommand::Redact(args) => redact::run(args).await,
        AdminCommand::Flags(args) => flags::run(args).await,
        AdminCommand::DeadLetters(args) => dead_letters::run(args).await,
        AdminCommand::Analytics(args) => analytics::run(args).await,
        AdminCommand::Erasures(args) => erasures::run(args).await,
    }
}

impl From<RoleName> for application::identity::Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::User => Self::User,
            RoleName::Support => Self::Support,
            RoleName::Admin => Self::Admin,
        }
    }
}
