//! What an answer is put together of.

use std::borrow::Cow;

use infrastructure::postgres::legacy::{LegacyRow, Wanted};
use serde_json::Value;

use crate::v1::shape::{self, Viewer};

/// A part of an answer.
#[derive(Clone, Debug)]
pub enum Piece {
    /// This text of JSON.
    Text(Cow<'static, str>),
    /// A list of entities.
    List(List),
    /// What is shown of the hero.
    Hero(fn(&LegacyRow, &Viewer) -> Value),
}

/// A list of entities.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// Which.
    pub wanted: Wanted,
    /// How each is shown; none: it is left out.
    pub shape: fn(&LegacyRow, &Viewer) -> Option<Value>,
    /// The other way round than is usual.
    pub is_reversed: bool,
}

/// Every task, the newest first.
pub const TASKS: Piece = list(Wanted::Tasks, |row, viewer| Some(shape::task(row, viewer)));
/// Every goal with its milestones, the newest first.
pub const GOALS: Piece = list(Wanted::Goals, |row, viewer| Some(shape::goal(row, viewer)));
/// Every skill, the core skills first.
pub const SKILLS: Piece = list(Wanted::Skills, |row, viewer| Some(shape::skill(row, viewer)));
/// The stats.
pub const STATS: Piece = Piece::Hero(shape::stats);
/// The profile, or null.
pub const PROFILE: Piece = Piece::Hero(shape::profile);

/// A list in its usual order.
pub(super) const fn list(wanted: Wanted, shape: fn(&LegacyRow, &Viewer) -> Option<Value>) -> Piece {
    Piece::List(List { wanted, shape, is_reversed: false })
}

/// A text that stands in the program.
pub(super) const fn text(text: &'static str) -> Piece {
    Piece::Text(Cow::Borrowed(text))
}

impl List {
    /// Rows of the list as they are sent, separated by commas.
    pub fn text(&self, rows: &[LegacyRow], viewer: &Viewer) -> String {
        let shown = |row: &LegacyRow| (self.shape)(row, viewer).map(|value| value.to_string());
        let mut items: Vec<String> = rows.iter().filter_map(shown).collect();
        if self.is_reversed {
            items.reverse();
        }
        items.join(",")
    }
}
