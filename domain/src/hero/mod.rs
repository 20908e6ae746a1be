//! The hero: the person in the game. Its id is that of its space.

mod command;
mod decide;
mod event;
mod import;
mod past;
mod state;
mod tally;
#[cfg(test)]
mod tests;

pub use command::{HeroCommand, HeroFields};
pub use event::{Adjusted, HeroChange, HeroEvent, Rested};
pub use import::{HeroImport, HeroTotals};
pub use past::PastActivity;
pub use state::Hero;
pub use tally::Tally;
pub(crate) use tally::{add, between};
