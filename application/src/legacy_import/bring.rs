//! Brings a mapped account: what of it is there already is looked for, and the rest is written, transaction by
//! transaction, each durable before the next. A transaction is known by what it says, so that one whose answer was lost is
//! found again; whatever cut an import off, the next attempt goes on where it was.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use domain::entity::{EntityRef, Kind};
use domain::hero::HeroImport;
use domain::id::{EntityId, SpaceId};
use domain::skill::SkillImport;
use jiff::civil::Date;
use serde_json::{Value, json};
use uuid::Uuid;

use super::commands::Making;
use super::map::{Imported, Mapped};
use crate::fault::Fault;
use crate::transfer::state::{DayRow, DayRows, LINE_DAYS_MAX, Made, Sending, Stopped, Target, Writer, take_chunk};

/// Rows of days that are read at once.
const DAYS_PAGE: i64 = 1_000;

/// What earlier attempts at an import have brought of what is no entity of its own.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// XP and completed tasks of the hero; `None`: nothing yet.
    pub hero: Option<(i64, i64)>,
    /// XP of core skills that something was brought to.
    pub skills: BTreeMap<EntityId, i64>,
    /// Lines of the log, by their number.
    pub past: BTreeSet<i64>,
}

/// What has to be known of a space that is not asked of any import.
pub trait Brought: Send + Sync {
    /// What this import has brought.
    fn before(&self, space: SpaceId, import: Uuid) -> impl Future<Output = Result<Before, Fault>> + Send;

    /// Which of these integers entities of the kind have already, core skills aside.
    fn numbers(
        &self,
        space: SpaceId,
        kind: Kind,
        numbers: &[i64],
    ) -> impl Future<Output = Result<BTreeSet<i64>, Fault>> + Send;
}

/// What an import comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Entities that are created, by kind.
    pub created: BTreeMap<Kind, u64>,
    /// Entities that are there already.
    pub present: u64,
    /// Core skills that something joins.
    pub joined: u64,
    /// Days of hero and habits.
    pub days: u64,
    /// Lines of the log.
    pub past: u64,
    /// XP that the hero gets.
    pub xp: i64,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Commands that are written.
    pub done: u64,
    /// Of so many.
    pub of: u64,
}

/// An account on its way.
#[derive(Debug)]
pub struct Bringing {
    sending: Sending,
    left: Vec<Made>,
    amounts: Amounts,
    progress: Progress,
}

impl Bringing {
    /// Looks what is there and prepares the rest; nothing is written yet.
    ///
    /// # Errors
    /// The store failed.
    pub async fn begin<T: Target + DayRows + Brought>(store: &T, mapped: Mapped, at: i64) -> Result<Self, Fault> {
        let (space, import) = (mapped.space, mapped.import);
        let before = store.before(space, import).await?;
        let mut preparing =
            Preparing { making: Making { space, import, at }, left: Vec::new(), amounts: Amounts::default() };
        preparing.hero(&mapped, &before);
        preparing.cores(&mapped, &before);
        preparing.entities(store, mapped.entities).await?;
        let there = days_there(store, space).await?;
        for (habit, days) in mapped.habit_days {
            let new: Vec<_> = days.into_iter().filter(|day| !there.contains(&(habit, day.day))).collect();
            preparing.amounts.days += new.len() as u64;
            let making = preparing.making;
            preparing.left.extend(new.chunks(LINE_DAYS_MAX).map(|chunk| making.habit_days(habit, chunk)));
        }
        let new = mapped.past.into_iter().filter(|past| !before.past.contains(&past.legacy_id));
        let past: Vec<Made> = new.map(|past| preparing.making.past(past)).collect();
        preparing.amounts.past = past.len() as u64;
        preparing.left.extend(past);
        let hero: EntityId = space.into();
        let new: Vec<_> = mapped.hero_days.into_iter().filter(|day| !there.contains(&(hero, day.day))).collect();
        preparing.amounts.days += new.len() as u64;
        let making = preparing.making;
        preparing.left.extend(new.chunks(LINE_DAYS_MAX).map(|chunk| making.hero_days(chunk)));
        let progress = Progress { done: 0, of: preparing.left.len() as u64 };
        let sending = Sending { space, import };
        Ok(Self { sending, left: preparing.left, amounts: preparing.amounts, progress })
    }

    /// What it comes to.
    pub fn amounts(&self) -> &Amounts {
        &self.amounts
    }

