use serde_json::{Value, json};

use crate::testing::{DAY, HOUR, MINUTE, NOON, Space, id, phone};

/// Tries `value` in `field` when creating and when editing: both are refused with the same code, or neither is.
fn answer(field: &str, value: Value) -> Result<(), (String, String)> {
    let mut space = Space::founded("UTC");
    let told = |refused: crate::rejection::Rejection| {
        let error = refused.errors().remove(0);
        (error.pointer, error.code)
    };
    space.does(phone(), NOON, "task.create", id(1), json!({ "title": "Read" })).unwrap();
    let edited =
        space.does(phone(), NOON, "task.edit", id(1), json!({ "set": { field: value.clone() } })).map_err(told);
    let mut data = json!({ "title": "Read" });
    data[field] = value.clone();
    let created = space.does(phone(), NOON, "task.create", id(2), data).map_err(told);
    match (edited, created) {
        (Ok(_), Ok(_)) => {
            let kept = space.sees("task", id(1), &[field])[field].clone();
            assert_eq!(kept, space.sees("task", id(2), &[field])[field]);
            assert_eq!(kept, value, "kept as it came");
            Ok(())
        }
        (Err(edited), Err(created)) => {
            assert_eq!(edited.0.strip_prefix("/set"), created.0.strip_prefix("/data"));
            assert_eq!(edited.1, created.1);
            Err(edited)
        }
        (edited, created) => panic!("{field} {value}: edited {edited:?}, created {created:?}"),
    }
}

fn good(field: &str, values: &[Value]) {
    for value in values {
        assert_eq!(answer(field, value.clone()), Ok(()), "{field} {value}");
    }
}

fn bad(field: &str, code: &str, values: &[Value]) {
    for value in values {
        assert_eq!(answer(field, value.clone()), Err((format!("/set/{field}"), code.to_owned())), "{field} {value}");
    }
}

#[test]
fn a_title_has_2_to_200_unicode_scalars_and_says_something() {
    let family = "👨‍👩‍👧‍👦";
    assert_eq!(family.chars().count(), 7);
    good("title", &[json!("ab"), json!("e\u{301}"), json!("👍👍"), json!("ש\u{5c1}לום"), json!("\u{202e}abc")]);
    good("title", &[json!("é".repeat(200)), json!("e\u{301}".repeat(100)), json!("  spaces stay  "), json!("日記")]);
    bad("title", "too_short", &[json!(""), json!("a"), json!("👍"), json!("é")]);
    bad("title", "too_long", &[json!("a".repeat(201)), json!("😀".repeat(201)), json!(family.repeat(29))]);
    bad("title", "text_blank", &[json!("  "), json!("\t\n"), json!("\u{3000}\u{2003}"), json!("\u{a0}\u{a0}")]);
    bad("title", "text_nul", &[json!("a\0b")]);
    bad("title", "type_wrong", &[json!(null), json!(12), json!(["Read"])]);
}

#[test]
fn a_description_is_null_or_has_at_most_2000() {
    good("description", &[json!(null), json!(""), json!("a"), json!("😀".repeat(2000)), json!("line\r\nline\u{301}")]);
    bad("description", "too_long", &[json!("a".repeat(2001))]);
    bad("description", "text_blank", &[json!(" \n ")]);
    bad("description", "text_nul", &[json!("\0")]);
    bad("description", "type_wrong", &[json!(false)]);
}

#[test]
fn choices_are_closed() {
    good("category", &[json!("todo"), json!("goal"), json!("habit")]);
    good("kind", &[json!("main"), json!("stage"), json!("daily"), json!("simple")]);
    good("difficulty", &[json!("trivial"), json!("easy"), json!("medium"), json!("hard")]);
    for field in ["category", "kind", "difficulty"] {
        bad(field, "type_wrong", &[json!("Todo"), json!(""), json!(null), json!(1)]);
    }
}

#[test]
fn numbers_have_ranges() {
    for (field, min, max) in [("exp_reward", 5, 100), ("energy_cost", 1, 5), ("estimated_minutes", 1, 480)] {
        good(field, &[json!(min), json!(max)]);
        bad(field, "out_of_range", &[json!(min - 1), json!(max + 1), json!(-1), json!(i64::MAX)]);
        bad(field, "type_wrong", &[json!(7.5), json!("7"), json!(null), json!(u64::MAX), json!(7.0)]);
    }
}

#[test]
fn an_instant_is_within_the_calendar() {
    good("due_at", &[json!(null), json!(0), json!(-62_135_596_800_000_i64), json!(253_370_764_799_999_i64)]);
    bad("due_at", "out_of_range", &[json!(i64::MAX), json!(i64::MIN), json!(-62_135_596_800_001_i64)]);
    bad("due_at", "type_wrong", &[json!("2026-07-01T12:00:00Z"), json!(1.5)]);
}

