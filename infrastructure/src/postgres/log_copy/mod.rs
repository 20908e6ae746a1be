//! Whole logs, out of the database and into it: the rows of the lines that `application::transfer::log` describes.

mod by_name;
pub(super) mod columns;
pub mod export;
pub mod import;

pub use by_name::Base;
