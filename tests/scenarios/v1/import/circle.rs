//! There, here, back and here again: what this program wrote there is known again, and only what came since is new.

use std::sync::Arc;

use api::client::{Credentials, Device, Session};
use serde_json::json;
use support::commands::{command, create_task, id, transaction};
use support::{Account, Database, Http, TestServer};

use super::import;
use super::marks::back;
use super::source::Source;
use crate::log_copy::{assert_verified, count};

/// A life of the sample, cut down to its light account: every row is marked one by one.
async fn light() -> Source {
    let source = Source::sample().await;
    let others = "(SELECT id FROM users WHERE email <> 'light@example.test')";
    let cut: Vec<String> = ["pomodoro_sessions", "daily_battle_reports", "activity_logs", "micro_tasks", "tasks"]
        .iter()
        .map(|table| format!("DELETE FROM {table} WHERE user_id IN {others};"))
        .chain(["milestones", "goal_tasks"].iter().map(|table| {
            format!("DELETE FROM {table} WHERE goal_id IN (SELECT id FROM goals WHERE user_id IN {others});")
        }))
        .chain(
            ["goals", "skills", "user_stats", "user_profiles"]
                .iter()
                .map(|table| format!("DELETE FROM {table} WHERE user_id IN {others};")),
        )
        .collect();
    let users = format!("DELETE FROM users WHERE id IN {others}");
    source.sql.batch_execute(&format!("{}{users}", cut.concat())).await.unwrap();
    source
}

async fn live(http: &Http, title: &str) {
    let task = id();
    let done = transaction(&[create_task(task, title), command("task.complete", task)]);
    let receipts = http.write(&json!({ "transactions": [done] })).await.receipts();
    assert_eq!(receipts[0]["status"], "committed", "{receipts:?}");
}

const COUNTED: [&str; 7] = [
    "SELECT count(*) FROM tasks",
    "SELECT count(*) FROM goals",
    "SELECT count(*) FROM skills",
    "SELECT count(*) FROM activity WHERE action <> 'imported'",
    "SELECT sum(xp)::bigint FROM skills",
    "SELECT (sum(completions) * 1000000 + sum(balls) * 1000 + sum(xp))::bigint FROM days WHERE entity = 'hero'",
    "SELECT sum(tasks_completed)::bigint FROM heroes",
];

async fn counted(target: &Database) -> Vec<i64> {
    let sql = target.connect().await;
    let mut found = Vec::new();
    for statement in COUNTED {
        found.push(count(&sql, statement).await);
    }
    found
}

#[tokio::test]
async fn what_was_done_here_and_went_back_does_not_come_again() {
    let (source, target) = (light().await, Database::fresh().await);
    import(&target, &source, &[]).await;
    let server = TestServer::start(&target);
    let credentials = Credentials { email: "light@example.test".to_owned(), password: "password1".to_owned() };
    let session = Session::login(server.server(), &credentials, &Device::fresh("web", "browser")).await.unwrap();
    live(&Http::of(&Arc::new(session)).await, "Made here").await;
    let account = Account::register(&server).await;
    live(&account.http().await, "By somebody of here").await;
    let xp = "SELECT xp FROM heroes WHERE name = 'light'";
    let (before, sql) = (counted(&target).await, target.connect().await);
    let before_xp = count(&sql, xp).await;
    back(&target, &source).await;

    let said = import(&target, &source, &[]).await;
    assert!(said.contains("accounts: 2 imported, 0 skipped"), "{said}");
    assert_eq!(counted(&target).await, before, "{said}");
    assert_eq!((count(&sql, "SELECT count(*) FROM accounts").await, count(&sql, xp).await), (2, before_xp));

    source
        .sql
        .batch_execute(
            "INSERT INTO tasks (id, user_id, title) SELECT 1500000000, id, 'Later' FROM users WHERE email = 'light@example.test';
             INSERT INTO activity_logs (id, user_id, created_at, task_id, exp_gained, action)
             SELECT 1500000000, id, '2020-02-01 08:00:00', 1500000000, 10, 'task_completed' FROM users WHERE email = 'light@example.test';
             UPDATE user_stats SET experience = experience + 10 WHERE user_id IN (SELECT id FROM users WHERE email = 'light@example.test')",
        )
        .await
        .unwrap();
    let said = import(&target, &source, &[]).await;
    assert!(said.contains("1 tasks, 1 days, 1 lines of the log, 10 XP"), "{said}");
    assert_eq!(count(&sql, xp).await, before_xp + 10);
    let now = counted(&target).await;
    let more: Vec<i64> = now.iter().zip(&before).map(|(now, before)| now - before).collect();
    assert_eq!(more, [1, 0, 0, 1, 0, 1_000_010, 1]);
    let said = import(&target, &source, &[]).await;
    assert_eq!(said.matches(": nothing new").count(), 2, "{said}");
    assert_verified(&target).await;
}

#[tokio::test]
async fn an_exported_database_comes_whole_where_it_was_not_exported() {
    let (source, target, elsewhere) = (light().await, Database::fresh().await, Database::fresh().await);
    import(&target, &source, &[]).await;
    let server = TestServer::start(&target);
    let account = Account::register(&server).await;
    live(&account.http().await, "By somebody of here").await;
    back(&target, &source).await;
    import(&elsewhere, &source, &[]).await;
    let (here, there) = (target.connect().await, elsewhere.connect().await);
    for statement in [
        "SELECT sum(xp)::bigint FROM heroes",
        "SELECT sum(xp)::bigint FROM skills",
        "SELECT count(*) FROM tasks",
        "SELECT sum(tasks_completed)::bigint FROM heroes",
    ] {
        assert_eq!(count(&here, statement).await, count(&there, statement).await, "{statement}");
    }
    let made_here = format!("SELECT count(*) FROM accounts WHERE account_id = '{}'", account.space());
    assert_eq!(count(&there, &made_here).await, 1, "its id is the same");
    let said = import(&elsewhere, &source, &[]).await;
    assert_eq!(
        said.matches("0 days, 0 lines of the log, 0 XP").count() + said.matches(": nothing new").count(),
        2,
        "{said}"
    );
    assert_verified(&elsewhere).await;
}
