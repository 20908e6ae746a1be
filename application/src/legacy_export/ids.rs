//! Integer ids of rows in the legacy database. There they are unique in their table, here in their account.

use std::collections::HashMap;

/// Gives ids to rows that have none there.
#[derive(Clone, Debug)]
pub struct Ids {
    next: i64,
}

/// Ids of one kind's rows, by the ids that they have here.
pub(super) type Numbers = HashMap<i64, i64>;

impl Ids {
    /// New ids begin here; it is to be above all that the legacy database has.
    pub fn above(first: i64) -> Self {
        Self { next: first }
    }

    /// The next id.
    pub(super) fn next(&mut self) -> i64 {
        let id = self.next;
        self.next += 1;
        id
    }
}
