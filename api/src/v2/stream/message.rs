//! What a client may say on a live connection.

use domain::id::SpaceId;
use domain::rejection::Rejection;
use domain::transaction::{Sent, read as read_value, read_text};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::body::{Format, decode};
use crate::problem::{Code, Problem};
use crate::v2::feed::SnapshotWish;

/// A client's message.
#[derive(Debug)]
pub(super) enum FromClient {
    /// Follow a space (null: the caller's own) from a cursor (null: from the beginning of its log).
    Subscribe { space: Option<Uuid>, cursor: Option<String>, snapshot: SnapshotWish },
    /// Write; `id` comes back with the receipts.
    Transactions { id: Value, sent_at: Option<i64>, transactions: Unread },
    /// Everything up to this cursor is kept on the device.
    Ack { cursor: String },
    /// A fresh access token of the same account and device.
    Auth { token: String },
    /// Are you there?
    Ping,
}

impl FromClient {
    /// Its type, as it is sent.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Subscribe { .. } => "subscribe",
            Self::Transactions { .. } => "transactions",
            Self::Ack { .. } => "ack",
            Self::Auth { .. } => "auth",
            Self::Ping => "ping",
        }
    }

    /// What an answer about it says that it is about.
    pub(super) fn about(&self) -> Value {
        match self {
            Self::Transactions { id, .. } => id.clone(),
            _ => Value::Null,
        }
    }
}

/// Transactions as they came: each is read by itself, so that a bad one never stops the next.
#[derive(Debug)]
pub(super) enum Unread {
    Json(Vec<Box<RawValue>>),
    Cbor(Vec<Value>),
}

impl Unread {
    /// Reads each.
    pub(super) fn read(self, space: SpaceId) -> Vec<Result<Sent, Rejection>> {
        match self {
            Self::Json(texts) => texts.iter().map(|text| read_text(text.get(), space)).collect(),
            Self::Cbor(values) => values.into_iter().map(|value| read_value(value, space)).collect(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Subscribe,
    Transactions,
    Ack,
    Auth,
    Ping,
}

/// Every member that some message has. One struct for all: an enum with a tag would have to read the transactions
/// before it knew that it wants their text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, bound = "T: Deserialize<'de>")]
struct Raw<T> {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default, deserialize_with = "said")]
    space: Option<Option<Uuid>>,
    #[serde(default, deserialize_with = "said")]
    cursor: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    snapshot: Option<SnapshotWish>,
    #[serde(default, deserialize_with = "said")]
    token: Option<String>,
    #[serde(default, deserialize_with = "said")]
    id: Option<Value>,
    #[serde(default, deserialize_with = "said")]
    sent_at: Option<Option<i64>>,
    #[serde(default, deserialize_with = "said")]
    transactions: Option<Vec<T>>,
}

/// A member that was said, even if it is null.
fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl<T> Raw<T> {
    fn message(self, unread: impl FnOnce(Vec<T>) -> Unread) -> Result<FromClient, String> {
        self.takes_no_more()?;
        let missing = |name: &str| format!("{name} is required.");
        Ok(match self.kind {
            Kind::Ping => FromClient::Ping,
            Kind::Subscribe => FromClient::Subscribe {
                space: self.space.flatten(),
                cursor: self.cursor.flatten(),
                snapshot: self.snapshot.unwrap_or_default(),
            },
            Kind::Ack => FromClient::Ack { cursor: self.cursor.flatten().ok_or_else(|| missing("cursor"))? },
            Kind::Auth => FromClient::Auth { token: self.token.ok_or_else(|| missing("token"))? },
            Kind::Transactions => FromClient::Transactions {
                id: self.id.unwrap_or_default(),
                sent_at: self.sent_at.flatten(),
                transactions: unread(self.transactions.ok_or_else(|| missing("transactions"))?),
            },
        })
    }

    /// Refuses what belongs to another type: a slip there would be silence about something that was meant.
    fn takes_no_more(&self) -> Result<(), String> {
        let writes = self.kind == Kind::Transactions;
        let members = [
            ("space", self.space.is_some(), self.kind == Kind::Subscribe),
            ("cursor", self.cursor.is_some(), matches!(self.kind, Kind::Subscribe | Kind::Ack)),
            ("snapshot", self.snapshot.is_some(), self.kind == Kind::Subscribe),
            ("token", self.token.is_some(), self.kind == Kind::Auth),
            ("id", self.id.is_some(), writes),
            ("sent_at", self.sent_at.is_some(), writes),
            ("transactions", self.transactions.is_some(), writes),
        ];
        match members.into_iter().find(|(_, said, taken)| *said && !taken) {
            Some((name, ..)) => Err(format!("This type takes no {name}.")),
            None => Ok(()),
        }
    }
}

/// Reads a message.
///
/// # Errors
/// `message_invalid`; the connection stays usable.
pub(super) fn read(format: Format, bytes: &[u8]) -> Result<FromClient, Problem> {
    let why = |problem: Problem| problem.content().detail.clone().unwrap_or_default();
    let message = match format {
        Format::Json => {
            decode::<Raw<Box<RawValue>>>(format, bytes).map_err(why).and_then(|raw| raw.message(Unread::Json))
        }
        Format::Cbor => decode::<Raw<Value>>(format, bytes).map_err(why).and_then(|raw| raw.message(Unread::Cbor)),
    };
    message.map_err(|why| {
        let detail = "A message is an object with a type: subscribe, transactions, ack, auth or ping.";
        Problem::new(Code::MessageInvalid).detail(format!("{detail} {why}").trim_end())
    })
}
