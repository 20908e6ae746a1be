//! The writable fields of each kind: values, default, merge policy, what they refer to.

use serde_json::{Map, Value, json};

use super::form::{Form, Parsed};
use crate::entity::fields::{parse, values};
use crate::entity::{Fields, Kind, Policy};
use crate::goal::GoalFields;
use crate::hero::HeroFields;
use crate::milestone::MilestoneFields;
use crate::skill::SkillFields;
use crate::task::TaskFields;

/// Two moments of creation: a default that differs between them comes from the moment.
const MOMENTS: [i64; 2] = [0, 1];

/// The schema of every writable field of a kind, by name.
pub fn fields(kind: Kind) -> Map<String, Value> {
    match kind {
        Kind::Task => of::<TaskFields>(),
        Kind::Goal => of::<GoalFields>(),
        Kind::Milestone => of::<MilestoneFields>(),
        Kind::Skill => of::<SkillFields>(),
        Kind::Hero => of::<HeroFields>(),
        // Nobody writes one: all of its fields follow from the entity that it is about.
        Kind::Conflict => Map::new(),
    }
}

/// The fields of a kind that a creation has to have.
pub(super) fn required(kind: Kind) -> Vec<String> {
    let required = |(name, field): (&String, &Value)| {
        (field.get("default").is_none() && field.get("x-default-by").is_none()).then(|| name.clone())
    };
    fields(kind).iter().filter_map(required).collect()
}

fn created<F: Fields>(mut data: Map<String, Value>, moment: i64) -> Parsed {
    F::fill_in(&mut data, moment);
    parse::<F>(data, "").map(|fields| values(&fields))
}

fn of<F: Fields>() -> Map<String, Value> {
    let parse = |data: Map<String, Value>| created::<F>(data, MOMENTS[0]);
    let later = |data: Map<String, Value>| created::<F>(data, MOMENTS[1]);
    let (Some(form), Some(later)) = (Form::of(&parse), Form::of(&later)) else { return Map::new() };
    let field = |(name, policy): &(&'static str, Policy)| {
        let mut schema = form.schema(name);
        schema["x-merge"] = json!(Policy::name(*policy));
        if let Some((_, kind)) = F::REFERENCES.iter().find(|(reference, _)| reference == name) {
            schema["x-reference"] = json!(kind.name());
        }
        if let Some(default) = form.default(name) {
            match chosen_by(&form, &later, name) {
                Some(by) => schema["x-default-by"] = by,
                None => schema["default"] = default.clone(),
            }
        }
        ((*name).to_owned(), schema)
    };
    F::POLICIES.iter().map(field).collect()
}

/// What a field's default depends on: another field, with the default for each of its values, or the moment (`at`).
fn chosen_by(form: &Form<'_>, later: &Form<'_>, name: &str) -> Option<Value> {
    if form.default(name) != later.default(name) {
        return Some(json!({ "field": "at" }));
    }
    form.names().filter(|other| *other != name).find_map(|other| {
        let schema = form.schema(other);
        let defaults: Map<String, Value> = schema
            .get("enum")?
            .as_array()?
            .iter()
            .filter_map(|value| {
                let all = form.defaults_with(other, value).ok()?;
                Some((value.as_str()?.to_owned(), all.get(name)?.clone()))
            })
            .collect();
        let differs = defaults.values().any(|default| Some(default) != form.default(name));
        differs.then(|| json!({ "field": other, "values": defaults }))
    })
}