#[test]
fn tags_are_at_most_20_texts_of_1_to_50_told_apart_by_bytes() {
    let twenty: Vec<String> = (10..30).map(|number| format!("tag {number}")).collect();
    for field in ["tags", "goal_tags"] {
        good(field, &[json!([]), json!(["a"]), json!(["ab".repeat(25)]), json!(["😀".repeat(50)]), json!(twenty)]);
        good(field, &[json!(["A", "a", "a ", "e\u{301}", "é"])]);
        bad(field, "too_many", &[json!((0..21).map(|n| n.to_string()).collect::<Vec<_>>())]);
        bad(field, "too_long", &[json!(["a".repeat(51)])]);
        bad(field, "text_blank", &[json!([""]), json!(["ok", " "])]);
        bad(field, "text_nul", &[json!(["\0"])]);
        assert_eq!(answer(field, json!("a")), Err((format!("/set/{field}"), "type_wrong".to_owned())));
        assert_eq!(answer(field, json!(["a", 1])), Err((format!("/set/{field}/1"), "type_wrong".to_owned())));
    }
}

#[test]
fn a_rank_is_1_to_64_letters_and_digits() {
    good("rank", &[json!("0"), json!("zZ9"), json!("a".repeat(64))]);
    bad(
        "rank",
        "rank_invalid",
        &[json!(""), json!("a".repeat(65)), json!("a-b"), json!("é"), json!("a b"), json!("a\0")],
    );
}

#[test]
fn a_creation_gets_the_defaults() {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "task.create", id(1), json!({ "title": "Read" })).unwrap();
    let defaults = json!({
        "description": null, "category": "todo", "kind": "simple", "difficulty": "medium", "exp_reward": 20,
        "energy_cost": 2, "estimated_minutes": 25, "due_at": null, "skill_id": null, "goal_id": null,
        "parent_id": null, "tags": [], "goal_tags": [], "completed_at": null, "completion": null,
        "completion_count": 0, "streak": 0, "last_completed_on": null, "last_completed_at": null,
        "focus_minutes": 0, "focus_cycles": 0, "focus_energy": 0, "version": 1, "deleted_at": null,
        "created_at": NOON, "created_by": phone().device, "updated_at": NOON, "legacy_id": 7,
    });
    let names: Vec<&str> = defaults.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(space.sees("task", id(1), &names), defaults);
}

#[test]
fn reward_and_cost_follow_the_difficulty_unless_they_are_given() {
    let mut space = Space::founded("UTC");
    let worth = [("trivial", 5, 1), ("easy", 10, 1), ("medium", 20, 2), ("hard", 35, 4)];
    for (number, (difficulty, exp_reward, energy_cost)) in (1..).zip(worth) {
        let data = json!({ "title": "Read", "difficulty": difficulty });
        space.does(phone(), NOON, "task.create", id(number), data).unwrap();
        let expected = json!({ "exp_reward": exp_reward, "energy_cost": energy_cost });
        assert_eq!(space.sees("task", id(number), &["exp_reward", "energy_cost"]), expected);
    }
    let given = json!({ "title": "Read", "difficulty": "hard", "exp_reward": 99, "energy_cost": 1 });
    space.does(phone(), NOON, "task.create", id(9), given).unwrap();
    space.does(phone(), NOON, "task.edit", id(9), json!({ "set": { "difficulty": "trivial" } })).unwrap();
    let kept = json!({ "exp_reward": 99, "energy_cost": 1 });
    assert_eq!(space.sees("task", id(9), &["exp_reward", "energy_cost"]), kept, "an edit of difficulty leaves them");
}

#[test]
fn the_rank_of_a_creation_without_one_sorts_by_its_moment() {
    let mut space = Space::founded("UTC");
    let ranks: Vec<String> = (1..)
        .zip([NOON, NOON + 1, NOON + MINUTE, NOON + HOUR, NOON + 40_000 * DAY])
        .map(|(number, at)| {
            space.does(phone(), at, "task.create", id(number), json!({ "title": "Read" })).unwrap();
            space.sees("task", id(number), &["rank"])["rank"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(ranks.is_sorted() && ranks.iter().all(|rank| rank.len() == 10 && rank.starts_with('z')), "{ranks:?}");
    assert_eq!(crate::entity::text::default_rank(61), "z00000000z");
    assert_eq!(crate::entity::text::default_rank(62), "z000000010");
    assert_eq!(crate::entity::text::default_rank(i64::MIN), "z000000000");
}

#[test]
fn integer_ids_count_up_over_all_kinds_of_the_space() {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "task.create", id(1), json!({ "title": "Read" })).unwrap();
    space.does(phone(), NOON, "goal.create", id(1), json!({ "title": "Goal" })).unwrap();
    space.does(phone(), NOON, "task.create", id(2), json!({ "title": "a" })).unwrap_err();
    space.does(phone(), NOON, "task.create", id(2), json!({ "title": "Read" })).unwrap();
    let ids =
        [("task", id(1)), ("goal", id(1)), ("task", id(2))].map(|(kind, id)| space.sees(kind, id, &["legacy_id"]));
    assert_eq!(ids, [7, 8, 9].map(|number| json!({ "legacy_id": number })), "six core skills came before");
}
