//! The pipeline's limits.

use crate::config::GroupScope;

/// The pipeline's limits.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Transactions that may wait, of all spaces; past it callers are told to come back.
    pub waiting_max: usize,
    /// Bytes of their content.
    pub waiting_bytes_max: usize,
    /// Groups in flight at once.
    pub flights_max: usize,
    /// How long a group waits, beside a larger one that flies, to become as large.
    pub company_ms_max: u64,
    /// Spaces that are tried again alone at once.
    pub alone_max: usize,
    /// Commands in a group.
    pub group_commands_max: usize,
    /// Bytes of their content.
    pub group_bytes_max: usize,
    /// Spaces in a group.
    pub group_spaces_max: usize,
    /// Commands that one space may have in a group while others wait.
    pub share_commands_max: usize,
    /// Groups that one space may write in a series, each decided while the one before is written.
    pub series_groups_max: usize,
    /// How often a space that lost its append is tried again.
    pub attempts_max: u32,
    /// The longest pause between such attempts.
    pub pause_ms_max: u64,
    /// How long the fate of a write whose answer was lost is looked into before its senders are told to ask again.
    pub unknown_ms_max: u64,
}

/// Of the connections, one in so many writes while others read.
const WRITING_SHARE: usize = 2;

impl Limits {
    /// The limits of a process with so many connections. Where a group is of one space, what many spaces in one commit would
    /// bring comes from groups that fly side by side.
    #[must_use]
    pub fn of_scope(scope: GroupScope, connections: usize) -> Self {
        let limits = Self::default();
        match scope {
            GroupScope::Cluster => limits,
            GroupScope::Space => {
                let flights_max = (connections / WRITING_SHARE).max(limits.flights_max);
                Self { flights_max, group_spaces_max: 1, share_commands_max: limits.group_commands_max, ..limits }
            }
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            waiting_max: 20_000,
            waiting_bytes_max: 128 * 1024 * 1024,
            flights_max: 2,
            company_ms_max: 2,
            alone_max: 4,
            group_commands_max: 512,
            group_bytes_max: 4 * 1024 * 1024,
            group_spaces_max: 256,
            share_commands_max: 128,
            series_groups_max: 64,
            attempts_max: 8,
            pause_ms_max: 160,
            unknown_ms_max: 15_000,
        }
    }
}
