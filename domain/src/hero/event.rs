//! What happens to a hero.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::command::HeroFields;
use super::import::{HeroImport, HeroTotals};
use super::past::PastActivity;
use super::tally::Tally;
use crate::entity::event_names::event_names;
use crate::entity::{Lifecycle, Recorded};

/// A stored event of a hero.
pub type HeroEvent = Recorded<HeroChange>;

/// What happens to a hero.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeroChange {
    /// A completion or focus granted XP and took energy.
    Rewarded(Tally),
    /// That completion was undone.
    TakenBack(Tally),
    /// All energy of the day is back.
    EnergyRestored(Rested),
    /// What was done elsewhere joined it.
    Imported(HeroImport),
    /// Something that was done elsewhere is told here too.
    ActivityImported(PastActivity),
    /// Totals are what they were before an import, or again what it made them.
    SetRight(HeroTotals),
    /// What was spent on a day is more or less, because that was taken back which changed it.
    EnergyAdjusted(Adjusted),
    /// Founded, edited.
    #[serde(untagged)]
    Lifecycle(Lifecycle<HeroFields>),
}

/// The day whose energy is back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rested {
    /// The local day.
    pub day: Date,
    /// What had been spent on it.
    pub spent: i64,
}

/// By how much what was spent on a day changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjusted {
    /// The local day.
    pub day: Date,
    /// Balls, more or less.
    pub balls: i64,
    /// Position of the event that this takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<i64>,
}

impl HeroChange {
    /// The local days whose entries it changes.
    pub fn days(&self) -> Vec<Date> {
        match self {
            Self::Rewarded(tally) | Self::TakenBack(tally) => vec![tally.day],
            Self::Imported(import) => import.days.iter().map(|tally| tally.day).collect(),
            Self::SetRight(totals) => totals.days.iter().map(|tally| tally.day).collect(),
            Self::EnergyRestored(_) | Self::EnergyAdjusted(_) | Self::ActivityImported(_) | Self::Lifecycle(_) => {
                Vec::new()
            }
        }
    }
}

event_names!(HeroChange, Hero {
    Rewarded = "rewarded";
    TakenBack = "taken_back";
    EnergyRestored = "energy_restored";
    Imported = "imported";
    ActivityImported = "activity_imported";
    SetRight = "set_right";
    EnergyAdjusted = "energy_adjusted";
} Lifecycle);
