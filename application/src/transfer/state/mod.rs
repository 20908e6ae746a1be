//! The state of a space as a stream of lines, out and in again: export, import, and an account that joins another.
//!
//! What is exported is what stands, not how it came about: no events, versions, stamps or tombstones. An import is
//! therefore a writer like any other: its commands go through the write path, in transactions whose ids follow from
//! the export, so that a repeated or resumed import writes nothing twice.

mod chunk;
mod clamp;
mod commands;
mod days;
mod export;
mod format;
mod import;
mod limits;
mod mapping;
mod merge;
mod order;
mod plan;
mod preview;
mod refusal;
mod report;
mod sending;

pub(crate) use chunk::take_chunk;
pub(crate) use commands::Made;
pub use days::{DayKey, DayRow, DayRows, DaysPage};
pub use export::StateExport;
pub use format::FORMAT;
pub use import::{Import, Lines, Progress, Target, Writer};
pub(crate) use limits::{COUNTER_MAX, LINE_DAYS_MAX};
pub use limits::{IMPORT_BYTES_MAX, LINE_BYTES_MAX, LINES_MAX};
pub use mapping::Taken;
pub use merge::{Merge, merge_id};
pub(crate) use order::followers;
pub use plan::{Place, Plan};
pub use preview::{import_id, preview};
pub use refusal::{Broken, LineRefusal, Stopped};
pub use report::{Collision, Report};
pub(crate) use sending::Sending;
