//! The pure rules of Level Up Solo: what a person's tasks, goals, skills and hero may do, and how writes of several
//! devices merge. No I/O, no clock, no chance may enter; time and ids come in as values.

pub mod activity;
pub mod chain;
pub mod checksum;
pub mod compensation;
pub mod completion;
pub mod conflict;
pub mod day_entry;
pub mod entity;
pub mod flag;
pub mod follow_up;
pub mod founding;
pub mod goal;
pub mod hero;
pub mod id;
pub mod limits;
pub mod merge;
pub mod milestone;
pub mod redaction;
pub mod references;
pub mod rejection;
pub mod rules;
pub mod schema;
pub mod session;
pub mod skill;
pub mod stamp;
pub mod task;
#[cfg(test)]
mod testing;
pub mod transaction;
pub mod undo;
