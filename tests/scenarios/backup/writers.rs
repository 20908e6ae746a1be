//! Backups beside writers: each space is as of one moment, and what was acknowledged before a backup began is in it.

use std::sync::Mutex;

use futures_util::future::join_all;
use support::commands::{id, transaction};
use support::{Account, DataDir, Database, TestServer, tables};
use uuid::Uuid;

use super::{backup, restored, verified};
use crate::log_copy::{Folder, assert_verified, text};

#[tokio::test]
async fn what_was_acknowledged_before_a_backup_began_is_in_it() {
    let (database, folder) = (Database::fresh().await, Folder::new());
    let server = TestServer::start(&database);
    let people: Vec<Account> = join_all((0..4).map(|_| Account::register(&server))).await;
    let acknowledged: Mutex<Vec<(Uuid, String)>> = Mutex::default();
    let writing = join_all(people.iter().map(async |person| {
        for number in 0..40 {
            let sent = transaction(&[support::commands::create_task(id(), &format!("Task {number}"))]);
            let name = sent["transaction_id"].as_str().unwrap().to_owned();
            assert_eq!(person.send(sent).await["status"], "committed");
            acknowledged.lock().unwrap().push((person.space(), name));
        }
    }));
    let dir = folder.file("backups");
    let backing_up = async {
        let mut known = Vec::new();
        for _ in 0..4 {
            let before = acknowledged.lock().unwrap().clone();
            known.push((before, backup(&database, &dir, &[]).await));
        }
        known
    };
    let (_, known) = tokio::join!(writing, backing_up);
    for (before, made) in known {
        verified(&database, &made).await;
        let target = Database::fresh().await;
        restored(&target, &DataDir::fresh(), &[text(&made)]).await;
        let sql = target.connect().await;
        for (space, name) in before {
            let there = format!("SELECT count(*) FROM receipts WHERE space_id = $1 AND transaction_id = '{name}'");
            assert_eq!(tables::count(&sql, &there, space).await, 1, "{name} is not in {made:?}");
        }
        assert_verified(&target).await;
    }
}
