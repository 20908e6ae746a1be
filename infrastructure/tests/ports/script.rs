//! Writes of which every run makes the same log: ids, moments and the server's clock are given.

use std::sync::{Arc, Mutex};

use application::fault::Fault;
use application::ledger::{Appended, Ledger, Loaded, Prepared, Want};
use application::submit::{Actor, Batch, BatchOutcome, Submission, submit};
use domain::id::{AccountId, DeviceId, SessionId, SpaceId, TransactionId};
use domain::transaction::{Receipt, Sent, Verdict, founding, read};
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) const NOW: i64 = 1_792_886_400_000;

/// The space of this number.
pub(crate) fn space(number: u128) -> SpaceId {
    SpaceId(Uuid::from_u128(0x5000 + number))
}

/// The id of a thing of this number.
pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0000 + number)
}

/// A transaction of these commands; its number is its id and the device's count.
pub(crate) fn sent(space: SpaceId, number: u128, commands: &[(&str, u128, Value)]) -> Sent {
    let command = |(index, (kind, target, more)): (usize, &(&str, u128, Value))| {
        let mut command = json!({ "command_id": id(number * 1_000 + index as u128), "type": kind, "at": NOW });
        if !kind.starts_with("hero.") {
            command["id"] = json!(id(*target));
        }
        command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        command
    };
    let commands: Vec<Value> = commands.iter().enumerate().map(command).collect();
    let sent = json!({ "transaction_id": transaction(number), "device_seq": number as i64, "commands": commands });
    read(sent, space).unwrap()
}

pub(crate) fn transaction(number: u128) -> TransactionId {
    TransactionId(Uuid::from_u128(0x7000 + number))
}

pub(crate) fn device() -> DeviceId {
    DeviceId(Uuid::from_u128(0xd1))
}

pub(crate) fn batch(space: SpaceId, sent: Vec<Sent>) -> Batch {
    let session = SessionId(Uuid::from_u128(2));
    let actor = Actor { account: AccountId(space.0), device: device(), session, ..Actor::default() };
    let submission = |sent| Submission { actor, sent, shift_ms: 0, deferred: Arc::default() };
    Batch { space, submissions: sent.into_iter().map(submission).collect() }
}

/// Founds a space.
pub(crate) async fn found<L: Ledger>(store: &L, space: SpaceId) {
    write(store, space, founding(space, "Asia/Shanghai", NOW)).await;
}

/// Writes a transaction, which must be committed.
pub(crate) async fn write<L: Ledger>(store: &L, space: SpaceId, sent: Sent) -> Receipt {
    let outcomes = submit(store, NOW, &[batch(space, vec![sent])], false).await.unwrap();
    let Some(BatchOutcome::Committed(committed)) = outcomes.into_iter().next() else { panic!("the append was lost") };
    let receipt = committed.receipts.into_iter().next().unwrap();
    assert!(matches!(receipt.verdict, Verdict::Committed { .. }), "{:?}", receipt.verdict);
    receipt
}

/// What a transaction would write, decided on the store as it is and not written.
pub(crate) async fn prepared<L: Ledger>(store: &L, space: SpaceId, sent: Sent) -> Prepared {
    let withheld = Withheld { store, taken: Mutex::default() };
    let outcomes = submit(&withheld, NOW, &[batch(space, vec![sent])], true).await.unwrap();
    assert!(matches!(outcomes[0], BatchOutcome::Lost));
    withheld.taken.into_inner().unwrap().pop().unwrap()
}

/// A store that keeps back what is to be written.
struct Withheld<'a, L> {
    store: &'a L,
    taken: Mutex<Vec<Prepared>>,
}

impl<L: Ledger> Ledger for Withheld<'_, L> {
    async fn load(&self, wants: Vec<Want>) -> Result<Vec<Loaded>, Fault> {
        self.store.load(wants).await
    }

    async fn append(&self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        self.taken.lock().unwrap().extend_from_slice(batch);
        Ok(vec![Appended::Lost; batch.len()])
    }
}

/// Writes of every kind: created, completed, deleted, brought back, focused, and transactions that are large.
pub(crate) async fn fill<L: Ledger>(store: &L, space: SpaceId) {
    let none = || json!({});
    let data = |data: Value| json!({ "data": data });
    let mut transactions = vec![
        vec![
            ("goal.create", 1, data(json!({ "title": "Run", "tags": ["big"] }))),
            ("goal.create", 2, data(json!({ "title": "Read" }))),
            ("milestone.create", 11, data(json!({ "title": "Half", "goal_id": id(1) }))),
            ("milestone.create", 12, data(json!({ "title": "Whole", "goal_id": id(1) }))),
            ("skill.create", 21, data(json!({ "name": "Endurance" }))),
        ],
        vec![("milestone.complete", 11, none()), ("hero.edit", 0, json!({ "set": { "name": "Ada" } }))],
    ];
    for number in 31..43 {
        let category = ["todo", "goal", "habit"][number as usize % 3];
        let task = json!({
            "title": format!("Task {number}"), "category": category, "tags": ["a", "b"], "skill_id": id(21),
            "goal_id": (number % 2 == 0).then_some(id(1)), "parent_id": (number == 42).then_some(id(31)),
        });
        transactions.push(vec![("task.create", number, data(task))]);
        if number % 4 > 0 {
            transactions.push(vec![("task.complete", number, none())]);
        }
    }
    transactions.push(vec![("task.focus", 32, data(json!({ "minutes": 30, "cycles": 2 })))]);
    transactions.push(vec![("task.delete", 31, none()), ("goal.complete", 2, none())]);
    transactions.push(vec![("task.edit", 33, json!({ "set": { "due_at": 5 }, "add": { "tags": ["c"] } }))]);
    transactions.push(vec![("skill.delete", 21, none())]);
    transactions.push(vec![("task.uncomplete", 35, none()), ("task.restore", 31, none())]);
    for (number, commands) in transactions.iter().enumerate() {
        write(store, space, sent(space, number as u128 + 1, commands)).await;
    }
}
