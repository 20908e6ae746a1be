use serde_json::{Value, json};
use uuid::Uuid;

use super::{PLACEHOLDER, Redaction, is_redactable, replaced, written};
use crate::entity::{EntityRef, Kind};
use crate::id::{EntityId, SpaceId};

const SECRET: &str = "hunter2 hunter2";

fn redaction() -> (Redaction, EntityRef) {
    let task = EntityRef::new(Kind::Task, EntityId(Uuid::from_u128(7)));
    (Redaction::of(SpaceId(Uuid::from_u128(1)), task, "title", SECRET).unwrap(), task)
}

fn says(value: &Value) -> bool {
    value.to_string().contains("hunter2")
}

#[test]
fn every_place_of_an_edit_gives_way_and_other_fields_stay() {
    let (redaction, task) = redaction();
    let mut payload = json!({ "mark": {}, "change": { "edited": { "base": 3, "changes": {
        "title": {
            "before": SECRET, "after": SECRET, "written": SECRET,
            "candidates": [{ "value": "other", "written": [1, 0, "x", 2] }, { "value": SECRET, "written": [1, 0, "x", 3] }],
        },
        "description": { "before": null, "after": "stays" },
    } } } });
    assert_eq!(written(&payload, "title"), Some(SECRET));
    assert!(redaction.in_payload(&mut payload, task));
    assert!(!says(&payload), "{payload}");
    assert_eq!(payload["change"]["edited"]["changes"]["description"]["after"], "stays");
    assert_eq!(payload["change"]["edited"]["changes"]["title"]["candidates"][0]["value"], "other");
    assert!(!redaction.in_payload(&mut payload, task), "a second time there is nothing");
}

#[test]
fn what_the_placeholder_replaced_is_told_until_it_is_taken_out() {
    let (redaction, task) = redaction();
    let edited = |before: &str, after: &str| json!({ "change": { "edited": { "base": 3, "changes": { "title": { "before": before, "after": after } } } } });
    let mut payload = edited(SECRET, PLACEHOLDER);
    assert_eq!(replaced(&payload, "title"), Some(SECRET));
    assert_eq!(replaced(&payload, "description"), None);
    assert!(redaction.in_payload(&mut payload, task));
    assert_eq!(replaced(&payload, "title"), None, "it is out");
    for (before, after) in [("", PLACEHOLDER), (SECRET, "other"), (PLACEHOLDER, PLACEHOLDER)] {
        assert_eq!(replaced(&edited(before, after), "title"), None, "{before:?} {after:?}");
    }
    assert_eq!(replaced(&json!({ "change": { "created": { "fields": { "title": PLACEHOLDER } } } }), "title"), None);
}

#[test]
fn creations_rows_conflicts_and_what_readers_were_told_give_way() {
    let (redaction, task) = redaction();
    let mut created = json!({ "change": { "created": { "fields": { "title": SECRET, "description": SECRET } } } });
    assert_eq!(written(&created, "title"), Some(SECRET));
    assert!(redaction.in_payload(&mut created, task));
    assert_eq!(created["change"]["created"]["fields"], json!({ "title": PLACEHOLDER, "description": SECRET }));
    let sides = json!({ "current": { "value": "x" }, "others": [{ "value": SECRET }, { "value": null }] });
    for mut payload in
        [json!({ "change": { "opened": { "fields": sides } } }), json!({ "change": { "changed": sides } })]
    {
        assert!(redaction.in_payload(&mut payload, redaction.conflict) && !says(&payload), "{payload}");
    }
    let (mut told, mut row) = (sides.clone(), sides);
    assert!(redaction.in_told(&mut told, redaction.conflict) && !says(&told));
    assert!(redaction.in_row(&mut row, redaction.conflict) && !says(&row));
    let mut row = json!({ "title": SECRET, "stamps": { "candidates": { "title": [{ "value": SECRET }] } } });
    assert!(redaction.in_row(&mut row, task) && !says(&row), "{row}");
}

