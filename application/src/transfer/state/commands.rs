//! Lines become commands: ids are mapped, references to what the export does not have are left out.

use std::collections::BTreeMap;

use domain::completion::Completion;
use domain::entity::{Command, EntityRef, Import, Kind, LifecycleCommand};
use domain::follow_up::life;
use domain::hero::{HeroCommand, HeroImport, Tally};
use domain::id::{CommandId, EntityId};
use domain::skill::{SkillCommand, SkillImport};
use domain::task::{DaysImport, ImportedDay, TaskCommand};
use domain::transaction::Request;
use jiff::civil::Date;
use serde_json::{Value, json};
use uuid::Uuid;

use super::clamp::{clamp, clamp_day};
use super::format::{DayLine, EntityLine};
use super::limits::LINE_DAYS_MAX;
use super::mapping::Mapping;

/// A command, and what it says as JSON: the digest of its transaction is over that.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) request: Request,
    pub(crate) content: Value,
}

impl Made {
    /// A command of an import that has a name of its own there, and what it says.
    pub(crate) fn new(import: Uuid, name: &str, at: i64, (target, command): (EntityRef, Command), said: Value) -> Self {
        let command_id = CommandId(Uuid::new_v5(&import, name.as_bytes()));
        Self { request: Request { command_id, at, target, command }, content: json!([target, name, said]) }
    }
}

/// Makes the commands of one import.
#[derive(Clone, Debug)]
pub(super) struct Maker<'a> {
    pub(super) import: Uuid,
    pub(super) mapping: &'a Mapping,
    /// The moment of all commands, Unix ms.
    pub(super) at: i64,
}

impl Maker<'_> {
    /// The commands of an entity: its creation, or what of it joins a core skill or the hero.
    pub(super) fn entity(&self, mut line: EntityLine, core: bool) -> Vec<Made> {
        clamp(&mut line);
        let name = EntityRef::new(line.entity, line.id);
        let Some(id) = self.mapping.of(name) else { return Vec::new() };
        let target = EntityRef::new(name.kind, id);
        self.map_fields(&mut line);
        line.kept.completion = line.kept.completion.take().map(|done| self.completion(done));
        let content = serde_json::to_value(&line).unwrap_or_default();
        match name.kind {
            Kind::Hero => self.hero(target, &line, content),
            Kind::Skill if core => self.core_skill(target, &line, content),
            kind => {
                let EntityLine { created_at, fields: data, kept, .. } = line;
                let import = Import { id, created_at, data, kept: kept.of_import(self.import), legacy_id: None };
                let command = life(kind, LifecycleCommand::Import(Box::new(import)));
                vec![self.made(target, 0, command, content)]
            }
        }
    }

    /// The commands that bring the days of a hero or habit.
    pub(super) fn days(&self, name: EntityRef, days: &BTreeMap<Date, DayLine>) -> Vec<Made> {
        let Some(id) = self.mapping.of(name) else { return Vec::new() };
        let target = EntityRef::new(name.kind, id);
        let all: Vec<&DayLine> = days.values().collect();
        let of_chunk = |(number, chunk): (usize, &[&DayLine])| {
            let command = match name.kind {
                Kind::Hero => Command::Hero(HeroCommand::Import(Box::new(self.hero_days(chunk)))),
                _ => Command::Task(TaskCommand::ImportDays(self.habit_days(chunk))),
            };
            let content = json!({ "days": chunk, "of": name });
            self.made(target, 100 + number, command, content)
        };
        all.chunks(LINE_DAYS_MAX).enumerate().map(of_chunk).collect()
    }

    fn hero(&self, target: EntityRef, line: &EntityLine, content: Value) -> Vec<Made> {
        let kept = &line.kept;
        let import = HeroImport {
            created_at: Some(line.created_at),
            xp: kept.xp.unwrap_or_default(),
            tasks_completed: kept.tasks_completed.unwrap_or_default(),
            energy: kept.energy_day.map(|day| (day, kept.energy_spent.unwrap_or_default())),
            ..HeroImport::default()
        };
        let adopt = life(Kind::Hero, LifecycleCommand::Adopt(line.fields.clone()));
        let import = Command::Hero(HeroCommand::Import(Box::new(import)));
        vec![self.made(target, 0, adopt, content.clone()), self.made(target, 1, import, content)]
    }

    fn core_skill(&self, target: EntityRef, line: &EntityLine, content: Value) -> Vec<Made> {
        let kept = &line.kept;
        let import = SkillImport {
            xp: kept.xp.unwrap_or_default(),
            talent_points: kept.talent_points.unwrap_or_default(),
            prestige: kept.prestige.unwrap_or_default(),
            legacy_id: None,
        };
        let adopt = life(Kind::Skill, LifecycleCommand::Adopt(line.fields.clone()));
        let mut made = vec![self.made(target, 0, adopt, content.clone())];
        if import != SkillImport::default() {
            made.push(self.made(target, 1, Command::Skill(SkillCommand::Import(import)), content));
        }
        made
    }

    fn hero_days(&self, chunk: &[&DayLine]) -> HeroImport {
        let tally = |day: &&DayLine| {
            let DayLine { day, completions, minutes, balls, xp, .. } = **day;
            Tally { day, completions, minutes, balls, xp }
        };
        HeroImport { days: chunk.iter().map(tally).collect(), ..HeroImport::default() }
    }

    fn habit_days(&self, chunk: &[&DayLine]) -> DaysImport {
        let day = |line: &&DayLine| {
            let DayLine { day, minutes, balls, xp, .. } = **line;
            let completion = line.completion.clone().map(|done| self.completion(done));
            ImportedDay { day, minutes, balls, xp, completion }
        };
        DaysImport { days: chunk.iter().map(day).collect() }
    }

    fn completion(&self, done: Completion) -> Completion {
        let skill_id = done.skill_id.and_then(|id| self.mapping.of(EntityRef::new(Kind::Skill, id)));
        Completion { skill_id, ..done }
    }

    fn map_fields(&self, line: &mut EntityLine) {
        for (field, kind) in line.entity.references() {
            let mapped = |value: &Value| -> Option<Value> {
                let id = value.as_str()?.parse().ok().map(EntityId)?;
                self.mapping.of(EntityRef::new(*kind, id)).map(|id| Value::from(id.to_string()))
            };
            match line.fields.get_mut(*field) {
                Some(Value::Array(members)) => *members = members.iter().filter_map(mapped).collect(),
                Some(value) => *value = mapped(value).unwrap_or_default(),
                None => {}
            }
        }
    }

    fn made(&self, target: EntityRef, number: usize, command: Command, content: Value) -> Made {
        let name = format!("{}/{}/{number}", target.kind.name(), target.id);
        let command_id = CommandId(Uuid::new_v5(&self.import, name.as_bytes()));
        let content = json!([target, number, content]);
        Made { request: Request { command_id, at: self.at, target, command }, content }
    }
}

/// The later line of a date stands.
pub(super) fn join(days: &mut BTreeMap<Date, DayLine>, line: Vec<DayLine>) {
    for mut day in line {
        clamp_day(&mut day);
        days.insert(day.day, day);
    }
}
