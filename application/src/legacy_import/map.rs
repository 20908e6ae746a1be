//! The rows of an account, made into what an import brings. Nothing is asked and nothing written here.

use std::collections::{BTreeMap, BTreeSet};

use domain::entity::{EntityRef, Kept, Kind};
use domain::hero::HeroImport;
use domain::id::{EntityId, SpaceId};
use domain::skill::SkillImport;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::columns::{int, key};
use super::days::{Habit, Report};
use super::history::Line;
use super::ids::{account_id, entity_id, import_id};
use super::links::Links;
use super::notes::{About, Fate, Notes};
use super::person::Person;
use super::source::{LegacyAccount, Row};
use super::wrote::{Written, written};
use super::{days, goals, hero, history, skills, tasks};

/// An entity as the import creates it.
#[derive(Clone, Debug)]
pub(super) struct Imported {
    pub(super) kind: Kind,
    pub(super) id: EntityId,
    /// The integer that it keeps; `None`: it gets the next.
    pub(super) number: Option<i64>,
    pub(super) created_at: i64,
    pub(super) fields: Map<String, Value>,
    pub(super) kept: Kept,
}

impl Imported {
    /// Its name.
    pub(super) fn name(&self) -> EntityRef {
        EntityRef::new(self.kind, self.id)
    }
}

/// What joins a core skill.
#[derive(Clone, Debug)]
pub(super) struct Core {
    pub(super) id: EntityId,
    pub(super) fields: Map<String, Value>,
    pub(super) import: SkillImport,
}

/// An account, ready to be brought.
#[derive(Clone, Debug)]
pub struct Mapped {
    /// Who it is.
    pub person: Person,
    /// What was done to rows that could not be taken as they are.
    pub notes: Notes,
    /// Legacy rows that it was made of.
    pub rows: u64,
    pub(super) space: SpaceId,
    pub(super) import: Uuid,
    pub(super) settings: Map<String, Value>,
    pub(super) totals: HeroImport,
    pub(super) cores: Vec<Core>,
    pub(super) entities: Vec<Imported>,
    /// Whether an export of this program wrote rows of it.
    pub(super) is_marked: bool,
    /// The totals that it wrote, if it noted them.
    pub(super) written: Option<Written>,
    pub(super) lines: Vec<Line>,
    pub(super) habits: Vec<Habit>,
    pub(super) reports: Vec<Report>,
}

/// An account while it is mapped.
pub(super) struct Mapping<'a> {
    pub(super) account: &'a LegacyAccount,
    pub(super) space: SpaceId,
    pub(super) import: Uuid,
    pub(super) time_zone: &'a str,
    pub(super) now: i64,
    pub(super) notes: Notes,
    pub(super) links: Links,
    pub(super) mapped: Mapped,
    /// Rows that became a core skill, and those that became one with such.
    pub(super) core_rows: Vec<Row>,
    pub(super) doubles: Vec<Row>,
    /// Rows of habits.
    pub(super) habits: BTreeMap<i64, Row>,
    pub(super) titles: BTreeMap<i64, String>,
}

/// Maps an account, whose days are those of this time zone. Whoever wishes to be deleted has so many days of grace.
pub fn map(account: &LegacyAccount, time_zone: &str, (now, grace_days): (i64, i64)) -> Mapped {
    let mut notes = Notes::default();
    let person = Person::of(account, (now, grace_days), &mut notes);
    let space = account_id(&person.legacy_id).into();
    let mut mapping = Mapping {
        account,
        space,
        import: import_id(space),
        time_zone,
        now,
        notes,
        links: Links::default(),
        mapped: Mapped::of(person, space, account.count()),
        core_rows: Vec::new(),
        doubles: Vec::new(),
        habits: BTreeMap::new(),
        titles: BTreeMap::new(),
    };
    skills::map(&mut mapping);
    goals::map(&mut mapping);
    goals::milestones(&mut mapping);
    tasks::map(&mut mapping);
    hero::map(&mut mapping);
    history::map(&mut mapping);
    days::map(&mut mapping);
    number(&mut mapping);
    note_left_out(&mut mapping);
    mapping.mapped.written = written(&mapping);
    Mapped { notes: mapping.notes, is_marked: !account.marks.is_empty(), ..mapping.mapped }
}

