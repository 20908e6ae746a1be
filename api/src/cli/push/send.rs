//! Sends the batches one after the other and keeps what comes back, until all are decided or patience ends.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep};

use crate::client::retry::{self, patiently};
use crate::client::wire::Receipts;
use crate::client::{ClientError, Session};

use super::super::error::{CliError, Exit};
use super::batch::batches;
use super::file::Line;
use super::mark::{self, Mark};
use super::meter::Meter;
use super::receipts::ReceiptFile;

/// How long a server may be away, or put everything off, before the push stops.
const PATIENCE: Duration = Duration::from_secs(120);

/// A push under way.
pub(super) struct Push<'a> {
    /// All lines of the account.
    pub lines: &'a [Line],
    /// The signed-in device of every label.
    pub sessions: &'a BTreeMap<Option<String>, Arc<Session>>,
    /// How far it is.
    pub mark: Mark,
    /// Where the mark is kept; nowhere if no directory can be written.
    pub mark_path: Option<PathBuf>,
    /// Where receipts are kept, if wanted.
    pub receipts: Option<ReceiptFile>,
    /// What people see.
    pub meter: Meter,
}

/// No `sent_at`: it would tell the server how wrong this machine's clock is, but the moments in the file are not of
/// this machine's clock.
#[derive(Serialize)]
struct Submission<'a> {
    transactions: Vec<&'a RawValue>,
}

impl Push<'_> {
    /// Sends what is not done yet. It may be dropped at any moment: what was acknowledged is marked.
    pub(super) async fn send(&mut self, batch_max: usize) -> Result<(), CliError> {
        for range in batches(self.lines, self.mark.done, batch_max) {
            self.send_batch(&self.lines[range]).await?;
        }
        Ok(())
    }

    /// A deferred transaction defers all that follow it, so the rest is sent again from there, in order.
    async fn send_batch(&mut self, mut rest: &[Line]) -> Result<(), CliError> {
        let mut moved_at = Instant::now();
        let mut stalls = 0;
        while !rest.is_empty() {
            let receipts = self.submit(rest).await.map_err(|error| stopped(error, rest))?;
            let decided = receipts.iter().take_while(|receipt| receipt["status"] != "deferred").count();
            self.keep(&rest[..decided], &receipts[..decided])?;
            if decided > 0 {
                (moved_at, stalls) = (Instant::now(), 0);
            }
            rest = &rest[decided..];
            let Some(deferred) = receipts.get(decided) else { continue };
            if moved_at.elapsed() >= PATIENCE {
                return Err(always_deferred(deferred, rest));
            }
            let asked = deferred["problem"]["retry_after_ms"].as_u64().map(Duration::from_millis);
            let pause = retry::delay(stalls, asked);
            stalls += 1;
            self.meter.waiting("The server puts the next transaction off.", pause);
            sleep(pause).await;
        }
        Ok(())
    }

    async fn submit(&mut self, lines: &[Line]) -> Result<Vec<Value>, ClientError> {
        let device = lines.first().and_then(|line| line.device.clone());
        let unknown = |why: String| ClientError::Unreadable { asked: "POST /api/v2/transactions".into(), why };
        let session = self.sessions.get(&device).ok_or_else(|| unknown("no session of that device".into()))?;
        let submission = Submission { transactions: lines.iter().map(|line| &*line.body).collect() };
        let meter = &mut self.meter;
        let on_wait = |error: &ClientError, pause| meter.waiting(&sentence(error), pause);
        let answer: Receipts =
            patiently(PATIENCE, on_wait, async || session.post("/api/v2/transactions", &submission).await).await?;
        expect_fitting(lines, &answer.receipts).map_err(unknown)?;
        Ok(answer.receipts)
    }

    fn keep(&mut self, lines: &[Line], receipts: &[Value]) -> Result<(), CliError> {
        for (line, receipt) in lines.iter().zip(receipts) {
            self.mark.tally.count(line.number, receipt, self.mark.head_before);
            let last = receipt["positions"]["last"].as_i64().unwrap_or_default();
            self.mark.written_to = self.mark.written_to.max(last);
        }
        self.mark.done += lines.len();
        if let Some(file) = &mut self.receipts {
            file.append(receipts).map_err(|error| {
                CliError::new(
                    Exit::Failed,
                    format!("The file of receipts cannot be written: {error}."),
                    "Make room, and run the same command again: it goes on where it stopped.",
                )
            })?;
            if let Some((_, bytes)) = &mut self.mark.receipts {
                *bytes = file.bytes();
            }
        }
        // The mark only saves time: one that cannot be written costs a second sending, not the push.
        if self.mark_path.as_ref().is_some_and(|path| mark::save(path, &self.mark).is_err()) {
            self.mark_path = None;
        }
        self.meter.advance(lines.len());
        Ok(())
    }
}

/// One receipt for each transaction, in the order sent.
fn expect_fitting(lines: &[Line], receipts: &[Value]) -> Result<(), String> {
    if lines.len() != receipts.len() {
        return Err(format!("{} receipts for {} transactions", receipts.len(), lines.len()));
    }
    let id = |receipt: &Value| receipt["transaction_id"].as_str().and_then(|id| id.parse().ok());
    match lines.iter().zip(receipts).find(|(line, receipt)| id(receipt) != Some(line.transaction_id)) {
        Some((line, _)) => Err(format!("the receipt for line {} names another transaction", line.number)),
        None => Ok(()),
    }
}

fn sentence(error: &ClientError) -> String {
    match error {
        ClientError::Problem(problem) => format!("The server is busy ({}).", problem.code),
        other => other.to_string(),
    }
}

fn stopped(error: ClientError, rest: &[Line]) -> CliError {
    let from = rest.first().map_or(0, |line| line.number);
    let again = "What was acknowledged is kept; run the same command again to go on.";
    let cause = CliError::from(error);
    let next = cause.next.map_or_else(|| again.to_owned(), |next| format!("{next} {again}"));
    CliError { sentence: format!("Stopped before line {from}. {}", cause.sentence), next: Some(next), ..cause }
}

fn always_deferred(receipt: &Value, rest: &[Line]) -> CliError {
    let code = receipt["problem"]["code"].as_str().unwrap_or("no code");
    let from = rest.first().map_or(0, |line| line.number);
    let sentence = format!("The server put line {from} off for {} s ({code}).", PATIENCE.as_secs());
    CliError::new(Exit::Failed, sentence, "Look at /readyz and the server's log; run the same command again to go on.")
}
