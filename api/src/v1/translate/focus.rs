//! A focus session of v1 as the data of `focus`.

use serde_json::{Map, Value};

use crate::v1::clamp::{flag, number};

/// Minutes of a session that does not say.
const MINUTES: i64 = 25;
/// Names of the minutes that were spent, the first that says something counts.
const SPENT: [&str; 3] = ["sessionDuration", "workDuration", "duration"];
/// Names of the finished cycles.
const CYCLES: [&str; 2] = ["cycles", "cyclesCompleted"];

/// The session that is over. Without its cycles it was one; broken off it finished none, whatever it says; without its balls
/// the rules count them.
pub fn session(body: &Map<String, Value>) -> Map<String, Value> {
    let of = |name: &str| body.get(name).unwrap_or(&Value::Null);
    let was_broken_off = flag(of("completed")) == Some(false);
    let cycles = CYCLES.into_iter().find_map(|name| number(of(name), 0, 24)).filter(|_| !was_broken_off);
    let mut data = Map::new();
    data.insert("minutes".to_owned(), minutes(body).into());
    data.insert("cycles".to_owned(), cycles.unwrap_or(i64::from(!was_broken_off)).into());
    if let Some(balls) = number(of("actualEnergyBalls"), 0, 48) {
        data.insert("balls".to_owned(), balls.into());
    }
    data
}

/// How long a session was, or is meant to be, in minutes.
pub fn minutes(body: &Map<String, Value>) -> i64 {
    SPENT.into_iter().find_map(|name| number(body.get(name)?, 1, 480)).unwrap_or(MINUTES)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(body: Value) -> Value {
        session(body.as_object().unwrap_or(&Map::new())).into()
    }

    #[test]
    fn both_forms_of_a_session_are_read_and_held_in_range() {
        let timer = json!({ "sessionDuration": 50, "completed": true, "actualEnergyBalls": 4, "cycles": 2 });
        assert_eq!(of(timer), json!({ "minutes": 50, "cycles": 2, "balls": 4 }));
        let page = json!({ "workDuration": "30", "restDuration": 5, "cyclesCompleted": 1, "completed": true });
        assert_eq!(of(page), json!({ "minutes": 30, "cycles": 1 }));
        let wild = json!({ "sessionDuration": 1e9, "cycles": -3, "actualEnergyBalls": 1000 });
        assert_eq!(of(wild), json!({ "minutes": 480, "cycles": 0, "balls": 48 }));
        assert_eq!(of(json!({ "sessionDuration": 0 })), json!({ "minutes": 1, "cycles": 1 }));
    }

    #[test]
    fn a_session_that_says_nothing_is_one_cycle_of_the_usual_length() {
        assert_eq!(of(json!({})), json!({ "minutes": 25, "cycles": 1 }));
        let rubbish = json!({ "sessionDuration": "long", "cycles": null, "actualEnergyBalls": [] });
        assert_eq!(of(rubbish), json!({ "minutes": 25, "cycles": 1 }));
        assert_eq!(of(json!({ "completed": false })), json!({ "minutes": 25, "cycles": 0 }));
        assert_eq!(of(json!({ "completed": false, "cycles": 3 })), json!({ "minutes": 25, "cycles": 0 }));
        assert_eq!(minutes(json!({ "duration": 15 }).as_object().unwrap_or(&Map::new())), 15);
    }
}
