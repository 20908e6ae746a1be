//! Tests of skills.

use cqrs_es::test::TestFramework;
use jiff::civil::date;
use serde_json::{Value, json};

use super::{Skill, SkillChange, SkillCommand, Xp};
use crate::entity::OutcomeKind::Merged;
use crate::entity::Recorded;
use crate::testing::{HOUR, NOON, Space, browser, id, mark, of, phone, skill};

fn thirty_five() -> Xp {
    Xp { xp: 35, day: Some(date(2026, 7, 1)) }
}

#[test]
fn a_grant_is_recorded_even_on_a_tombstone() {
    TestFramework::<Skill>::with(of(phone(), 2, NOON))
        .given(vec![skill(json!({ "name": "Chess" }))])
        .when(SkillCommand::Grant(thirty_five()))
        .then_expect_events(vec![Recorded {
            mark: mark(phone(), 2, NOON),
            change: SkillChange::Granted(thirty_five()),
        }]);
}

#[test]
fn xp_taken_back_is_recorded() {
    TestFramework::<Skill>::with(of(phone(), 2, NOON))
        .given(vec![skill(json!({ "name": "Chess" }))])
        .when(SkillCommand::TakeBack(thirty_five()))
        .then_expect_events(vec![Recorded {
            mark: mark(phone(), 2, NOON),
            change: SkillChange::TakenBack(thirty_five()),
        }]);
}

/// Skills 1 to 4; 2 builds on 1, 3 on 1 and 2.
fn tree() -> Space {
    let mut space = Space::founded("UTC");
    for (number, before) in [(1, vec![]), (2, vec![id(1)]), (3, vec![id(1), id(2)]), (4, vec![])] {
        let data = json!({ "name": "Skill", "prerequisites": before });
        space.does(phone(), NOON, "skill.create", id(number), data).unwrap();
    }
    space
}

fn before(space: &Space, number: u128) -> Value {
    space.sees("skill", id(number), &["prerequisites"])["prerequisites"].clone()
}

#[test]
fn a_creation_gets_the_defaults() {
    let space = tree();
    let defaults = json!({
        "name": "Skill", "color": "#6366F1", "icon": "fas fa-star", "kind": "basic", "category": "general",
        "unlocked": true, "prerequisites": [], "talent_points": 0, "prestige": 0, "xp": 0, "level": 1,
        "xp_in_level": 0, "xp_to_next": 100,
    });
    let names: Vec<&str> = defaults.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(space.sees("skill", id(1), &names), defaults);
}

#[test]
fn every_field_has_its_range() {
    let mut space = tree();
    let mut code = |field: &str, value: Value| {
        let told = space.does(phone(), NOON, "skill.edit", id(1), json!({ "set": { field: value } }));
        told.map_or_else(|refused| refused.code().to_owned(), |_| "ok".to_owned())
    };
    for (field, value) in [
        ("name", json!("a")),
        ("name", json!("力".repeat(50))),
        ("color", json!("#a1B2c3")),
        ("icon", json!("i".repeat(60))),
        ("kind", json!("mastery")),
        ("category", json!("c".repeat(50))),
        ("unlocked", json!(false)),
    ] {
        assert_eq!(code(field, value.clone()), "ok", "{field} {value}");
    }
    for (field, value, expected) in [
        ("name", json!(""), "too_short"),
        ("name", json!("力".repeat(51)), "too_long"),
        ("name", json!(" "), "text_blank"),
        ("name", json!("a\0"), "text_nul"),
        ("color", json!("#FFF"), "color_invalid"),
        ("color", json!("6366F1"), "color_invalid"),
        ("color", json!("#6366FG"), "color_invalid"),
        ("color", json!("#6366F11"), "color_invalid"),
        ("color", json!("#é66F1"), "color_invalid"),
        ("icon", json!(""), "too_short"),
        ("icon", json!("i".repeat(61)), "too_long"),
        ("category", json!(""), "too_short"),
        ("category", json!("c".repeat(51)), "too_long"),
        ("kind", json!("legendary"), "type_wrong"),
        ("unlocked", json!(1), "type_wrong"),
        ("prerequisites", json!((1000..1101).map(id).collect::<Vec<_>>()), "too_many"),
        ("prerequisites", json!(["x"]), "type_wrong"),
        ("xp", json!(1000), "field_unknown"),
        ("talent_points", json!(1), "field_unknown"),
    ] {
        assert_eq!(code(field, value.clone()), expected, "{field} {value}");
    }
}

