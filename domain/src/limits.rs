//! Every limit of the domain, by name, with its unit last.

/// Commands in one transaction.
pub const TRANSACTION_COMMANDS_MAX: usize = 500;
/// Live (not deleted) entities in one space.
pub const SPACE_LIVE_ENTITIES_MAX: i64 = 200_000;
/// Members of a set of tags.
pub const TAGS_MAX: usize = 20;
/// Unicode scalar values in a tag.
pub const TAG_CHARS_MAX: usize = 50;
/// Prerequisites of a skill.
pub const PREREQUISITES_MAX: usize = 100;
/// Unicode scalar values of the message, and of the pointer, in the error about a field.
pub const ERROR_CHARS_MAX: usize = 400;
/// How long a chain of parents may be before it is refused as a cycle would be.
pub const REFERENCE_DEPTH_MAX: usize = 1_000;
/// A device's clock may differ from the server's by this much before moments are shifted.
pub const CLOCK_TOLERANCE_MS: i64 = 60_000;
/// The earliest instant that a field may hold: the year 1.
pub const INSTANT_MS_MIN: i64 = -62_135_596_800_000;
/// The latest instant that a field may hold: the end of the year 9998.
pub const INSTANT_MS_MAX: i64 = 253_370_764_799_999;
/// Rows of a page of the feed or a list, when the reader does not say.
pub const PAGE_ROWS_DEFAULT: usize = 200;
/// Rows of a page at most.
pub const PAGE_ROWS_MAX: usize = 1_000;
/// Local days of a request for a calendar or for the activity of some days.
pub const DAYS_MAX: i64 = 366;
/// Bytes of a page of the feed at most; a larger transaction comes in parts.
pub const PAGE_BYTES_MAX: usize = 1_048_576;
/// Bytes of a request body, after decompression.
pub const REQUEST_BYTES_MAX: usize = 1_048_576;
/// How long a long poll may wait.
pub const LONG_POLL_MS_MAX: u64 = 30_000;
/// How long after its use a refresh token is answered again, with the same successor.
pub const REFRESH_GRACE_MS: i64 = 30_000;
/// Candidates that one conflict keeps.
pub const CONFLICT_CANDIDATES_MAX: usize = 8;
