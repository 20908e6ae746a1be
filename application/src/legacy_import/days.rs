//! The days of habits and of the hero, which nothing else tells than the log, day reports and the last day that a habit's
//! own row knows.

use std::collections::{BTreeMap, BTreeSet};

use domain::completion::Completion;
use domain::entity::Kind;
use domain::hero::Tally;
use domain::id::EntityId;
use domain::rules::day::local_day;
use domain::task::ImportedDay;
use jiff::civil::Date;
use serde_json::Value;

use super::columns::{civil, document, flag, int, key, midnight_of, moment, text};
use super::history::{Line, TITLE_CHARS_MAX};
use super::map::Mapping;
use super::notes::{About, Fate};
use super::source::Row;
use super::tasks::note_lost;
use super::words::Reading;
use crate::transfer::state::COUNTER_MAX;

/// A habit, and the days that its own row knows.
#[derive(Clone, Debug)]
pub(super) struct Habit {
    pub(super) id: EntityId,
    pub(super) number: i64,
    pub(super) own: Vec<(Date, i64)>,
}

/// A day report.
#[derive(Clone, Debug)]
pub(super) struct Report {
    pub(super) number: i64,
    /// When it was begun, Unix ms.
    pub(super) at: i64,
    pub(super) tally: Tally,
    pub(super) cycles: i64,
    pub(super) parts: Vec<Part>,
}

/// What a report says of one task, or of none that is there.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The number of the task, also of one that is gone.
    pub(super) task: Option<i64>,
    pub(super) about: Option<EntityId>,
    pub(super) title: String,
    pub(super) minutes: i64,
    pub(super) balls: i64,
    pub(super) cycles: i64,
}

/// Takes over what rows of habits and reports know.
pub(super) fn map(mapping: &mut Mapping<'_>) {
    let rows = std::mem::take(&mut mapping.habits);
    let lines = std::mem::take(&mut mapping.mapped.lines);
    for (number, row) in &rows {
        let Some(id) = mapping.links.of(Kind::Task, *number) else { continue };
        let habit = Habit { id, number: *number, own: own_days(mapping, *number, row) };
        let found = of_habit(&habit, &lines.iter().collect::<Vec<_>>());
        let found = found.values().filter(|day| day.completion.is_some()).count();
        note_lost(mapping, *number, int(row, "completion_count").unwrap_or_default(), found);
        mapping.mapped.habits.push(habit);
    }
    mapping.mapped.lines = lines;
    let mut days = BTreeSet::new();
    for row in mapping.account.rows("daily_battle_reports") {
        let Some(report) = report(mapping, row) else { continue };
        if !days.insert(report.tally.day) {
            let about = About { table: "daily_battle_reports", row: report.number.to_string() };
            mapping.notes.add(&about, None, (Fate::Merged, "report_added"), "another report is of the same day");
        }
        mapping.mapped.reports.push(report);
    }
}

fn own_days(mapping: &mut Mapping<'_>, number: i64, row: &Row) -> Vec<(Date, i64)> {
    let is_done = flag(row, "completed").unwrap_or_default();
    let last = ["last_completed_at", "last_completed_date"].map(|column| moment(row, column));
    let own: BTreeSet<i64> =
        last.into_iter().chain([moment(row, "completed_at").filter(|_| is_done)]).flatten().collect();
    if is_done && own.is_empty() {
        let about = About { table: "tasks", row: number.to_string() };
        let message = "it is done without a time; only the log tells its days";
        mapping.notes.changed(&about, "completed_at", "moment_missing", message);
    }
    // A date without a time names a day.
    let named = civil(row, "last_completed_date").filter(|civil| civil.time() == jiff::civil::Time::midnight());
    let (now, zone) = (mapping.now, mapping.time_zone);
    let day = |at: i64| match named {
        Some(named) if moment(row, "last_completed_date") == Some(at) => named.date(),
        _ => local_day(at, zone),
    };
    own.into_iter().filter(|at| *at <= now).map(|at| (day(at), at)).collect()
}

/// The days of a habit: those of which lines tell, and those that its own row knows.
pub(super) fn of_habit(habit: &Habit, lines: &[&Line]) -> BTreeMap<Date, ImportedDay> {
    let empty = |day| ImportedDay { day, minutes: 0, balls: 0, xp: 0, completion: None };
    let mut days: BTreeMap<Date, ImportedDay> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.task == Some(habit.number)) {
        let past = &line.past;
        let day = days.entry(past.day).or_insert_with(|| empty(past.day));
        day.minutes = (day.minutes + past.minutes).max(0);
        day.balls = (day.balls + past.balls).max(0);
        day.xp = (day.xp + granted(line)).max(0);
        match line.completions {
            1 => drop(day.completion.get_or_insert_with(|| done(past.at, past.day, past.skill_id))),
            -1 => day.completion = None,
            _ => {}
        }
    }
    for (day, at) in &habit.own {
        let known = days.entry(*day).or_insert_with(|| empty(*day));
        known.completion.get_or_insert_with(|| done(*at, *day, None));
    }
    days
}

