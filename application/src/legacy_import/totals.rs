//! Totals of the hero and of skills: the first time everything, later by what they have grown. What an export of this
//! program wrote holds what was done here, and that is not brought again.

use domain::entity::Kind;
use domain::hero::HeroImport;
use domain::id::EntityId;
use domain::skill::SkillImport;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::before::{Before, Here, THERE, There};
use super::commands::Making;
use super::map::{Core, Imported, Mapped};
use super::wrote::Known;
use crate::transfer::state::Made;

/// What totals are held against.
pub(super) struct Totals<'a> {
    pub(super) making: Making,
    pub(super) before: &'a Before,
    pub(super) here: &'a Here,
    /// What is known since the space was exported, if the export noted what it wrote.
    pub(super) exported: Option<&'a Known>,
    /// Whether the rows are those of this space, which an export wrote.
    pub(super) is_origin: bool,
}

impl Totals<'_> {
    /// XP of a skill that are known: brought before, or of here, or noted.
    fn of_skill(&self, id: EntityId) -> i64 {
        if let Some(known) = self.exported.and_then(|exported| exported.skills.get(&id)) {
            return *known;
        }
        let brought = self.before.skills.get(&id).copied().unwrap_or_default();
        if !self.is_origin {
            return brought;
        }
        let stands = self.here.skills.get(&id).copied().unwrap_or_default();
        brought.max(stands).max(self.before.there.skills.get(&id).copied().unwrap_or_default())
    }

    /// What a core skill is, and what it has gathered.
    pub(super) fn core(&self, core: Core) -> Vec<Made> {
        let known = self.of_skill(core.id);
        if self.before.skills.contains_key(&core.id) {
            return self.gathered(core.id, core.import.xp, known).into_iter().collect();
        }
        if !self.is_origin {
            return self.making.core(core);
        }
        // It is this space's own; a number that it does not have there is no other here.
        self.gathered(core.id, core.import.xp, known).into_iter().collect()
    }

    /// What a skill that is here has gathered since.
    pub(super) fn grown(&self, one: &Imported) -> Option<Made> {
        let is_known = self.is_origin || self.before.skills.contains_key(&one.id);
        let known = self.of_skill(one.id);
        (one.kind == Kind::Skill && is_known).then(|| self.gathered(one.id, one.kept.xp, known))?
    }

    fn gathered(&self, id: EntityId, xp: i64, known: i64) -> Option<Made> {
        let more = SkillImport { xp: xp - known, ..SkillImport::default() };
        (more.xp > 0).then(|| self.making.gathered(id, more, &self.had(json!({ "xp": known }))))
    }

    /// What was known, and since when: the same growth of the same totals after another export is another.
    fn had(&self, mut known: Value) -> Value {
        if let Some(exported) = self.exported {
            known["since"] = exported.position.into();
        }
        known
    }

    /// What the hero is and has gathered, and how much XP is new.
    pub(super) fn hero(&self, mapped: &Mapped) -> (i64, Vec<Made>) {
        let totals = &mapped.totals;
        let is_first = self.before.hero.is_none();
        if is_first && !self.is_origin {
            let settings = self.making.settings(mapped.settings.clone());
            return (totals.xp, vec![settings, self.making.totals(totals.clone(), &Value::Null)]);
        }
        let (xp, tasks_completed) = self.known();
        let (xp_more, tasks_more) = ((totals.xp - xp).max(0), (totals.tasks_completed - tasks_completed).max(0));
        let mut more = HeroImport { xp: xp_more, tasks_completed: tasks_more, ..HeroImport::default() };
        if is_first {
            let is_later = |(day, _): &(Date, i64)| self.here.energy_day.is_none_or(|known| *day > known);
            more.energy = totals.energy.filter(is_later);
            (more.created_at, more.extras) = (totals.created_at, totals.extras.clone());
        }
        let there = self.there(mapped);
        // An export that noted what it wrote says that better.
        if self.is_origin && self.exported.is_none() && there != self.before.there {
            more.extras.insert(THERE.to_owned(), json!(there));
        }
        if more == HeroImport::default() {
            return (0, Vec::new());
        }
        let had = self.had(json!({ "xp": xp, "tasks_completed": tasks_completed, "there": self.before.there }));
        (xp_more, vec![self.making.totals(more, &had)])
    }

    /// XP and completed tasks of the hero that are known.
    fn known(&self) -> (i64, i64) {
        if let Some(known) = self.exported.and_then(|exported| exported.hero) {
            return known;
        }
        let (xp, tasks) = self.before.hero.unwrap_or_default();
        if !self.is_origin {
            return (xp, tasks);
        }
        let (here, there) = (self.here, &self.before.there);
        (xp.max(here.xp).max(there.xp), tasks.max(here.tasks_completed).max(there.tasks_completed))
    }

    fn there(&self, mapped: &Mapped) -> There {
        let entities = mapped.entities.iter().filter(|one| one.kind == Kind::Skill);
        let skills =
            mapped.cores.iter().map(|core| (core.id, core.import.xp)).chain(entities.map(|one| (one.id, one.kept.xp)));
        There {
            xp: mapped.totals.xp,
            tasks_completed: mapped.totals.tasks_completed,
            skills: skills.filter(|(_, xp)| *xp > 0).collect(),
        }
    }
}
