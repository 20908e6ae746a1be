//! Milestones of v1, alone and in the body of a new goal. Their progress is derived, so it is not read.

use domain::entity::text::numbered_rank;
use serde_json::{Map, Value};

use super::words::{note, title};
use super::{Changes, differing, put};
use crate::v1::clamp::{flag, number};

/// The fields that a body says something of; its place is none of them.
pub fn fields(body: &Map<String, Value>) -> Map<String, Value> {
    let mut fields = Map::new();
    put(&mut fields, "title", body.get("title").and_then(title));
    put(&mut fields, "description", body.get("description").and_then(note));
    fields
}

/// The place that a body says, from 0: an `order` below is the first, one beyond the last.
pub fn place(body: &Map<String, Value>) -> Option<i64> {
    number(body.get("order")?, 0, i32::MAX.into())
}

/// Whether it is to be reached.
pub fn reached(body: &Map<String, Value>) -> Option<bool> {
    body.get("completed").and_then(flag)
}

/// What a body changes of this milestone, but for its place.
pub fn changes(body: &Map<String, Value>, milestone: &Map<String, Value>) -> Changes {
    let is_reached = milestone.get("completed_at").is_some_and(|at| !at.is_null());
    Changes { set: differing(fields(body), milestone), reached: reached(body).filter(|wished| *wished != is_reached) }
}

/// The steps in the body of a new goal, in their order; those without a title are none.
pub fn steps(body: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let sent = body.get("milestones").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let step = |(number, sent): (i64, &Value)| {
        let mut step = fields(sent.as_object()?);
        step.insert("rank".to_owned(), numbered_rank(number).into());
        step.contains_key("title").then_some(step)
    };
    (0..).zip(sent).filter_map(step).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn steps_without_a_title_are_none_and_the_others_keep_their_order() {
        let body = json!({ "milestones": [
            { "title": "Start", "description": "small", "order": 7, "completed": true }, { "title": " " }, {}, null, "text",
            { "title": "End", "description": "" },
        ] });
        let expected = json!([
            { "title": "Start", "description": "small", "rank": numbered_rank(0) },
            { "title": "End", "description": null, "rank": numbered_rank(5) },
        ]);
        let made = steps(&object(body)).into_iter().map(Value::Object).collect();
        assert_eq!(Value::Array(made), expected);
        for none in [json!({}), json!({ "milestones": null }), json!({ "milestones": "Start" })] {
            assert!(steps(&object(none)).is_empty());
        }
    }

    #[test]
    fn a_milestone_that_is_sent_back_is_not_changed() {
        let milestone =
            object(json!({ "title": "Start", "description": null, "rank": "z00000001", "completed_at": 7 }));
        let body = object(json!({ "title": "Start", "description": "", "order": 1, "completed": true, "progress": 1 }));
        assert_eq!(changes(&body, &milestone), Changes { set: Map::new(), reached: None });
        let body = object(json!({ "completed": false, "title": "" }));
        assert_eq!(changes(&body, &milestone), Changes { set: Map::new(), reached: Some(false) });
    }

    #[test]
    fn a_place_is_a_number_from_0() {
        for (sent, expected) in [(json!(2), Some(2)), (json!("3"), Some(3)), (json!(-5), Some(0)), (json!(null), None)]
        {
            assert_eq!(place(&object(json!({ "order": sent }))), expected, "{sent}");
        }
        assert_eq!(place(&Map::new()), None);
    }
}
