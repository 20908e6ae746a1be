//! What is known of a space before an import goes into it: what earlier attempts brought, and what stands there now.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use domain::entity::{EntityRef, Kind};
use domain::hero::{HeroImport, PastActivity, Tally};
use domain::id::{EntityId, SpaceId};
use domain::task::{DaysImport, ImportedDay};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::days;
use crate::fault::Fault;

/// Under what name an import of totals says what stood in the legacy database then.
pub(super) const THERE: &str = "there";

/// Totals of the legacy database, or what of them was brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct There {
    /// XP of the hero.
    pub xp: i64,
    /// Tasks and habits completed.
    pub tasks_completed: i64,
    /// XP of skills.
    pub skills: BTreeMap<EntityId, i64>,
}

/// What earlier attempts at an import have brought of what is no entity of its own.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// XP and completed tasks of the hero; `None`: nothing yet.
    pub hero: Option<(i64, i64)>,
    /// What stood there when what an export had written was first found again, and since.
    pub there: There,
    /// XP of skills that something was brought to.
    pub skills: BTreeMap<EntityId, i64>,
    /// Lines of the log, by their number.
    pub past: BTreeSet<i64>,
    /// Days of the hero.
    pub hero_days: BTreeMap<Date, Tally>,
    /// Days of habits.
    pub habit_days: BTreeMap<(EntityId, Date), ImportedDay>,
    /// What was told of day reports beside the log: minutes, balls and cycles by day and number of the task.
    pub parts: BTreeMap<(Date, Option<i64>), (i64, i64, i64)>,
}

impl Before {
    /// The import told the hero this.
    pub fn told_hero(&mut self, import: HeroImport) {
        for day in &import.days {
            days::add(&mut self.hero_days, day.day, (day.completions, day.minutes, day.balls, day.xp));
        }
        let there = import.extras.get(THERE).cloned();
        self.there =
            there.and_then(|there| serde_json::from_value(there).ok()).unwrap_or(std::mem::take(&mut self.there));
        // Days come alone; the totals came first, with the moment since which they count.
        if import.created_at.is_some() || self.hero.is_some() {
            let (xp, tasks) = self.hero.unwrap_or_default();
            self.hero = Some((xp.saturating_add(import.xp), tasks.saturating_add(import.tasks_completed)));
        }
    }

    /// The import told a line.
    pub fn told_line(&mut self, past: &PastActivity) {
        self.past.insert(past.legacy_id);
        if let Some(report) = past.legacy.get("report") {
            let told = self.parts.entry((past.day, report.get("task").and_then(Value::as_i64))).or_default();
            *told = (told.0 + past.minutes, told.1 + past.balls, told.2 + past.cycles);
        }
    }

    /// The import told a habit this.
    pub fn told_habit(&mut self, habit: EntityId, import: DaysImport) {
        for day in import.days {
            match self.habit_days.get_mut(&(habit, day.day)) {
                None => drop(self.habit_days.insert((habit, day.day), day)),
                Some(known) => {
                    known.minutes += day.minutes;
                    known.balls += day.balls;
                    known.xp += day.xp;
                    known.completion = known.completion.take().or(day.completion);
                }
            }
        }
    }
}

/// What stands in the space, whoever did it.
#[derive(Clone, Debug, Default)]
pub struct Here {
    /// XP of the hero.
    pub xp: i64,
    /// Tasks and habits completed.
    pub tasks_completed: i64,
    /// The last day that energy was counted on.
    pub energy_day: Option<Date>,
    /// XP of skills.
    pub skills: BTreeMap<EntityId, i64>,
    /// Fields out of which something was taken.
    pub redacted: Vec<(EntityRef, String)>,
}

/// Integers of a space.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// Those that were asked for and are given.
    pub given: BTreeSet<(Kind, i64)>,
    /// The next that the space gives.
    pub next: i64,
    /// Those that rows of the legacy database have.
    pub(super) wanted: BTreeSet<(Kind, i64)>,
}

impl Numbers {
    /// Numbers of a space of which these are given.
    pub fn new(given: BTreeSet<(Kind, i64)>, next: i64) -> Self {
        Self { given, next, wanted: BTreeSet::new() }
    }

    /// The number that an entity gets: its own, unless that leads to another. In the legacy system tasks, skills and
    /// milestones may have the same; what got a number here shares it with nobody, and neither do goals.
    pub(super) fn free(&mut self, kind: Kind, number: i64) -> i64 {
        let is_other = |(other, given): &(Kind, i64)| {
            let one_of_theirs = self.wanted.contains(&(*other, *given));
            *given == number && (*other == kind || [kind, *other].contains(&Kind::Goal) || !one_of_theirs)
        };
        let mut number = number;
        if self.given.iter().any(is_other) {
            let above = self.wanted.iter().map(|(_, number)| number.saturating_add(1)).max().unwrap_or_default();
            number = self.next.max(above);
        }
        self.next = self.next.max(number.saturating_add(1));
        number
    }
}

/// What has to be known of a space that is not asked of any import.
pub trait Brought: Send + Sync {
    /// What this import has brought to the hero and to these skills and habits.
    fn before(
        &self,
        space: SpaceId,
        import: Uuid,
        of: (&[EntityId], &[EntityId]),
    ) -> impl Future<Output = Result<Before, Fault>> + Send;

    /// What this import has brought to the hero and to these skills since the log stood at a position with that hash;
    /// `None`: it never did.
    fn since(
        &self,
        space: SpaceId,
        import: Uuid,
        skills: &[EntityId],
        head: (i64, &str),
    ) -> impl Future<Output = Result<Option<There>, Fault>> + Send;

    /// What stands there.
    fn here(&self, space: SpaceId) -> impl Future<Output = Result<Here, Fault>> + Send;

    /// Which of these moments something was done at here.
    fn done_at(&self, space: SpaceId, moments: &[i64]) -> impl Future<Output = Result<BTreeSet<i64>, Fault>> + Send;

    /// Which of these integers entities have already, some aside.
    fn numbers(
        &self,
        space: SpaceId,
        numbers: &[i64],
        aside: &[EntityId],
    ) -> impl Future<Output = Result<Numbers, Fault>> + Send;
}
