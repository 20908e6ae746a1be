use serde_json::json;

use super::*;
use crate::entity::Event;
use crate::hero::HeroChange;

/// A chain as there might be one: a name that was split, then a number that was given in another unit.
const CHAIN: &[Step] = &[
    Step { kind: Kind::Skill, event: "granted", from: "1", to: "2", change: amount_becomes_xp },
    Step { kind: Kind::Task, event: "granted", from: "1", to: "9", change: |_| Value::Null },
    Step { kind: Kind::Skill, event: "granted", from: "2", to: "3", change: xp_is_counted_in_tens },
];

fn amount_becomes_xp(mut payload: Value) -> Value {
    if let Some(granted) = payload.pointer_mut("/change/granted").and_then(Value::as_object_mut) {
        let amount = granted.remove("amount").unwrap_or_default();
        granted.insert("xp".to_owned(), amount);
    }
    payload
}

fn xp_is_counted_in_tens(mut payload: Value) -> Value {
    if let Some(xp) = payload.pointer_mut("/change/granted/xp") {
        *xp = Value::from(xp.as_i64().unwrap_or_default() * 10);
    }
    payload
}

fn granted(field: &str) -> Value {
    json!({ "mark": null, "change": { "granted": { field: 7 } } })
}

fn rested(about: Value) -> Value {
    let mark = json!({ "position": 1, "at": 0, "stamp": [0, 0, uuid::Uuid::nil()] });
    json!({ "mark": mark, "change": { "energy_restored": about } })
}

#[test]
fn an_old_shape_goes_through_every_step_to_the_present_one() {
    let read = |version: &str, field: &str| through(CHAIN, Kind::Skill, "skill.granted", version, granted(field));
    let xp = |payload: Result<Value, Unreadable>| payload.unwrap()["change"]["granted"]["xp"].clone();
    assert_eq!(xp(read("1", "amount")), json!(70));
    assert_eq!(xp(read("2", "xp")), json!(70));
    assert_eq!(xp(read("3", "xp")), json!(7), "what is of the present shape is not touched");
}

#[test]
fn a_version_that_no_step_takes_is_named() {
    for version in ["0", "4", "1.0", "", "newest"] {
        let read = through(CHAIN, Kind::Skill, "skill.granted", version, granted("xp"));
        let (event_type, version) = ("skill.granted".to_owned(), version.to_owned());
        assert_eq!(read, Err(Unreadable::UnknownVersion { event_type, version, present: "3" }));
    }
}

#[test]
fn a_type_that_the_kind_does_not_have_is_named() {
    for event_type in ["skill.exploded", "task.completed", "granted", "skillgranted", "skill.", ""] {
        let read = through(CHAIN, Kind::Skill, event_type, "1", granted("xp"));
        assert_eq!(read, Err(Unreadable::UnknownType { event_type: event_type.to_owned() }));
    }
}

#[test]
fn energy_that_came_back_without_a_word_of_what_was_spent_had_spent_nothing() {
    let spent =
        |version: &str, about: Value| match Event::read(Kind::Hero, "hero.energy_restored", version, rested(about))
            .unwrap()
        {
            Event::Hero(event) => match event.change {
                HeroChange::EnergyRestored(rested) => rested.spent,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
    assert_eq!(spent("1", json!({ "day": "2026-01-02" })), 0);
    assert_eq!(spent("1", json!({ "day": "2026-01-02", "spent": 3 })), 3);
    assert_eq!(spent("2", json!({ "day": "2026-01-02", "spent": 4 })), 4);
}

#[test]
fn a_payload_that_is_not_of_its_version_is_refused_with_the_reason() {
    let read =
        |event_type: &str, version: &str, about: Value| Event::read(Kind::Hero, event_type, version, rested(about));
    let refused = read("hero.energy_restored", "2", json!({ "day": "2026-01-02" })).unwrap_err();
    assert_eq!(refused.code(), "event_unreadable");
    let refused = read("hero.energy_adjusted", "1", json!({ "day": "2026-01-02", "spent": 3 })).unwrap_err();
    assert_eq!(refused, Unreadable::Contradiction);
}

#[test]
fn the_steps_of_an_event_lead_from_each_version_to_the_next() {
    for (at, step) in STEPS.iter().enumerate() {
        assert!(step.kind.event_names().any(|name| name == step.event), "{step:?}");
        let before = newest(&STEPS[..at], step.kind, step.event);
        assert_eq!(step.from, before, "{step:?}");
        assert_ne!(step.to, before, "{step:?}");
    }
}

#[test]
fn the_upcasters_of_a_kind_are_those_that_the_event_stores_of_the_library_take() {
    for kind in Kind::ALL {
        assert_eq!(upcasters(*kind).len(), STEPS.iter().filter(|step| step.kind == *kind).count());
    }
    let stored = serialized(Kind::Hero, "hero.energy_restored", "1", rested(json!({ "day": "2026-01-02" })));
    let upcast = upcasters(Kind::Hero).iter().fold(stored, |event, upcaster| {
        if upcaster.can_upcast(&event.event_type, &event.event_version) { upcaster.upcast(event) } else { event }
    });
    assert_eq!(
        (upcast.event_version.as_str(), &upcast.payload["change"]["energy_restored"]["spent"]),
        ("2", &json!(0))
    );
}
