//! Random cases from a seed: a history with gaps, and devices that left it at different points and come back.
//!
//! A device does what a person could do on it: what it shows as deleted it restores or leaves alone.

use infrastructure::merge_cases::{Case, Device, Orders, Transaction};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::oracle::Things;
use crate::writes::{History, Write};

const NOON: i64 = 1_782_907_200_000;
const MINUTE: i64 = 60_000;
/// When the devices come back.
const NOW: i64 = NOON + 30 * 60 * MINUTE;
const NAMES: [&str; 6] = ["phone", "browser", "tablet", "laptop", "desk", "wall"];

/// The id of an entity: its kind's digit, and which.
fn id(kind: u128, number: u128) -> String {
    Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0000 + kind * 0x100 + number).to_string()
}

fn device(index: usize) -> Device {
    let id = domain::id::DeviceId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_000a + index as u128));
    Device { id, base: Some("head".to_owned()), transactions: Vec::new() }
}

/// The case of a seed.
pub(crate) fn random_case(seed: u64) -> Case {
    let mut rng = StdRng::seed_from_u64(seed);
    let away = rng.random_range(2..=4);
    let there = NAMES.iter().enumerate().filter(|(index, _)| *index < away || *index > 3);
    let devices = there.map(|(index, name)| ((*name).to_owned(), device(index)));
    let name = format!("seed {seed}");
    let mut case = Case {
        name,
        about: String::new(),
        given: vec![first()],
        now: NOW,
        devices: devices.collect(),
        orders: Orders::All,
        expected: Value::Null,
    };
    for step in 0..rng.random_range(0..=3) {
        let transaction = past(&mut rng, &case, step);
        case.given.push(transaction);
    }
    for name in &NAMES[..away] {
        leave(&mut rng, &mut case, name);
    }
    case
}

/// What everybody knows.
fn first() -> Transaction {
    let make = |kind: &str, digit, number, data: Value| json!({ "type": format!("{kind}.create"), "id": id(digit, number), "at": NOON, "data": data });
    let commands = vec![
        make("skill", 4, 1, json!({ "name": "First" })),
        make("skill", 4, 2, json!({ "name": "Second", "prerequisites": [id(4, 1)] })),
        make("goal", 2, 1, json!({ "title": "Goal", "tags": ["a"] })),
        make("goal", 2, 2, json!({ "title": "Alone", "parent_id": id(2, 1), "skill_id": id(4, 1) })),
        make("milestone", 3, 1, json!({ "title": "Step", "goal_id": id(2, 1) })),
        make("milestone", 3, 2, json!({ "title": "Next", "goal_id": id(2, 1) })),
        make("task", 1, 2, json!({ "title": "Parent" })),
        make("task", 1, 1, json!({ "title": "Read", "tags": ["a", "b"], "goal_id": id(2, 1), "parent_id": id(1, 2) })),
        make("task", 1, 3, json!({ "title": "Daily", "category": "habit", "skill_id": id(4, 1) })),
    ];
    let device = Some("desk".to_owned());
    Transaction { device, now: Some(NOON), point: Some("p0".to_owned()), commands, ..Transaction::default() }
}

/// One more transaction of the history, by a device that had read all, some or did not say.
fn past(rng: &mut StdRng, case: &Case, step: usize) -> Transaction {
    let name = *["desk", "wall", "phone"].choose(rng).unwrap();
    let base = match rng.random_range(0..10) {
        0 => None,
        1..4 => Some("p0".to_owned()),
        _ => Some("head".to_owned()),
    };
    let history = History::given(case);
    let commands =
        acts(rng, &history, case, name, base.as_deref(), 2).into_iter().flat_map(|one| one.commands).collect();
    let now = NOON + (step as i64 + 1) * 10 * MINUTE;
    Transaction {
        device: Some(name.to_owned()),
        base: Some(base),
        now: Some(now),
        point: Some(format!("p{}", step + 1)),
        commands,
        ..Transaction::default()
    }
}

/// What a device did while it was away.
fn leave(rng: &mut StdRng, case: &mut Case, name: &str) {
    let points: Vec<String> = case.given.iter().filter_map(|one| one.point.clone()).collect();
    let base = if rng.random_range(0..6) == 0 { None } else { points.choose(rng).cloned() };
    let history = History::given(case);
    let most = if case.devices.len() > 5 { 2 } else { 4 };
    let transactions = acts(rng, &history, case, name, base.as_deref(), most);
    if let Some(device) = case.devices.get_mut(name) {
        device.base = base;
        device.transactions = transactions;
    }
}

/// A few commands, one a transaction, each possible by what the device shows then.
fn acts(
    rng: &mut StdRng,
    history: &History,
    case: &Case,
    name: &str,
    base: Option<&str>,
    most: usize,
) -> Vec<Transaction> {
    let device = case.devices[name].id.to_string();
    let mut own = history.clone();
    let mut done: Vec<Transaction> = Vec::new();
    // Few entities a device: most cases are to meet on one.
    for _ in 0..rng.random_range(1..=most) {
        let view = own.view(&device, base);
        let command = command(rng, &view, name);
        let transaction = Transaction { commands: vec![command], ..Transaction::default() };
        // What it reads stays what it was; only its own writes are added.
        own.arrive(&device, &transaction, fixed(base, case), NOW);
        done.push(transaction);
    }
    if rng.random_range(0..12) == 0 {
        done[0].sent_at = Some(NOW + *[-90, 90, 30].choose(rng).unwrap() * MINUTE);
    }
    done
}

/// `head` would move with the device's own writes, which it has seen anyway: it is where the history ends so far.
fn fixed<'a>(base: Option<&'a str>, case: &'a Case) -> Option<&'a str> {
    match base {
        Some("head") => case.given.last().and_then(|last| last.point.as_deref()),
        other => other,
    }
}

