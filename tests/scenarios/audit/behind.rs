//! `behind`: an append tells that a space has gone on, waits for nobody, and nothing that it tells is forgotten.

use futures_util::future::join_all;
use infrastructure::audit_projector::round;
use support::patience::{until, within};
use tokio_postgres::Client;

use super::{Quiet, assert_as_the_events_say, new_device, settle};

const TAKE: &str = include_str!("../../../infrastructure/src/postgres/sql/audit_log/take_behind.sql");

async fn begun(quiet: &Quiet) -> Client {
    let client = quiet.database.connect().await;
    client.batch_execute("BEGIN").await.unwrap();
    client
}

#[tokio::test]
async fn what_is_told_already_is_not_written_again() {
    let quiet = Quiet::set().await;
    let told = quiet.told().await;
    assert_eq!(told.len(), 1, "the founding of the space told it");
    for number in 0..5 {
        quiet.write(&format!("Task {number}")).await;
        assert_eq!(quiet.told().await, told, "the row is another, or in another place");
    }
    settle(&quiet.database).await;
    assert_eq!(quiet.told().await, []);
    quiet.write("Once more").await;
    assert_eq!(quiet.told().await.len(), 1);
}

#[tokio::test]
async fn an_append_does_not_wait_for_a_projector_and_is_not_forgotten_by_it() {
    let quiet = Quiet::set().await;
    // A projector that has taken the row and read the events, and has not committed.
    let projector = begun(&quiet).await;
    assert_eq!(projector.execute(TAKE, &[&[quiet.space.0].as_slice(), &"audit_log"]).await.unwrap(), 1);
    within("the append", quiet.write("Behind its back")).await;
    within("the next one", quiet.write("And again")).await;
    projector.batch_execute("COMMIT").await.unwrap();
    assert_eq!(quiet.told().await.len(), 1, "one row for both, told by the first");
    settle(&quiet.database).await;
    assert_as_the_events_say(&quiet.sql).await;
}

#[tokio::test]
async fn an_append_that_found_the_row_keeps_it_until_it_can_be_seen() {
    let quiet = Quiet::set().await;
    assert_eq!(quiet.told().await.len(), 1);
    // The append waits in its midst: for another writer of its device's row.
    let (device, holder) = (new_device(), begun(&quiet).await);
    let row = "INSERT INTO space_devices (space_id, device_id) VALUES ($1, $2)";
    holder.execute(row, &[&quiet.space.0, &device.0]).await.unwrap();
    let writing = quiet.write_from(device, "Still on its way");
    let reading = async {
        until("the append that waits", async || {
            let waiting = "SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '-- The group append%'";
            (quiet.sql.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) > 0).then_some(())
        })
        .await;
        within("a projector, beside it", round(&quiet.audit)).await.unwrap();
        holder.batch_execute("ROLLBACK").await.unwrap();
    };
    within("both", async { tokio::join!(writing, reading) }).await;
    assert_eq!(quiet.told().await.len(), 1, "what was written meanwhile is told");
    settle(&quiet.database).await;
    assert_as_the_events_say(&quiet.sql).await;
    let said = "SELECT count(*) FROM audit_log WHERE lines @> '[{\"after\": \"Still on its way\"}]'";
    assert_eq!(quiet.sql.query_one(said, &[]).await.unwrap().get::<_, i64>(0), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_and_projectors_side_by_side_lose_nothing() {
    let quiet = Quiet::set().await;
    let written = std::sync::atomic::AtomicBool::new(false);
    let writers = async {
        let of = |writer: usize| {
            let quiet = &quiet;
            async move {
                for number in 0..25 {
                    quiet.write(&format!("{writer}/{number}")).await;
                }
            }
        };
        join_all((0..4).map(of)).await;
        written.store(true, std::sync::atomic::Ordering::Relaxed);
    };
    let projectors = join_all((0..3).map(|_| async {
        while !written.load(std::sync::atomic::Ordering::Relaxed) {
            round(&quiet.audit).await.unwrap();
        }
    }));
    within("all", async { tokio::join!(writers, projectors) }).await;
    settle(&quiet.database).await;
    assert!(assert_as_the_events_say(&quiet.sql).await > 100);
}

#[tokio::test]
async fn an_erased_space_is_not_begun_again() {
    let quiet = Quiet::set().await;
    let erased = "INSERT INTO erasures (account_id, requested_at) VALUES ($1, 1)";
    quiet.sql.execute(erased, &[&quiet.space.0]).await.unwrap();
    round(&quiet.audit).await.unwrap();
    for table in ["audit_log", "checkpoints"] {
        let count = format!("SELECT count(*) FROM {table}");
        assert_eq!(quiet.sql.query_one(&count, &[]).await.unwrap().get::<_, i64>(0), 0, "{table}");
    }
}
