//! Skills: the six that every account has join those of the space, doubles become one, the others are created.

use std::collections::{BTreeMap, BTreeSet};

use domain::entity::{Kept, Kind};
use domain::founding::{CORE_SKILLS, core_skill_id};
use domain::id::EntityId;
use domain::limits::PREREQUISITES_MAX;
use domain::rules::level::skill_reach;
use domain::skill::SkillImport;
use serde_json::{Map, Value, json};

use super::columns::{flag, int, ints, key, text};
use super::goals::NO_NUMBER;
use super::map::{Core, Imported, Mapping};
use super::notes::{About, Fate};
use super::source::Row;
use super::words::Reading;
use crate::transfer::state::{COUNTER_MAX, followers};

/// The highest level whose XP can be held.
const LEVEL_MAX: i64 = 55;
const MAPPED: &[&str] = &[
    "id",
    "user_id",
    "name",
    "color",
    "icon",
    "skill_type",
    "category",
    "talent_points",
    "prestige",
    "unlocked",
    "prerequisites",
];

/// Takes the account's skills over.
pub(super) fn map(mapping: &mut Mapping<'_>) {
    let rows = mapping.account.rows("skills");
    let merged = merge(mapping, rows);
    let mut made: Vec<(i64, Imported)> = Vec::new();
    for (row, number) in &merged {
        match number {
            Some(number) => core(mapping, row, *number),
            None => made.extend(other(mapping, row)),
        }
    }
    prerequisites(mapping, &merged, &mut made);
    mapping.mapped.entities.extend(made.into_iter().map(|(_, skill)| skill));
}

/// The rows that stand, each with the core skill that it is, and links of all to what they are here.
fn merge<'a>(mapping: &mut Mapping<'_>, rows: &'a [Row]) -> Vec<(&'a Row, Option<usize>)> {
    let mut standing: Vec<(&Row, Option<usize>)> = Vec::new();
    let mut cores: BTreeMap<usize, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        match core_number(mapping, row) {
            Some(number) => cores.entry(number).or_default().push(row),
            None => standing.push((row, None)),
        }
    }
    for (number, same) in cores {
        // The highest level, then the most XP; of equals the older row.
        let rank = |row: &&&Row| (int(row, "level"), int(row, "exp"), std::cmp::Reverse(int(row, "id")));
        let Some(stands) = same.iter().max_by_key(rank).copied() else { continue };
        for row in &same {
            let Some(id) = int(row, "id") else { continue };
            mapping.links.put(Kind::Skill, id, core_skill_id(mapping.space, number));
            if !std::ptr::eq(*row, stands) {
                let message =
                    format!("it is the core skill {number} a second time and becomes one with row {}", row_of(stands));
                mapping.notes.add(&about(row), None, (Fate::Merged, "skill_merged"), message);
                mapping.doubles.push((*row).clone());
            }
        }
        standing.push((stands, Some(number)));
    }
    standing
}

/// Which core skill a row is: the one that it was exported for, whatever it is called since, else the one of its name.
fn core_number(mapping: &Mapping<'_>, row: &Row) -> Option<usize> {
    let exported = int(row, "id").and_then(|id| mapping.account.marks.of(Kind::Skill, id));
    let is = |number: &usize| exported == Some(core_skill_id(mapping.space, *number));
    let name = text(row, "name").unwrap_or_default().trim();
    let named = || CORE_SKILLS.iter().position(|(core, ..)| *core == name).map(|at| at + 1);
    (1..=CORE_SKILLS.len()).find(is).or_else(named)
}

fn core(mapping: &mut Mapping<'_>, row: &Row, number: usize) {
    let mut reading = Reading { row, about: about(row), notes: &mut mapping.notes };
    let mut fields = fields(&mut reading);
    fields.remove("name");
    fields.insert("kind".to_owned(), json!("core"));
    let (xp, talent_points, prestige) = gathered(&mut reading);
    let import = SkillImport { xp, talent_points, prestige, legacy_id: int(row, "id") };
    let raw = row.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone()));
    mapping.core_rows.push(raw.collect());
    mapping.mapped.cores.push(Core { id: core_skill_id(mapping.space, number), fields, import });
}

fn other(mapping: &mut Mapping<'_>, row: &Row) -> Option<(i64, Imported)> {
    let Some(number) = int(row, "id") else {
        mapping.notes.skipped(&about(row), "number_missing", NO_NUMBER);
        return None;
    };
    let id = mapping.entity_id(Kind::Skill, number);
    let (import, created_at) = (mapping.import, mapping.mapped.person.created_at);
    let mut reading = Reading { row, about: about(row), notes: &mut mapping.notes };
    let fields = fields(&mut reading);
    let (xp, talent_points, prestige) = gathered(&mut reading);
    let extras = reading.extras(MAPPED);
    let kept = Kept { import, xp, talent_points, prestige, extras, ..Kept::default() };
    mapping.links.put(Kind::Skill, number, id);
    let number_here = Some(number);
    Some((number, Imported { kind: Kind::Skill, id, number: number_here, created_at, fields, kept }))
}

