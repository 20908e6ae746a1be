//! Accounts that were to go when a backup was made: their wish may have been called off since.

use application::identity::limits::DELETION_GRACE_DAYS;
use infrastructure::clock::now_ms;
use support::{Account, DataDir, Database, tables};
use tokio_postgres::Client;
use uuid::Uuid;

use super::{backup, restored};
use crate::log_copy::{Folder, live, text};
use crate::stage::Stage;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

async fn erase_after(sql: &Client, who: Uuid) -> i64 {
    let statement = "SELECT erase_after FROM accounts WHERE account_id = $1";
    sql.query_one(statement, &[&who]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_restore_erases_nobody_who_is_on_no_list_and_gives_them_their_days_again() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    let later = Account::register(&stage.server).await;
    live(&stage.account, "Leaving").await;
    let Stage { account, server, sql, database, .. } = stage;
    // No server may see that the day has come.
    server.stop().await;
    let (long_ago, far) = (now_ms() - 1_000, now_ms() + 90 * DAY_MS);
    let leaves = "UPDATE accounts SET deletion_requested_at = 1, erase_after = $2 WHERE account_id = $1";
    sql.execute(leaves, &[&account.space(), &long_ago]).await.unwrap();
    sql.execute(leaves, &[&later.space(), &far]).await.unwrap();
    let dir = folder.file("backups");
    backup(&database, &dir, &[]).await;
    for (more, days) in [(&[][..], DELETION_GRACE_DAYS), (&["--deletion-grace-days", "2"], 2)] {
        let (target, data_dir, before) = (Database::fresh().await, DataDir::fresh(), now_ms());
        let said = restored(&target, &data_dir, &[&[text(&dir)], more].concat()).await;
        let sql = target.connect().await;
        let tasks = "SELECT count(*) FROM tasks WHERE space_id = $1";
        assert!(tables::count(&sql, tasks, account.space()).await > 0, "{said}");
        let moved = erase_after(&sql, account.space()).await;
        assert!((before + days * DAY_MS..=now_ms() + days * DAY_MS).contains(&moved), "{moved}");
        assert_eq!(erase_after(&sql, later.space()).await, far, "a later day stays");
        let list = std::fs::read_to_string(data_dir.path().join("erasures.ndjson")).unwrap_or_default();
        assert!(!list.contains(&account.space().to_string()), "{list}");
        assert!(said.contains("to be erased later than they were: 1;"), "{said}");
    }
}
