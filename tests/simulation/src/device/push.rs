//! Sending: the queue, in order, until each transaction is acknowledged.

use domain::id::TransactionId;
use domain::transaction::{Receipt, Verdict};
use serde_json::{Value, json};

use super::{Acknowledged, Device, Pending};
use crate::bug::Bug;
use crate::message::{Ask, Request};

/// Transactions in one request at most.
const REQUEST_TRANSACTIONS: i64 = 8;

impl Device {
    /// Queues a transaction of these commands.
    pub(crate) fn enqueue(&mut self, commands: Vec<Value>) -> TransactionId {
        let id = TransactionId(self.chance.uuid());
        self.device_seq += 1;
        let mut sent = json!({ "transaction_id": id, "device_seq": self.device_seq, "commands": commands });
        if let Some(cursor) = &self.replica.cursor {
            sent["base"] = Value::from(cursor.clone());
        }
        self.queue.push_back(Pending { id, device_seq: self.device_seq, sent });
        id
    }

    /// What it sends next, if it does not wait for an answer already.
    pub(crate) fn push(&mut self, now: i64) -> Option<Request> {
        let ready = self.pushing.is_none() && !self.unauthorized && self.replica.cursor.is_some();
        if !ready || self.queue.is_empty() {
            return None;
        }
        let count = usize::try_from(self.chance.between(1, REQUEST_TRANSACTIONS)).unwrap_or(1);
        let transactions = self.queue.iter().take(count).map(|pending| pending.sent.clone()).collect();
        let request = self.request(Ask::Push { sent_at: self.clock(now), transactions });
        self.pushing = Some(request.number);
        Some(request)
    }

    /// Takes receipts in order, up to the first that was not decided. Returns whether to ask on at once.
    pub(super) fn receive(
        &mut self,
        receipts: Vec<Receipt>,
        head: &str,
        decided: &mut Vec<Receipt>,
    ) -> Result<bool, String> {
        self.caught_up = false;
        for receipt in receipts {
            let id = receipt.transaction_id.ok_or("a receipt names no transaction")?;
            let index = self.queue.iter().position(|pending| pending.id == id);
            let committed = match &receipt.verdict {
                Verdict::Deferred { .. } => return Ok(false),
                Verdict::Rejected { .. } => false,
                Verdict::Committed { .. } => true,
            };
            let Some(pending) = index.and_then(|index| self.queue.remove(index)) else { continue };
            if committed {
                let last_position = receipt.positions().map(|span| span.last);
                self.kept.push_back(Acknowledged { pending, last_position, server_time: self.server_time });
            }
            decided.push(receipt);
        }
        if self.bug == Some(Bug::CursorMovedByWrite) {
            self.believe(head);
        }
        Ok(!self.queue.is_empty())
    }

    /// The bug: the head that the answer names is taken for what the device has read.
    fn believe(&mut self, head: &str) {
        if let Ok(cursor) = application::cursor::Cursor::read(head) {
            self.replica.cursor = Some(head.to_owned());
            self.replica.position = cursor.position;
        }
    }
}