fn fields(reading: &mut Reading<'_>) -> Map<String, Value> {
    let kind = reading.word("skill_type", "basic", |raw| {
        ["core", "basic", "advanced", "mastery"].into_iter().find(|known| *known == raw)
    });
    let name = reading.short("name", 50);
    if name.is_none() {
        reading.notes.changed(&reading.about, "name", "blank", "it says nothing and gets a name");
    }
    let mut fields = Map::new();
    fields.insert("name".to_owned(), json!(name.unwrap_or_else(|| super::words::UNTITLED.to_owned())));
    fields.insert("kind".to_owned(), json!(kind));
    let unlocked = flag(reading.row, "unlocked").unwrap_or(true);
    fields.insert("unlocked".to_owned(), json!(unlocked));
    for (column, max) in [("icon", 60), ("category", 50)] {
        fields.extend(reading.short(column, max).map(|text| (column.to_owned(), json!(text))));
    }
    if let Some(color) = text(reading.row, "color") {
        let digits = color.strip_prefix('#').unwrap_or_default();
        if digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            fields.insert("color".to_owned(), json!(color));
        } else {
            reading.notes.changed(&reading.about, "color", "unknown_value", "it is no color and the usual one stands");
        }
    }
    fields
}

/// Lifetime XP, talent points and prestige.
pub(super) fn gathered(reading: &mut Reading<'_>) -> (i64, i64, i64) {
    let level = reading.number("level", 1, LEVEL_MAX).unwrap_or(1);
    let exp = reading.number("exp", 0, COUNTER_MAX / 2).unwrap_or_default();
    let (reach, need) = skill_reach(level);
    let exp = held(reading, exp, ("exp", "max_exp"), need);
    let mut count = |column| reading.number(column, 0, COUNTER_MAX).unwrap_or_default();
    (reach.saturating_add(exp).min(COUNTER_MAX), count("talent_points"), count("prestige"))
}

/// XP inside a level: what did not reach the next level there does not reach it here, where a level may take less.
pub(super) fn held(
    reading: &mut Reading<'_>,
    gathered: i64,
    (column, need_there): (&'static str, &'static str),
    need: i64,
) -> i64 {
    let reached_there = int(reading.row, need_there).is_none_or(|need_there| gathered >= need_there);
    if reached_there || gathered < need {
        return gathered;
    }
    let message = format!("{gathered} did not reach the next level there and are {} here", need - 1);
    reading.notes.changed(&reading.about, column, "held_below_level", message);
    need - 1
}

/// Skills to have first, once all are known; those that lead nowhere or in a circle are left out.
fn prerequisites(mapping: &mut Mapping<'_>, rows: &[(&Row, Option<usize>)], made: &mut [(i64, Imported)]) {
    let mut wanted: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for (row, core) in rows {
        let Some(number) = int(row, "id") else { continue };
        let asked = ints(row, "prerequisites");
        let found: BTreeSet<i64> = asked
            .iter()
            .copied()
            .filter(|asked| mapping.links.of(Kind::Skill, *asked) != mapping.links.of(Kind::Skill, number))
            .filter(|asked| mapping.links.of(Kind::Skill, *asked).is_some())
            .take(PREREQUISITES_MAX)
            .collect();
        if found.len() < asked.len() {
            let message = "some of the skills to have first are not there";
            mapping.notes.changed(&about(row), "prerequisites", "reference_dropped", message);
        }
        let ids: BTreeSet<EntityId> = found.iter().filter_map(|one| mapping.links.of(Kind::Skill, *one)).collect();
        match core {
            Some(core) => {
                let id = core_skill_id(mapping.space, *core);
                let here = mapping.mapped.cores.iter_mut().find(|one| one.id == id);
                if let (Some(here), false) = (here, ids.is_empty()) {
                    here.fields.insert("prerequisites".to_owned(), json!(ids));
                }
            }
            None => drop(wanted.insert(number, found)),
        }
    }
    order(mapping, wanted, made);
}

/// Puts created skills behind those that they build on; if they build on each other in a circle, on none.
fn order(mapping: &mut Mapping<'_>, wanted: BTreeMap<i64, BTreeSet<i64>>, made: &mut [(i64, Imported)]) {
    let names: Vec<(i64, Vec<i64>)> =
        made.iter().map(|(number, _)| (*number, wanted.get(number).into_iter().flatten().copied().collect())).collect();
    let Some(ordered) = followers(&names) else {
        for (number, _) in made.iter().filter(|(number, _)| wanted.get(number).is_some_and(|set| !set.is_empty())) {
            let about = About { table: "skills", row: number.to_string() };
            mapping.notes.changed(&about, "prerequisites", "cycle_cut", "skills build on each other in a circle");
        }
        return;
    };
    for (number, skill) in made.iter_mut() {
        let ids = wanted.get(number).into_iter().flatten().filter_map(|one| mapping.links.of(Kind::Skill, *one));
        let ids: BTreeSet<EntityId> = ids.collect();
        if !ids.is_empty() {
            skill.fields.insert("prerequisites".to_owned(), json!(ids));
        }
    }
    made.sort_by_key(|(number, _)| ordered.iter().position(|one| one == number));
}

fn about(row: &Row) -> About {
    About { table: "skills", row: row_of(row) }
}

fn row_of(row: &Row) -> String {
    key(row, "id").unwrap_or_default()
}
