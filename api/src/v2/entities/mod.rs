//! The current tables: what a space holds now, as lists and one by one. One set of handlers for every kind; a file per
//! kind says what its endpoint is called and documents it.

mod as_of;
mod computed;
pub mod conflicts;
pub mod goals;
pub mod heroes;
pub mod history;
mod list;
pub mod milestones;
mod one;
mod refusal;
pub mod skills;
pub mod tasks;
mod view;
mod wire;

pub use wire::{FieldsParams, ListBody, ListParams};
