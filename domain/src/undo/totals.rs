//! What is brought back last, once fields, completions and sessions are: what no step leads to.

use super::life::Life;
use crate::entity::{Command, Entity};
use crate::hero::{Adjusted, HeroCommand, HeroTotals, between};
use crate::skill::{SkillCommand, SkillImport};
use crate::task::{DayTotals, TaskCommand};

/// What makes the hero's energy of the day what it was. A day that is over keeps its own.
pub fn energy(then: &Life, now: &Life) -> Option<Command> {
    let (Entity::Hero(was), Entity::Hero(is)) = (&then.entity, &now.entity) else { return None };
    let day = was.energy_day.filter(|day| is.energy_day == Some(*day))?;
    let balls = was.energy_spent - is.energy_spent;
    (balls != 0).then_some(Command::Hero(HeroCommand::AdjustEnergy(Adjusted { day, balls, of: None })))
}

/// What makes totals what they were, if an import brought something between the two: some of that was taken back with the
/// completions it came with, and nothing says of the rest what it was for.
pub fn totals(then: &Life, now: &Life) -> Option<Command> {
    if then.brought == now.brought {
        return None;
    }
    match (&then.entity, &now.entity) {
        (Entity::Hero(was), Entity::Hero(is)) => {
            let totals = HeroTotals::between(is, was);
            let command = Command::Hero(HeroCommand::SetRight(Box::new(totals.clone())));
            (totals != HeroTotals::default()).then_some(command)
        }
        (Entity::Skill(was), Entity::Skill(is)) => {
            let totals = SkillImport::between(is, was);
            (totals != SkillImport::default()).then_some(Command::Skill(SkillCommand::SetRight(totals)))
        }
        (Entity::Task(was), Entity::Task(is)) => {
            let days = between(&is.days, &was.days);
            (!days.is_empty()).then_some(Command::Task(TaskCommand::SetDaysRight(DayTotals { days })))
        }
        _ => None,
    }
}
