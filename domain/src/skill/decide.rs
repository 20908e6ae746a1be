//! What a command to a skill comes to.

use super::command::SkillCommand;
use super::event::{SkillChange, SkillEvent};
use super::state::Skill;
use crate::entity::aggregate::aggregate;
use crate::entity::{Context, Decision};
use crate::rejection::Rejection;

impl Skill {
    /// What a command comes to; changes nothing. XP reaches tombstones too.
    ///
    /// # Errors
    /// Whatever refuses the command.
    pub fn decide(&self, command: SkillCommand, context: &Context) -> Result<Decision<SkillChange>, Rejection> {
        match command {
            SkillCommand::Lifecycle(command) => {
                Ok(self.core.decide(command, &[], context)?.map(SkillChange::Lifecycle))
            }
            SkillCommand::Grant(granted) => Ok(Decision::applied(SkillChange::Granted(granted))),
            SkillCommand::Import(_) | SkillCommand::SetRight(_) if !self.core.meta.exists() => Err(Rejection::NotFound),
            SkillCommand::Import(import) => Ok(Decision::applied(SkillChange::Imported(import))),
            SkillCommand::SetRight(totals) => Ok(Decision::applied(SkillChange::SetRight(totals))),
            SkillCommand::TakeBack(taken) => Ok(Decision::applied(SkillChange::TakenBack(taken))),
        }
    }
}

aggregate!(Skill, "skill", SkillCommand, SkillEvent);
