//! What a backup reads of the database and a restore writes into it, beside the lines of logs (`log_copy`): which spaces
//! have changed, the tables that follow from no log, who was erased; and what the database remembers of backups.

pub mod erased;
pub mod heads;
pub mod redacted;
pub mod restoring;
pub mod runs;
pub mod tables;
