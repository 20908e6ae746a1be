//! A device that works with or without its server: a queue of what it wrote, a replica of what it read, and a sign-in. It syncs
//! when it can, and heals itself after a restore of the server or of the device.

use std::sync::Arc;
use std::time::Duration;

use infrastructure::clock::now_ms;
use serde_json::{Value, json};
use uuid::Uuid;

use super::error::ClientError;
use super::feed::{self, Next};
use super::outbox::{Outbox, Taken};
use super::replica::Replica;
use super::retry::{delay, patiently};
use super::session::Session;
use super::wire::{Receipts, Reset};

/// Transactions of one request.
const REQUEST_TRANSACTIONS: usize = 50;
/// Changes of one page.
const PAGE_CHANGES: u32 = 1_000;

/// A device that works with or without its server.
#[derive(Clone)]
pub struct Installation {
    session: Arc<Session>,
    /// What it wrote.
    pub outbox: Outbox,
    /// What it read.
    pub replica: Replica,
    /// How long a server may be away before a sync fails.
    patience: Duration,
    resets: Vec<String>,
}

impl Installation {
    /// A device that knows nothing yet.
    #[must_use]
    pub fn new(session: Arc<Session>, patience: Duration) -> Self {
        let (outbox, replica, resets) = (Outbox::default(), Replica::default(), Vec::new());
        Self { session, outbox, replica, patience, resets }
    }

    /// The same device, signed in anew or at another server of the service.
    #[must_use]
    pub fn with_session(self, session: Arc<Session>) -> Self {
        Self { session, ..self }
    }

    /// The account, whose id is also its space's.
    #[must_use]
    pub fn account_id(&self) -> Uuid {
        self.session.account_id()
    }

    /// Why it had to start again so far, in order.
    #[must_use]
    pub fn resets(&self) -> &[String] {
        &self.resets
    }

    /// Queues a transaction of these commands, made with what the replica has in view; its id.
    pub fn write(&mut self, commands: Vec<Value>) -> Uuid {
        self.outbox.write(commands, self.replica.cursor())
    }

    /// Reads, sends everything that waits, and reads what became of it.
    pub async fn sync(&mut self) -> Result<(), ClientError> {
        self.pull().await?;
        while self.outbox.waiting() > 0 {
            self.push().await?;
            self.pull().await?;
        }
        Ok(())
    }

    /// Reads until it has caught up, or begins again where the server says so.
    pub async fn pull(&mut self) -> Result<(), ClientError> {
        loop {
            let cursor = self.replica.cursor().map(str::to_owned);
            let session = Arc::clone(&self.session);
            let read = async || feed::next(&session, cursor.as_deref(), PAGE_CHANGES, 0).await;
            match patiently(self.patience, |_, _| (), read).await? {
                Next::Reset(reset) => self.start_again(reset).await?,
                Next::Changes(page) => {
                    self.replica.apply(&page)?;
                    if page.caught_up {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Sends what waits until it is decided, or until the log has to be read first.
    pub async fn push(&mut self) -> Result<(), ClientError> {
        let mut stalls = 0;
        while self.outbox.waiting() > 0 {
            let before = self.outbox.waiting();
            let Some(problem) = self.send().await? else { continue };
            let read_first = problem["code"].as_str().is_some_and(|code| code.starts_with("base_"));
            stalls = if self.outbox.waiting() < before { 0 } else { stalls + 1 };
            let asked = problem["retry_after_ms"].as_u64().map(Duration::from_millis);
            tokio::time::sleep(delay(stalls, asked)).await;
            if read_first {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Sends the first that wait; why one of them was put off, if one was.
    async fn send(&mut self) -> Result<Option<Value>, ClientError> {
        let transactions = self.outbox.first(REQUEST_TRANSACTIONS);
        let session = Arc::clone(&self.session);
        let post = async || {
            let body = json!({ "sent_at": now_ms(), "transactions": transactions });
            session.post::<Receipts>("/api/v2/transactions", &body).await
        };
        let answer = patiently(self.patience, |_, _| (), post).await?;
        let mut put_off = None;
        for receipt in &answer.receipts {
            match self.outbox.take(receipt, now_ms()) {
                Taken::Renamed { old } => self.acknowledge(old).await?,
                Taken::Waits => drop(put_off.get_or_insert_with(|| receipt["problem"].clone())),
                Taken::Decided | Taken::Unknown => {}
            }
        }
        Ok(put_off)
    }

    /// Takes a refused id off the list of rejections: its commands go again under another.
    async fn acknowledge(&self, transaction: Uuid) -> Result<(), ClientError> {
        let path = format!("/api/v2/rejections/{transaction}/acknowledge");
        let session = Arc::clone(&self.session);
        patiently(self.patience, |_, _| (), async || session.post::<()>(&path, &Value::Null).await).await
    }

    async fn start_again(&mut self, reset: Reset) -> Result<(), ClientError> {
        let session = Arc::clone(&self.session);
        let replica = patiently(self.patience, |_, _| (), async || feed::snapshot(&session).await).await?;
        self.outbox.start_again(&reset);
        self.replica = replica;
        self.resets.push(reset.reason);
        Ok(())
    }
}
