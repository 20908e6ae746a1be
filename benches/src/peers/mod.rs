//! This server beside its peers: one generator of load, many targets, the same PostgreSQL, the same commands, by turns.
//!
//! A run appends what it finds to a file, line by line; the report is made of that file, so that a run may be of any part
//! and parts may be repeated.

mod book;
mod cli;
mod lines;
mod page;
mod run;
mod stage;
mod tables;

pub use cli::command_line;
pub(crate) use lines::{Figures, Round};
pub(crate) use stage::{Stage, figures};