impl Mapping<'_> {
    /// The entity of a row: the one that it was exported for, else the one that follows from its number.
    pub(super) fn entity_id(&self, kind: Kind, row: i64) -> EntityId {
        self.account.marks.of(kind, row).unwrap_or_else(|| entity_id(self.space, kind, row))
    }
}

impl Mapped {
    fn of(person: Person, space: SpaceId, rows: u64) -> Self {
        Self {
            person,
            notes: Notes::default(),
            rows,
            space,
            import: import_id(space),
            settings: Map::new(),
            totals: HeroImport::default(),
            cores: Vec::new(),
            entities: Vec::new(),
            is_marked: false,
            written: None,
            lines: Vec::new(),
            habits: Vec::new(),
            reports: Vec::new(),
        }
    }

    /// Every skill that it brings something to.
    pub(super) fn skills(&self) -> Vec<EntityId> {
        let others = self.entities.iter().filter(|one| one.kind == Kind::Skill).map(|one| one.id);
        self.cores.iter().map(|core| core.id).chain(others).collect()
    }

    /// The integers that its entities are to have.
    pub(super) fn numbers(&self) -> BTreeSet<(Kind, i64)> {
        let cores = self.cores.iter().filter_map(|core| Some((Kind::Skill, core.import.legacy_id?)));
        cores.chain(self.entities.iter().filter_map(|one| Some((one.kind, one.number?)))).collect()
    }

    /// The space that it goes into.
    pub fn space(&self) -> SpaceId {
        self.space
    }
}

/// Integers: those of tasks, skills and milestones stay. A goal whose number one of these has gets another above all, as
/// do core skills that the account did not have, because the numbers that they were founded with may be taken.
fn number(mapping: &mut Mapping<'_>) {
    let tables = ["tasks", "skills", "milestones"];
    let of = |table: &str| mapping.account.rows(table).iter().filter_map(|row| int(row, "id")).collect::<Vec<_>>();
    let fixed: BTreeSet<i64> = tables.iter().flat_map(|table| of(table)).collect();
    let above = fixed.iter().copied().chain(of("goals")).max().unwrap_or_default().max(6);
    let mut next = above.saturating_add(1);
    for goal in mapping.mapped.entities.iter_mut().filter(|one| one.kind == Kind::Goal) {
        let Some(old) = goal.number.filter(|number| fixed.contains(number)) else { continue };
        let about = About { table: "goals", row: old.to_string() };
        let message = format!("another entity of the account has this number; its number is {next} now");
        mapping.notes.add(&about, Some("id"), (Fate::Changed, "number_shifted"), message);
        goal.kept.extras.insert("id".to_owned(), old.into());
        goal.number = Some(next);
        next = next.saturating_add(1);
    }
    for number in 1..=domain::founding::CORE_SKILLS.len() {
        let id = domain::founding::core_skill_id(mapping.space, number);
        if mapping.mapped.cores.iter().all(|core| core.id != id) {
            let import = SkillImport { legacy_id: Some(next), ..SkillImport::default() };
            mapping.mapped.cores.push(Core { id, fields: Map::new(), import });
            next = next.saturating_add(1);
        }
    }
}

/// Notes what nothing here has a place for.
fn note_left_out(mapping: &mut Mapping<'_>) {
    for table in ["achievements", "user_states", "micro_task_completions"] {
        let count = mapping.account.rows(table).len();
        if count > 0 {
            let about = About { table, row: key(&mapping.account.user, "id").unwrap_or_default() };
            mapping.notes.skipped(&about, "table_left_out", format!("{count} rows have no place here"));
        }
    }
}
