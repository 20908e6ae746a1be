//! The stages of a snapshot, in the order in which a person needs them: open work first, the archive last.

use domain::entity::Kind;

/// A stage of a snapshot. Each holds live rows of one kind, by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The hero.
    Heroes,
    /// Skills.
    Skills,
    /// Goals that nobody has completed.
    OpenGoals,
    /// Milestones, reached or not.
    Milestones,
    /// Habits, and tasks that nobody has completed.
    OpenTasks,
    /// Open conflicts.
    Conflicts,
    /// The archive: completed goals.
    CompletedGoals,
    /// The archive: completed tasks.
    CompletedTasks,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 8] = [
        Self::Heroes,
        Self::Skills,
        Self::OpenGoals,
        Self::Milestones,
        Self::OpenTasks,
        Self::Conflicts,
        Self::CompletedGoals,
        Self::CompletedTasks,
    ];

    /// The kind of entity that it holds.
    pub fn kind(self) -> Kind {
        match self {
            Self::Heroes => Kind::Hero,
            Self::Skills => Kind::Skill,
            Self::OpenGoals | Self::CompletedGoals => Kind::Goal,
            Self::Milestones => Kind::Milestone,
            Self::Conflicts => Kind::Conflict,
            Self::OpenTasks | Self::CompletedTasks => Kind::Task,
        }
    }

    /// The stage after it.
    pub(super) fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|later| *later > self)
    }

    /// Its number in a token.
    pub(super) fn number(self) -> u8 {
        self as u8
    }

    /// The stage of this number.
    pub(super) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}
