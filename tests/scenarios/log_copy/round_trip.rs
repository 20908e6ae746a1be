//! What is restored is what was exported, to the byte, and people go on where they were.

use api::cli::push::{PushArgs, run};
use api::client::{Device, Session};
use clap::Parser;
use serde_json::json;
use support::commands::new_task;
use support::{Account, Database, Http, Setup, TestServer, tables};

use super::{Folder, assert_verified, count, done, exported, fill, live, text};
use crate::stage::{Stage, cursor_of};

const PASSWORD: &str = "correct horse battery";
const LIVES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/device-transactions.ndjson");

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    push: PushArgs,
}

/// What `levelup push` does for one recorded life.
async fn push(server: &TestServer, who: &str) {
    let words = ["push", LIVES, "--account", who, "--password", PASSWORD, "--url", server.url()];
    run(CommandLine::try_parse_from(words).unwrap().push).await.unwrap_or_else(|error| panic!("{who}: {error}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recorded_lives_restored_into_an_empty_database_export_to_the_same_bytes() {
    let (source, target, folder) = (Database::fresh().await, Database::fresh().await, Folder::new());
    let server = TestServer::start(&source);
    for who in ["light@example.test", "mixed@example.test", "heavy@example.test"] {
        push(&server, who).await;
    }
    let first = exported(&source, &folder.file("first.ndjson"), &["--with-accounts"]).await;
    done(&target, &["import", text(&folder.file("first.ndjson"))]).await;
    let second = exported(&target, &folder.file("second.ndjson"), &["--with-accounts"]).await;
    assert!(first == second, "the restored logs export to other bytes");
    assert_verified(&target).await;
    let restored = TestServer::start(&target);
    let credentials =
        api::client::Credentials { email: "mixed@example.test".to_owned(), password: PASSWORD.to_owned() };
    let session = Session::login(restored.server(), &credentials, &Device::fresh("web", "new")).await.unwrap();
    let snapshot = api::client::feed::snapshot(&session).await.unwrap();
    let was = tables::replica(&source.connect().await, session.account_id()).await;
    assert_eq!(snapshot.document(), was.document());
}

#[tokio::test]
async fn what_was_taken_out_of_the_log_stays_out_and_the_bytes_are_the_same() {
    let (stage, target, folder) = (Stage::set().await, Database::fresh().await, Folder::new());
    live(&stage.account, "Private").await;
    // Taken out as an operator does it; the current rows follow.
    let taken = "UPDATE events SET payload = replace(payload::text, 'Private written', 'taken out')::jsonb,
        redacted_at = 5 WHERE payload::text LIKE '%Private written%'";
    assert!(stage.sql.execute(taken, &[]).await.unwrap() > 0);
    done(&stage.database, &["rebuild"]).await;
    let first = exported(&stage.database, &folder.file("first.ndjson"), &[]).await;
    done(&target, &["import", text(&folder.file("first.ndjson"))]).await;
    let second = exported(&target, &folder.file("second.ndjson"), &[]).await;
    assert_eq!(String::from_utf8(first).unwrap(), String::from_utf8(second).unwrap());
    assert_verified(&target).await;
    assert!(count(&target.connect().await, "SELECT count(*) FROM events WHERE redacted_at = 5").await > 0);
}

#[tokio::test]
async fn devices_go_on_with_their_cursors_and_passwords_on_the_restored_server() {
    let (stage, target, folder) = (Stage::set().await, Database::fresh().await, Folder::new());
    live(&stage.account, "First").await;
    let (cursor, sent) = (stage.cursor().await, new_task("Sent before"));
    let before = stage.account.send(sent.clone()).await;
    assert_eq!(stage.http.post("/api/v2/restore-points", r#"{"name":"Before the move"}"#).await.status, 201);
    let file = folder.file("all.ndjson.zst");
    exported(&stage.database, &file, &["--with-accounts"]).await;
    done(&target, &["import", text(&file)]).await;
    for table in ["rejections", "restore_points"] {
        assert_eq!(count(&target.connect().await, &format!("SELECT count(*) FROM {table}")).await, 1, "{table}");
    }
    // On a data directory of its own: that of the source has seen its database go further than any copy.
    let restored = TestServer::start(&target);
    let http = stage.account.device_http(&restored, "the same person").await;
    let page = http.get(&format!("/api/v2/changes?cursor={cursor}")).await.json();
    assert_eq!(page["changes"].as_array().map(Vec::len), Some(1), "{page}");
    assert_eq!(page["caught_up"], true, "{page}");
    // Receipts came along: what was decided there is not decided again.
    let phone = Http::nobody(restored.url()).with_token(http.token());
    let again = phone.write(&json!({ "transactions": [sent] })).await.receipts().remove(0);
    assert_eq!(again["positions"], before["positions"]);
    let new = phone.write(&json!({ "transactions": [new_task("Sent after")] })).await.receipts().remove(0);
    assert_eq!(new["status"], "committed", "{new}");
    restored.stop().await;
    assert_verified(&target).await;
}

#[tokio::test]
async fn beside_the_old_data_directory_a_restored_log_is_a_server_set_back_and_devices_send_again() {
    let (stage, target, folder) = (Stage::set().await, Database::fresh().await, Folder::new());
    live(&stage.account, "First").await;
    let file = folder.file("all.ndjson");
    exported(&stage.database, &file, &["--with-accounts"]).await;
    let head = count(&stage.sql, "SELECT position FROM heads").await;
    // What the export does not hold any more.
    stage.account.send(new_task("Lost here, kept by its device")).await;
    let cursor = stage.cursor().await;
    done(&target, &["import", text(&file)]).await;
    let data_dir = stage.server.setup().data_dir;
    stage.server.stop().await;
    let restored = TestServer::start_with(Setup { data_dir, ..Setup::of(&target) });
    let http = stage.account.device_http(&restored, "the same person").await;
    let page = http.get(&format!("/api/v2/changes?cursor={cursor}")).await.json();
    assert_eq!((&page["reset"], &page["resend_after"]), (&json!(true), &json!(head)), "{page}");
}

#[tokio::test]
async fn a_copy_that_lives_beside_its_original_makes_devices_start_again() {
    let (stage, target, folder) = (Stage::set().await, Database::fresh().await, Folder::new());
    live(&stage.account, "First").await;
    let (cursor, file) = (stage.cursor().await, folder.file("all.ndjson"));
    exported(&stage.database, &file, &["--with-accounts"]).await;
    done(&target, &["import", text(&file), "--new-epoch"]).await;
    assert_verified(&target).await;
    let copy = TestServer::start(&target);
    let http = stage.account.device_http(&copy, "tester").await;
    let page = http.get(&format!("/api/v2/changes?cursor={cursor}")).await.json();
    assert_eq!((&page["reset"], &page["reason"]), (&json!(true), &json!("epoch")), "{page}");
    assert!(!cursor_of(&http).await.is_empty());
}

#[tokio::test]
async fn what_is_written_during_an_export_is_in_it_as_a_whole_or_not_at_all() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    let other = Account::register(&stage.server).await;
    fill(&other, 2).await;
    let writing = async {
        for number in 0..30 {
            live(&stage.account, &format!("Round {number}")).await;
        }
    };
    let exporting = async {
        for number in 0..4 {
            exported(&stage.database, &folder.file(&format!("{number}.ndjson")), &[]).await;
        }
    };
    tokio::join!(writing, exporting);
    for number in 0..4 {
        let target = Database::fresh().await;
        done(&target, &["import", text(&folder.file(&format!("{number}.ndjson")))]).await;
        assert_verified(&target).await;
        let again = exported(&target, &folder.file(&format!("{number}.again")), &[]).await;
        assert!(again == std::fs::read(folder.file(&format!("{number}.ndjson"))).unwrap(), "export {number}");
    }
}

/// Rows of spaces that no export carries, and why.
const NOT_CARRIED: [(&str, &str); 5] = [
    ("days", "folded from the events again"),
    ("log_imports", "what is on its way here"),
    ("checksum_repairs", "how often a device repaired itself within the last hour"),
    ("verify_findings", "what is wrong here"),
    ("verify_runs", "who looked at what here"),
];

#[tokio::test]
async fn every_table_of_spaces_is_carried_folded_again_or_left_out_for_a_reason() {
    use application::transfer::log::Part;
    let database = Database::fresh().await;
    let sql = "SELECT DISTINCT table_name::text FROM information_schema.columns
        WHERE column_name = 'space_id' AND table_schema = 'public'";
    let parts = [Part::Space, Part::Device, Part::Event].into_iter().chain(Part::BEHIND_EVENTS);
    let carried: Vec<&str> = parts.map(Part::table).collect();
    for row in database.connect().await.query(sql, &[]).await.unwrap() {
        let table: &str = row.get(0);
        let is_folded = domain::entity::Kind::ALL.iter().any(|kind| kind.table() == table);
        let is_left_out = NOT_CARRIED.iter().any(|(name, _)| *name == table);
        assert!(carried.contains(&table) || is_folded || is_left_out, "what becomes of {table} in an export?");
    }
}
