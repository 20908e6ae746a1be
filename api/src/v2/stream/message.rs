//! What a client may say on a live connection.

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::body::{Format, decode};
use crate::problem::{Code, Problem};

/// A client's message.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum FromClient {
    /// Follow a space (null: the caller's own) from a cursor (null: from the beginning of its log).
    Subscribe {
        #[serde(default)]
        space: Option<Uuid>,
        #[serde(default)]
        cursor: Option<String>,
    },
    /// Write; `id` comes back with the receipts.
    Transactions {
        #[serde(default)]
        id: Value,
        #[serde(default)]
        sent_at: Option<i64>,
        transactions: Vec<Value>,
    },
    /// Everything up to this cursor is kept on the device.
    Ack { cursor: String },
    /// A fresh access token of the same account and device.
    Auth { token: String },
    /// Are you there?
    Ping,
}

/// Reads a message.
///
/// # Errors
/// `message_invalid`; the connection stays usable.
pub(super) fn read(format: Format, bytes: &[u8]) -> Result<FromClient, Problem> {
    decode(format, bytes).map_err(|problem| {
        let why = problem.content().detail.clone().unwrap_or_default();
        Problem::new(Code::MessageInvalid)
            .detail(format!("A message is an object with a type: subscribe, transactions, ack, auth or ping. {why}"))
    })
}
