//! Skills of v1. What they have gathered is derived, so level, experience and talents are not read.

use domain::id::EntityId;
use domain::limits::PREREQUISITES_MAX;
use serde_json::{Map, Value, json};

use super::words::{UNTITLED, name_of, required};
use super::{differing, put};
use crate::problem::Problem;
use crate::v1::clamp::{flag, text};

const NAME_CHARS_MAX: usize = 50;
const ICON_CHARS_MAX: usize = 60;
const CATEGORY_CHARS_MAX: usize = 50;
const BASIC: &str = "basic";
const KINDS: [&str; 4] = ["core", BASIC, "advanced", "mastery"];

/// The fields that a body says something of; `prerequisites` are the skills that it names, if it names any.
pub fn fields(body: &Map<String, Value>, prerequisites: Option<Vec<EntityId>>) -> Map<String, Value> {
    let sent = |member: &str| body.get(member);
    let mut fields = Map::new();
    put(&mut fields, "name", sent("name").and_then(|name| text(name, NAME_CHARS_MAX)));
    put(&mut fields, "color", sent("color").and_then(color));
    put(&mut fields, "icon", sent("icon").and_then(|icon| text(icon, ICON_CHARS_MAX)));
    put(&mut fields, "kind", sent("skillType").and_then(|kind| name_of(kind, &KINDS, BASIC)));
    put(&mut fields, "category", sent("category").and_then(|category| text(category, CATEGORY_CHARS_MAX)));
    put(&mut fields, "unlocked", sent("unlocked").and_then(flag));
    put(&mut fields, "prerequisites", prerequisites.map(|ids| json!(in_order(ids))));
    fields
}

/// The fields of a new skill: a name that says nothing is replaced.
///
/// # Errors
/// `fields_invalid`: there is no name.
pub fn creation(
    body: &Map<String, Value>,
    prerequisites: Option<Vec<EntityId>>,
) -> Result<Map<String, Value>, Problem> {
    required(body, "name")?;
    let mut fields = fields(body, prerequisites);
    fields.entry("name").or_insert_with(|| UNTITLED.into());
    Ok(fields)
}

/// What a body changes of this skill.
pub fn changes(
    body: &Map<String, Value>,
    prerequisites: Option<Vec<EntityId>>,
    skill: &Map<String, Value>,
) -> Map<String, Value> {
    let mut changes = differing(fields(body, prerequisites), skill);
    // The same members in another order are the same.
    let members = |of: &Map<String, Value>| {
        let ids = of.get("prerequisites").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut ids: Vec<String> = ids.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        ids.sort_unstable();
        ids
    };
    if members(&changes) == members(skill) {
        changes.remove("prerequisites");
    }
    changes
}

/// `#RRGGBB`.
fn color(sent: &Value) -> Option<String> {
    let color = sent.as_str()?.trim();
    let digits = color.strip_prefix('#')?;
    let is_color = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_color.then(|| color.to_owned())
}

fn in_order(mut ids: Vec<EntityId>) -> Vec<EntityId> {
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(PREREQUISITES_MAX);
    ids
}

#[cfg(test)]
mod tests {
    use domain::entity::fields::parse;
    use domain::skill::SkillFields;
    use uuid::Uuid;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    fn id(number: u128) -> EntityId {
        EntityId(Uuid::from_u128(number))
    }

    #[test]
    fn every_field_has_its_name_in_v2_and_gains_are_nobodys_to_write() {
        let body = object(json!({
            "name": "Cooking", "color": "#aabbcc", "icon": "fas fa-egg", "skillType": "Advanced", "category": "home",
            "unlocked": "false", "prerequisites": [2, 1], "level": 99, "exp": 5, "maxExp": 1, "talentPoints": 9, "prestige": 9,
        }));
        let expected = json!({
            "name": "Cooking", "color": "#aabbcc", "icon": "fas fa-egg", "kind": "advanced", "category": "home", "unlocked": false,
            "prerequisites": [id(1), id(2)],
        });
        assert_eq!(Value::Object(fields(&body, Some(vec![id(2), id(1), id(2)]))), expected);
    }

    #[test]
    fn whatever_is_sent_v2_takes_what_is_made_of_it() {
        let long = "x".repeat(5_000);
        let rubbish = [
            json!(null),
            json!(7),
            json!(""),
            json!(" "),
            json!("\0"),
            json!(long),
            json!("red"),
            json!("#12345g"),
            json!([1]),
        ];
        for member in ["name", "color", "icon", "skillType", "category", "unlocked"] {
            for sent in &rubbish {
                let mut body = object(json!({ "name": "Cooking" }));
                body.insert(member.to_owned(), sent.clone());
                let many = (0..500).map(id).collect();
                if let Ok(made) = creation(&body, Some(many)) {
                    assert!(parse::<SkillFields>(made, "").is_ok(), "{member}: {sent}");
                } else {
                    assert!(member == "name" && !sent.is_string() && !sent.is_number(), "{member}: {sent}");
                }
            }
        }
        assert_eq!(creation(&object(json!({ "name": " " })), None).unwrap()["name"], UNTITLED);
    }

    #[test]
    fn the_same_prerequisites_are_no_change() {
        let skill = object(json!({ "name": "Cooking", "prerequisites": [id(2), id(1)] }));
        let body = object(json!({ "name": "Cooking" }));
        assert!(changes(&body, Some(vec![id(1), id(2)]), &skill).is_empty());
        let fewer = changes(&body, Some(Vec::new()), &skill);
        assert_eq!(Value::Object(fewer), json!({ "prerequisites": [] }));
    }
}
