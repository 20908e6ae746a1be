//! Erasure: everything of an account goes, in steps that can be broken off anywhere and taken up again by anybody.
//!
//! 1. [`Erasures::begin`], one transaction: sessions end, nobody can sign in or write any more, and a row says so.
//! 2. [`ErasureList::note`]: a line in a file beside the database. It outlives the database, so that an older backup that
//!    is restored loses the account again. Nothing is deleted before the line is on disk.
//! 3. [`Erasures::clear`], many short transactions: first the space, its head last; then the account.
//!
//! Everything that decides what comes next stands in the store, nothing in memory.

mod account;
mod port;
mod round;

pub use account::{Erased, erase};
pub use port::{Cleared, Due, ErasureList, Erasures, Listed, Unfinished};
pub use round::{Round, again, begin, round};
