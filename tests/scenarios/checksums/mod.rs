//! Comparing checksums: what a replica that differs is told, what it never is told, and how it mends itself.

mod asked;
mod exhausted;
mod honest;
mod mended;

use api::client::wire::SnapshotItem;
use api::client::{Replica, Session, feed};
use domain::checksum::hex;
use serde_json::{Value, json};
use support::commands::{create_task, id};
use support::{Account, Answer, Http};
use uuid::Uuid;

/// A whole replica of the caller's space.
async fn replica(session: &Session) -> Replica {
    feed::snapshot(session).await.unwrap().forgiving()
}

/// Makes so many tasks, a few hundred a transaction; their ids.
async fn tasks(account: &Account, count: usize) -> Vec<Uuid> {
    let ids: Vec<Uuid> = (0..count).map(|_| id()).collect();
    for some in ids.chunks(250) {
        let commands: Vec<Value> = some.iter().map(|id| create_task(*id, "Read a chapter")).collect();
        account.commit(&commands).await;
    }
    ids
}

/// The row as the replica has it, as a snapshot would tell it.
fn row(replica: &Replica, entity: &str, id: Uuid) -> SnapshotItem {
    let row = replica.row(entity, id).unwrap().clone();
    SnapshotItem { entity: entity.to_owned(), id, version: row.version, fields: row.fields }
}

/// The sums of all kinds of a replica, as they are sent.
fn roots(replica: &Replica) -> Value {
    let sum = |kind: &str| {
        let of = replica.shares().into_iter().filter(|share| share.entity == kind);
        of.fold(0_u64, |sum, share| sum.wrapping_add(share.sum))
    };
    application::compare::kinds().map(|kind| json!({ "entity": kind, "sum": hex(sum(kind)) })).collect()
}

async fn compare(http: &Http, body: &Value) -> Answer {
    http.post("/api/v2/checksums", body.to_string()).await
}
