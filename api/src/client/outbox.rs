//! What a device has written and what became of it: the queue of what is not decided, what was acknowledged lately, what was
//! refused. Pure: it sends nothing and reads no clock.
//!
//! Nothing leaves the queue without a receipt. What was acknowledged is kept for a week, because a server that is restored from
//! a backup asks for it again.

use std::collections::VecDeque;

use infrastructure::clock::uuid_v7;
use serde_json::{Value, json};
use uuid::Uuid;

use super::wire::Reset;

/// How long what was acknowledged is kept.
const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// The server's word for a device that was restored from a backup and counts again from there.
const SEQ_REUSED: &str = "device_seq_reused";

/// What a device has written and what became of it. A clone is what a backup of the device has.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    queue: VecDeque<Value>,
    acknowledged: VecDeque<Acknowledged>,
    refused: Vec<Refused>,
    last_seq: i64,
}

/// A transaction that was committed.
#[derive(Clone, Debug)]
pub struct Acknowledged {
    /// It.
    pub transaction: Value,
    /// The position of its last event; none if it had nothing to change.
    pub last_position: Option<i64>,
    /// When the device heard of it, Unix ms.
    pub at: i64,
}

/// A transaction that was refused, to be shown, edited and sent again under a new id.
#[derive(Clone, Debug)]
pub struct Refused {
    /// It.
    pub transaction: Value,
    /// Why.
    pub problem: Value,
}

/// What a receipt led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It left the queue.
    Decided,
    /// It stays and is to be sent again as it is.
    Waits,
    /// It stays under another id: the old one was refused for its number alone, which needs nobody's attention.
    Renamed {
        /// The id that was refused.
        old: Uuid,
    },
    /// Nothing in the queue has that id.
    Unknown,
}

impl Outbox {
    /// Queues a transaction of these commands; its id. `base`: the cursor up to which the user has seen the log.
    pub fn write(&mut self, commands: Vec<Value>, base: Option<&str>) -> Uuid {
        let id = uuid_v7();
        self.last_seq += 1;
        let mut transaction = json!({ "transaction_id": id, "device_seq": self.last_seq, "commands": commands });
        if let Some(base) = base {
            transaction["base"] = json!(base);
        }
        self.queue.push_back(transaction);
        id
    }

    /// The first `count` that are not decided, in order.
    pub fn first(&self, count: usize) -> Vec<Value> {
        self.queue.iter().take(count).cloned().collect()
    }

    /// How many are not decided.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// What was acknowledged in the last week, in order.
    pub fn acknowledged(&self) -> impl Iterator<Item = &Acknowledged> {
        self.acknowledged.iter()
    }

    /// What was refused.
    #[must_use]
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    /// Takes a receipt.
    pub fn take(&mut self, receipt: &Value, now_ms: i64) -> Taken {
        let id = &receipt["transaction_id"];
        let Some(index) = self.queue.iter().position(|one| one["transaction_id"] == *id) else { return Taken::Unknown };
        match receipt["status"].as_str() {
            Some("committed") => {
                let last_position = receipt["positions"]["last"].as_i64();
                let transaction = self.queue.remove(index).unwrap_or_default();
                self.acknowledged.push_back(Acknowledged { transaction, last_position, at: now_ms });
                self.acknowledged.retain(|one| one.at + KEPT_MS > now_ms);
                Taken::Decided
            }
            Some("rejected") if receipt["problem"]["code"] == SEQ_REUSED => self.rename(index, &receipt["problem"]),
            Some("rejected") => {
                let transaction = self.queue.remove(index).unwrap_or_default();
                self.refused.push(Refused { transaction, problem: receipt["problem"].clone() });
                Taken::Decided
            }
            _ => Taken::Waits,
        }
    }

    /// Starts again as the server asks: what it may have lost goes to the front of the queue in its old order, and bases of the
    /// lost life give way.
    pub fn start_again(&mut self, reset: &Reset) {
        if let Some(kept) = reset.resend_after {
            let (lost, safe): (VecDeque<_>, VecDeque<_>) = std::mem::take(&mut self.acknowledged)
                .into_iter()
                .partition(|one| one.last_position.is_none_or(|last| last > kept));
            self.acknowledged = safe;
            lost.into_iter().rev().for_each(|one| self.queue.push_front(one.transaction));
        }
        let Some(base) = &reset.base else { return };
        for transaction in self.queue.iter_mut().filter(|one| one.get("base").is_some()) {
            transaction["base"] = json!(base);
        }
    }

