//! Beside writers nothing is found that is not there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use domain::id::SpaceId;
use infrastructure::clock::uuid_v7;
use serde_json::json;

use super::support::{Database, sent};

/// Walks beside which there are writers.
const WALKS: usize = 6;

/// Writes into a space until told to stop.
async fn write(database: &Database, space: SpaceId, stop: &AtomicBool, written: &AtomicUsize) {
    while !stop.load(Ordering::Relaxed) {
        let id = uuid_v7();
        for command in [
            json!({ "type": "task.create", "id": id, "data": { "title": "Write", "category": "habit" } }),
            json!({ "type": "task.edit", "id": id, "set": { "title": "Write more" } }),
            json!({ "type": "task.complete", "id": id }),
            json!({ "type": "task.delete", "id": id }),
        ] {
            database.write(space, "writer", vec![sent(space, &[command])]).await;
            written.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_writers_there_is_no_false_alarm() {
    let Some(database) = Database::create().await else { return };
    let database = Arc::new(database);
    let spaces = [database.fill("light@example.test", 40).await, database.fill("mixed@example.test", 300).await];
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let writers = spaces.map(|space| {
        let (database, stop, written) = (database.clone(), stop.clone(), written.clone());
        tokio::spawn(async move { write(&database, space, &stop, &written).await })
    });
    let mut least = usize::MAX;
    for _ in 0..WALKS {
        let before = written.load(Ordering::Relaxed);
        let (run, told) = database.walk().await;
        assert_eq!(told, [], "{run:?}");
        least = least.min(written.load(Ordering::Relaxed) - before);
    }
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(written.load(Ordering::Relaxed) > 0);
    println!("{written:?} transactions beside {WALKS} walks, {least} beside one at least");
}