    /// Writes the next transaction; `None` when everything is there.
    ///
    /// # Errors
    /// See [`Stopped`]. What was written stays.
    pub async fn step<T: Target, W: Writer>(&mut self, store: &T, writer: &W) -> Result<Option<Progress>, Stopped> {
        let chunk = take_chunk(&mut self.left);
        let count = chunk.len() as u64;
        if count == 0 {
            return Ok(None);
        }
        let parcel = self.sending.pack(chunk);
        let name: String = parcel.digest.iter().map(|byte| format!("{byte:02x}")).collect();
        self.sending.send(&name, parcel, store, writer).await?;
        self.progress.done += count;
        Ok(Some(self.progress))
    }
}

/// What is still to be written, while it is gathered.
struct Preparing {
    making: Making,
    left: Vec<Made>,
    amounts: Amounts,
}

impl Preparing {
    /// The first time everything; later what has come to the totals since.
    fn hero(&mut self, mapped: &Mapped, before: &Before) {
        let totals = &mapped.totals;
        let Some((xp, tasks_completed)) = before.hero else {
            self.amounts.xp = totals.xp;
            self.left.push(self.making.settings(mapped.settings.clone()));
            self.left.push(self.making.totals(totals.clone(), &Value::Null));
            return;
        };
        let (xp_more, tasks_more) = ((totals.xp - xp).max(0), (totals.tasks_completed - tasks_completed).max(0));
        if (xp_more, tasks_more) != (0, 0) {
            self.amounts.xp = xp_more;
            let more = HeroImport { xp: xp_more, tasks_completed: tasks_more, ..HeroImport::default() };
            self.left.push(self.making.totals(more, &json!({ "xp": xp, "tasks_completed": tasks_completed })));
        }
    }

    fn cores(&mut self, mapped: &Mapped, before: &Before) {
        for core in &mapped.cores {
            let Some(xp) = before.skills.get(&core.id).copied() else {
                self.amounts.joined += 1;
                let made = self.making.core(core.clone());
                self.left.extend(made);
                continue;
            };
            if core.import.xp > xp {
                self.amounts.joined += 1;
                let more = SkillImport { xp: core.import.xp - xp, ..SkillImport::default() };
                self.left.push(self.making.gathered(core.id, more, &json!({ "xp": xp })));
            }
        }
    }

    async fn entities<T: Target + Brought>(&mut self, store: &T, all: Vec<Imported>) -> Result<(), Fault> {
        let Making { space, import, .. } = self.making;
        let names: Vec<EntityRef> = all.iter().map(|one| EntityRef::new(one.kind, one.id)).collect();
        let taken = store.taken(space, import, &names).await?;
        let taken: BTreeSet<EntityRef> = taken.into_iter().map(|taken| taken.entity).collect();
        self.amounts.present = taken.len() as u64;
        let new: Vec<Imported> =
            all.into_iter().filter(|one| !taken.contains(&EntityRef::new(one.kind, one.id))).collect();
        let mut given = BTreeMap::new();
        for kind in [Kind::Skill, Kind::Goal, Kind::Milestone, Kind::Task] {
            let wanted: Vec<i64> = new.iter().filter(|one| one.kind == kind).filter_map(|one| one.number).collect();
            given.insert(kind, store.numbers(space, kind, &wanted).await?);
        }
        for mut one in new {
            // Somebody else got that number here meanwhile; this one gets the next.
            if let Some(number) =
                one.number.filter(|number| given.get(&one.kind).is_some_and(|given| given.contains(number)))
            {
                one.kept.extras.entry("id").or_insert_with(|| number.into());
                one.number = None;
            }
            *self.amounts.created.entry(one.kind).or_default() += 1;
            self.left.push(self.making.entity(one));
        }
        Ok(())
    }
}

/// Days that the space has, of whatever entity.
async fn days_there<T: DayRows>(store: &T, space: SpaceId) -> Result<BTreeSet<(EntityId, Date)>, Fault> {
    let mut there = BTreeSet::new();
    let mut after = None;
    loop {
        let page = store.days(space, None, after, DAYS_PAGE).await?;
        after = page.rows.last().map(DayRow::key);
        let read = page.rows.len() as i64;
        there.extend(page.rows.into_iter().map(|row| (row.id, row.day)));
        if read < DAYS_PAGE {
            return Ok(there);
        }
    }
}
