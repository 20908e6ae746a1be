//! Whole logs, out of the database and into it: the rows of the lines that `application::transfer::log` describes.

mod columns;
pub mod export;
pub mod import;
