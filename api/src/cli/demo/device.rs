//! One of the demo's two devices: it sends, it listens, and it notes when it heard of what.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use infrastructure::clock::{now_ms, uuid_v7};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::client::wire::Receipts;
use crate::client::{Applied, ClientError, Heard, Live, Replica, Session};

const PATIENCE: Duration = Duration::from_secs(15);

/// A signed-in device with a live connection and a replica.
pub(super) struct Device {
    /// What it is called.
    pub(super) name: &'static str,
    /// Its sign-in.
    pub(super) session: Arc<Session>,
    /// What it knows.
    pub(super) replica: Replica,
    live: Live,
    arrivals: BTreeMap<Uuid, Arrival>,
    answers: BTreeMap<u64, (Receipts, Instant)>,
    requests: u64,
    transactions: u64,
}

/// A transaction as it arrived over the live connection.
pub(super) struct Arrival {
    /// When.
    pub(super) at: Instant,
    /// What it did.
    pub(super) applied: Vec<Applied>,
}

impl Device {
    /// A device that has read the whole log up to now.
    pub(super) async fn listening(name: &'static str, session: Arc<Session>) -> Result<Self, ClientError> {
        let mut device = Self {
            name,
            live: Live::from(Arc::clone(&session), None).with_patience(PATIENCE),
            session,
            replica: Replica::default(),
            arrivals: BTreeMap::new(),
            answers: BTreeMap::new(),
            requests: 0,
            transactions: 0,
        };
        while device.replica.cursor().is_none() || device.replica.position() < device.replica.head() {
            device.hear().await?;
        }
        Ok(device)
    }

    /// A transaction of this device that acts now and has seen what the replica has seen.
    pub(super) fn transaction(&mut self, commands: Vec<Value>) -> Value {
        let acted_at = now_ms();
        let complete = |mut command: Value| {
            command["command_id"] = json!(uuid_v7());
            command["at"] = json!(acted_at);
            command
        };
        let commands: Vec<Value> = commands.into_iter().map(complete).collect();
        self.transactions += 1;
        json!({ "transaction_id": uuid_v7(), "base": self.replica.cursor(), "device_seq": self.transactions,
                "commands": commands })
    }

    /// Sends a transaction and returns its receipt with the moment at which it came. Over a lost connection, or when it
    /// is put off, the same transaction goes again.
    pub(super) async fn send(&mut self, transaction: &Value) -> Result<(Value, Instant), ClientError> {
        loop {
            let (receipt, at) = self.send_once(transaction).await?;
            if receipt["status"] != "deferred" {
                return Ok((receipt, at));
            }
            let wait_ms = receipt["problem"]["retry_after_ms"].as_u64().unwrap_or(200);
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        }
    }

    async fn send_once(&mut self, transaction: &Value) -> Result<(Value, Instant), ClientError> {
        self.requests += 1;
        let id = self.requests;
        // A send that fails is followed by a `hear` that finds the connection lost, and by another send when it is back.
        let _ = self.live.send(id, now_ms(), std::slice::from_ref(transaction)).await;
        loop {
            if let Some((receipts, at)) = self.answers.remove(&id) {
                let none = || ClientError::Unreadable { asked: "transactions".into(), why: "no receipt came".into() };
                return Ok((receipts.receipts.into_iter().next().ok_or_else(none)?, at));
            }
            if self.hear().await? {
                let _ = self.live.send(id, now_ms(), std::slice::from_ref(transaction)).await;
            }
        }
    }

    /// Listens until the transaction has arrived.
    pub(super) async fn until(&mut self, transaction_id: Uuid) -> Result<Arrival, ClientError> {
        loop {
            if let Some(arrival) = self.arrivals.remove(&transaction_id) {
                return Ok(arrival);
            }
            self.hear().await?;
        }
    }

    /// Says goodbye.
    pub(super) async fn leave(self) {
        self.live.close().await;
    }

    /// Takes one message, and says whether the connection has just come up: what had no answer must then go again.
    async fn hear(&mut self) -> Result<bool, ClientError> {
        match self.live.next().await? {
            Heard::Changes(page) => {
                let at = Instant::now();
                for applied in self.replica.apply(&page)? {
                    let id = applied.change.transaction_id;
                    self.arrivals.entry(id).or_insert(Arrival { at, applied: Vec::new() }).applied.push(applied);
                }
            }
            Heard::Receipts { id, receipts } => {
                self.answers.insert(id, (receipts, Instant::now()));
            }
            Heard::Connected { .. } => return Ok(true),
            Heard::Lost { why, .. } => eprintln!("{} lost its connection: {why}", self.name),
            Heard::Refused(problem) => return Err(ClientError::Problem(Box::new(problem))),
            Heard::Reset(reset) => {
                let why = format!("it asked a new reader to begin again ({})", reset.reason);
                return Err(ClientError::Unreadable { asked: "the live connection".into(), why });
            }
            Heard::Notice(_) => {}
        }
        Ok(false)
    }
}
