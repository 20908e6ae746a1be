//! What can be asked of a hero, and the ranges of its fields.

use serde::{Deserialize, Serialize};
use validator::Validate;

use super::event::Adjusted;
use super::import::{HeroImport, HeroTotals};
use super::past::PastActivity;
use super::tally::Tally;
use crate::entity::fields::Policy::{Ask, Last};
use crate::entity::text::{text, time_zone};
use crate::entity::{Fields, Kind, LifecycleCommand, Policy};

/// A command to a hero.
#[derive(Clone, Debug, PartialEq)]
pub enum HeroCommand {
    /// Founded, edited.
    Lifecycle(LifecycleCommand),
    /// All energy of the day is back.
    RestoreEnergy,
    /// What was spent on a day changes by so much, because that is taken back which changed it.
    AdjustEnergy(Adjusted),
    /// Follow-up of a completion or focus.
    Reward(Tally),
    /// Follow-up of an undone completion.
    TakeBack(Tally),
    /// What was done elsewhere joins it. No client can ask for it.
    Import(Box<HeroImport>),
    /// Something that was done elsewhere is told here too. No client can ask for it.
    ImportActivity(Box<PastActivity>),
    /// Totals are what they were before an import, or again what it made them. Only a restore asks for it.
    SetRight(Box<HeroTotals>),
}

/// The writable fields of a hero.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate)]
pub struct HeroFields {
    /// What the hero is called.
    #[serde(default)]
    #[validate(length(max = 200), custom(function = "text"))]
    pub name: String,
    /// How old, in the person's own words.
    #[serde(default)]
    #[validate(length(max = 20), custom(function = "text"))]
    pub age: String,
    /// What the person does.
    #[serde(default)]
    #[validate(length(max = 100), custom(function = "text"))]
    pub occupation: String,
    /// What it is all for.
    #[serde(default)]
    #[validate(length(max = 500), custom(function = "text"))]
    pub mission: String,
    /// Whether the person was welcomed.
    #[serde(default)]
    pub onboarded: bool,
    /// Whether the person was shown around.
    #[serde(default)]
    pub tutorial_done: bool,
    /// IANA zone of the local day.
    #[validate(custom(function = "time_zone"))]
    pub time_zone: String,
    /// Energy balls a day.
    #[serde(default = "energy_max")]
    #[validate(range(min = 1, max = 48))]
    pub energy_max: i64,
    /// Minutes that one ball stands for.
    #[serde(default = "ball_minutes")]
    #[validate(range(min = 5, max = 60))]
    pub ball_minutes: i64,
    /// Hour at which the best time of the day begins.
    #[serde(default = "peak_start")]
    #[validate(range(min = 0, max = 23))]
    pub peak_start: i64,
    /// Hour at which it ends.
    #[serde(default = "peak_end")]
    #[validate(range(min = 0, max = 23))]
    pub peak_end: i64,
}

fn energy_max() -> i64 {
    18
}

fn ball_minutes() -> i64 {
    15
}

fn peak_start() -> i64 {
    9
}

fn peak_end() -> i64 {
    12
}

impl HeroCommand {
    /// The command of the shared life, if it is one.
    pub fn lifecycle(&self) -> Option<&LifecycleCommand> {
        if let Self::Lifecycle(command) = self { Some(command) } else { None }
    }
}

impl Fields for HeroFields {
    const KIND: Kind = Kind::Hero;
    const POLICIES: &'static [(&'static str, Policy)] = &[
        ("name", Ask),
        ("age", Ask),
        ("occupation", Ask),
        ("mission", Ask),
        ("onboarded", Last),
        ("tutorial_done", Last),
        ("time_zone", Last),
        ("energy_max", Last),
        ("ball_minutes", Last),
        ("peak_start", Last),
        ("peak_end", Last),
    ];
}