/// XP of a line: what is taken is only what was granted before.
fn granted(line: &Line) -> i64 {
    if line.completions < 0 { line.past.xp } else { line.past.xp.max(0) }
}

/// What is imported granted nothing: that came with the totals.
fn done(moment: i64, day: Date, skill_id: Option<EntityId>) -> Completion {
    Completion { moment, day, xp: 0, skill_id, balls: 0 }
}

/// The days of the hero as the log tells them.
pub(super) fn of_log(lines: &[&Line]) -> BTreeMap<Date, Tally> {
    let mut days: BTreeMap<Date, Tally> = BTreeMap::new();
    for line in lines {
        let past = &line.past;
        let more = (line.completions, past.minutes, past.balls, granted(line));
        add(&mut days, past.day, more);
    }
    days
}

/// The days of the hero as reports tell them; several of one day are added up.
pub(super) fn of_reports(reports: &[Report]) -> BTreeMap<Date, Tally> {
    let mut days: BTreeMap<Date, Tally> = BTreeMap::new();
    for Report { tally, .. } in reports {
        add(&mut days, tally.day, (tally.completions, tally.minutes, tally.balls, 0));
    }
    days
}

/// Adds to a day, never below nothing.
pub(super) fn add(days: &mut BTreeMap<Date, Tally>, day: Date, more: (i64, i64, i64, i64)) {
    let of = days.entry(day).or_insert(Tally { day, completions: 0, minutes: 0, balls: 0, xp: 0 });
    of.completions = of.completions.saturating_add(more.0).max(0);
    of.minutes = of.minutes.saturating_add(more.1).max(0);
    of.balls = of.balls.saturating_add(more.2).max(0);
    of.xp = of.xp.saturating_add(more.3).max(0);
}

fn report(mapping: &mut Mapping<'_>, row: &Row) -> Option<Report> {
    let about = About { table: "daily_battle_reports", row: key(row, "id").unwrap_or_default() };
    let Some(day) = report_day(row, mapping.time_zone) else {
        mapping.notes.skipped(&about, "moment_missing", "a report without a date belongs to no day");
        return None;
    };
    let mut reading = Reading { row, about, notes: &mut mapping.notes };
    let mut count = |column| reading.number(column, 0, COUNTER_MAX).unwrap_or_default();
    let (completions, minutes) = (count("tasks_completed"), count("total_battle_time"));
    let (balls, cycles) = (count("energy_balls_consumed"), count("pomodoro_cycles"));
    let tally = Tally { day, completions, minutes, balls, xp: 0 };
    let at = moment(row, "created_at").or_else(|| moment(row, "date"))?.min(mapping.now);
    let parts = document(row, "task_details");
    let parts = parts.as_ref().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let parts = parts.iter().filter_map(Value::as_object).map(|part| self::part(mapping, part)).collect();
    Some(Report { number: int(row, "id").unwrap_or_default(), at, tally, cycles, parts })
}

fn part(mapping: &Mapping<'_>, row: &Row) -> Part {
    let count = |name| int(row, name).unwrap_or_default().clamp(0, COUNTER_MAX);
    let task = int(row, "taskId");
    let title = task.and_then(|task| mapping.titles.get(&task).map(String::as_str));
    Part {
        task,
        about: task.and_then(|task| mapping.links.of(Kind::Task, task)),
        title: title.or_else(|| text(row, "taskTitle")).unwrap_or_default().chars().take(TITLE_CHARS_MAX).collect(),
        minutes: count("battleTime"),
        balls: count("energyBalls"),
        cycles: count("cycles"),
    }
}

/// The day that a report is of: that whose midnight its date is; of a date with a time that is none, the person's day.
fn report_day(row: &Row, time_zone: &str) -> Option<Date> {
    let civil = civil(row, "date")?;
    let is_midnight = civil.minute() % 15 == 0 && civil.second() == 0 && civil.subsec_nanosecond() == 0;
    if is_midnight { midnight_of(row, "date") } else { moment(row, "date").map(|at| local_day(at, time_zone)) }
}
