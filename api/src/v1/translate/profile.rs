//! The profile of v1: what the hero says of itself.

use serde_json::{Map, Value};

use super::words::lacking;
use super::{differing, put};
use crate::problem::Problem;
use crate::v1::clamp::{flag, text};

const NAME: &str = "name";
const NAME_CHARS_MAX: usize = 200;
/// Texts that may be empty, and how long they may be.
const TEXTS: [(&str, usize); 3] = [("age", 20), ("occupation", 100), ("mission", 500)];

/// What a body changes of this hero. Who has said everything has been welcomed.
///
/// # Errors
/// `fields_invalid`: nobody would have a name.
pub fn changes(body: &Map<String, Value>, hero: &Map<String, Value>) -> Result<Map<String, Value>, Problem> {
    let mut set = Map::new();
    put(&mut set, NAME, body.get(NAME).and_then(|name| text(name, NAME_CHARS_MAX)));
    for (field, max) in TEXTS {
        put(&mut set, field, body.get(field).and_then(|sent| words(sent, max)));
    }
    put(&mut set, "tutorial_done", body.get("hasCompletedTutorial").and_then(flag));
    let is_filled = |field: &str| {
        let value = set.get(field).or_else(|| hero.get(field)).and_then(Value::as_str);
        value.is_some_and(|value| !value.is_empty())
    };
    if !is_filled(NAME) {
        return Err(lacking(NAME));
    }
    let is_complete = TEXTS.iter().all(|(field, _)| is_filled(field));
    if is_complete || body.get("hasCompletedOnboarding").and_then(flag) == Some(true) {
        set.insert("onboarded".to_owned(), true.into());
    }
    Ok(differing(set, hero))
}

/// Text, empty where nothing is said; ages are sent as numbers too. `None`: it is neither.
fn words(sent: &Value, max: usize) -> Option<String> {
    match sent {
        Value::Null => Some(String::new()),
        Value::String(_) => Some(text(sent, max).unwrap_or_default()),
        _ => text(sent, max),
    }
}

#[cfg(test)]
mod tests {
    use domain::entity::fields::parse;
    use domain::hero::HeroFields;
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    fn made(body: Value, hero: Value) -> Value {
        changes(&object(body), &object(hero)).map(Value::Object).unwrap_or_else(|problem| problem.code().into())
    }

    fn nobody() -> Value {
        json!({ "name": "", "age": "", "occupation": "", "mission": "", "onboarded": false, "tutorial_done": false })
    }

    #[test]
    fn who_has_said_everything_has_been_welcomed() {
        let all = json!({ "userId": "", "name": "Mu", "age": 30, "occupation": "cook", "mission": "eat" });
        let expected = json!({ "name": "Mu", "age": "30", "occupation": "cook", "mission": "eat", "onboarded": true });
        assert_eq!(made(all.clone(), nobody()), expected);
        let some = json!({ "name": "Mu", "age": "30", "occupation": "  ", "mission": null });
        assert_eq!(made(some, nobody()), json!({ "name": "Mu", "age": "30" }));
        let half = json!({ "name": "Mu", "age": "30", "occupation": "cook", "mission": "", "onboarded": false });
        assert_eq!(made(json!({ "mission": "eat" }), half.clone()), json!({ "mission": "eat", "onboarded": true }));
        assert_eq!(made(json!({ "hasCompletedOnboarding": true }), half), json!({ "onboarded": true }));
    }

    #[test]
    fn a_profile_has_a_name_and_keeps_it() {
        for body in [json!({}), json!({ "name": " " }), json!({ "name": [7], "age": "30" })] {
            assert_eq!(made(body, nobody()), "fields_invalid");
        }
        let named = json!({ "name": "Mu", "age": "30", "onboarded": true, "tutorial_done": false });
        assert_eq!(made(json!({ "name": "", "age": "" }), named.clone()), json!({ "age": "" }));
        assert_eq!(
            made(json!({ "hasCompletedOnboarding": false, "hasCompletedTutorial": 1 }), named),
            json!({ "tutorial_done": true })
        );
    }

    #[test]
    fn whatever_is_sent_v2_takes_what_is_made_of_it() {
        let long = "x".repeat(5_000);
        for member in ["name", "age", "occupation", "mission", "hasCompletedOnboarding", "hasCompletedTutorial"] {
            for sent in
                [json!(null), json!(1e300), json!("\0"), json!(" "), json!(long), json!([]), json!({}), json!(true)]
            {
                let hero = object(json!({ "name": "Mu" }));
                let mut set = changes(&Map::from_iter([(member.to_owned(), sent.clone())]), &hero).unwrap();
                set.insert("time_zone".to_owned(), "UTC".into());
                assert!(parse::<HeroFields>(set, "").is_ok(), "{member}: {sent}");
            }
        }
    }
}
