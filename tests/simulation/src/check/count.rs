//! XP, streaks and energy, counted anew from what the log says of tasks and goals, without the code that counts them.

use std::collections::{BTreeMap, BTreeSet};

use application::verify::Logged;
use domain::entity::{EntityRef, Kind};
use domain::id::EntityId;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::energy::Energy;
use super::tables::Tables;

/// A completion that stands: of a task or goal, or of a habit on a day.
type Register = (EntityId, Option<Date>);

#[derive(Debug, Default)]
struct Count {
    xp: i64,
    completed: i64,
    skills: BTreeMap<EntityId, i64>,
    habits: BTreeSet<EntityId>,
    standing: BTreeSet<Register>,
    /// Completions and minutes of each day.
    days: BTreeMap<Date, (i64, i64)>,
    energy: Energy,
}

pub(crate) fn check(logged: &[Logged], tables: &Tables) -> Result<(), String> {
    let mut count = Count::default();
    for event in logged {
        count.event(event).map_err(|wrong| format!("at {}: {wrong}", event.position))?;
    }
    count.compare(tables)
}

impl Count {
    fn event(&mut self, event: &Logged) -> Result<(), String> {
        let (kind, name) = event.event_type.split_once('.').ok_or("an event without a kind")?;
        let said = event.payload.get("change").and_then(|change| change.get(name)).unwrap_or(&Value::Null);
        let id = event.aggregate_id;
        match (kind, name) {
            ("task", "created") => self.category(id, said.pointer("/fields/category")),
            ("task", "edited") => self.category(id, said.pointer("/changes/category/after")),
            ("hero", "created") => {
                self.energy.max = said.pointer("/fields/energy_max").and_then(Value::as_i64).unwrap_or(18)
            }
            ("hero", "edited") => {
                let max = said.pointer("/changes/energy_max/after").and_then(Value::as_i64);
                self.energy.max = max.unwrap_or(self.energy.max);
            }
            ("hero", "energy_restored") => self.energy.restore(day(said)?),
            ("task" | "goal", "completed") => self.completed(kind, id, said)?,
            ("task", "uncompleted") | ("goal", "reopened") => self.undone(kind, id, said)?,
            ("task" | "goal", "focused") => self.focused(said)?,
            _ => {}
        }
        Ok(())
    }

    fn category(&mut self, task: EntityId, category: Option<&Value>) {
        match category.and_then(Value::as_str) {
            Some("habit") => drop(self.habits.insert(task)),
            Some(_) => drop(self.habits.remove(&task)),
            None => {}
        }
    }

    fn register(&self, id: EntityId, said: &Value) -> Result<Register, String> {
        Ok((id, if self.habits.contains(&id) { Some(day(said)?) } else { None }))
    }

    fn completed(&mut self, kind: &str, id: EntityId, said: &Value) -> Result<(), String> {
        if !self.standing.insert(self.register(id, said)?) {
            return Err(format!("{id} was completed again without having been undone"));
        }
        self.grant(said, 1);
        if kind == "task" {
            self.completed += 1;
            self.days.entry(day(said)?).or_default().0 += 1;
            self.energy.take(day(said)?, number(said, "balls"))?;
        }
        Ok(())
    }

    fn undone(&mut self, kind: &str, id: EntityId, said: &Value) -> Result<(), String> {
        if !self.standing.remove(&self.register(id, said)?) {
            return Err(format!("{id} was undone without having been completed"));
        }
        self.grant(said, -1);
        if kind == "task" {
            self.completed -= 1;
            self.days.entry(day(said)?).or_default().0 -= 1;
            self.energy.give_back(day(said)?, number(said, "balls"));
        }
        Ok(())
    }

    fn focused(&mut self, said: &Value) -> Result<(), String> {
        self.grant(said, 1);
        self.days.entry(day(said)?).or_default().1 += number(said, "minutes");
        self.energy.take(day(said)?, number(said, "balls"))
    }

    fn grant(&mut self, said: &Value, sign: i64) {
        let xp = sign * number(said, "xp");
        self.xp += xp;
        if let Some(skill) = said.get("skill_id").and_then(|id| serde_json::from_value::<EntityId>(id.clone()).ok()) {
            *self.skills.entry(skill).or_default() += xp;
        }
    }

    fn compare(&self, tables: &Tables) -> Result<(), String> {
        let active = self.days.iter().filter(|(_, (done, minutes))| *done > 0 || *minutes > 0).map(|(day, _)| *day);
        let (streak, last) = run(&active.collect());
        let hero = tables.rows.iter().find(|(entity, _)| entity.kind == Kind::Hero).ok_or("there is no hero")?.1;
        same(hero, "xp", self.xp)?;
        same(hero, "tasks_completed", self.completed)?;
        same(hero, "streak", streak)?;
        same(hero, "energy_spent", self.energy.spent)?;
        same_day(hero, "last_active_on", last)?;
        same_day(hero, "energy_day", self.energy.day)?;
        for (entity, row) in &tables.rows {
            match entity.kind {
                Kind::Skill => same(row, "xp", self.skills.get(&entity.id).copied().unwrap_or_default())?,
                Kind::Task => self.compare_habit(*entity, row)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn compare_habit(&self, entity: EntityRef, row: &Map<String, Value>) -> Result<(), String> {
        let days: BTreeSet<Date> =
            self.standing.iter().filter(|(id, _)| *id == entity.id).filter_map(|(_, day)| *day).collect();
        let (streak, last) = run(&days);
        same(row, "completion_count", i64::try_from(days.len()).unwrap_or(i64::MAX))?;
        same(row, "streak", streak)?;
        same_day(row, "last_completed_on", last)?;
        let stands = self.standing.contains(&(entity.id, None));
        if stands != row.contains_key("completed_at") {
            return Err(format!("{entity:?} is shown completed: {}", !stands));
        }
        Ok(())
    }
}

/// The days in a row up to the last, and the last.
fn run(days: &BTreeSet<Date>) -> (i64, Option<Date>) {
    let last = days.last().copied();
    let mut count = 0;
    let mut day = last;
    while let Some(one) = day.filter(|day| days.contains(day)) {
        count += 1;
        day = one.yesterday().ok();
    }
    (count, last)
}

fn number(said: &Value, field: &str) -> i64 {
    said.get(field).and_then(Value::as_i64).unwrap_or_default()
}

fn day(said: &Value) -> Result<Date, String> {
    let day = said.get("day").and_then(Value::as_str).ok_or("an event without a day")?;
    day.parse().map_err(|_| format!("{day} is no day"))
}

fn same(row: &Map<String, Value>, field: &str, counted: i64) -> Result<(), String> {
    let said = row.get(field).and_then(Value::as_i64).unwrap_or_default();
    if said == counted { Ok(()) } else { Err(wrong(row, field, &said, &counted)) }
}

fn same_day(row: &Map<String, Value>, field: &str, counted: Option<Date>) -> Result<(), String> {
    let said = row.get(field).and_then(Value::as_str).and_then(|day| day.parse::<Date>().ok());
    if said == counted { Ok(()) } else { Err(wrong(row, field, &said, &counted)) }
}

fn wrong<T: std::fmt::Debug>(row: &Map<String, Value>, field: &str, said: &T, counted: &T) -> String {
    format!("{:?} says {field} {said:?}, the log comes to {counted:?}", row.get("id"))
}
