//! What a revert or a restore asks of an entity beside edits, deletes and restores: amounts go back, or count again, as an
//! event recorded them. Only the server asks this; what is new is never granted here.

use jiff::civil::Date;

use crate::completion::{Completion, Focused};

/// Recorded amounts, back or again. They reach tombstones too.
#[derive(Clone, Debug, PartialEq)]
pub enum Compensation {
    /// What the standing completion granted goes back; of a habit, that of this local day.
    Uncomplete(Option<Date>),
    /// A completion stands again.
    Recomplete(Completion),
    /// The standing completion was at this moment (Unix ms).
    Retime(i64),
    /// A focus session goes back; `of` is the event that counted it.
    Unfocus(Focused),
    /// A focus session counts again; `of` is the event that took it back.
    Refocus(Focused),
}
