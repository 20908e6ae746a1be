//! The merge, proved: the golden cases in all their orders, and random cases in all theirs against each other and against
//! a calculation that knows sets of writes and nothing of the merge.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what goes wrong in a proof fails it")]

mod brute_force;
mod golden;
mod oracle;
mod random_case;
mod shrink;
mod writes;
