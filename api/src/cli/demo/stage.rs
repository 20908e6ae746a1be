//! Where the two devices talk: one sends, the other listens at the same time, and both are written down with how long it
//! took.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::time::timeout;
use uuid::Uuid;

use super::super::error::{CliError, Exit};
use super::super::terminal::paint::{Paint, Tone};
use super::describe::effects;
use super::device::Device;

const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Which device speaks.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who {
    /// The phone.
    Phone,
    /// The browser.
    Browser,
}

/// Both devices.
pub(super) struct Stage {
    /// The one.
    pub(super) phone: Device,
    /// The other.
    pub(super) browser: Device,
    /// For the eyes.
    pub(super) paint: Paint,
}

impl Stage {
    /// One device sends and the other hears of it. Returns the transaction and its receipt.
    pub(super) async fn says(
        &mut self,
        who: Who,
        what: &str,
        commands: Vec<Value>,
    ) -> Result<(Value, Value), CliError> {
        let paint = self.paint;
        let (speaker, listener) = self.cast(who);
        let transaction = speaker.transaction(commands);
        let id = transaction_id(&transaction);
        let tapped = Instant::now();
        let both = async {
            let (sent, heard) = tokio::join!(committed(speaker, &transaction), listener.until(id));
            Ok::<_, CliError>((sent?, heard?))
        };
        let ((receipt, answered), arrival) = in_time(what, both).await?;
        // Its own feed brings the speaker what it has written, as it does to everybody.
        let own = async { Ok::<_, CliError>(speaker.until(id).await?) };
        in_time(what, own).await?;
        let verdict = format!("committed at {} in {}", positions(&receipt), ms(answered - tapped));
        println!("{}", spoken(speaker.name, what, &paint.paint(Tone::New, &verdict)));
        let took = format!("{} after the tap", ms(arrival.at - tapped));
        let told = effects(&arrival.applied).join(", ");
        println!("{:<7} ← {told}   {}", listener.name, paint.paint(Tone::Quiet, &took));
        Ok((transaction, receipt))
    }

    /// One device sends what must be refused with `code`.
    pub(super) async fn is_refused(
        &mut self,
        who: Who,
        what: &str,
        code: &str,
        commands: Vec<Value>,
    ) -> Result<(), CliError> {
        let paint = self.paint;
        let (speaker, _) = self.cast(who);
        let transaction = speaker.transaction(commands);
        let tapped = Instant::now();
        let sent = async { Ok::<_, CliError>(speaker.send(&transaction).await?) };
        let (receipt, answered) = in_time(what, sent).await?;
        if receipt["problem"]["code"] != code {
            return Err(surprise(&format!("{what} should have been refused with {code}; the answer was {receipt}")));
        }
        let verdict = format!("rejected, {code}, in {}", ms(answered - tapped));
        println!("{}", spoken(speaker.name, what, &paint.paint(Tone::Gone, &verdict)));
        Ok(())
    }

    /// One device sends a transaction again, as after a lost answer, and gets the same receipt.
    pub(super) async fn repeats(&mut self, who: Who, told: &(Value, Value)) -> Result<(), CliError> {
        let paint = self.paint;
        let (speaker, _) = self.cast(who);
        let what = "the same once more, as after a lost answer";
        let tapped = Instant::now();
        let sent = async { Ok::<_, CliError>(speaker.send(&told.0).await?) };
        let (receipt, answered) = in_time(what, sent).await?;
        if receipt != told.1 {
            return Err(surprise(&format!("A repeated transaction got another receipt: {receipt} after {}", told.1)));
        }
        let verdict = format!("the same receipt in {}, nothing written", ms(answered - tapped));
        println!("{}", spoken(speaker.name, what, &paint.paint(Tone::New, &verdict)));
        Ok(())
    }

    fn cast(&mut self, who: Who) -> (&mut Device, &mut Device) {
        match who {
            Who::Phone => (&mut self.phone, &mut self.browser),
            Who::Browser => (&mut self.browser, &mut self.phone),
        }
    }
}

/// A transaction that is not committed never arrives anywhere: that ends the wait on both sides.
async fn committed(speaker: &mut Device, transaction: &Value) -> Result<(Value, Instant), CliError> {
    let (receipt, at) = speaker.send(transaction).await?;
    if receipt["status"] == "committed" && !receipt["positions"].is_null() {
        return Ok((receipt, at));
    }
    Err(surprise(&format!("{} wrote nothing: {receipt}", speaker.name)))
}

async fn in_time<T>(what: &str, work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    let late = || surprise(&format!("{what}: nothing came for {} s", ANSWER_TIMEOUT.as_secs()));
    timeout(ANSWER_TIMEOUT, work).await.map_err(|_| late())?
}

fn surprise(what: &str) -> CliError {
    CliError::new(
        Exit::Failed,
        format!("The demo did not go as it should. {what}."),
        "This is a defect: the server's log says more.",
    )
}

fn spoken(name: &str, what: &str, verdict: &str) -> String {
    format!("{name:<7} → {what:<48} {verdict}")
}

fn transaction_id(transaction: &Value) -> Uuid {
    transaction["transaction_id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default()
}

fn positions(receipt: &Value) -> String {
    let (first, last) = (&receipt["positions"]["first"], &receipt["positions"]["last"]);
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

fn ms(took: Duration) -> String {
    format!("{:.1} ms", took.as_secs_f64() * 1000.0)
}
