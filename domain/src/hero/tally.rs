//! What something adds to a local day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What something adds to a local day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The local day.
    pub day: Date,
    /// Tasks and habits completed.
    pub completions: i64,
    /// Minutes of focus.
    pub minutes: i64,
    /// Balls taken; of what is taken back, those that really came back.
    pub balls: i64,
    /// XP granted.
    pub xp: i64,
}
