//! Beside writers: no difference is told that is none, what is one is repaired, and every write goes through.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use application::submit::Actor;
use domain::id::{AccountId, DeviceId, SpaceId};
use infrastructure::clock::uuid_v7;
use infrastructure::hub::Hub;
use infrastructure::pipeline::{Limits, Pipeline};
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::rebuild::Scope;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::support::{Database, sent};

/// Writes into a space until told to stop; says how many transactions were committed.
fn writer(
    pipeline: Pipeline<PostgresLedger>,
    space: SpaceId,
    stop: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
) -> JoinHandle<()> {
    let actor = Actor { account: AccountId(space.0), device: DeviceId(uuid_v7()), ..Actor::default() };
    tokio::spawn(async move {
        let mut tasks: Vec<Uuid> = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let command = next_command(&mut tasks);
            let answers = pipeline.submit(actor, space, vec![sent(space, &[command])], None).unwrap().await;
            let receipt = serde_json::to_value(&answers.receipts[0]).unwrap();
            assert_eq!(receipt["status"], "committed", "{receipt}");
            done.fetch_add(1, Ordering::Relaxed);
            // A log that grows as fast as it is read would make every round longer than the one before.
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    })
}

fn next_command(tasks: &mut Vec<Uuid>) -> Value {
    let (turn, last) = (tasks.len() % 5, tasks.last().copied());
    let id = uuid_v7();
    tasks.push(last.filter(|_| turn > 0).unwrap_or(id));
    let id = tasks[tasks.len() - 1];
    match turn {
        0 => {
            json!({ "type": "task.create", "id": id, "data": { "title": "Write", "category": "habit", "tags": ["a"] } })
        }
        1 => json!({ "type": "task.edit", "id": id, "set": { "title": "Write more" }, "add": { "tags": ["b"] } }),
        2 => json!({ "type": "task.complete", "id": id }),
        3 => json!({ "type": "task.focus", "id": id, "data": { "minutes": 25, "cycles": 1 } }),
        _ => json!({ "type": "task.delete", "id": id }),
    }
}

struct Load {
    stop: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
    writers: Vec<JoinHandle<()>>,
    end: CancellationToken,
}

impl Load {
    fn start(database: &Database, spaces: &[SpaceId]) -> Self {
        let (stop, done, end) = (Arc::default(), Arc::default(), CancellationToken::new());
        let pipeline = Pipeline::start(Arc::clone(&database.ledger), Hub::default(), Limits::default(), end.clone());
        let one = |space: &SpaceId| writer(pipeline.clone(), *space, Arc::clone(&stop), Arc::clone(&done));
        let writers = spaces.iter().chain(spaces).map(one).collect();
        Self { stop, done, writers, end }
    }

    async fn finish(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        for writer in self.writers {
            writer.await.unwrap();
        }
        self.end.cancel();
        self.done.load(Ordering::Relaxed)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_writers_no_difference_is_told_that_is_none() {
    let Some(database) = Database::create().await else { return };
    let spaces = [database.fill("light@example.test", 40).await, database.fill("mixed@example.test", 200).await];
    let load = Load::start(&database, &spaces);
    for round in 0..6 {
        let (summary, told) = database.rebuild(&Scope { check: round % 2 == 0, ..Scope::default() }).await;
        assert_eq!((summary.differences, summary.spaces_damaged), (0, 0), "{told:#?}");
        for space in spaces {
            assert_eq!(database.verify(space).await, []);
        }
    }
    let written = load.finish().await;
    assert!(written > 50, "only {written} transactions were written meanwhile");
    println!("{written} transactions beside 6 rebuilds");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_writers_what_differs_is_repaired() {
    let Some(database) = Database::create().await else { return };
    let spaces = [database.fill("light@example.test", 40).await, database.fill("mixed@example.test", 200).await];
    let load = Load::start(&database, &spaces);
    for round in 0..8 {
        for space in spaces {
            database.tamper(&format!("UPDATE goals SET title = 'tampered {round}' WHERE space_id = $1"), space).await;
            database.tamper("DELETE FROM milestones WHERE space_id = $1", space).await;
        }
        let (summary, _) = database.rebuild(&Scope::default()).await;
        assert!(summary.differences > 0 && summary.spaces_damaged == 0, "{summary:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let written = load.finish().await;
    println!("{written} transactions beside 8 repairs");
    for space in spaces {
        assert_eq!(database.verify(space).await, []);
    }
}
