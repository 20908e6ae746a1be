use serde_json::json;
use uuid::Uuid;

use crate::entity::Kind;
use crate::founding::{CORE_SKILLS, core_skill_id};
use crate::id::SpaceId;
use crate::testing::{NOON, SPACE, Space};
use crate::transaction::founding;

#[test]
fn every_attempt_founds_the_same_space() {
    let (one, other) = (founding(SPACE, "UTC", NOON), founding(SPACE, "UTC", NOON + 1));
    assert_eq!((one.id, one.digest), (other.id, other.digest));
    let ids = |requests: Vec<crate::transaction::Request>| -> Vec<_> {
        requests.into_iter().map(|request| (request.command_id, request.target, request.command)).collect()
    };
    assert_eq!(ids(one.commands.unwrap()), ids(other.commands.unwrap()));
    let elsewhere = founding(SpaceId(Uuid::from_u128(1)), "UTC", NOON);
    assert_ne!(elsewhere.id, other.id);
}

#[test]
fn a_new_space_has_a_hero_and_six_core_skills_by_ids_made_of_the_spaces() {
    let space = Space::founded("Asia/Shanghai");
    let skills: Vec<_> = space.entities.keys().filter(|name| name.kind == Kind::Skill).map(|name| name.id).collect();
    assert_eq!((space.entities.len(), skills.len(), space.position), (7, 6, 7));
    for (number, (name, color, icon, category)) in (1..).zip(CORE_SKILLS) {
        let id = core_skill_id(SPACE, number);
        assert_eq!(id.0, Uuid::new_v5(&SPACE.0, format!("core-skill/{number}").as_bytes()));
        let seen = space.sees("skill", id, &["name", "color", "icon", "category", "kind", "unlocked", "legacy_id"]);
        let expected = json!({
            "name": name, "color": color, "icon": icon, "category": category, "kind": "core", "unlocked": true,
            "legacy_id": number,
        });
        assert_eq!(seen, expected);
    }
    let last = CORE_SKILLS[5];
    assert_eq!((last.0, last.1, last.2, last.3), ("意志执行力", "#DC2626", "fas fa-target", "Purposeful Action"));
}

#[test]
fn the_ids_are_those_that_every_language_computes() {
    let nil = SpaceId(Uuid::nil());
    assert_eq!(core_skill_id(nil, 1).to_string(), "bfa9e47b-8bff-5f3a-ad5f-985a707eaac3");
    assert_eq!(core_skill_id(nil, 6).to_string(), "b8be4a37-b985-59ac-9ee4-0c9797e0cf50");
    assert_eq!(founding(nil, "UTC", 0).id.to_string(), "cf9cffa5-8c2d-5bb7-af56-6c121932fdcd");
}
