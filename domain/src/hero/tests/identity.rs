//! To complete and then uncomplete is to have done nothing.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::entity::{Entity, OutcomeKind};
use crate::rules::day::local_day;
use crate::testing::{HOUR, NOON, SPACE, Space, browser, id, phone};

const ZONES: [&str; 4] = ["UTC", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Pago_Pago"];

/// Tasks 1 to 3 (1 a habit) with skill 9, goal 4.
fn life() -> Space {
    let mut space = Space::founded("UTC");
    space.does(phone(), NOON, "skill.create", id(9), json!({ "name": "Chess" })).unwrap();
    for (number, category, difficulty) in [(1, "habit", "easy"), (2, "todo", "hard"), (3, "goal", "medium")] {
        let data = json!({ "title": "Task", "category": category, "difficulty": difficulty, "skill_id": id(9) });
        space.does(phone(), NOON, "task.create", id(number), data).unwrap();
    }
    space.does(phone(), NOON, "goal.create", id(4), json!({ "title": "Goal", "skill_id": id(9) })).unwrap();
    space
}

/// One act of a random history, at so many hours after noon.
fn act(space: &mut Space, (what, hours, number): (usize, i64, u128)) {
    let (target, at) = (id(1 + number % 3), NOON + hours * HOUR);
    let writer = if number % 2 == 0 { phone() } else { browser() };
    let (command, target, body) = match what {
        0..=3 => ("task.complete", target, json!(null)),
        4 => ("task.uncomplete", target, json!(null)),
        5 => ("task.focus", target, json!({ "minutes": 40, "cycles": 1 })),
        6 => ("goal.complete", id(4), json!(null)),
        7 => ("goal.reopen", id(4), json!(null)),
        8 => ("hero.restore_energy", id(0), json!(null)),
        9 => ("hero.edit", id(0), json!({ "set": { "time_zone": ZONES[number as usize % 4] } })),
        10 => ("task.edit", target, json!({ "set": { "exp_reward": 5 + number as i64 } })),
        _ => ("task.edit", target, json!({ "set": { "category": (["todo", "habit"][number as usize % 2]) } })),
    };
    space.does(writer, at, command, target, body).unwrap();
}

/// All that completing may change. Balls left are those of the day of `at`: a later day opens a new energy day.
fn standing(space: &Space, at: i64) -> Value {
    let Entity::Hero(hero) = space.entity("hero", SPACE.into()) else { unreachable!() };
    let view = hero.view();
    let day = local_day(at, &view.time_zone);
    let left = crate::rules::energy::balls_taken(48, day, view.energy_day, view.energy_spent, view.energy_max);
    let days = hero.days.iter().filter(|(_, day)| day.xp + day.completions + day.balls + day.minutes > 0);
    let days: Vec<_> = days.collect();
    let fields = ["xp", "level", "xp_in_level", "xp_to_next", "streak", "last_active_on", "tasks_completed"];
    let skill = space.sees("skill", id(9), &["xp", "level", "xp_in_level", "xp_to_next"]);
    json!([fields.map(|field| space.hero(field)), days, left, skill])
}

fn task(space: &Space, number: u128) -> Value {
    let fields = ["completed_at", "completion_count", "streak", "last_completed_on", "last_completed_at"];
    space.sees("task", id(number), &fields)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn complete_then_uncomplete_changes_nothing(
        history in prop::collection::vec((0_usize..12, -80_i64..80, 0_u128..12), 0..25),
        number in 1_u128..4,
        hours in -80_i64..120,
    ) {
        let mut space = life();
        for one in history {
            act(&mut space, one);
        }
        let at = NOON + hours * HOUR;
        let before = (standing(&space, at), task(&space, number));
        let told = space.does(phone(), at, "task.complete", id(number), json!(null)).unwrap();
        if told.kind() == OutcomeKind::Applied {
            space.does(phone(), at, "task.uncomplete", id(number), json!(null)).unwrap();
            prop_assert_eq!((standing(&space, at), task(&space, number)), before);
        }
    }
}
