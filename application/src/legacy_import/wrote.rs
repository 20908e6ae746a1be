//! What an export noted of an account in the legacy database when it wrote it there: what came there since is what goes
//! beyond that. Totals that stood there once say nothing of that, because what is taken back here makes them less.

use std::collections::BTreeMap;

use domain::id::EntityId;
use serde::{Deserialize, Serialize};

use super::before::There;
use super::hero;
use super::map::Mapping;
use super::notes::{About, Notes};
use super::skills;
use super::source::Row;
use super::words::Reading;

/// What an export noted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wrote {
    /// Where the log of the space stood.
    pub position: i64,
    /// The hash of its chain there, in hexadecimal digits: the log of another database says another.
    pub hash: String,
    /// The digest of a password that the legacy system could not check, so that it has none of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// When the owner wished to be deleted, Unix ms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wish: Option<i64>,
    /// The numbers of `user_stats`, as they stood there afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stats: Option<Row>,
    /// Those of skills.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub skills: BTreeMap<EntityId, Row>,
}

/// The totals that an export wrote.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) position: i64,
    pub(super) hash: String,
    /// XP and completed tasks of the hero; `None`: it wrote none.
    pub(super) hero: Option<(i64, i64)>,
    /// XP of skills.
    pub(super) skills: BTreeMap<EntityId, i64>,
}

/// Reads what was noted as the rows themselves are read.
pub(super) fn written(mapping: &Mapping<'_>) -> Option<Written> {
    let wrote = mapping.account.marks.wrote()?;
    // What is out of range was told when it was written.
    let number = |row: &Row, of: fn(&mut Reading<'_>) -> i64| {
        let (about, mut notes) = (About { table: "levelup_exported_users", row: String::new() }, Notes::default());
        of(&mut Reading { row, about, notes: &mut notes })
    };
    let marked = mapping.mapped.lines.iter().filter(|line| line.is_marked);
    let logged: i64 = marked.map(|line| line.completions).sum();
    let hero = wrote.stats.as_ref().map(|row| (number(row, hero::gathered), number(row, hero::completed).max(logged)));
    let skill = |(id, row): (&EntityId, &Row)| (*id, number(row, |reading| skills::gathered(reading).0));
    let skills = wrote.skills.iter().map(skill).collect();
    Some(Written { position: wrote.position, hash: wrote.hash.clone(), hero, skills })
}

impl Written {
    /// What of the totals there is known: what was written, and what was brought from there since.
    pub(super) fn and(&self, brought: &There) -> Known {
        let hero = self.hero.map(|(xp, tasks)| (xp + brought.xp, tasks + brought.tasks_completed));
        let skill = |(id, xp): (&EntityId, &i64)| (*id, xp + brought.skills.get(id).copied().unwrap_or_default());
        Known { position: self.position, hero, skills: self.skills.iter().map(skill).collect() }
    }
}

/// Totals that are known since an export.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) position: i64,
    pub(super) hero: Option<(i64, i64)>,
    pub(super) skills: BTreeMap<EntityId, i64>,
}
