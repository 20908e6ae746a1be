//! What happened on a day, counted: what was taken back is not counted any more.

use std::collections::BTreeMap;

use domain::activity::Action;
use domain::entity::Kind;
use domain::id::EntityId;
use jiff::civil::Date;

use super::Sum;

/// What happened on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// To-dos and goal tasks completed.
    pub tasks: i64,
    /// Habits done.
    pub habits: i64,
    /// Goals reached.
    pub goals: i64,
    /// Milestones reached.
    pub milestones: i64,
    /// Focus sessions.
    pub sessions: i64,
    /// Finished focus cycles.
    pub cycles: i64,
    /// Levels that the hero reached.
    pub level_ups: i64,
    /// Levels that skills reached.
    pub skill_level_ups: i64,
    /// Completed tasks and habits, and the XP of them, by how hard they were.
    pub by_difficulty: BTreeMap<String, Amount>,
    /// What was completed or focused on for a skill, and the XP that it got; none: for no skill.
    pub by_skill: BTreeMap<Option<EntityId>, Amount>,
}

/// How much of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// How often, what was taken back not counted.
    pub times: i64,
    /// XP granted.
    pub xp: i64,
}

/// The reports of the days on which something happened.
pub(super) fn reports(sums: &[Sum]) -> BTreeMap<Date, Report> {
    let mut reports: BTreeMap<Date, Report> = BTreeMap::new();
    for sum in sums {
        reports.entry(sum.day).or_default().add(sum);
    }
    for report in reports.values_mut() {
        report.by_difficulty.retain(|_, amount| *amount != Amount::default());
        report.by_skill.retain(|_, amount| *amount != Amount::default());
    }
    reports
}

impl Report {
    fn add(&mut self, sum: &Sum) {
        let sign = match sum.action {
            Action::Completed | Action::Focused | Action::LevelUp => 1,
            Action::Uncompleted | Action::Reopened | Action::Unfocused | Action::LevelDown => -1,
            Action::EnergyRestored | Action::EnergyAdjusted | Action::Imported | Action::Past => return,
        };
        let times = sign * sum.times;
        match sum.action {
            Action::LevelUp | Action::LevelDown if sum.kind == Kind::Hero => self.level_ups += times,
            Action::LevelUp | Action::LevelDown => self.skill_level_ups += times,
            Action::Focused | Action::Unfocused => {
                self.sessions += times;
                self.cycles += sum.cycles;
                self.skilled(sum, times);
            }
            _ => self.completed(sum, times),
        }
    }

    fn completed(&mut self, sum: &Sum, times: i64) {
        match sum.kind {
            Kind::Task if sum.category.as_deref() == Some("habit") => self.habits += times,
            Kind::Task => self.tasks += times,
            Kind::Goal => self.goals += times,
            Kind::Milestone => return self.milestones += times,
            Kind::Hero | Kind::Skill | Kind::Conflict => return,
        }
        if let Some(difficulty) = &sum.difficulty {
            self.by_difficulty.entry(difficulty.clone()).or_default().add(times, sum.xp);
        }
        self.skilled(sum, times);
    }

    fn skilled(&mut self, sum: &Sum, times: i64) {
        self.by_skill.entry(sum.skill_id).or_default().add(times, sum.xp);
    }
}

impl Amount {
    fn add(&mut self, times: i64, xp: i64) {
        self.times += times;
        self.xp += xp;
    }
}
