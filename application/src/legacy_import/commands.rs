//! What an account brings, as commands of an import, in an order in which everything is there before it is referred to.

use domain::entity::{Command, EntityRef, Import, Kind, LifecycleCommand};
use domain::follow_up::life;
use domain::hero::{HeroCommand, HeroImport, PastActivity, Tally};
use domain::id::{EntityId, SpaceId};
use domain::skill::{SkillCommand, SkillImport};
use domain::task::{DaysImport, ImportedDay, TaskCommand};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::map::{Core, Imported};
use crate::transfer::state::Made;

/// Makes the commands of one account's import.
#[derive(Clone, Copy, Debug)]
pub(super) struct Making {
    pub(super) space: SpaceId,
    pub(super) import: Uuid,
    /// The moment of all commands, Unix ms.
    pub(super) at: i64,
}

impl Making {
    fn hero(&self) -> EntityRef {
        EntityRef::new(Kind::Hero, self.space.into())
    }

    fn made(&self, name: &str, target: EntityRef, command: Command, said: Value) -> Made {
        Made::new(self.import, name, self.at, (target, command), said)
    }

    /// Profile and settings.
    pub(super) fn settings(&self, settings: Map<String, Value>) -> Made {
        let said = json!(settings);
        self.made("hero/settings", self.hero(), life(Kind::Hero, LifecycleCommand::Adopt(settings)), said)
    }

    /// Totals; `had` is what earlier imports brought of them.
    pub(super) fn totals(&self, totals: HeroImport, had: &Value) -> Made {
        let said = json!({ "had": had, "totals": totals });
        let name = format!("hero/totals/{had}");
        self.made(&name, self.hero(), Command::Hero(HeroCommand::Import(Box::new(totals))), said)
    }

    /// Days of the hero, each with what earlier imports brought of it: the same more twice is two things.
    pub(super) fn hero_days(&self, days: &[(Tally, Tally)]) -> Made {
        let had: Vec<Tally> = days.iter().map(|(_, had)| *had).collect();
        let days: Vec<Tally> = days.iter().map(|(more, _)| *more).collect();
        let said = json!({ "had": had, "days": days });
        let name = format!("hero/days/{}", said);
        let import = HeroImport { days, ..HeroImport::default() };
        self.made(&name, self.hero(), Command::Hero(HeroCommand::Import(Box::new(import))), said)
    }

    /// A line of the log.
    pub(super) fn past(&self, past: PastActivity) -> Made {
        let (name, said) = (format!("past/{}", past.legacy_id), json!(past));
        self.made(&name, self.hero(), Command::Hero(HeroCommand::ImportActivity(Box::new(past))), said)
    }

    /// What a core skill is, and what it has gathered.
    pub(super) fn core(&self, core: Core) -> Vec<Made> {
        let Core { id, fields, import, .. } = core;
        let target = EntityRef::new(Kind::Skill, id);
        let said = json!(fields);
        let gathered = self.gathered(id, import, &Value::Null);
        let adopt = life(Kind::Skill, LifecycleCommand::Adopt(fields));
        vec![self.made(&format!("skill/{id}/fields"), target, adopt, said), gathered]
    }

    /// What a core skill has gathered; `had` is what earlier imports brought of it.
    pub(super) fn gathered(&self, id: EntityId, import: SkillImport, had: &Value) -> Made {
        let said = json!({ "had": had, "gathered": import });
        let name = format!("skill/{id}/gathered/{had}");
        self.made(&name, EntityRef::new(Kind::Skill, id), Command::Skill(SkillCommand::Import(import)), said)
    }

    /// An entity.
    pub(super) fn entity(&self, imported: Imported) -> Made {
        let Imported { kind, id, number, created_at, fields, kept } = imported;
        let said = json!({ "number": number, "created_at": created_at, "fields": fields, "kept": kept });
        let import = Import { id, created_at, data: fields, kept, legacy_id: number };
        let command = life(kind, LifecycleCommand::Import(Box::new(import)));
        self.made(&format!("{}/{id}", kind.name()), EntityRef::new(kind, id), command, said)
    }

    /// Days of a habit, each with what earlier imports brought of it.
    pub(super) fn habit_days(&self, id: EntityId, days: &[(ImportedDay, Option<ImportedDay>)]) -> Made {
        let had: Vec<_> = days.iter().map(|(_, had)| had).collect();
        let days: Vec<ImportedDay> = days.iter().map(|(more, _)| more.clone()).collect();
        let said = json!({ "had": had, "days": days });
        let name = format!("task/{id}/days/{said}");
        let command = Command::Task(TaskCommand::ImportDays(DaysImport { days }));
        self.made(&name, EntityRef::new(Kind::Task, id), command, said)
    }
}