fn command(rng: &mut StdRng, view: &[Write], name: &str) -> Value {
    let things = Things::of(view);
    let names = things.names();
    let hot = [("task", id(1, 1)), ("goal", id(2, 1)), ("milestone", id(3, 1)), ("task", id(1, 3))];
    let (kind, target) = if names.is_empty() || rng.random_range(0..3) > 0 {
        hot.choose(rng).map(|(kind, id)| (*kind, id.clone())).unwrap()
    } else {
        names.choose(rng).map(|(kind, id)| (*kind, (*id).to_owned())).unwrap()
    };
    let gone = things.deleted(kind, &target);
    let with_goal = kind == "milestone" && gone && things.deleted("goal", &id(2, 1));
    let verb = verb(rng, kind, &target, gone);
    if with_goal {
        return stamped(rng, "goal", "restore", &id(2, 1), json!({}));
    }
    let body = match verb {
        "edit" => edit(rng, kind, &target),
        "focus" => json!({ "data": { "minutes": rng.random_range(1..60), "cycles": 0 } }),
        _ => json!({}),
    };
    if verb == "create" {
        return create(rng, name, &names, things.deleted("goal", &id(2, 1)));
    }
    stamped(rng, kind, verb, &target, body)
}

fn verb(rng: &mut StdRng, kind: &str, target: &str, gone: bool) -> &'static str {
    if gone {
        return ["restore", "restore", "delete"].choose(rng).unwrap();
    }
    let verbs: &[&'static str] = match kind {
        "task" => &["edit", "edit", "edit", "delete", "complete", "uncomplete", "focus", "create"],
        // The other goal has milestones: whether it may be completed depends on what has arrived.
        "goal" if target == id(2, 2) => &["edit", "complete", "complete", "reopen", "delete"],
        "milestone" => &["edit", "complete", "reopen", "delete"],
        _ => &["edit", "edit", "delete", "restore"],
    };
    verbs.choose(rng).unwrap()
}

/// A new task or milestone; its id is of the device, so that no two make one.
fn create(rng: &mut StdRng, name: &str, names: &[(&str, &str)], goal_is_gone: bool) -> Value {
    let own = NAMES.iter().position(|one| *one == name).unwrap() as u128 * 16;
    let free = (0x10 + own..)
        .find(|number| names.iter().all(|(_, taken)| *taken != id(1, *number) && *taken != id(3, *number)));
    let number = free.unwrap();
    if !goal_is_gone && rng.random_range(0..2) == 0 {
        return stamped(
            rng,
            "milestone",
            "create",
            &id(3, number),
            json!({ "data": { "title": "New step", "goal_id": id(2, 1) } }),
        );
    }
    let data = json!({ "title": "New task", "goal_id": id(2, 1), "skill_id": id(4, 1), "tags": ["n"] });
    stamped(rng, "task", "create", &id(1, number), json!({ "data": data }))
}

/// Few moments, some before what was seen, some ahead of the server, and ties.
fn stamped(rng: &mut StdRng, kind: &str, verb: &str, id: &str, body: Value) -> Value {
    let minute = *[-600, 5, 15, 25, 35, 45, 60, 70, 80, 1500, 1510, 5000].choose(rng).unwrap();
    let mut command = json!({ "type": format!("{kind}.{verb}"), "id": id, "at": NOON + minute * MINUTE });
    if let (Some(command), Value::Object(body)) = (command.as_object_mut(), body) {
        command.extend(body);
    }
    command
}

fn edit(rng: &mut StdRng, kind: &str, target: &str) -> Value {
    let word = ["One", "Two", "Three"].choose(rng).unwrap();
    let refer = |rng: &mut StdRng, kind, number| {
        if rng.random_range(0..3) == 0 { Value::Null } else { json!(id(kind, number)) }
    };
    let set = |field: &str, value: Value| json!({ "set": { field: value } });
    match (kind, rng.random_range(0..7)) {
        ("task" | "goal", 0) => tags(rng),
        ("task", 1) => set("goal_id", refer(rng, 2, 1)),
        ("task", 2) => set("skill_id", refer(rng, 4, 1)),
        ("task", 3) if target != id(1, 2) => set("parent_id", refer(rng, 1, 2)),
        ("task", 4) => set("estimated_minutes", json!(rng.random_range(1..4))),
        ("goal", 1) => set("priority", json!(["low", "high"].choose(rng).unwrap())),
        ("goal", 2) if target == id(2, 2) => set("parent_id", refer(rng, 2, 1)),
        ("goal", 3) => set("skill_id", refer(rng, 4, 1)),
        ("milestone", 1..=4) => set("rank", json!(["a", "b"].choose(rng).unwrap())),
        ("skill", 0..3) if target == id(4, 2) => {
            let part = ["add", "remove"].choose(rng).unwrap();
            json!({ *part: { "prerequisites": [id(4, 1)] } })
        }
        ("skill", 3) => set("unlocked", json!(rng.random::<bool>())),
        ("skill", _) => set("name", json!(word)),
        (_, 5) => {
            let text = ["P", "Q"].choose(rng).unwrap();
            json!({ "set": { "title": word, "description": text } })
        }
        _ => set("title", json!(word)),
    }
}

fn tags(rng: &mut StdRng) -> Value {
    let mut some = || -> Vec<&str> { ["a", "b", "c"].into_iter().filter(|_| rng.random_range(0..3) == 0).collect() };
    let (first, second) = (some(), some());
    match rng.random_range(0..3) {
        0 => json!({ "set": { "tags": first } }),
        1 => json!({ "add": { "tags": first }, "remove": { "tags": second } }),
        _ => json!({ "remove": { "tags": first } }),
    }
}
