//! What an entity was at a moment, as far as it can be told.

use domain::entity::Entity;
use serde_json::{Map, Value};

use crate::submit::shown;

/// What an entity was at a moment.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// It had not been created.
    Absent,
    /// What readers were shown of it; of a deleted one, too.
    Known(Map<String, Value>),
    /// It was there, and nothing tells how.
    Unknown(Unknown),
}

/// Why nothing tells what an entity was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// An event of it was taken out.
    Redacted,
    /// It has more events than one answer is made of.
    LongHistory,
}

impl Unknown {
    /// The name that is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Redacted => "redacted",
            Self::LongHistory => "long_history",
        }
    }
}

impl State {
    /// What readers were shown of this entity.
    pub(super) fn of(entity: &Entity) -> Self {
        if entity.meta().exists() { Self::Known(shown(entity.kind(), entity.row())) } else { Self::Absent }
    }
}
