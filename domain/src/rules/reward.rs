//! What things are worth when nobody said: rewards and costs by difficulty, and of focus sessions.

use serde::{Deserialize, Serialize};

/// How hard a task is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difficulty {
    /// 5 XP, 1 ball.
    Trivial,
    /// 10 XP, 1 ball.
    Easy,
    /// 20 XP, 2 balls.
    #[default]
    Medium,
    /// 35 XP, 4 balls.
    Hard,
}

impl Difficulty {
    /// The XP of a task that names none.
    pub fn exp_reward(self) -> i64 {
        match self {
            Self::Trivial => 5,
            Self::Easy => 10,
            Self::Medium => 20,
            Self::Hard => 35,
        }
    }

    /// The energy balls of a task that names none.
    pub fn energy_cost(self) -> i64 {
        match self {
            Self::Trivial | Self::Easy => 1,
            Self::Medium => 2,
            Self::Hard => 4,
        }
    }
}

/// XP that each finished focus cycle on a goal grants to the hero.
pub const GOAL_FOCUS_CYCLE_XP: i64 = 10;

/// Balls that a focus session of `minutes` takes when it does not say: one for each begun `ball_minutes`.
pub fn focus_balls(minutes: i64, ball_minutes: i64) -> i64 {
    let ball_minutes = ball_minutes.max(1);
    (minutes.max(0) + ball_minutes - 1) / ball_minutes
}
