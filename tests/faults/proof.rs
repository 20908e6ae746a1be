//! The proof at the end: what was acknowledged is there exactly once, the log is whole, and everybody knows the same.

use api::client::wire::Receipts;
use api::client::{Session, feed};
use domain::id::SpaceId;
use infrastructure::postgres::verify::verify_space;
use serde_json::{Value, json};
use support::tables;
use tokio_postgres::{Client, Config};
use uuid::Uuid;

use crate::fleet::Account;
use crate::writer::Acknowledged;

/// Transactions that are sent again in one request.
const REPEATED_AT_ONCE: usize = 40;

/// Fails unless everything that the devices were told is so. The server runs; `database` is its database.
pub(crate) async fn prove(accounts: &[Account], database: &Client, config: &Config) -> usize {
    let mut proved = 0;
    for account in accounts {
        let space = account.session.account_id();
        let before = head(database, space).await;
        for (session, written) in &account.written {
            assert_repeats_are_equal(session, written).await;
            for (transaction, receipt) in written {
                assert_there_once(database, space, transaction, receipt).await;
            }
            proved += written.len();
        }
        assert_eq!(head(database, space).await, before, "a repeat wrote something");
        assert_eq!(receipts(database, space).await, expected_receipts(account), "receipts that nobody asked for");
        assert_readers_agree(account, database).await;
        let findings = verify_space(config, SpaceId(space)).await.expect("the database answers");
        assert!(findings.is_empty(), "{findings:?}");
    }
    tables::assert_logs_whole(database).await;
    proved
}

/// A retry gets an equal answer.
async fn assert_repeats_are_equal(session: &Session, written: &[Acknowledged]) {
    for chunk in written.chunks(REPEATED_AT_ONCE) {
        let transactions: Vec<&Value> = chunk.iter().map(|(transaction, _)| transaction).collect();
        let body = json!({ "transactions": transactions });
        let again: Receipts = session.post("/api/v2/transactions", &body).await.expect("the server answers");
        let first: Vec<&Value> = chunk.iter().map(|(_, receipt)| receipt).collect();
        assert_eq!(again.receipts.iter().collect::<Vec<_>>(), first, "a repeat got another receipt");
    }
}

/// Its events are those that the receipt names, no fewer and no more, one after the other.
async fn assert_there_once(database: &Client, space: Uuid, transaction: &Value, receipt: &Value) {
    let id: Uuid = serde_json::from_value(transaction["transaction_id"].clone()).unwrap();
    let row = database.query_one(include_str!("sql/events_of_transaction.sql"), &[&space, &id]).await.unwrap();
    let found = (row.get("first_position"), row.get("last_position"), row.get::<_, i64>("events"));
    let positions = &receipt["positions"];
    let (first, last) = (positions["first"].as_i64(), positions["last"].as_i64());
    let events = first.zip(last).map_or(0, |(first, last)| last - first + 1);
    assert_eq!(found, (first, last, events), "{receipt}");
}

/// Live replicas, a fresh snapshot and the tables say the same.
async fn assert_readers_agree(account: &Account, database: &Client) {
    let snapshot = feed::snapshot(&account.session).await.expect("a snapshot");
    for listened in &account.listened {
        assert_eq!(listened.replica.position(), snapshot.position());
        assert_eq!(listened.replica.differences(&snapshot), Vec::<String>::new());
        tables::assert_equal(database, account.session.account_id(), &listened.replica).await;
    }
}

async fn head(database: &Client, space: Uuid) -> i64 {
    tables::count(database, "SELECT position FROM heads WHERE space_id = $1", space).await
}

async fn receipts(database: &Client, space: Uuid) -> i64 {
    tables::count(database, "SELECT count(*) FROM receipts WHERE space_id = $1", space).await
}

/// One for each transaction, and one for the space's founding.
fn expected_receipts(account: &Account) -> i64 {
    let written: usize = account.written.iter().map(|(_, written)| written.len()).sum();
    i64::try_from(written).unwrap() + 1
}
