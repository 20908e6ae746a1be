//! Devices that write, for tests.

use domain::id::{AccountId, DeviceId, SpaceId};
use domain::transaction::{Receipt, Sent, Verdict, founding, read};
use serde_json::{Value, json};
use uuid::Uuid;

use super::memory::MemoryLedger;
use crate::submit::{Actor, Batch, BatchOutcome, Submission, submit};

pub(super) const NOW: i64 = 1_792_886_400_000;

/// A device of the account with this number.
#[derive(Clone, Copy)]
pub(super) struct Device {
    pub(super) space: SpaceId,
    actor: Actor,
}

pub(super) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

impl Device {
    pub(super) fn new(account: u128, device: u128) -> Self {
        let account = AccountId(id(account));
        Self { space: account.into(), actor: Actor { account, device: DeviceId(id(device)), ..Actor::default() } }
    }

    pub(super) fn founds(self) -> Submission {
        let actor = Actor { device: DeviceId::SERVER, ..self.actor };
        Submission { actor, ..self.sends(founding(self.space, "UTC", NOW)) }
    }

    pub(super) fn sends(self, sent: Sent) -> Submission {
        Submission { actor: self.actor, sent, shift_ms: 0, deferred: Default::default() }
    }

    /// A transaction of these commands; each gets an id of its own.
    pub(super) fn transaction(self, number: u128, mut commands: Vec<Value>) -> Submission {
        for (index, command) in commands.iter_mut().enumerate() {
            command["command_id"] = json!(id(number * 1_000 + index as u128));
        }
        self.sends(read(json!({ "transaction_id": id(number), "commands": commands }), self.space).unwrap())
    }
}

pub(super) fn create(task: u128, title: &str) -> Value {
    json!({ "type": "task.create", "id": id(task), "at": NOW, "data": { "title": title } })
}

pub(super) fn complete(task: u128) -> Value {
    json!({ "type": "task.complete", "id": id(task), "at": NOW })
}

/// Submits transactions of one space and returns their receipts.
pub(super) async fn write(ledger: &MemoryLedger, now: i64, submissions: Vec<Submission>) -> Vec<Receipt> {
    let space = submissions[0].actor.account.into();
    let batches = [Batch { space, submissions }];
    let mut outcomes = submit(ledger, now, &batches, false).await.unwrap();
    if matches!(outcomes[..], [BatchOutcome::Lost]) {
        outcomes = submit(ledger, now, &batches, true).await.unwrap();
    }
    match outcomes.into_iter().next() {
        Some(BatchOutcome::Committed(committed)) => committed.receipts,
        other => panic!("not committed: {other:?}"),
    }
}

pub(super) fn code(receipt: &Receipt) -> &str {
    match &receipt.verdict {
        Verdict::Committed { .. } => "committed",
        Verdict::Rejected { problem } | Verdict::Deferred { problem } => &problem.code,
    }
}
