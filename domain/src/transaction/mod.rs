//! Transactions as they are sent and receipts as they are kept.

mod command;
mod plan;
mod read;
mod receipt;
#[cfg(test)]
mod tests;

pub use command::{Action, Request, read as read_command};
pub use plan::{Plan, planned};
pub use read::{Refusal, Sent, founding, read, read_text};
pub use receipt::{CommandResult, Notice, Positions, Problem, Receipt, Verdict};
