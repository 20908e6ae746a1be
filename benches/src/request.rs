//! What a device sends: transactions of one command, by turns a task created and that task completed.

use infrastructure::clock::{now_ms, uuid_v7};
use uuid::Uuid;

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// `task.create`: one event.
    Create,
    /// `task.complete`: two events, the task's and the hero's.
    Complete,
}

impl Step {
    /// Events that one such command makes.
    #[must_use]
    pub fn events(self) -> i64 {
        match self {
            Self::Create => 1,
            Self::Complete => 2,
        }
    }
}

/// One transaction of one command.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// Its id.
    pub id: Uuid,
    /// What it does.
    pub step: Step,
    /// It, as JSON.
    pub json: String,
}

/// A device's queue without end.
#[derive(Debug)]
pub struct Script {
    base: String,
    device_seq: u64,
    open: Option<Uuid>,
}

impl Script {
    /// A device that has applied the log up to `base`.
    #[must_use]
    pub fn new(base: String) -> Self {
        Self { base, device_seq: 0, open: None }
    }

    /// The next transaction. Each is sent once.
    pub fn next_transaction(&mut self) -> Transaction {
        self.device_seq += 1;
        let (id, command, at) = (uuid_v7(), uuid_v7(), now_ms());
        let (step, what) = match self.open.take() {
            Some(task) => (Step::Complete, format!(r#""type":"task.complete","id":"{task}""#)),
            None => {
                let task = uuid_v7();
                self.open = Some(task);
                (Step::Create, create(task, self.device_seq))
            }
        };
        let (base, seq) = (&self.base, self.device_seq);
        let json = format!(
            r#"{{"transaction_id":"{id}","base":"{base}","device_seq":{seq},"commands":[{{"command_id":"{command}","at":{at},{what}}}]}}"#
        );
        Transaction { id, step, json }
    }
}

/// As much as people write: a title, a few choices, two tags.
fn create(task: Uuid, number: u64) -> String {
    format!(
        r#""type":"task.create","id":"{task}","data":{{"title":"Read chapter {number} before bed","category":"todo","difficulty":"easy","exp_reward":10,"energy_cost":1,"estimated_minutes":30,"tags":["book","evening"]}}"#
    )
}

/// The body of a request with one transaction.
#[must_use]
pub fn body(transaction: &Transaction) -> String {
    format!(r#"{{"sent_at":{},"transactions":[{}]}}"#, now_ms(), transaction.json)
}
