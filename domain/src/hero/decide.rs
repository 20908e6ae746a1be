//! What a command to a hero comes to.

use super::command::HeroCommand;
use super::event::{Adjusted, HeroChange, HeroEvent, Rested};
use super::state::Hero;
use super::tally::Tally;
use crate::entity::aggregate::aggregate;
use crate::entity::{Context, Decision};
use crate::rejection::Rejection;
use crate::rules::energy::{balls_given_back, balls_taken};

impl Hero {
    /// What a command comes to; changes nothing.
    ///
    /// # Errors
    /// Whatever refuses the command.
    pub fn decide(&self, command: HeroCommand, context: &Context) -> Result<Decision<HeroChange>, Rejection> {
        match command {
            HeroCommand::Lifecycle(command) => Ok(self.core.decide(command, &[], context)?.map(HeroChange::Lifecycle)),
            HeroCommand::RestoreEnergy => Ok(self.rest(context)),
            HeroCommand::Import(_) | HeroCommand::ImportActivity(_) | HeroCommand::SetRight(_)
                if !self.core.meta.exists() =>
            {
                Err(Rejection::NotFound)
            }
            HeroCommand::Import(import) => Ok(Decision::applied(HeroChange::Imported(*import))),
            HeroCommand::ImportActivity(past) => Ok(Decision::applied(HeroChange::ActivityImported(*past))),
            HeroCommand::SetRight(totals) => Ok(Decision::applied(HeroChange::SetRight(*totals))),
            HeroCommand::AdjustEnergy(adjusted) => Ok(self.adjust(adjusted)),
            HeroCommand::Reward(tally) => Ok(Decision::applied(HeroChange::Rewarded(self.taken(tally)))),
            HeroCommand::TakeBack(tally) => Ok(Decision::applied(HeroChange::TakenBack(self.given_back(tally)))),
        }
    }

    /// An earlier day's energy cannot be restored: its day is over.
    fn rest(&self, context: &Context) -> Decision<HeroChange> {
        let day = context.day();
        let is_spent = self.energy_day != Some(day) || self.energy_spent > 0;
        if self.energy_day.is_some_and(|current| day < current) || !is_spent {
            return Decision::unchanged(None);
        }
        let spent = if self.energy_day == Some(day) { self.energy_spent } else { 0 };
        Decision::applied(HeroChange::EnergyRestored(Rested { day, spent }))
    }

    /// A day that is over keeps its energy as it was.
    fn adjust(&self, adjusted: Adjusted) -> Decision<HeroChange> {
        let balls = adjusted.balls.max(-self.energy_spent);
        if self.energy_day != Some(adjusted.day) || balls == 0 {
            return Decision::unchanged(None);
        }
        Decision::applied(HeroChange::EnergyAdjusted(Adjusted { balls, ..adjusted }))
    }

    /// What counts again may find less energy than it found the first time; it keeps its own record.
    fn taken(&self, tally: Tally) -> Tally {
        let max = self.core.fields.energy_max;
        let balls = balls_taken(tally.balls, tally.day, self.energy_day, self.energy_spent, max);
        Tally { balls, ..tally }
    }

    fn given_back(&self, tally: Tally) -> Tally {
        let balls = balls_given_back(tally.balls, tally.day, self.energy_day, self.energy_spent);
        Tally { balls, ..tally }
    }
}

aggregate!(Hero, "hero", HeroCommand, HeroEvent);
