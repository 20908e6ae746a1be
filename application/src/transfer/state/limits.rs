//! How large an import may be. Whatever is larger is refused before anything is written.

/// Bytes of an import, after decompression.
pub const IMPORT_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Bytes of one line.
pub const LINE_BYTES_MAX: usize = 256 * 1024;
/// Lines of an import.
pub const LINES_MAX: u64 = 1_000_000;
/// Days of one hero or habit, those that come again counted again.
pub(super) const ENTITY_DAYS_MAX: usize = 200_000;
/// Days in one line of an export, and in one command of an import.
pub(crate) const LINE_DAYS_MAX: usize = 100;
/// Bytes of commands in one transaction of an import; a single larger command goes alone.
pub(super) const TRANSACTION_BYTES_MAX: usize = 1024 * 1024;
/// Refused, clamped and colliding lines that a report lists; all are counted.
pub(super) const LISTED_MAX: usize = 100;
/// The most that a counter of an import may hold.
pub(crate) const COUNTER_MAX: i64 = 1_000_000_000_000;
/// How often a transaction that was refused is tried under another id, over all attempts at the same import.
pub(super) const ATTEMPTS_MAX: u32 = 100;
