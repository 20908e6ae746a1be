//! The pipeline's limits.

/// The pipeline's limits.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Transactions that may wait, of all spaces; past it callers are told to come back.
    pub waiting_max: usize,
    /// Bytes of their content.
    pub waiting_bytes_max: usize,
    /// Groups in flight at once.
    pub flights_max: usize,
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
    /// How often a space that lost its append is tried again.
    pub attempts_max: u32,
    /// The longest pause between such attempts.
    pub pause_ms_max: u64,
    /// How long the fate of a write whose answer was lost is looked into before its senders are told to ask again.
    pub unknown_ms_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            waiting_max: 20_000,
            waiting_bytes_max: 128 * 1024 * 1024,
            flights_max: 2,
            alone_max: 4,
            group_commands_max: 512,
            group_bytes_max: 4 * 1024 * 1024,
            group_spaces_max: 256,
            share_commands_max: 128,
            attempts_max: 8,
            pause_ms_max: 160,
            unknown_ms_max: 15_000,
        }
    }
}
