//! What was done before, from the legacy log: the days of habits, of which nothing else tells, the days of the hero, and
//! the log itself.

use std::collections::BTreeMap;

use domain::completion::Completion;
use domain::entity::{EntityRef, Kind};
use domain::hero::{PastActivity, Tally};
use domain::rules::day::local_day;
use domain::task::ImportedDay;
use jiff::civil::{Date, Time};
use serde_json::{Value, json};

use super::columns::{civil, flag, int, key, moment, text};
use super::map::Mapping;
use super::notes::{About, Fate};
use super::source::Row;
use super::tasks::note_lost;
use super::words::Reading;
use crate::transfer::state::COUNTER_MAX;

/// Lines of the log that say that a task or habit was done.
const COMPLETIONS: [&str; 3] = ["task_completed", "task_completed_with_pomodoro", "habit_completed"];
/// Characters of a title that only the log knows.
const TITLE_CHARS_MAX: usize = 200;

/// A line of the legacy log.
struct Line {
    past: PastActivity,
    task: Option<i64>,
    is_completion: bool,
}

/// Takes the history over: habits, hero, log.
pub(super) fn map(mapping: &mut Mapping<'_>) {
    let mut rows: Vec<&Row> = mapping.account.rows("activity_logs").iter().collect();
    rows.sort_by_key(|row| (moment(row, "created_at").or(moment(row, "date")), int(row, "id")));
    let lines: Vec<Line> = rows.into_iter().filter_map(|row| line(mapping, row)).collect();
    habit_days(mapping, &lines);
    hero_days(mapping, &lines);
    let totals = &mut mapping.mapped.totals;
    let completed = lines.iter().filter(|line| line.is_completion).count();
    totals.tasks_completed = totals.tasks_completed.max(i64::try_from(completed).unwrap_or(i64::MAX));
    mapping.mapped.past = lines.into_iter().map(|line| line.past).collect();
}

fn line(mapping: &mut Mapping<'_>, row: &Row) -> Option<Line> {
    let about = About { table: "activity_logs", row: key(row, "id").unwrap_or_default() };
    let Some(legacy_id) = int(row, "id") else {
        mapping.notes.skipped(&about, "number_missing", "a line without a number would come again and again");
        return None;
    };
    let Some(at) = moment(row, "created_at").or(moment(row, "date")) else {
        mapping.notes.skipped(&about, "moment_missing", "a line without a time belongs to no day");
        return None;
    };
    let mut reading = Reading { row, about, notes: &mut mapping.notes };
    let xp = reading.number("exp_gained", -COUNTER_MAX, COUNTER_MAX).unwrap_or_default();
    let action = text(row, "action").unwrap_or("activity").to_owned();
    let said = row.get("details").filter(|details| !details.is_null()).cloned();
    let details =
        said.unwrap_or_else(|| text(row, "description").map_or(Value::Null, |said| json!({ "description": said })));
    let amount = |name: &str| details.get(name).and_then(Value::as_i64).unwrap_or_default().clamp(0, COUNTER_MAX);
    let task = int(row, "task_id");
    let known = task.and_then(|task| mapping.links.of(Kind::Task, task));
    let is_focus = action.contains("pomodoro");
    let told = details.get("description").and_then(Value::as_str).unwrap_or_default();
    let title = task.and_then(|task| mapping.titles.get(&task).cloned());
    let past = PastActivity {
        legacy_id,
        at,
        day: local_day(at, mapping.time_zone),
        about: known.map(|id| EntityRef::new(Kind::Task, id)),
        title: title.unwrap_or_else(|| told.chars().take(TITLE_CHARS_MAX).collect()),
        skill_id: int(row, "skill_id").and_then(|skill| mapping.links.of(Kind::Skill, skill)),
        xp,
        balls: amount("energyBalls"),
        // Of a task that was done, the log holds what was planned for it.
        minutes: if is_focus { amount("duration") } else { 0 },
        cycles: amount("cycles"),
        legacy: json!({ "action": action, "details": details }),
    };
    let is_completion = COMPLETIONS.contains(&action.as_str());
    Some(Line { past, task, is_completion })
}

