//! What rows say beyond what is known: an import brings that and no more, however often it is done.

use std::collections::{BTreeMap, BTreeSet};

use domain::day_entry::DayEntry;
use domain::entity::{EntityRef, Kind};
use domain::hero::{PastActivity, Tally};
use domain::id::EntityId;
use domain::task::ImportedDay;
use jiff::civil::Date;
use serde_json::json;

use super::before::Before;
use super::days::{self, Habit, Report};
use super::history::Line;

/// Numbers of lines that one day report may get; they are less than zero, as no line of the log has.
const PARTS_MAX: i64 = 1_000;

/// Days of a space, by whose they are.
pub(super) type DaysHere = BTreeMap<(EntityId, Date), DayEntry>;

/// Days of the hero beyond what is known, each with what was brought of it before. A report that an export of this program
/// wrote holds what was done here, too.
pub(super) fn hero_days(
    (log, reports): (&BTreeMap<Date, Tally>, &BTreeMap<Date, Tally>),
    before: &Before,
    here: Option<(&DaysHere, EntityId)>,
) -> Vec<(Tally, Tally)> {
    let days: BTreeSet<Date> = log.keys().chain(reports.keys()).copied().collect();
    let more = |day: Date| {
        let none = Tally { day, completions: 0, minutes: 0, balls: 0, xp: 0 };
        let of = |days: &BTreeMap<Date, Tally>| days.get(&day).copied().unwrap_or(none);
        let (line, report, had) = (of(log), of(reports), of(&before.hero_days));
        let entry = here.and_then(|(days, hero)| days.get(&(hero, day)));
        let beyond = |amount: fn(&Tally) -> i64, stands: i64| {
            (amount(&line) - amount(&had)).max(amount(&report) - amount(&had).max(stands)).max(0)
        };
        let more = Tally {
            day,
            completions: beyond(|one| one.completions, entry.map_or(0, |entry| entry.completions)),
            minutes: beyond(|one| one.minutes, entry.map_or(0, |entry| entry.minutes)),
            balls: beyond(|one| one.balls, entry.map_or(0, |entry| entry.balls)),
            xp: (line.xp - had.xp).max(0),
        };
        (more != none).then_some((more, had))
    };
    days.into_iter().filter_map(more).collect()
}

/// Days of a habit beyond what is known, each with what was brought of it before.
pub(super) fn habit_days(
    habit: &Habit,
    lines: &[&Line],
    before: &Before,
    here: &DaysHere,
) -> Vec<(ImportedDay, Option<ImportedDay>)> {
    let more = |day: ImportedDay| {
        let had = before.habit_days.get(&(habit.id, day.day));
        let is_done_here = here.get(&(habit.id, day.day)).is_some_and(|entry| entry.completion.is_some());
        let is_known = is_done_here || had.is_some_and(|had| had.completion.is_some());
        let less = |amount: i64, of: fn(&ImportedDay) -> i64| (amount - had.map_or(0, of)).max(0);
        let more = ImportedDay {
            day: day.day,
            minutes: less(day.minutes, |had| had.minutes),
            balls: less(day.balls, |had| had.balls),
            xp: less(day.xp, |had| had.xp),
            completion: day.completion.filter(|_| !is_known),
        };
        let says = more.completion.is_some() || more.minutes + more.balls + more.xp > 0;
        says.then(|| (more, had.cloned()))
    };
    days::of_habit(habit, lines).into_values().filter_map(more).collect()
}

