//! What of an edit is one. Old clients send whole entities back; what stands there already is not written again, so that a
//! repeat changes nothing and no field gets a writer who did not touch it.

use serde_json::{Map, Value};

/// The fields whose value is another than the entity's.
pub fn differing(set: Map<String, Value>, entity: &Map<String, Value>) -> Map<String, Value> {
    set.into_iter().filter(|(field, value)| entity.get(field) != Some(value)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_stands_there_already_is_not_written_again() {
        let object = |value: Value| value.as_object().cloned().unwrap();
        let entity = object(json!({ "title": "Run", "description": null, "exp_reward": 5, "legacy_id": 3 }));
        let set = object(json!({ "title": "Run", "description": "far", "exp_reward": 6, "target_at": null }));
        let expected = object(json!({ "description": "far", "exp_reward": 6, "target_at": null }));
        assert_eq!(differing(set, &entity), expected);
        assert!(differing(object(json!({ "description": null })), &entity).is_empty());
    }
}
