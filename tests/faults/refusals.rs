//! What the database's own errors mean for a write: it did not happen and never will, not now, or nobody knows.

use application::fault::Fault;
use infrastructure::postgres::fault::{read, write};
use support::Database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_says_whether_a_write_happened() {
    let database = Database::fresh().await;
    for (state, expected) in [
        // Unique, check: about the statement.
        ("23505", "refused"),
        ("23514", "refused"),
        ("22003", "refused"),
        // Deadlock, full disk, lock, failed read of the disk, standby: it passes.
        ("40P01", "unavailable"),
        ("53100", "unavailable"),
        ("55P03", "unavailable"),
        ("58030", "unavailable"),
        ("25006", "unavailable"),
        // The end of the connection or of the server.
        ("57P01", "unknown"),
        ("57P02", "unknown"),
        ("08006", "unknown"),
    ] {
        let statement = format!("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$");
        let error = database.connect().await.batch_execute(&statement).await.unwrap_err();
        let found = match write(&error) {
            Fault::Refused(_) => "refused",
            Fault::Unavailable(_) => "unavailable",
            Fault::Unknown(_) => "unknown",
            Fault::Crowded(_) => "crowded",
            Fault::Rebuilding => "rebuilding",
            Fault::Damaged { .. } => "damaged",
        };
        assert_eq!(found, expected, "{state}");
        assert!(!matches!(read(&error), Fault::Unknown(_)), "a read changes nothing");
    }
}
