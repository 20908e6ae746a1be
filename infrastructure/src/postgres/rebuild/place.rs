//! Where shadow tables live.

/// Where shadow tables live.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Place {
    /// In the schema `rebuild`, without a write-ahead log.
    Schema,
    /// In the session, gone with it.
    Session,
}