#[test]
fn a_veil_covers_whole_texts_and_long_ones_inside_of_others_but_no_names() {
    let veil = redaction().0.veil();
    let mut document = json!({ SECRET: 1, "said": format!("no such {SECRET}!"), "all": [SECRET], "n": 5 });
    assert!(veil.cover(&mut document));
    assert_eq!(document, json!({ SECRET: 1, "said": "no such [redacted]!", "all": ["[redacted]"], "n": 5 }));
    let mut nested = format!(r#"{{"title":"{SECRET}"}}"#);
    assert!(veil.cover_text(&mut nested));
    assert_eq!(nested, r#"{"title":"[redacted]"}"#);
    let mut receipt = json!({ "status": SECRET, "results": [{ "now": SECRET }] });
    assert!(veil.cover(&mut receipt));
    assert_eq!(
        receipt,
        json!({ "status": SECRET, "results": [{ "now": PLACEHOLDER }] }),
        "the program's own words stay"
    );
    let task = EntityRef::new(Kind::Task, EntityId(Uuid::from_u128(7)));
    let short = Redaction::of(SpaceId(Uuid::nil()), task, "title", "task").unwrap().veil();
    let mut commands = json!([{ "type": "task.create", "data": { "title": "task" } }]);
    assert!(short.cover(&mut commands));
    assert_eq!(commands, json!([{ "type": "task.create", "data": { "title": "[redacted]" } }]));
}

#[test]
fn a_veil_covers_what_a_message_quotes_and_what_it_cuts_off() {
    let task = EntityRef::new(Kind::Task, EntityId(Uuid::from_u128(7)));
    let veil = |text: &str| Redaction::of(SpaceId(Uuid::nil()), task, "title", text).unwrap().veil();
    let awkward = "pass \\ \"word\"";
    let mut said = format!("invalid type: string {awkward:?}, expected i64");
    assert!(veil(awkward).cover_text(&mut said));
    assert_eq!(said, "invalid type: string \"[redacted]\", expected i64");
    let mut stored = json!({ "detail": format!("no {awkward:?}") });
    let text = stored.to_string();
    assert!(veil(awkward).traces().iter().any(|trace| text.contains(trace)), "{text}");
    assert!(veil(awkward).cover(&mut stored));
    let long = "long ".repeat(100);
    let mut cut: String = format!("invalid: {long:?}").chars().take(400).collect();
    assert!(veil(&long).cover_text(&mut cut));
    assert_eq!(cut, "invalid: \"[redacted]");
}

#[test]
fn only_texts_of_a_persons_own_can_be_redacted_and_never_what_is_redacted_already() {
    assert!(is_redactable(Kind::Task, "title") && is_redactable(Kind::Hero, "mission"));
    for (kind, field) in
        [(Kind::Task, "category"), (Kind::Task, "tags"), (Kind::Task, "nothing"), (Kind::Conflict, "field")]
    {
        assert!(!is_redactable(kind, field), "{field}");
    }
    let task = EntityRef::new(Kind::Task, EntityId(Uuid::from_u128(7)));
    assert_eq!(Redaction::of(SpaceId(Uuid::nil()), task, "title", PLACEHOLDER), None);
    assert!(!format!("{:?} {:?}", redaction(), redaction().0.veil()).contains("hunter2"));
}

#[test]
fn the_placeholder_fits_every_field_that_can_be_redacted() {
    let fits = |kind: Kind, needed: Value| {
        let Value::Object(mut values) = needed else { panic!("no object") };
        for (field, _) in kind.policies().iter().filter(|(field, _)| is_redactable(kind, field)) {
            values.insert((*field).to_owned(), json!(PLACEHOLDER));
        }
        kind.check_fields(&values, "").unwrap_or_else(|refused| panic!("{}: {refused:?}", kind.name()));
    };
    let task = json!({ "exp_reward": 5, "energy_cost": 1, "rank": "a" });
    fits(Kind::Task, task);
    fits(Kind::Goal, json!({ "exp_reward": 5 }));
    fits(Kind::Milestone, json!({ "goal_id": Uuid::nil(), "rank": "a" }));
    fits(Kind::Skill, json!({}));
    fits(Kind::Hero, json!({ "time_zone": "UTC" }));
}

#[test]
fn what_an_import_kept_and_told_is_covered_too() {
    let task = EntityRef::new(Kind::Task, EntityId(Uuid::from_u128(7)));
    let redaction = Redaction::of(SpaceId(Uuid::nil()), task, "title", "hunter2 is my word").unwrap();
    let legacy = json!({ "action": "task_completed", "details": { "description": "Done: hunter2 is my word" } });
    let mut told = json!({ "change": { "activity_imported": { "title": "hunter2 is my word", "legacy": legacy } } });
    assert!(redaction.in_past(&mut told));
    assert!(!told.to_string().contains("hunter2"), "{told}");
    assert_eq!(told["change"]["activity_imported"]["legacy"]["action"], "task_completed");
    assert!(!redaction.in_past(&mut told));
    let extras = json!({ "micro_tasks": [{ "title": "hunter2 is my word, twice" }] });
    let mut made = json!({ "change": { "created": { "fields": { "title": "Run" }, "kept": { "extras": extras } } } });
    assert!(redaction.in_payload(&mut made, task));
    assert!(!made.to_string().contains("hunter2"), "{made}");
}
