//! The kinds of entity by name, one line each. The registry ties each to its types.

use serde::{Deserialize, Serialize};

use crate::id::EntityId;

/// Names one entity of a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntityRef {
    /// Of which kind.
    #[serde(rename = "entity")]
    pub kind: Kind,
    /// Which.
    pub id: EntityId,
}

impl EntityRef {
    /// The entity of this kind with this id.
    pub fn new(kind: Kind, id: EntityId) -> Self {
        Self { kind, id }
    }
}

macro_rules! kinds {
    ($($kind:ident: $name:literal, $table:literal, $days:literal;)*) => {
        /// A kind of entity.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $(
            #[doc = concat!("A ", $name, ".")]
            $kind,
        )* }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// Its name on the wire and in the log.
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),* }
            }

            /// The table of its current rows.
            pub fn table(self) -> &'static str {
                match self { $(Self::$kind => $table),* }
            }

            /// Whether entities of the kind keep days.
            pub fn has_days(self) -> bool {
                match self { $(Self::$kind => $days),* }
            }

            /// Whether API v1 knows entities of the kind by an integer.
            pub fn has_legacy_id(self) -> bool {
                !matches!(self, Self::Hero | Self::Conflict)
            }

            /// The kind of this name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.name() == name)
            }
        }
    };
}

kinds! {
    Hero: "hero", "heroes", true;
    Skill: "skill", "skills", false;
    Goal: "goal", "goals", false;
    Milestone: "milestone", "milestones", false;
    Task: "task", "tasks", true;
    Conflict: "conflict", "conflicts", false;
}