/// The days of each habit: those of which the log tells that it was done, and the last that its own row knows.
fn habit_days(mapping: &mut Mapping<'_>, lines: &[Line]) {
    let mut days: BTreeMap<i64, BTreeMap<Date, ImportedDay>> = BTreeMap::new();
    for line in lines {
        let Some(habit) = line.task.filter(|task| mapping.habits.contains_key(task)) else { continue };
        let past = &line.past;
        let day = days.entry(habit).or_default().entry(past.day).or_insert_with(|| empty(past.day));
        day.minutes += past.minutes;
        day.balls += past.balls;
        day.xp += past.xp.max(0);
        if line.is_completion {
            day.completion.get_or_insert_with(|| done(past.at, past.day, past.skill_id));
        }
    }
    let habits = std::mem::take(&mut mapping.habits);
    for (number, row) in &habits {
        let own = days.entry(*number).or_default();
        let is_done = flag(row, "completed").unwrap_or_default();
        let last = [moment(row, "last_completed_at"), moment(row, "completed_at").filter(|_| is_done)];
        if is_done && last.iter().all(Option::is_none) {
            let about = About { table: "tasks", row: number.to_string() };
            let message = "it is done without a time; only the log tells its days";
            mapping.notes.changed(&about, "completed_at", "moment_missing", message);
        }
        for at in last.into_iter().flatten() {
            let day = local_day(at, mapping.time_zone);
            own.entry(day).or_insert_with(|| empty(day)).completion.get_or_insert_with(|| done(at, day, None));
        }
        let found = own.values().filter(|day| day.completion.is_some()).count();
        note_lost(mapping, *number, int(row, "completion_count").unwrap_or_default(), found);
        let id = mapping.links.of(Kind::Task, *number);
        let days = days.remove(number).map(|days| days.into_values().collect::<Vec<_>>()).unwrap_or_default();
        mapping.mapped.habit_days.extend(id.filter(|_| !days.is_empty()).map(|id| (id, days)));
    }
    mapping.habits = habits;
}

fn empty(day: Date) -> ImportedDay {
    ImportedDay { day, minutes: 0, balls: 0, xp: 0, completion: None }
}

/// What is imported granted nothing: that came with the totals.
fn done(moment: i64, day: Date, skill_id: Option<domain::id::EntityId>) -> Completion {
    Completion { moment, day, xp: 0, skill_id, balls: 0 }
}

/// The days of the hero. The log knows the XP; of the rest, what log or day report knows more of.
fn hero_days(mapping: &mut Mapping<'_>, lines: &[Line]) {
    let none = |day| Tally { day, completions: 0, minutes: 0, balls: 0, xp: 0 };
    let mut days: BTreeMap<Date, Tally> = BTreeMap::new();
    for Line { past, is_completion, .. } in lines {
        let tally = days.entry(past.day).or_insert_with(|| none(past.day));
        tally.completions += i64::from(*is_completion);
        tally.minutes += past.minutes;
        tally.balls += past.balls;
        tally.xp += past.xp.max(0);
    }
    for (day, report) in reports(mapping) {
        let tally = days.entry(day).or_insert_with(|| none(day));
        tally.completions = tally.completions.max(report.completions);
        tally.minutes = tally.minutes.max(report.minutes);
        tally.balls = tally.balls.max(report.balls);
    }
    mapping.mapped.hero_days = days.into_values().collect();
}

/// The day reports; several of one day are added up.
fn reports(mapping: &mut Mapping<'_>) -> BTreeMap<Date, Tally> {
    let mut days: BTreeMap<Date, Tally> = BTreeMap::new();
    for row in mapping.account.rows("daily_battle_reports") {
        let about = About { table: "daily_battle_reports", row: key(row, "id").unwrap_or_default() };
        let Some(day) = report_day(row, mapping.time_zone) else {
            mapping.notes.skipped(&about, "moment_missing", "a report without a date belongs to no day");
            continue;
        };
        let mut reading = Reading { row, about: about.clone(), notes: &mut mapping.notes };
        let mut count = |column| reading.number(column, 0, COUNTER_MAX).unwrap_or_default();
        let (completions, minutes) = (count("tasks_completed"), count("total_battle_time"));
        let balls = count("energy_balls_consumed");
        if days.contains_key(&day) {
            mapping.notes.add(&about, None, (Fate::Merged, "report_added"), "another report is of the same day");
        }
        let tally = days.entry(day).or_insert(Tally { day, completions: 0, minutes: 0, balls: 0, xp: 0 });
        tally.completions += completions;
        tally.minutes += minutes;
        tally.balls += balls;
    }
    days
}

/// The day that a report is of: its date, or, where it is the midnight of another zone, the person's day at that moment.
fn report_day(row: &Row, time_zone: &str) -> Option<Date> {
    let civil = civil(row, "date")?;
    if civil.time() == Time::midnight() {
        return Some(civil.date());
    }
    moment(row, "date").map(|at| local_day(at, time_zone))
}
