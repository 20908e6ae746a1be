//! Whether receipts are about exactly the events of their transactions, without keeping either.
//!
//! Every event adds a hash of (transaction, position) to one sum and every receipt those of the positions that it spans to
//! another. Both sums are equal when both are about the same pairs, and by chance with a probability of 2⁻¹²⁸.

use domain::id::TransactionId;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A receipt, as far as it can be checked.
#[derive(Debug, Deserialize)]
pub(super) struct ReceiptRow {
    pub(super) transaction_id: TransactionId,
    status: String,
    first_position: Option<i64>,
    last_position: Option<i64>,
    body: Option<Value>,
}

/// Both sums.
#[derive(Debug, Default)]
pub(super) struct Balance {
    of_events: u128,
    of_receipts: u128,
    spanned: i64,
}

impl Balance {
    /// An event is there.
    pub(super) fn event(&mut self, transaction: TransactionId, position: i64) {
        self.of_events = self.of_events.wrapping_add(share(transaction, position));
    }

    /// A receipt is there; says what is wrong with it by itself.
    pub(super) fn receipt(&mut self, row: &ReceiptRow, head_position: i64) -> Result<(), String> {
        let span = row.span()?;
        if let Some((first, last)) = span {
            // Spans that lie within the log and overlap are longer than it; so this ends, whatever the file says.
            self.spanned = self.spanned.saturating_add(last - first + 1);
            if first < 1 || last > head_position || self.spanned > head_position {
                return Err(row.says("it spans positions that are not its own"));
            }
            let shares = (first..=last).map(|position| share(row.transaction_id, position));
            self.of_receipts = shares.fold(self.of_receipts, u128::wrapping_add);
        }
        row.body_agrees(span)
    }

    /// Whether every event has its receipt, and no receipt spans another's event.
    pub(super) fn is_even(&self) -> bool {
        self.of_events == self.of_receipts
    }
}

impl ReceiptRow {
    fn says(&self, reason: &str) -> String {
        format!("the receipt of transaction {}: {reason}", self.transaction_id)
    }

    fn span(&self) -> Result<Option<(i64, i64)>, String> {
        match (self.first_position, self.last_position) {
            _ if self.status != "committed" && self.status != "rejected" => Err(self.says("its status is unknown")),
            (None, None) => Ok(None),
            (Some(_), Some(_)) if self.status != "committed" => Err(self.says("it was rejected and spans positions")),
            (Some(first), Some(last)) if first <= last => Ok(Some((first, last))),
            _ => Err(self.says("its span has no length, or one end only")),
        }
    }

    /// After its time a receipt's body goes; the row stays.
    fn body_agrees(&self, span: Option<(i64, i64)>) -> Result<(), String> {
        let Some(body) = &self.body else { return Ok(()) };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let in_body = body.pointer("/positions/first").and_then(Value::as_i64);
        let in_body = in_body.zip(body.pointer("/positions/last").and_then(Value::as_i64));
        let agrees = text(&body["status"]).as_deref() == Some(self.status.as_str())
            && text(&body["transaction_id"]) == Some(self.transaction_id.to_string())
            && in_body == span;
        agrees.then_some(()).ok_or_else(|| self.says("its body contradicts its row"))
    }
}

fn share(transaction: TransactionId, position: i64) -> u128 {
    let mut sha = Sha256::new();
    sha.update(transaction.0.as_bytes());
    sha.update(position.to_be_bytes());
    sha.finalize().iter().take(16).fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}
