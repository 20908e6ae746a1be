//! Brings a mapped account: what of it is there already is looked for, and the rest is written, transaction by
//! transaction, each durable before the next. A transaction is known by what it says, so that one whose answer was lost is
//! found again; whatever cut an import off, the next attempt goes on where it was.

use std::collections::{BTreeMap, BTreeSet};

use domain::entity::{EntityRef, Kind};
use domain::id::{EntityId, SpaceId};

use super::before::{Before, Brought, Here, Numbers};
use super::commands::Making;
use super::days;
use super::history::Line;
use super::map::{Imported, Mapped};
use super::more::{self, DaysHere};
use super::totals::Totals;
use super::veils::Veils;
use super::wrote;
use crate::fault::Fault;
use crate::transfer::state::{DayRow, DayRows, LINE_DAYS_MAX, Made, Sending, Stopped, Target, Writer, take_chunk};

/// Rows of days that are read at once.
const DAYS_PAGE: i64 = 1_000;

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
        let mut preparing =
            Preparing { making: Making { space, import, at }, left: Vec::new(), amounts: Amounts::default() };
        let known = Known::of(store, &mapped).await?;
        let mut numbers = known.numbers(store, &mapped).await?;
        preparing.totals(&mapped, &known, &mut numbers);
        preparing.entities(&mapped, &known, &mut numbers);
        preparing.days(&mapped, &known);
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

/// What is known of a space before an import goes into it.
struct Known {
    before: Before,
    here: Here,
    days: DaysHere,
    taken: BTreeSet<EntityRef>,
    /// Lines of the log that tell what was done here.
    ours: BTreeSet<i64>,
    /// Totals that are known since this space was exported.
    exported: Option<wrote::Known>,
    /// Whether the rows that an export wrote are rows of this space.
    is_origin: bool,
}

impl Known {
    async fn of<T: Target + DayRows + Brought>(store: &T, mapped: &Mapped) -> Result<Self, Fault> {
        let (space, import) = (mapped.space, mapped.import);
        let skills = mapped.skills();
        let habits: Vec<EntityId> = mapped.habits.iter().map(|habit| habit.id).collect();
        let before = store.before(space, import, (&skills, &habits)).await?;
        let here = store.here(space).await?;
        let days = days_here(store, space).await?;
        let names: Vec<EntityRef> = mapped.entities.iter().map(Imported::name).collect();
        let taken = store.taken(space, import, &names).await?;
        let taken: BTreeSet<EntityRef> = taken.into_iter().map(|taken| taken.entity).collect();
        let ours = ours(store, space, &mapped.lines, &before).await?;
        let has_lived = here.xp > 0 || here.tasks_completed > 0 || !taken.is_empty() || !ours.is_empty();
        let exported = exported(store, mapped, &skills).await?;
        let is_origin = exported.is_some() || (mapped.is_marked && (before.hero.is_some() || has_lived));
        Ok(Self { before, here, days, taken, ours, exported, is_origin })
    }
}

impl Known {
    /// The integers of the space. Core skills that nothing was brought to give those up that they were founded with.
    async fn numbers<T: Brought>(&self, store: &T, mapped: &Mapped) -> Result<Numbers, Fault> {
        let wanted = mapped.numbers();
        let cores = mapped.cores.iter().map(|core| core.id);
        let aside: Vec<EntityId> = cores.filter(|id| !self.is_origin && !self.before.skills.contains_key(id)).collect();
        let asked: Vec<i64> = wanted.iter().map(|(_, number)| *number).collect();
        let numbers = store.numbers(mapped.space, &asked, &aside).await?;
        Ok(Numbers { wanted, ..numbers })
    }
}

/// The totals that an export of this very space wrote, and what was brought since.
async fn exported<T: Brought>(store: &T, mapped: &Mapped, skills: &[EntityId]) -> Result<Option<wrote::Known>, Fault> {
    let Some(written) = &mapped.written else { return Ok(None) };
    let head = (written.position, written.hash.as_str());
    let brought = store.since(mapped.space, mapped.import, skills, head).await?;
    Ok(brought.map(|brought| written.and(&brought)))
}

