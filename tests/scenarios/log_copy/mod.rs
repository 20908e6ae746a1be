//! Logs that are carried from one server to another, by the program as an operator runs it and by a person's own request.

mod bad_files;
mod collisions;
mod killed;
mod over_http;
mod round_trip;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use support::commands::{command, command_with, create_task, edit_task, id};
use support::process::run;
use support::{Account, DataDir, Database, tables};
use tokio_postgres::Client;

/// A subcommand on a database; its exit code, standard output and standard error.
pub(crate) async fn levelup(database: &Database, arguments: &[&str]) -> (i32, String, String) {
    run(&database.url(), DataDir::fresh().path(), arguments).await
}

/// The same, which has to succeed; what it said.
pub(crate) async fn done(database: &Database, arguments: &[&str]) -> String {
    let (exit, said, error) = levelup(database, arguments).await;
    assert_eq!(exit, 0, "{arguments:?}: {said}{error}");
    said + &error
}

/// A folder for files.
pub(crate) struct Folder(DataDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(DataDir::fresh())
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Exports a database to a new file; its bytes.
pub(crate) async fn exported(database: &Database, file: &Path, more: &[&str]) -> Vec<u8> {
    done(database, &[&["export", text(file)], more].concat()).await;
    std::fs::read(file).unwrap()
}

/// A life with every kind of thing in it.
pub(crate) async fn live(account: &Account, word: &str) {
    let (skill, goal, milestone, task, habit) = (id(), id(), id(), id(), id());
    account
        .commit(&[
            command_with("skill.create", skill, json!({ "name": word })),
            command_with("goal.create", goal, json!({ "title": format!("{word} goal"), "skill_id": skill })),
            command_with("milestone.create", milestone, json!({ "goal_id": goal, "title": format!("{word} step") })),
            command_with(
                "task.create",
                task,
                json!({ "title": format!("{word} chapter"), "goal_id": goal, "tags": [word] }),
            ),
            command_with("task.create", habit, json!({ "title": format!("{word} page"), "category": "habit" })),
        ])
        .await;
    account.commit(&[command("task.complete", habit), command("milestone.complete", milestone)]).await;
    account.commit(&[edit_task(task, json!({ "title": format!("{word} written \u{1F4DA} \\ \" é") }))]).await;
    account.commit(&[command("skill.delete", skill), command("task.delete", task)]).await;
    let refused = account.send(support::commands::transaction(&[command("task.complete", task)])).await;
    assert_eq!(refused["status"], "rejected", "{refused}");
}

/// Many events.
pub(crate) async fn fill(account: &Account, transactions: usize) {
    for number in 0..transactions {
        let commands: Vec<Value> =
            (0..400).map(|task| create_task(id(), &format!("Task {task} of {number} {}", "x".repeat(100)))).collect();
        account.commit(&commands).await;
    }
}

/// Fails unless verifying finds nothing.
pub(crate) async fn assert_verified(database: &Database) {
    let said = done(database, &["verify"]).await;
    assert!(said.contains("everything is as it was committed"), "{said}");
    tables::assert_logs_whole(&database.connect().await).await;
}

/// How many rows a statement counts.
pub(crate) async fn count(sql: &Client, statement: &str) -> i64 {
    sql.query_one(statement, &[]).await.unwrap().get(0)
}
