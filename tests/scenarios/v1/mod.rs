//! API v1 and the move from the legacy database.

mod import;