/// What day reports say of tasks, or of the day, beyond the log and what was told of them before: a line each, which says
/// whose words it is by the number of the report.
pub(super) fn of_reports(reports: &[Report], lines: &[Line], before: &Before) -> Vec<PastActivity> {
    let mut told: BTreeMap<(Date, Option<i64>), Amounts> = BTreeMap::new();
    for line in lines {
        let past = &line.past;
        told.entry((past.day, line.task)).or_default().add((past.minutes, past.balls, past.cycles));
    }
    let mut by_day: BTreeMap<Date, Vec<&Report>> = BTreeMap::new();
    for report in reports {
        by_day.entry(report.tally.day).or_default().push(report);
    }
    let mut more = Vec::new();
    for (day, reports) in by_day {
        // What has no number of its own would be told again and again.
        let Some(first) = reports.iter().find(|report| report.number > 0) else { continue };
        let mut number = next_number(first.number, before);
        for (task, part) in parts(day, &reports, &told) {
            let told = told.get(&(day, task)).copied().unwrap_or_default();
            let had = before.parts.get(&(day, task)).copied().unwrap_or_default();
            let beyond = part.amounts.beyond(told).beyond(Amounts::from(had));
            if beyond != Amounts::default() && number > PARTS_MAX * -first.number - PARTS_MAX {
                more.push(beyond.line(first, (task, &part), number));
                number -= 1;
            }
        }
    }
    more
}

/// Minutes, balls and cycles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Amounts {
    minutes: i64,
    balls: i64,
    cycles: i64,
}

/// What reports of a day say of a task.
#[derive(Clone, Debug, Default)]
struct Said {
    amounts: Amounts,
    about: Option<EntityId>,
    title: String,
}

/// The first number that is free for a line of a report.
fn next_number(report: i64, before: &Before) -> i64 {
    let last = PARTS_MAX * -report - PARTS_MAX;
    let given = before.past.range(last..PARTS_MAX * -report).next().copied();
    given.unwrap_or(PARTS_MAX * -report) - 1
}

/// What reports of a day say, by the number of the task; what is said of none is of the day.
fn parts(day: Date, reports: &[&Report], told: &BTreeMap<(Date, Option<i64>), Amounts>) -> BTreeMap<Option<i64>, Said> {
    let mut said: BTreeMap<Option<i64>, Said> = BTreeMap::new();
    for part in reports.iter().flat_map(|report| &report.parts) {
        let of = said.entry(part.task).or_default();
        of.amounts.add((part.minutes, part.balls, part.cycles));
        (of.about, of.title) = (part.about, part.title.clone());
    }
    let tasks: BTreeSet<i64> = told.keys().filter(|(of, _)| *of == day).filter_map(|(_, task)| *task).collect();
    let tasks = tasks.into_iter().chain(said.keys().copied().flatten()).collect::<BTreeSet<i64>>();
    let cycles = |task: i64| {
        let told = told.get(&(day, Some(task))).map_or(0, |told| told.cycles);
        told.max(said.get(&Some(task)).map_or(0, |said| said.amounts.cycles))
    };
    let of_tasks: i64 = tasks.into_iter().map(cycles).sum();
    let all: i64 = reports.iter().map(|report| report.cycles).sum();
    let rest = &mut said.entry(None).or_default().amounts;
    rest.cycles = rest.cycles.max(all - of_tasks);
    said
}

impl Amounts {
    fn add(&mut self, (minutes, balls, cycles): (i64, i64, i64)) {
        self.minutes = self.minutes.saturating_add(minutes);
        self.balls = self.balls.saturating_add(balls);
        self.cycles = self.cycles.saturating_add(cycles);
    }

    fn beyond(self, known: Self) -> Self {
        let less = |amount: i64, known: i64| (amount - known.max(0)).max(0);
        Self {
            minutes: less(self.minutes, known.minutes),
            balls: less(self.balls, known.balls),
            cycles: less(self.cycles, known.cycles),
        }
    }

    fn line(self, report: &Report, (task, said): (Option<i64>, &Said), number: i64) -> PastActivity {
        PastActivity {
            legacy_id: number,
            at: report.at,
            day: report.tally.day,
            about: said.about.map(|id| EntityRef::new(Kind::Task, id)),
            title: said.title.clone(),
            balls: self.balls,
            minutes: self.minutes,
            cycles: self.cycles,
            legacy: json!({ "report": { "id": report.number, "task": task } }),
            ..PastActivity::default()
        }
    }
}

impl From<(i64, i64, i64)> for Amounts {
    fn from((minutes, balls, cycles): (i64, i64, i64)) -> Self {
        Self { minutes, balls, cycles }
    }
}