    /// This device was restored from a backup, or its server was: numbers were given twice. All that waits is counted anew beyond
    /// what the server knows; the refused id stays with the refused receipt.
    fn rename(&mut self, index: usize, problem: &Value) -> Taken {
        let old = self.queue[index]["transaction_id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
        self.queue[index]["transaction_id"] = json!(uuid_v7());
        self.last_seq = problem["last_seq"].as_i64().unwrap_or(self.last_seq).max(self.last_seq);
        for transaction in self.queue.iter_mut().skip(index) {
            self.last_seq += 1;
            transaction["device_seq"] = json!(self.last_seq);
        }
        Taken::Renamed { old }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn committed(transaction: &Value, last: Option<i64>) -> Value {
        let positions = last.map(|last| json!({ "first": last, "last": last }));
        json!({ "transaction_id": transaction["transaction_id"], "status": "committed", "positions": positions })
    }

    fn ids(outbox: &Outbox) -> Vec<Value> {
        outbox.first(100).into_iter().map(|one| one["commands"][0].clone()).collect()
    }

    fn written(count: i64) -> Outbox {
        let mut outbox = Outbox::default();
        for number in 1..=count {
            outbox.write(vec![json!(number)], Some("old"));
        }
        outbox
    }

    #[test]
    fn a_reset_puts_what_may_be_lost_before_what_waits_and_changes_every_base() {
        let mut outbox = written(5);
        for (sent, last) in outbox.first(4).iter().zip([Some(10), Some(20), None, Some(30)]) {
            assert_eq!(outbox.take(&committed(sent, last), 1_000), Taken::Decided);
        }
        let reset = Reset { reason: "epoch".into(), resend_after: Some(10), base: Some("new".into()), head: 12 };
        outbox.start_again(&reset);
        assert_eq!(ids(&outbox), [2, 3, 4, 5].map(Value::from));
        assert!(outbox.first(9).iter().all(|one| one["base"] == "new"));
        assert_eq!(outbox.acknowledged().count(), 1);
    }

    #[test]
    fn a_reset_without_a_loss_leaves_the_queue_as_it_is() {
        let mut outbox = written(2);
        let first = outbox.first(1);
        outbox.take(&committed(&first[0], Some(3)), 0);
        let before = outbox.first(9);
        outbox.start_again(&Reset { reason: "cheaper".into(), resend_after: None, base: None, head: 9 });
        assert_eq!(outbox.first(9), before);
    }

    #[test]
    fn a_number_that_was_given_twice_renames_what_waits_in_order() {
        let mut outbox = written(3);
        let sent = outbox.first(3);
        for one in &sent[..2] {
            let receipt = json!({ "transaction_id": one["transaction_id"], "status": "rejected",
                "problem": { "code": "device_seq_reused", "last_seq": 40 } });
            assert!(matches!(outbox.take(&receipt, 0), Taken::Renamed { .. }));
        }
        let renamed = outbox.first(3);
        assert_eq!(ids(&outbox), [1, 2, 3].map(Value::from));
        let numbers: Vec<i64> = renamed.iter().map(|one| one["device_seq"].as_i64().unwrap()).collect();
        assert!(numbers.iter().all(|number| *number > 40) && numbers.is_sorted(), "{numbers:?}");
        assert_ne!(renamed[0]["transaction_id"], sent[0]["transaction_id"]);
        assert_eq!(renamed[2]["transaction_id"], sent[2]["transaction_id"]);
        assert!(outbox.refused().is_empty());
    }

    #[test]
    fn what_was_acknowledged_is_kept_for_a_week() {
        let mut outbox = written(3);
        let sent = outbox.first(3);
        for (one, at) in sent.iter().zip([0, KEPT_MS - 1, KEPT_MS]) {
            outbox.take(&committed(one, Some(1)), at);
        }
        assert_eq!(outbox.acknowledged().count(), 2);
    }
}
