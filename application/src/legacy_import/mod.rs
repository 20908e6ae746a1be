//! An account of the legacy system becomes one of this: its rows, as that system's database holds them, become commands
//! of an import, which go through the write path like any other. What is out of range is brought into it, what is double
//! is merged, what leads nowhere is left out, and each of that is told. `docs/LEGACY_IMPORT.md` says it for operators.
//!
//! Ids follow from those of the legacy rows, and what is there already is looked for first: the same import again adds
//! only what is new.

mod before;
mod bring;
mod columns;
mod commands;
mod cycles;
mod days;
mod goals;
mod hero;
mod history;
mod ids;
mod links;
mod map;
mod marks;
mod more;
mod notes;
mod person;
mod skills;
mod source;
mod tasks;
#[cfg(test)]
mod tests;
mod totals;
mod veils;
mod words;
mod wrote;

pub use before::{Before, Brought, Here, Numbers, There};
pub use bring::{Amounts, Bringing, Progress};
pub(crate) use columns::midnight_of;
pub use ids::{account_id, import_id};
pub use map::{Mapped, map};
pub use marks::Marks;
pub use notes::{Fate, Note, Notes};
pub use person::Person;
pub use source::{LegacyAccount, Row};
pub use wrote::Wrote;
