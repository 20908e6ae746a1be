//! The end of the demo: both replicas, a fresh snapshot, the feed's own checksum and the tables say the same.

use crate::client::checksum::{from_hex, to_hex};
use crate::client::{ClientError, Replica, Row, Session, feed};

use super::stage::Stage;

const LISTS: [(&str, &str); 5] =
    [("tasks", "task"), ("goals", "goal"), ("milestones", "milestone"), ("skills", "skill"), ("heroes", "hero")];

/// Compares everything with the phone's replica, prints what it finds, and returns the differences.
pub(super) async fn prove(stage: &Stage) -> Result<Vec<String>, ClientError> {
    let session = &stage.phone.session;
    let reference = &stage.phone.replica;
    let mut differences = Vec::new();
    shown("phone", reference);
    shown("browser", &stage.browser.replica);
    differences.extend(compared("browser", reference, &stage.browser.replica));
    let snapshot = feed::snapshot(session).await?;
    shown("snapshot", &snapshot);
    differences.extend(compared("snapshot", reference, &snapshot));

    let said = feed::changes(session, reference.cursor(), 1, 0).await?;
    let sum = said.checksum.as_deref();
    println!("  {:<9} position {:>3}, checksum {}", "server", said.head, sum.unwrap_or("not told"));
    if !said.caught_up || sum.and_then(from_hex) != Some(reference.checksum()) {
        differences.push(format!("server: checksum {} at {}", sum.unwrap_or("not told"), said.head));
    }
    differences.extend(tables(session, reference).await?);
    Ok(differences)
}

fn shown(name: &str, replica: &Replica) {
    let (position, count, sum) = (replica.position(), replica.live().count(), to_hex(replica.checksum()));
    println!("  {name:<9} position {position:>3}, checksum {sum}, {count} live entities");
}

fn compared(name: &str, reference: &Replica, other: &Replica) -> Vec<String> {
    let mut found = reference.differences(other);
    if reference.position() != other.position() {
        found.push(format!("position {} is {}", reference.position(), other.position()));
    }
    if reference.checksum() != other.checksum() {
        found.push(format!("checksum {} is {}", to_hex(reference.checksum()), to_hex(other.checksum())));
    }
    found.into_iter().map(|difference| format!("{name}: {difference}")).collect()
}

/// Every value of the replica against the row that the server's tables have.
async fn tables(session: &Session, reference: &Replica) -> Result<Vec<String>, ClientError> {
    let mut differences = Vec::new();
    let mut counts = Vec::new();
    for (list, entity) in LISTS {
        let rows = feed::list(session, list).await?;
        counts.push(format!("{list} {}", rows.len()));
        let expected = reference.live().filter(|(kind, _, _)| *kind == entity).count();
        if rows.len() != expected {
            differences.push(format!("table {list}: {expected} rows are {}", rows.len()));
        }
        for (id, found) in rows {
            match reference.row(entity, id).filter(|row| !row.is_tombstone()) {
                Some(row) => differences.extend(row_differences(list, row, &found)),
                None => differences.push(format!("table {list}: {id} should not be there")),
            }
        }
    }
    println!("  {:<9} {}, value by value", "tables", counts.join(", "));
    Ok(differences)
}

/// A list may show more than the replica keeps (such as a goal's progress, computed for readers), but nothing else.
fn row_differences(list: &str, row: &Row, found: &serde_json::Map<String, serde_json::Value>) -> Vec<String> {
    let mut differences = Vec::new();
    let null = serde_json::Value::Null;
    if found.get("version").and_then(serde_json::Value::as_i64) != Some(row.version) {
        differences.push(format!("table {list}: version {} is {:?}", row.version, found.get("version")));
    }
    for (name, value) in &row.fields {
        let there = found.get(name).unwrap_or(&null);
        if there != value {
            differences.push(format!("table {list}: {name} {value} is {there}"));
        }
    }
    differences
}
