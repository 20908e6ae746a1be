//! What of the stats of v1 is a person's to choose: how energy is counted. All else is derived, so it is not read.

use serde_json::{Map, Value};

use super::{differing, put};
use crate::v1::clamp::number;

/// Members of v1, fields of v2 and their ranges.
const SETTINGS: [(&str, &str, i64, i64); 4] = [
    ("maxEnergyBalls", "energy_max", 1, 48),
    ("energyBallDuration", "ball_minutes", 5, 60),
    ("energyPeakStart", "peak_start", 0, 23),
    ("energyPeakEnd", "peak_end", 0, 23),
];

/// What a body changes of this hero.
pub fn changes(body: &Map<String, Value>, hero: &Map<String, Value>) -> Map<String, Value> {
    let mut set = Map::new();
    for (member, field, min, max) in SETTINGS {
        put(&mut set, field, body.get(member).and_then(|sent| number(sent, min, max)));
    }
    differing(set, hero)
}

#[cfg(test)]
mod tests {
    use domain::entity::fields::parse;
    use domain::hero::HeroFields;
    use serde_json::json;

    use super::*;

    fn made(body: Value) -> Map<String, Value> {
        let hero = json!({ "energy_max": 18, "ball_minutes": 15, "peak_start": 9, "peak_end": 12 });
        changes(body.as_object().unwrap(), hero.as_object().unwrap())
    }

    #[test]
    fn only_settings_are_read_and_held_in_range() {
        let body = json!({
            "maxEnergyBalls": 24, "energyBallDuration": 15, "energyPeakStart": "8", "energyPeakEnd": 99, "level": 99,
            "experience": 1_000_000, "energyBalls": 48, "streak": 9, "totalTasksCompleted": 9, "userId": "x", "id": 2,
        });
        assert_eq!(Value::Object(made(body)), json!({ "energy_max": 24, "peak_start": 8, "peak_end": 23 }));
        for (member, ..) in SETTINGS {
            for sent in [json!(-1e300), json!(i64::MAX), json!(null), json!("much"), json!([])] {
                let mut set = made(json!({ member: sent }));
                set.insert("time_zone".to_owned(), "UTC".into());
                assert!(parse::<HeroFields>(set, "").is_ok(), "{member}");
            }
        }
    }
}
