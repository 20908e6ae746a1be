//! Lifetime XP to level, for heroes and for skills. Source: `Levels` in the rules of the game.

use serde::{Deserialize, Serialize};

/// Where an amount of lifetime XP stands on a curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The level, from 1.
    pub level: i64,
    /// XP gathered inside the level.
    pub xp_in_level: i64,
    /// XP from the start of this level to the start of the next.
    pub xp_to_next: i64,
}

/// Lifetime XP at which a hero reaches `level`: `25·(L−1)·(3L−2)`, that is 0, 100, 350, 750, 1300 …; saturating.
pub fn hero_reach(level: i64) -> i64 {
    let level = i128::from(level.max(1));
    let reach = (25 * (level - 1)).saturating_mul(3 * level - 2);
    i64::try_from(reach).unwrap_or(i64::MAX)
}

/// The standing of a hero with `xp` lifetime XP. Negative XP counts as none.
///
/// The level is the root of `75·L² − 125·L + 50 ≤ xp`, in whole numbers, so it costs the same for any history.
pub fn hero_standing(xp: i64) -> Standing {
    let xp = xp.max(0);
    let discriminant = 125 * 125 + 300 * (u128::from(xp.unsigned_abs())) - 300 * 50;
    let level = i64::try_from((125 + discriminant.isqrt()) / 150).unwrap_or(i64::MAX);
    let xp_to_next = 150 * level - 50;
    Standing { level, xp_in_level: xp - hero_reach(level), xp_to_next }
}

/// XP that the first level of a skill takes.
pub const SKILL_FIRST_LEVEL_XP: i64 = 100;

/// The standing of a skill with `xp` lifetime XP: levels take 100, 150, 225, 337 …, each `floor(previous × 1.5)`.
///
/// The curve is geometric, so even the largest `xp` is reached in about a hundred steps.
pub fn skill_standing(xp: i64) -> Standing {
    let mut left = xp.max(0);
    let mut standing = Standing { level: 1, xp_in_level: 0, xp_to_next: SKILL_FIRST_LEVEL_XP };
    while left >= standing.xp_to_next {
        left -= standing.xp_to_next;
        standing.level += 1;
        standing.xp_to_next = next_skill_level_xp(standing.xp_to_next);
    }
    standing.xp_in_level = left;
    standing
}

/// Lifetime XP at which a skill reaches `level`, and what that level takes; saturating.
pub fn skill_reach(level: i64) -> (i64, i64) {
    let (mut reach, mut need) = (0_i64, SKILL_FIRST_LEVEL_XP);
    for _ in 1..level {
        // Past this nothing grows any more.
        if reach == i64::MAX {
            break;
        }
        reach = reach.saturating_add(need);
        need = next_skill_level_xp(need);
    }
    (reach, need)
}

/// `floor(xp × 1.5)`, saturating.
fn next_skill_level_xp(xp: i64) -> i64 {
    xp.saturating_add(xp / 2)
}
