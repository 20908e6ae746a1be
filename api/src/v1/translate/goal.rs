//! Goals of v1. Their progress is derived, so it is not read.

use infrastructure::postgres::legacy::{LegacyNames, LegacyTargets};
use serde_json::{Map, Value};

use super::words::{date, name_of, note, reference, title};
use super::{Changes, differing, put};
use crate::v1::clamp::{flag, id, number, one_of};

const ACTIVE: &str = "active";
const COMPLETED: &str = "completed";
const STATUSES: [&str; 2] = [ACTIVE, "paused"];
const MEDIUM: &str = "medium";
const PRIORITIES: [&str; 3] = ["low", MEDIUM, "high"];
const EXP_REWARD_MIN: i64 = 5;
const EXP_REWARD_MAX: i64 = 5_000;

/// The integer ids that a body names.
pub fn names(body: &Map<String, Value>) -> LegacyNames {
    let named = |member: &str| body.get(member).and_then(id);
    LegacyNames { skill: named("skillId"), goal: named("parentGoalId"), task: None }
}

/// The fields that a body says something of; `targets` are the entities that it names. That a goal is completed is not written as its status.
pub fn fields(body: &Map<String, Value>, targets: LegacyTargets) -> Map<String, Value> {
    let sent = |member: &str| body.get(member);
    let mut fields = Map::new();
    put(&mut fields, "title", sent("title").and_then(title));
    put(&mut fields, "description", sent("description").and_then(note));
    put(&mut fields, "status", sent("status").and_then(|status| name_of(status, &STATUSES, ACTIVE)));
    put(&mut fields, "priority", sent("priority").and_then(|priority| name_of(priority, &PRIORITIES, MEDIUM)));
    put(&mut fields, "target_at", sent("targetDate").and_then(date));
    put(&mut fields, "parent_id", sent("parentGoalId").and_then(|id| reference(id, targets.goal)));
    put(&mut fields, "skill_id", sent("skillId").and_then(|id| reference(id, targets.skill)));
    let reward = sent("expReward").and_then(|reward| number(reward, EXP_REWARD_MIN, EXP_REWARD_MAX));
    put(&mut fields, "exp_reward", reward);
    fields
}

/// Whether it is to be reached: `completed` says so, else the status.
pub fn reached(body: &Map<String, Value>) -> Option<bool> {
    let of_status = || {
        let status = one_of(body.get("status")?, &[STATUSES[0], STATUSES[1], COMPLETED])?;
        Some(status == COMPLETED)
    };
    body.get("completed").and_then(flag).or_else(of_status)
}

/// What a body changes of this goal. A reached goal is neither active nor paused, so its status is left alone.
pub fn changes(body: &Map<String, Value>, targets: LegacyTargets, goal: &Map<String, Value>) -> Changes {
    let is_reached = goal.get("completed_at").is_some_and(|at| !at.is_null());
    let wished = reached(body).unwrap_or(is_reached);
    let mut set = fields(body, targets);
    if wished {
        set.remove("status");
    }
    Changes { set: differing(set, goal), reached: (wished != is_reached).then_some(wished) }
}

#[cfg(test)]
mod tests {
    use domain::entity::fields::parse;
    use domain::goal::GoalFields;
    use domain::id::EntityId;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    fn entity(number: u128) -> EntityId {
        EntityId(Uuid::from_u128(number))
    }

    #[test]
    fn every_field_has_its_name_in_v2() {
        let body = json!({
            "title": "Marathon", "description": "in autumn", "status": "PAUSED", "priority": "high", "targetDate": "2026-10-24",
            "parentGoalId": 3, "skillId": "4", "expReward": "250", "progress": 0.5, "id": 9, "userId": "x", "level": 99,
        });
        let targets = LegacyTargets { goal: Some(entity(3)), ..LegacyTargets::default() };
        let expected = json!({
            "title": "Marathon", "description": "in autumn", "status": "paused", "priority": "high",
            "target_at": 1_792_800_000_000_i64, "parent_id": entity(3), "skill_id": null, "exp_reward": 250,
        });
        assert_eq!(Value::Object(fields(&object(body), targets)), expected);
    }

    #[test]
    fn whatever_is_sent_v2_takes_what_is_made_of_it() {
        let long = "x".repeat(5_000);
        let rubbish = [
            json!(null),
            json!(true),
            json!(-5),
            json!(1e300),
            json!(99_999),
            json!(""),
            json!("a"),
            json!("\0\0"),
            json!(long),
            json!("banana"),
            json!("completed"),
            json!([]),
            json!({}),
            json!("2026-13-45"),
            json!("9999-12-31"),
        ];
        let members =
            ["title", "description", "status", "priority", "targetDate", "parentGoalId", "skillId", "expReward"];
        for member in members {
            for sent in &rubbish {
                let body = Map::from_iter([(member.to_owned(), sent.clone())]);
                let mut made = fields(&body, LegacyTargets::default());
                made.entry("title").or_insert("Run".into());
                assert!(parse::<GoalFields>(made, "").is_ok(), "{member}: {sent}");
            }
        }
    }

    #[test]
    fn completed_says_more_than_the_status() {
        for (body, expected) in [
            (json!({ "completed": true, "status": "active" }), Some(true)),
            (json!({ "completed": false, "status": "completed" }), Some(false)),
            (json!({ "status": "completed" }), Some(true)),
            (json!({ "status": "active" }), Some(false)),
            (json!({ "status": "banana" }), None),
            (json!({ "completed": null }), None),
            (json!({}), None),
        ] {
            assert_eq!(reached(&object(body.clone())), expected, "{body}");
        }
    }

    #[test]
    fn a_goal_that_is_sent_back_as_it_was_shown_changes_nothing() {
        let goal = json!({
            "title": "Marathon", "description": null, "status": "completed", "priority": "medium", "target_at": 1_792_800_000_000_i64,
            "parent_id": null, "skill_id": entity(4), "exp_reward": 100, "completed_at": 7,
        });
        let shown = json!({
            "title": "Marathon", "description": null, "status": "completed", "priority": "medium",
            "targetDate": "2026-10-24T00:00:00.000Z", "parentGoalId": null, "skillId": 4, "expReward": 100, "completed": true,
        });
        let targets = LegacyTargets { skill: Some(entity(4)), ..LegacyTargets::default() };
        let changes = changes(&object(shown), targets, &object(goal));
        assert_eq!(changes, Changes { set: Map::new(), reached: None });
    }

    #[test]
    fn a_status_is_written_only_where_it_can_be_seen() {
        let reached = object(json!({ "status": "completed", "completed_at": 7 }));
        let open = object(json!({ "status": "active", "completed_at": null }));
        let made = |body: Value, goal: &Map<String, Value>| {
            let Changes { set, reached } = changes(&object(body), LegacyTargets::default(), goal);
            (Value::Object(set), reached)
        };
        assert_eq!(made(json!({ "status": "paused" }), &reached), (json!({ "status": "paused" }), Some(false)));
        assert_eq!(made(json!({ "status": "paused", "completed": true }), &reached), (json!({}), None));
        assert_eq!(made(json!({ "status": "paused", "completed": true }), &open), (json!({}), Some(true)));
        assert_eq!(made(json!({ "status": "paused" }), &open), (json!({ "status": "paused" }), None));
    }
}
