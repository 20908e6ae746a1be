//! What was done before, line by line of the legacy log.

use domain::entity::{EntityRef, Kind};
use domain::hero::PastActivity;
use domain::rules::day::local_day;
use serde_json::{Value, json};

use super::columns::{document, int, key, moment, text};
use super::map::Mapping;
use super::notes::About;
use super::source::Row;
use super::words::Reading;
use crate::transfer::state::COUNTER_MAX;

/// Lines of the log that say that a task or habit was done.
const COMPLETIONS: [&str; 3] = ["task_completed", "task_completed_with_pomodoro", "habit_completed"];
/// A line by which an export says that a completion was taken back; the legacy system writes none.
const TAKEN_BACK: &str = "task_uncompleted";
/// Characters of a title that only the log knows.
pub(super) const TITLE_CHARS_MAX: usize = 200;

/// A line of the legacy log.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) past: PastActivity,
    /// The number of its task, also of one that is gone.
    pub(super) task: Option<i64>,
    /// What it adds to what was completed: one, none, or one less.
    pub(super) completions: i64,
    /// Whether an export of this program wrote it.
    pub(super) is_marked: bool,
}

/// Takes the log over.
pub(super) fn map(mapping: &mut Mapping<'_>) {
    let mut rows: Vec<&Row> = mapping.account.rows("activity_logs").iter().collect();
    rows.sort_by_key(|row| (moment(row, "created_at").or(moment(row, "date")), int(row, "id")));
    let lines: Vec<Line> = rows.into_iter().filter_map(|row| line(mapping, row)).collect();
    let totals = &mut mapping.mapped.totals;
    totals.tasks_completed = totals.tasks_completed.max(lines.iter().map(|line| line.completions).sum());
    mapping.mapped.lines = lines;
}

fn line(mapping: &mut Mapping<'_>, row: &Row) -> Option<Line> {
    let about = About { table: "activity_logs", row: key(row, "id").unwrap_or_default() };
    let Some(legacy_id) = int(row, "id") else {
        mapping.notes.skipped(&about, "number_missing", "its id is no number; such a line would come again and again");
        return None;
    };
    let Some(at) = moment(row, "created_at").or(moment(row, "date")) else {
        mapping.notes.skipped(&about, "moment_missing", "a line without a time belongs to no day");
        return None;
    };
    if at > mapping.now {
        mapping.notes.changed(&about, "created_at", "in_the_future", "it is later than now, and now stands");
    }
    let at = at.min(mapping.now);
    let mut reading = Reading { row, about, notes: &mut mapping.notes };
    let xp = reading.number("exp_gained", -COUNTER_MAX, COUNTER_MAX).unwrap_or_default();
    let action = text(row, "action").unwrap_or("activity").to_owned();
    let details = document(row, "details")
        .unwrap_or_else(|| text(row, "description").map_or(Value::Null, |said| json!({ "description": said })));
    let completions = i64::from(COMPLETIONS.contains(&action.as_str())) - i64::from(action == TAKEN_BACK);
    let least = if completions < 0 { -COUNTER_MAX } else { 0 };
    let amount = |name: &str| details.get(name).and_then(Value::as_i64).unwrap_or_default().clamp(least, COUNTER_MAX);
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
    Some(Line { past, task, completions, is_marked: mapping.account.marks.has_line(legacy_id) })
}
