//! An import that somebody stops, and what it says of every row.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use support::patience::{until, within};
use support::process::{command, signal};
use support::{DataDir, Database};
use tokio::io::{AsyncBufReadExt, BufReader};

use super::source::Source;
use super::{import, state};
use crate::log_copy::{Folder, assert_verified, count, text};

#[tokio::test]
async fn an_import_that_is_stopped_inside_an_account_says_how_far_it_came_and_a_second_run_goes_on() {
    let (source, whole, target) = (Source::sample().await, Database::fresh().await, Database::fresh().await);
    let heavy = ["--account", "heavy@example.test"];
    import(&whole, &source, &heavy).await;
    let (sql, holder, dir, folder) = (target.connect().await, target.connect().await, DataDir::fresh(), Folder::new());
    let (url, report, words) = (source.database.url(), folder.file("report.json"), folder.file("report.txt"));
    let arguments = ["import-legacy", "--from", &url, "--report", text(&report), "--report-text", text(&words)];
    let mut import_of_it = command(&target.url(), dir.path(), &[&arguments[..], &heavy].concat());
    let mut child = import_of_it.env("LEVELUP_LOG", "info").spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    let events = "SELECT coalesce(max(position), 0) FROM heads";
    until("a part of an account", async || (count(&sql, events).await > 600).then_some(())).await;
    // Whoever holds the heads keeps the import inside the account until it is asked to stop.
    holder.batch_execute("BEGIN; SELECT space_id FROM heads FOR UPDATE").await.unwrap();
    signal("INT", &[child.id().unwrap()]);
    while !within("the word that it stops", said.next_line()).await.unwrap().unwrap().contains("asked to stop") {}
    holder.batch_execute("ROLLBACK").await.unwrap();
    let ended = within("the end of a stopped import", child.wait()).await.unwrap();
    assert_eq!(ended.code(), Some(130));
    let told: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    let account = &told["accounts"][0];
    assert_eq!((&account["outcome"], &told["totals"]["stopped"]), (&Value::from("stopped"), &Value::from(1)));
    assert!(account["done"].as_u64().unwrap() < account["of"].as_u64().unwrap(), "{account}");
    assert!(std::fs::read_to_string(&words).unwrap().contains("stopped after "));
    import(&target, &source, &heavy).await;
    let (expected, found) = (state(&whole.connect().await).await, state(&sql).await);
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!(expected, found);
    }
    assert_verified(&target).await;
}

#[tokio::test]
async fn every_row_that_was_changed_merged_or_left_out_is_a_line_of_text_with_its_reason() {
    let (source, target, folder) = (Source::sample().await, Database::fresh().await, Folder::new());
    let (report, words) = (folder.file("report.json"), folder.file("report.txt"));
    let damaged = ["--account", "damaged@example.test", "--dry-run"];
    let files = ["--report", text(&report), "--report-text", text(&words)];
    let quiet = import(&target, &source, &[&damaged[..], &files].concat()).await;
    let told: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    let notes = told["accounts"][0]["notes"].as_array().unwrap();
    let written = std::fs::read_to_string(&words).unwrap();
    for note in notes {
        let [fate, table, row, code, message] =
            ["fate", "table", "row", "code", "message"].map(|name| note[name].as_str().unwrap());
        let column = note["column"].as_str().map(|column| format!(" {column}")).unwrap_or_default();
        let line = format!("  {fate} {table} {row}{column}: {message} ({code})\n");
        assert!(written.contains(&line), "{line}");
        assert!(!quiet.contains(&line), "files have it");
    }
    assert!(written.contains(" rows/s"), "{written}");
    // Without a file the terminal has it.
    let said = import(&target, &source, &damaged).await;
    assert!(written.lines().filter(|line| line.starts_with("  merged ")).all(|line| said.contains(line)), "{said}");
    for file in [report, words] {
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