/// Lines that an export wrote of what was done in this very space.
async fn ours<T: Brought>(store: &T, space: SpaceId, lines: &[Line], before: &Before) -> Result<BTreeSet<i64>, Fault> {
    let marked = || lines.iter().filter(|line| line.is_marked && !before.past.contains(&line.past.legacy_id));
    let moments: Vec<i64> = marked().map(|line| line.past.at).collect();
    if moments.is_empty() {
        return Ok(BTreeSet::new());
    }
    let done = store.done_at(space, &moments).await?;
    Ok(marked().filter(|line| done.contains(&line.past.at)).map(|line| line.past.legacy_id).collect())
}

/// What is still to be written, while it is gathered.
struct Preparing {
    making: Making,
    left: Vec<Made>,
    amounts: Amounts,
}

impl Preparing {
    /// Skills come before the hero: with its totals it is noted what stood in the legacy database.
    fn totals(&mut self, mapped: &Mapped, known: &Known, numbers: &mut Numbers) {
        let (making, is_origin) = (self.making, known.is_origin);
        let exported = known.exported.as_ref();
        let totals = Totals { making, before: &known.before, here: &known.here, exported, is_origin };
        for mut core in mapped.cores.iter().cloned() {
            core.import.legacy_id = core.import.legacy_id.map(|number| numbers.free(Kind::Skill, number));
            self.left.extend(totals.core(core));
        }
        let there = mapped.entities.iter().filter(|one| known.taken.contains(&one.name()));
        self.left.extend(there.filter_map(|one| totals.grown(one)));
        let joined: BTreeSet<EntityRef> = self.left.iter().map(|made| made.request.target).collect();
        self.amounts.joined = joined.len() as u64;
        let (xp, made) = totals.hero(mapped);
        self.amounts.xp = xp;
        self.left.extend(made);
    }

    fn entities(&mut self, mapped: &Mapped, known: &Known, numbers: &mut Numbers) {
        self.amounts.present = known.taken.len() as u64;
        for mut one in mapped.entities.iter().filter(|one| !known.taken.contains(&one.name())).cloned() {
            if let Some(number) = one.number {
                let free = numbers.free(one.kind, number);
                if free != number {
                    one.kept.extras.entry("id").or_insert_with(|| number.into());
                    one.number = Some(free);
                }
            }
            *self.amounts.created.entry(one.kind).or_default() += 1;
            self.left.push(self.making.entity(one));
        }
    }

    fn days(&mut self, mapped: &Mapped, known: &Known) {
        let making = self.making;
        let lines: Vec<&Line> = mapped.lines.iter().filter(|line| !known.ours.contains(&line.past.legacy_id)).collect();
        for habit in &mapped.habits {
            let new = more::habit_days(habit, &lines, &known.before, &known.days);
            self.amounts.days += new.len() as u64;
            self.left.extend(new.chunks(LINE_DAYS_MAX).map(|chunk| making.habit_days(habit.id, chunk)));
        }
        let told = lines.iter().map(|line| line.past.clone());
        let told = told.chain(more::of_reports(&mapped.reports, &mapped.lines, &known.before));
        let new = told.filter(|past| !known.before.past.contains(&past.legacy_id));
        let veils = Veils::of(mapped, &known.here);
        let past: Vec<Made> = new.map(|past| making.past(veils.over(past))).collect();
        self.amounts.past = past.len() as u64;
        self.left.extend(past);
        let reports = days::of_reports(&mapped.reports);
        let here = known.is_origin.then_some((&known.days, mapped.space.into()));
        let new = more::hero_days((&days::of_log(&lines), &reports), &known.before, here);
        self.amounts.days += new.len() as u64;
        self.left.extend(new.chunks(LINE_DAYS_MAX).map(|chunk| making.hero_days(chunk)));
    }
}

/// The days of the space, of whatever entity.
async fn days_here<T: DayRows>(store: &T, space: SpaceId) -> Result<DaysHere, Fault> {
    let mut here = DaysHere::new();
    let mut after = None;
    loop {
        let page = store.days(space, None, after, DAYS_PAGE).await?;
        after = page.rows.last().map(DayRow::key);
        let read = page.rows.len() as i64;
        here.extend(page.rows.into_iter().map(|row| ((row.id, row.day), row.entry)));
        if read < DAYS_PAGE {
            return Ok(here);
        }
    }
}
