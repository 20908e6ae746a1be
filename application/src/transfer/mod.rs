//! Carrying data from one server to another, as lines of JSON: the whole log with everything that restores it. Nothing
//! in here reads or writes a file or a table.

pub mod log;
