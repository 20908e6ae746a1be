//! The audit log: who changed which field from what to what, when, from which device and where, and why. Its rows are made
//! from events alone, by one pure function, so that a store may make them later, again, or both; a search reads them beside
//! the security log, in bounded steps.
//!
//! Nothing here is needed to write or to sync: the log of events is the truth, and this a way to ask it.

mod cursor;
mod filter;
mod line;
mod merge;
mod port;
mod search;

pub use cursor::{Cursor, EventKey, Place};
pub use filter::{Filter, Source};
pub use line::{FOLD_VERSION, Line, lines, moment};
pub use port::{AuditEvent, AuditLog, Brought, LookAt, SecurityEntry, Stretch};
pub use search::{Asked, Found, Item, Page, search};

/// The name of the projection.
pub const PROJECTION: &str = "audit_log";
