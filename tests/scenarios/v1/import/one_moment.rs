//! An export reads each account as of one moment, and nobody goes back who is erased meanwhile.

use support::commands::{command, create_task, id};
use support::patience::until;
use support::{Account, Database};
use tokio::task::JoinHandle;

use super::lines;
use super::source::Source;
use crate::log_copy::{count, levelup};
use crate::stage::Stage;

/// Begins an export while somebody holds the activity, which is read late; it waits there when this returns.
async fn begun(stage: &Stage, source: &Source) -> JoinHandle<(i32, String, String)> {
    stage.sql.batch_execute("BEGIN; LOCK TABLE activity IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let (url, to) = (stage.database.url(), source.database.url());
    let exporting = tokio::spawn(async move {
        let dir = support::DataDir::fresh();
        support::process::run(&url, dir.path(), &["export-legacy", "--load", "--to", &to]).await
    });
    let eyes = stage.database.connect().await;
    // Tables of all tests have the same numbers, because their databases are clones.
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'activity'::regclass
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    until("an export that waits", async || (count(&eyes, waits).await > 0).then_some(())).await;
    exporting
}

#[tokio::test]
async fn what_changes_while_an_account_is_read_is_not_half_of_it() {
    let (stage, source) = (Stage::set().await, Source::empty().await);
    let task = id();
    stage.account.commit(&[create_task(task, "Made here"), command("task.complete", task)]).await;
    let other = stage.database.connect().await;
    let exporting = begun(&stage, &source).await;
    other.batch_execute("DELETE FROM days").await.unwrap();
    stage.sql.batch_execute("COMMIT").await.unwrap();
    let (exit, said, error) = exporting.await.unwrap();
    assert_eq!(exit, 0, "{said}{error}");
    assert_eq!(count(&source.sql, "SELECT count(*) FROM daily_battle_reports").await, 1);
}

#[tokio::test]
async fn whoever_is_erased_while_an_export_runs_does_not_go_back() {
    let (stage, source) = (Stage::set().await, Source::empty().await);
    let other = Account::register(&stage.server).await;
    let eyes = stage.database.connect().await;
    let exporting = begun(&stage, &source).await;
    // One is read already, and nobody who is read now is asked for again.
    let erased = "INSERT INTO erasures (account_id, requested_at) VALUES ($1, 1)";
    let first = stage.account.space().min(other.space());
    eyes.execute(erased, &[&first]).await.unwrap();
    stage.sql.batch_execute("COMMIT").await.unwrap();
    let (exit, said, error) = exporting.await.unwrap();
    assert_eq!(exit, 0, "{said}{error}");
    assert!(said.contains("accounts: 1;"), "{said}");
    let stays = stage.account.space().max(other.space()).to_string();
    assert_eq!(lines(&source.sql, "SELECT id FROM users").await, [stays]);
    assert_eq!(count(&source.sql, "SELECT count(DISTINCT user_id) FROM skills").await, 1);
}

#[tokio::test]
async fn whoever_the_list_of_erasures_names_does_not_go_back_either() {
    let (stage, source, dir) = (Stage::set().await, Source::empty().await, support::DataDir::fresh());
    let line = format!("{{\"account_id\":\"{}\",\"erased_at\":1}}\n", stage.account.space());
    std::fs::write(dir.path().join("erasures.ndjson"), line).unwrap();
    let (url, to) = (stage.database.url(), source.database.url());
    let ran = support::process::run(&url, dir.path(), &["export-legacy", "--load", "--to", &to]).await;
    assert_eq!(ran.0, 0, "{}", ran.2);
    assert_eq!(count(&source.sql, "SELECT count(*) FROM users").await, 0);
}

#[tokio::test]
async fn several_accounts_are_named_at_once_both_ways() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    let two = ["--account", "light@example.test", "--account", "DAMAGED@example.test"];
    let said = super::import(&target, &source, &two).await;
    assert!(said.contains("accounts: 2 imported"), "{said}");
    let (empty, to) = (Source::empty().await, "--to");
    let url = empty.database.url();
    let (exit, said, error) = levelup(&target, &[&["export-legacy", "--load", to, &url], &two[..]].concat()).await;
    assert_eq!(exit, 0, "{said}{error}");
    let emails = "SELECT split_part(email, '@', 1) FROM users ORDER BY email";
    assert_eq!(lines(&empty.sql, emails).await, ["damaged", "light"]);
    let logged = "SELECT count(DISTINCT account_id) FROM security_log WHERE act = 'accounts_exported'";
    assert_eq!(count(&target.connect().await, logged).await, 2);
    let unknown = ["--account", "light@example.test", "--account", "nobody@example.test"];
    for command in [["export-legacy", "--load", to], ["import-legacy", "--dry-run", "--from"]] {
        let (exit, _, error) = levelup(&target, &[&command[..], &[url.as_str()], &unknown[..]].concat()).await;
        assert_eq!((exit, error.contains("nobody@example.test")), (1, true), "{error}");
    }
}
