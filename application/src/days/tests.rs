//! Tests of calendars and reports.

use domain::activity::Action;
use domain::entity::{EntityRef, Kind};
use domain::id::EntityId;
use jiff::civil::{Date, date};

use super::{Amount, Calendar, Report, StoredDay, StoredDays, Sum, of};

fn july(day: i8) -> Date {
    date(2026, 7, day)
}

fn calendar(kind: Kind, days: &[(i8, i64, i64)], sums: Vec<Sum>, from: i8) -> Calendar {
    let stored = |(day, completions, minutes): &(i8, i64, i64)| StoredDay {
        day: july(*day),
        completions: *completions,
        minutes: *minutes,
        completed_at: (*completions > 0).then_some(5),
        ..StoredDay::default()
    };
    let entity = EntityRef::new(kind, EntityId::default());
    of(StoredDays { entity, days: days.iter().map(stored).collect(), sums }, july(from))
}

fn streaks(calendar: &Calendar) -> Vec<(i8, i64)> {
    calendar.days.iter().map(|day| (day.stored.day.day(), day.streak)).collect()
}

fn sum(action: Action, kind: Kind, times: i64, xp: i64) -> Sum {
    let (category, difficulty, skill_id) = (None, None, None);
    Sum { day: july(5), action, kind, category, difficulty, skill_id, times, xp, cycles: 0 }
}

#[test]
fn a_streak_that_began_before_the_first_day_is_counted_whole() {
    let days = [(1, 1, 0), (2, 1, 0), (3, 0, 25), (5, 1, 0)];
    assert_eq!(streaks(&calendar(Kind::Hero, &days, Vec::new(), 3)), [(3, 3), (5, 1)]);
}

#[test]
fn focus_keeps_the_streak_of_a_hero_and_not_that_of_a_habit() {
    let days = [(1, 1, 0), (2, 0, 25), (3, 1, 0)];
    assert_eq!(streaks(&calendar(Kind::Hero, &days, Vec::new(), 1)), [(1, 1), (2, 2), (3, 3)]);
    let habit = calendar(Kind::Task, &days, Vec::new(), 1);
    assert_eq!(streaks(&habit), [(1, 1), (2, 0), (3, 1)]);
    assert!(habit.days.iter().all(|day| day.report.is_none()));
}

#[test]
fn a_report_counts_what_stands_by_kind_difficulty_and_skill() {
    let skill = Some(EntityId(uuid::Uuid::from_u128(9)));
    let task = |action, category: &str, difficulty: &str, times, xp, skill_id| Sum {
        category: Some(category.to_owned()),
        difficulty: Some(difficulty.to_owned()),
        skill_id,
        ..sum(action, Kind::Task, times, xp)
    };
    let sums = vec![
        task(Action::Completed, "todo", "hard", 2, 70, skill),
        task(Action::Uncompleted, "todo", "hard", 1, -35, skill),
        task(Action::Completed, "todo", "easy", 1, 10, None),
        task(Action::Uncompleted, "todo", "easy", 1, -10, None),
        task(Action::Completed, "habit", "easy", 1, 10, skill),
        Sum { cycles: 3, ..task(Action::Focused, "goal", "easy", 2, 30, skill) },
        Sum { cycles: -1, ..task(Action::Unfocused, "goal", "easy", 1, -10, skill) },
        sum(Action::Completed, Kind::Goal, 1, 100),
        sum(Action::Completed, Kind::Milestone, 2, 0),
        sum(Action::Reopened, Kind::Milestone, 1, 0),
        sum(Action::LevelUp, Kind::Hero, 1, 0),
        sum(Action::LevelUp, Kind::Skill, 2, 0),
        sum(Action::LevelDown, Kind::Skill, 1, 0),
        sum(Action::EnergyRestored, Kind::Hero, 7, 0),
        sum(Action::Imported, Kind::Hero, 1, 9_000),
    ];
    let calendar = calendar(Kind::Hero, &[], sums, 1);
    let expected = Report {
        tasks: 1,
        habits: 1,
        goals: 1,
        milestones: 1,
        sessions: 1,
        cycles: 2,
        level_ups: 1,
        skill_level_ups: 1,
        by_difficulty: [("easy", 1, 10), ("hard", 1, 35)]
            .map(|(name, times, xp)| (name.to_owned(), Amount { times, xp }))
            .into(),
        by_skill: [(None, Amount { times: 1, xp: 100 }), (skill, Amount { times: 3, xp: 65 })].into(),
    };
    assert_eq!(calendar.days.len(), 1, "a day without a row of its own is there when something happened");
    assert_eq!(calendar.days[0].report, Some(expected));
}
