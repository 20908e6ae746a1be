//! How well the service does: what was measured minute by minute, put together over a stretch of time.
//!
//! A node adds what it answers to the tally of the minute; tallies of minutes and nodes add up, so any stretch is a sum.
//! What each measure means is said at its field or function, once, here.

mod histogram;
mod population;
mod range;
mod report;
mod requests;
mod tally;
#[cfg(test)]
mod tests;

use std::future::Future;

use crate::fault::Fault;

pub use self::histogram::{BOUNDS_US, BUCKETS, Histogram};
pub use self::population::{ACTIVE_MS, Population};
pub use self::range::{Range, RangeError, STEPS_MAX, Step};
pub use self::report::{Figures, Report, report};
pub use self::requests::{Requests, Spoken};
pub use self::tally::Tally;

/// What was measured, kept over time.
pub trait Measured: Send + Sync {
    /// The sum of what all nodes measured in the minutes that begin in `from..until`, Unix ms.
    fn tally(&self, from: i64, until: i64) -> impl Future<Output = Result<Tally, Fault>> + Send;

    /// The last count of accounts and devices in `from..until`, if there was one.
    fn population(&self, from: i64, until: i64) -> impl Future<Output = Result<Option<Population>, Fault>> + Send;
}
