//! Days as they are sent.

use std::collections::BTreeMap;

use application::days::{Amount, Calendar, Day, Report};
use domain::id::EntityId;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The days of a hero or a habit.
#[derive(Serialize, ToSchema)]
pub struct DaysBody {
    /// `hero` or `task`.
    entity: &'static str,
    /// Which.
    id: Uuid,
    /// The first day that was asked for.
    #[schema(example = "2026-10-01")]
    from: String,
    /// The last.
    #[schema(example = "2026-10-31")]
    to: String,
    /// Those on which something happened, earliest first.
    items: Vec<DayBody>,
}

/// A local day.
#[derive(Serialize, ToSchema)]
pub struct DayBody {
    /// Which.
    #[schema(example = "2026-10-24")]
    day: String,
    /// Tasks and habits completed.
    completions: i64,
    /// Minutes of focus.
    minutes: i64,
    /// Balls of energy taken.
    balls: i64,
    /// XP granted.
    xp: i64,
    /// Active days in a row up to this one; 0: it was none.
    streak: i64,
    /// Of a habit: when it was done, Unix ms; null: it was not.
    #[schema(required)]
    completed_at: Option<i64>,
    /// Of the hero: what was done; null for a habit.
    #[schema(required)]
    report: Option<ReportBody>,
}

/// What was done on a day; what was taken back is not counted.
#[derive(Serialize, ToSchema)]
#[schema(as = DayReport)]
pub struct ReportBody {
    /// To-dos and goal tasks completed.
    tasks: i64,
    /// Habits done.
    habits: i64,
    /// Goals reached.
    goals: i64,
    /// Milestones reached.
    milestones: i64,
    /// Focus sessions.
    sessions: i64,
    /// Finished focus cycles.
    cycles: i64,
    /// Levels that the hero reached.
    level_ups: i64,
    /// Levels that skills reached.
    skill_level_ups: i64,
    /// Completed tasks and habits by how hard they were.
    by_difficulty: BTreeMap<String, AmountBody>,
    /// What was completed or focused on, by skill.
    by_skill: Vec<SkillAmountBody>,
}

/// How much of something.
#[derive(Serialize, ToSchema)]
pub struct AmountBody {
    /// How often.
    times: i64,
    /// XP of it.
    xp: i64,
}

/// How much for a skill.
#[derive(Serialize, ToSchema)]
pub struct SkillAmountBody {
    /// Which; null: for none.
    #[schema(required)]
    skill_id: Option<Uuid>,
    /// How often.
    times: i64,
    /// XP of it.
    xp: i64,
}

impl DaysBody {
    /// The answer to whoever asked for these days.
    pub(super) fn of(calendar: Calendar, from: Date, to: Date) -> Self {
        Self {
            entity: calendar.entity.kind.name(),
            id: calendar.entity.id.0,
            from: from.to_string(),
            to: to.to_string(),
            items: calendar.days.into_iter().map(DayBody::from).collect(),
        }
    }
}

impl From<Day> for DayBody {
    fn from(day: Day) -> Self {
        let Day { stored, streak, report } = day;
        Self {
            day: stored.day.to_string(),
            completions: stored.completions,
            minutes: stored.minutes,
            balls: stored.balls,
            xp: stored.xp,
            streak,
            completed_at: stored.completed_at,
            report: report.map(ReportBody::from),
        }
    }
}

impl From<Report> for ReportBody {
    fn from(report: Report) -> Self {
        let amount = |(difficulty, Amount { times, xp })| (difficulty, AmountBody { times, xp });
        let of_skill = |(skill, Amount { times, xp }): (Option<EntityId>, Amount)| SkillAmountBody {
            skill_id: skill.map(|skill| skill.0),
            times,
            xp,
        };
        Self {
            tasks: report.tasks,
            habits: report.habits,
            goals: report.goals,
            milestones: report.milestones,
            sessions: report.sessions,
            cycles: report.cycles,
            level_ups: report.level_ups,
            skill_level_ups: report.skill_level_ups,
            by_difficulty: report.by_difficulty.into_iter().map(amount).collect(),
            by_skill: report.by_skill.into_iter().map(of_skill).collect(),
        }
    }
}
