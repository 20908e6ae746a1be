//! A device that writes without pause. It keeps what has no receipt and sends it again under the same ids, whatever
//! became of the request; so what it was told is what it may rely on.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use api::client::wire::Receipts;
use api::client::{ClientError, Session, retry};
use infrastructure::clock::now_ms;
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::progress::{Counts, Progress};
use crate::script::Script;

/// Transactions in one request at most.
const REQUEST_TRANSACTIONS_MAX: usize = 5;
/// An impatient device: the server asks for longer, but a test has more to show.
const PAUSE_MAX: Duration = Duration::from_millis(100);
/// Why a transaction may be put off while something is broken.
const DEFERRALS: [&str; 4] = ["busy", "outcome_unknown", "after_deferred", "stopping"];
/// What a request may be refused with meanwhile.
const REFUSALS: [&str; 2] = ["unavailable", "busy"];

/// A device that writes.
pub(crate) struct Writer {
    pub(crate) session: Arc<Session>,
    pub(crate) script: Script,
    pub(crate) chance: StdRng,
    /// Where the same device's reader stands.
    pub(crate) cursor: watch::Receiver<Option<String>>,
    pub(crate) progress: Progress,
    /// Whether the server may be away altogether, not only its database.
    pub(crate) may_vanish: bool,
}

/// A transaction with what it was answered.
pub(crate) type Acknowledged = (Value, Value);

impl Writer {
    /// Writes until told to stop, and then until everything is acknowledged.
    pub(crate) async fn write(mut self, stop: CancellationToken) -> Vec<Acknowledged> {
        let mut queue: VecDeque<Value> = VecDeque::new();
        let mut acknowledged = Vec::new();
        let mut failures = 0;
        loop {
            let wanted = self.chance.random_range(1..=REQUEST_TRANSACTIONS_MAX);
            while queue.len() < wanted && !stop.is_cancelled() {
                let base = if self.chance.random() { self.cursor.borrow().clone() } else { None };
                queue.push_back(self.script.next(base));
            }
            if queue.is_empty() {
                return acknowledged;
            }
            let before = acknowledged.len();
            let wait = self.send(&mut queue, wanted, &mut acknowledged).await;
            failures = if acknowledged.len() > before { 0 } else { failures + 1 };
            if let Some(asked) = wait {
                tokio::time::sleep(retry::delay(failures, asked).min(PAUSE_MAX)).await;
            }
        }
    }

    /// Sends the first of the queue; what is answered leaves it. Returns whether to wait, and what the server asked for.
    async fn send(
        &self,
        queue: &mut VecDeque<Value>,
        count: usize,
        acknowledged: &mut Vec<Acknowledged>,
    ) -> Option<Option<Duration>> {
        let sent: Vec<&Value> = queue.iter().take(count).collect();
        self.progress.add(Counts { sent: sent.len() as u64, ..Counts::default() });
        let body = json!({ "sent_at": now_ms(), "transactions": sent });
        let answer = match self.post(&body).await {
            Ok(answer) => answer,
            Err(error) => {
                self.assert_passing(&error);
                self.progress.add(Counts { refused: 1, ..Counts::default() });
                return Some(error.retry_after());
            }
        };
        assert_eq!(answer.receipts.len(), sent.len(), "one receipt for each transaction");
        let decided = answer.receipts.iter().take_while(|receipt| receipt["status"] != "deferred").count();
        for receipt in &answer.receipts[..decided] {
            let transaction = queue.pop_front().unwrap();
            assert_decided(&transaction, receipt);
            acknowledged.push((transaction, receipt.clone()));
        }
        let deferred = &answer.receipts[decided..];
        self.progress.add(Counts { sent: 0, acknowledged: decided as u64, refused: deferred.len() as u64 });
        deferred.iter().for_each(assert_deferred);
        let asked = deferred.first()?["problem"]["retry_after_ms"].as_u64();
        Some(asked.map(Duration::from_millis))
    }

    async fn post(&self, body: &Value) -> Result<Receipts, ClientError> {
        let token = self.session.access_token().await?;
        self.session.server().post("/api/v2/transactions", Some(&token), body).await
    }

    /// A request may fail, but only in a way that says: later.
    fn assert_passing(&self, error: &ClientError) {
        match error {
            ClientError::Unreachable { .. } if self.may_vanish => {}
            ClientError::Problem(problem) if problem.status == 503 => {
                assert!(REFUSALS.contains(&problem.code.as_str()), "{problem}");
                assert!(problem.retry_after_ms.is_some(), "a 503 says when to come back: {problem}");
            }
            other => panic!("a wrong answer: {other}"),
        }
    }
}

fn assert_decided(transaction: &Value, receipt: &Value) {
    assert_eq!(receipt["transaction_id"], transaction["transaction_id"]);
    assert!(receipt.get("notices").is_none(), "nothing of a device was lost or came twice: {receipt}");
    let code = receipt["problem"]["code"].as_str().unwrap_or_default();
    assert!(!["transaction_reused", "device_seq_reused"].contains(&code), "{receipt}");
}

fn assert_deferred(receipt: &Value) {
    assert_eq!(receipt["status"], "deferred", "a transaction was decided after one that was not: {receipt}");
    let code = receipt["problem"]["code"].as_str().unwrap_or_default();
    assert!(DEFERRALS.contains(&code), "{receipt}");
    assert!(code == "after_deferred" || receipt["problem"]["retry_after_ms"].is_u64(), "{receipt}");
}
