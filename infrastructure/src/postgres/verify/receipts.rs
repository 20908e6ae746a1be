//! Receipts against events: a committed receipt spans exactly the events of its transaction, and says what its row says.

use application::fault::Fault;
use application::verify::{FLAWS_MAX, Flaw, LogAudit};
use domain::id::{SpaceId, TransactionId};
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use super::super::fault::read;

/// Receipts that are read at once.
const RECEIPTS_MAX: i64 = 1_000;

/// What is wrong with the receipts of a space. That every event has one is seen when the events are read. A receipt is
/// blamed only where the log that it speaks of is whole.
pub(super) async fn flaws(client: &Client, space: SpaceId, log: &LogAudit) -> Result<Vec<Flaw>, Fault> {
    let mut flaws = Vec::new();
    let mut after: Option<Uuid> = None;
    loop {
        let sql = include_str!("../sql/verify/receipts.sql");
        let rows = client.query(sql, &[&space.0, &after, &RECEIPTS_MAX]).await.map_err(|error| read(&error))?;
        flaws.extend(rows.iter().flat_map(|row| {
            let transaction = TransactionId(row.get("transaction_id"));
            reasons(row, log).into_iter().map(move |reason| Flaw::Receipt { transaction, reason })
        }));
        after = rows.last().map(|row| row.get("transaction_id"));
        if (rows.len() as i64) < RECEIPTS_MAX || flaws.len() > FLAWS_MAX {
            return Ok(flaws);
        }
    }
}

fn reasons(row: &Row, log: &LogAudit) -> Vec<String> {
    let (first, last): (Option<i64>, Option<i64>) = (row.get("first_position"), row.get("last_position"));
    let (status, events): (&str, i64) = (row.get("status"), row.get("events"));
    let mut reasons = Vec::new();
    match (first, last) {
        (None, None) => {}
        (Some(_), Some(_)) if status != "committed" => reasons.push("it was rejected and spans positions".to_owned()),
        (Some(first), Some(last)) if first > last || last - first + 1 != events && log.holds(first, last) => {
            reasons.push(format!("it spans {first} to {last}, where {events} events are of its transaction"));
        }
        (Some(_), Some(_)) => {}
        _ => reasons.push("it has one end of a span and not the other".to_owned()),
    }
    // After its time a receipt's body goes; the row stays.
    if row.get("has_body") {
        let text = |name: &str| row.get::<_, Option<String>>(name);
        let is = |position: Option<i64>| position.map(|position| position.to_string());
        let same = text("body_status").as_deref() == Some(status)
            && text("body_transaction") == Some(row.get::<_, Uuid>("transaction_id").to_string())
            && text("body_first") == is(first)
            && text("body_last") == is(last);
        if !same {
            reasons.push("its body contradicts its row".to_owned());
        }
    }
    reasons
}