#[test]
fn prerequisites_are_added_and_removed_one_by_one() {
    let mut space = tree();
    space.does(phone(), NOON, "skill.edit", id(4), json!({ "add": { "prerequisites": [id(1)] } })).unwrap();
    space.does(browser(), NOON, "skill.edit", id(4), json!({ "add": { "prerequisites": [id(2)] } })).unwrap();
    space.does(browser(), NOON, "skill.edit", id(4), json!({ "add": { "prerequisites": [id(3)] } })).unwrap();
    assert_eq!(before(&space, 4), json!([id(1), id(2), id(3)]));
    let shouted = id(2).to_string().to_uppercase();
    space.does(phone(), NOON, "skill.edit", id(4), json!({ "remove": { "prerequisites": [shouted] } })).unwrap();
    assert_eq!(before(&space, 4), json!([id(1), id(3)]));
}

#[test]
fn prerequisites_never_form_a_circle() {
    let mut space = tree();
    for (skill, before) in [(1, 1), (1, 2), (1, 3), (2, 3)] {
        let edit = json!({ "add": { "prerequisites": [id(before)] } });
        let refused = space.does(phone(), NOON, "skill.edit", id(skill), edit).unwrap_err();
        assert_eq!((refused.code(), refused.errors()[0].pointer.as_str()), ("reference_cycle", "/add/prerequisites"));
    }
    let unknown = json!({ "set": { "prerequisites": [id(2), id(99)] } });
    let refused = space.does(phone(), NOON, "skill.edit", id(4), unknown).unwrap_err();
    assert_eq!((refused.code(), refused.errors()[0].pointer.as_str()), ("reference_missing", "/set/prerequisites"));
}

#[test]
fn a_chain_too_long_to_follow_is_refused_as_a_circle_would_be() {
    let mut space = Space::founded("UTC");
    let longest = crate::limits::REFERENCE_DEPTH_MAX as u128;
    let chain = |space: &mut Space, number: u128| {
        let before = if number == 1 { vec![] } else { vec![id(number - 1)] };
        let data = json!({ "name": "Skill", "prerequisites": before });
        space.does(phone(), NOON, "skill.create", id(number), data).map(|_| ())
    };
    // Only the ends are told one by one; what lies between is put there as it would be.
    for number in 1..=3 {
        chain(&mut space, number).unwrap();
    }
    space.extend_chain(3, longest - 1);
    chain(&mut space, longest).unwrap();
    assert_eq!(chain(&mut space, longest + 1).unwrap_err().code(), "reference_cycle");
}

#[test]
fn deleting_a_skill_clears_what_refers_to_it_and_a_restore_brings_that_back() {
    let mut space = tree();
    space.does(phone(), NOON, "task.create", id(7), json!({ "title": "Play", "skill_id": id(1) })).unwrap();
    space.does(phone(), NOON, "goal.create", id(8), json!({ "title": "Win", "skill_id": id(1) })).unwrap();
    let told = space.does(phone(), NOON + HOUR, "skill.delete", id(1), json!(null)).unwrap();
    assert_eq!(told.events.len(), 5);
    assert_eq!([before(&space, 2), before(&space, 3)], [json!([]), json!([id(2)])]);
    assert_eq!(space.sees("task", id(7), &["skill_id"]), json!({ "skill_id": null }));
    let told = space.does(browser(), NOON, "skill.edit", id(4), json!({ "add": { "prerequisites": [id(1), id(2)] } }));
    let told = told.unwrap();
    assert_eq!((told.kind(), told.outcome.cleared), (Merged, vec!["prerequisites".to_owned()]));
    space.does(browser(), NOON + HOUR, "skill.restore", id(1), json!(null)).unwrap();
    assert_eq!(
        [2, 3, 4].map(|number| before(&space, number)),
        [json!([id(1)]), json!([id(1), id(2)]), json!([id(1), id(2)])]
    );
    assert_eq!(space.sees("task", id(7), &["skill_id"]), json!({ "skill_id": id(1) }));
    assert_eq!(space.sees("goal", id(8), &["skill_id"]), json!({ "skill_id": id(1) }));
}

#[test]
fn xp_goes_back_to_the_skill_that_got_it_even_when_it_is_deleted() {
    let mut space = tree();
    space.does(phone(), NOON, "task.create", id(7), json!({ "title": "Play", "skill_id": id(1) })).unwrap();
    space.does(phone(), NOON, "task.complete", id(7), json!(null)).unwrap();
    space.does(phone(), NOON, "skill.delete", id(1), json!(null)).unwrap();
    let told = space.does(phone(), NOON, "task.uncomplete", id(7), json!(null)).unwrap();
    assert_eq!(told.events, ["task.uncompleted", ": hero.taken_back", ": skill.taken_back"]);
    assert_eq!(space.sees("skill", id(1), &["xp", "deleted_at"]), json!({ "xp": 0, "deleted_at": NOON }));
}
