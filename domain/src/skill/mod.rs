//! Skills: what tasks train.

mod command;
mod decide;
mod event;
mod import;
mod state;
#[cfg(test)]
mod tests;

pub use command::{SkillCommand, SkillFields, SkillKind};
pub use event::{SkillChange, SkillEvent, Xp};
pub use import::SkillImport;
pub use state::Skill;
