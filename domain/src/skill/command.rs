//! What can be asked of a skill, and the ranges of its fields.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use validator::Validate;

use super::event::Xp;
use super::import::SkillImport;
use crate::entity::fields::Policy::{Ask, Last, Set};
use crate::entity::text::{color, prerequisites, words};
use crate::entity::{Fields, Kind, LifecycleCommand, Policy};
use crate::id::EntityId;

/// A command to a skill.
#[derive(Clone, Debug, PartialEq)]
pub enum SkillCommand {
    /// Created, edited, deleted, restored.
    Lifecycle(LifecycleCommand),
    /// Follow-up of a completion: so much XP more.
    Grant(Xp),
    /// Follow-up of its undoing: so much XP less.
    TakeBack(Xp),
    /// What it gathered elsewhere joins it. No client can ask for it.
    Import(SkillImport),
    /// Totals are what they were before an import, or again what it made them. Only a restore asks for it.
    SetRight(SkillImport),
}

/// The rank of a skill in the tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkillKind {
    /// One of the six that every space has.
    Core,
    /// One that a person made.
    #[default]
    Basic,
    /// Further up the tree.
    Advanced,
    /// At the top of the tree.
    Mastery,
}

/// The writable fields of a skill.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate)]
pub struct SkillFields {
    /// What it is called.
    #[validate(length(min = 1, max = 50), custom(function = "words"))]
    pub name: String,
    /// `#RRGGBB`.
    #[serde(default = "default_color")]
    #[validate(custom(function = "color"))]
    pub color: String,
    /// Name of an icon.
    #[serde(default = "default_icon")]
    #[validate(length(min = 1, max = 60), custom(function = "words"))]
    pub icon: String,
    /// The rank in the tree.
    #[serde(default)]
    pub kind: SkillKind,
    /// A heading to list it under.
    #[serde(default = "default_category")]
    #[validate(length(min = 1, max = 50), custom(function = "words"))]
    pub category: String,
    /// Whether it can be trained.
    #[serde(default = "default_unlocked")]
    pub unlocked: bool,
    /// Skills to have first.
    #[serde(default)]
    #[validate(custom(function = "prerequisites"))]
    pub prerequisites: BTreeSet<EntityId>,
}

fn default_color() -> String {
    "#6366F1".to_owned()
}

fn default_icon() -> String {
    "fas fa-star".to_owned()
}

fn default_category() -> String {
    "general".to_owned()
}

fn default_unlocked() -> bool {
    true
}

impl SkillCommand {
    /// The command of the shared life, if it is one.
    pub fn lifecycle(&self) -> Option<&LifecycleCommand> {
        if let Self::Lifecycle(command) = self { Some(command) } else { None }
    }
}

impl Fields for SkillFields {
    const KIND: Kind = Kind::Skill;
    const POLICIES: &'static [(&'static str, Policy)] = &[
        ("name", Ask),
        ("color", Last),
        ("icon", Last),
        ("kind", Last),
        ("category", Last),
        ("unlocked", Last),
        ("prerequisites", Set),
    ];
    const REFERENCES: &'static [(&'static str, Kind)] = &[("prerequisites", Kind::Skill)];
}
