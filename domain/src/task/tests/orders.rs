//! Devices that leave from one base and return in any order end in the same state.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::testing::{DAY, MINUTE, NOON, Space, Writer, browser, id, phone, tablet};

/// What a device did while it was away: a moment and a command.
#[derive(Clone, Debug)]
struct Act {
    at: i64,
    command: &'static str,
    body: Value,
}

/// Every order that keeps each device's own: sequences of device numbers.
fn interleavings(left: &[usize]) -> Vec<Vec<usize>> {
    if left.iter().all(|count| *count == 0) {
        return vec![Vec::new()];
    }
    let next = (0..left.len()).filter(|device| left[*device] > 0);
    next.flat_map(|device| {
        let mut rest = left.to_vec();
        rest[device] -= 1;
        interleavings(&rest).into_iter().map(move |tail| std::iter::once(device).chain(tail).collect())
    })
    .collect()
}

fn start(category: &str) -> Space {
    let mut space = Space::founded("UTC");
    let data = json!({ "title": "Read", "category": category });
    space.does(phone(), NOON + 10 * MINUTE, "task.create", id(1), data).unwrap();
    space.does(browser(), NOON + 20 * MINUTE, "task.edit", id(1), json!({ "set": { "rank": "m" } })).unwrap();
    space
}

/// The end of every interleaving, as `look` shows it.
fn ends(start: &Space, acts: &[Vec<Act>], look: impl Fn(&Space) -> Value) -> Vec<(Vec<usize>, Value)> {
    let writers: [Writer; 3] = [phone(), browser(), tablet()];
    let counts: Vec<usize> = acts.iter().map(Vec::len).collect();
    let run = |order: Vec<usize>| {
        let mut space = start.clone();
        let mut next = [0; 3];
        for device in &order {
            let act = &acts[*device][next[*device]];
            next[*device] += 1;
            let writer = writers[*device].at_base(start.position);
            space.does(writer, act.at, act.command, id(1), act.body.clone()).unwrap();
        }
        (order, look(&space))
    };
    interleavings(&counts).into_iter().map(run).collect()
}

fn edit() -> impl Strategy<Value = Act> {
    let field = prop_oneof![
        prop_oneof![Just("a"), Just("b"), Just("m")].prop_map(|rank| ("rank", json!(rank))),
        (1_i64..4).prop_map(|minutes| ("estimated_minutes", json!(minutes))),
        prop_oneof![Just(None), Just(Some(NOON))].prop_map(|due| ("due_at", json!(due))),
        prop_oneof![Just("One"), Just("Two")].prop_map(|title| ("title", json!(title))),
    ];
    // Few moments, some before the base: ties and clocks that are behind are the hard cases.
    (prop::collection::vec(field, 1..3), 0_i64..5).prop_map(|(fields, minutes)| Act {
        at: NOON + 5 * minutes * MINUTE,
        command: "task.edit",
        body: json!({ "set": fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<serde_json::Map<_, _>>() }),
    })
}

fn tick() -> impl Strategy<Value = Act> {
    (any::<bool>(), 0_i64..5).prop_map(|(done, minutes)| Act {
        at: NOON + 5 * minutes * MINUTE,
        command: if done { "task.complete" } else { "task.uncomplete" },
        body: json!(null),
    })
}

fn by_three(act: impl Strategy<Value = Act> + Clone) -> impl Strategy<Value = Vec<Vec<Act>>> {
    let some = prop::collection::vec(act, 0..3);
    prop::collection::vec(some, 3..=3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn edits_from_one_base_end_equal_in_every_order(acts in by_three(edit().boxed())) {
        let ends = ends(&start("todo"), &acts, |space| {
            space.sees("task", id(1), &["rank", "estimated_minutes", "due_at", "title"])
        });
        for (order, end) in &ends {
            prop_assert_eq!(end, &ends[0].1, "{:?} against {:?}", order, &ends[0].0);
        }
    }

    #[test]
    fn completions_from_one_base_end_equal_in_every_order(
        acts in by_three(tick().boxed()),
        category in prop_oneof![Just("todo"), Just("habit")],
    ) {
        let ends = ends(&start(category), &acts, |space| {
            let fields = ["completed_at", "completion_count", "streak", "last_completed_on", "last_completed_at"];
            let hero = ["xp", "tasks_completed", "streak", "energy_spent"].map(|field| space.hero(field));
            json!([space.sees("task", id(1), &fields), hero, space.day("task", id(1), "2026-07-01")])
        });
        for (order, end) in &ends {
            prop_assert_eq!(end, &ends[0].1, "{:?} against {:?}", order, &ends[0].0);
        }
    }
}

#[test]
fn deletes_and_restores_from_one_base_end_equal_in_every_order() {
    let act = |minutes, command| Act { at: NOON + DAY + minutes * MINUTE, command, body: json!(null) };
    for shift in 0..4 {
        let acts = [
            vec![act(1, "task.delete"), act(2 + shift, "task.restore")],
            vec![act(2, "task.delete")],
            vec![act(3, "task.restore"), act(4, "task.delete"), act(2 * shift, "task.restore")],
        ];
        let ends = ends(&start("todo"), &acts, |space| json!(space.entity("task", id(1)).meta().deleted_at.is_some()));
        assert!(ends.iter().all(|(_, end)| *end == ends[0].1), "{ends:?}");
    }
}
