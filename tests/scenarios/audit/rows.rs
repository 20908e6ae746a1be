//! What stands in the audit log, against an independent reading of the events.

use application::audit::{AuditLog, Brought};
use serde_json::json;
use support::Account;
use support::commands::{command, command_with, create_task, edit_task, id};
use support::process::run;

use super::{assert_as_the_events_say, settle};
use crate::erasure::live;
use crate::stage::Stage;

#[tokio::test]
async fn every_line_that_the_events_say_is_there_once() {
    let stage = Stage::set().await;
    let other = Account::register(&stage.server).await;
    live(&stage, &stage.account, "zebra").await;
    live(&stage, &other, "okapi").await;
    let (goal, task) = (id(), id());
    stage
        .account
        .commit(&[
            command_with("goal.create", goal, json!({ "title": "Ten books" })),
            command_with("task.create", task, json!({ "title": "One", "goal_id": goal, "tags": ["a", "b"] })),
        ])
        .await;
    // Two devices that do not see each other open a conflict; what is deleted takes its references along.
    let browser = stage.account.device_http(&stage.server, "browser").await;
    let cursor = stage.cursor().await;
    for (http, title) in [(&stage.http, "From the phone"), (&browser, "From the browser")] {
        let sent =
            json!({ "transaction_id": id(), "base": cursor, "commands": [edit_task(task, json!({ "title": title }))] });
        assert_eq!(http.write(&json!({ "transactions": [sent] })).await.receipts()[0]["status"], "committed");
    }
    stage.account.commit(&[command("goal.delete", goal)]).await;
    stage.account.commit(&[command("goal.restore", goal), command("task.delete", task)]).await;
    settle(&stage.database).await;
    assert!(assert_as_the_events_say(&stage.sql).await > 60);
    let events = "SELECT count(DISTINCT event) FROM audit_log WHERE event LIKE 'conflict.%' OR event LIKE '%linked'";
    assert!(stage.sql.query_one(events, &[]).await.unwrap().get::<_, i64>(0) >= 3, "too quiet a life");
}

#[tokio::test]
async fn the_log_itself_knows_from_where_and_as_what_somebody_wrote() {
    let stage = Stage::set().await;
    stage.account.commit(&[create_task(id(), "Read")]).await;
    let statement = "SELECT DISTINCT metadata ->> 'network', metadata ->> 'role' FROM events WHERE device_id = $1";
    let (phone, server) = (stage.account.session.device_id(), uuid::Uuid::nil());
    for (device, network, role) in [(phone, Some("127.0.0.0/24"), None), (server, None, Some("system"))] {
        let rows = stage.sql.query(statement, &[&device]).await.unwrap();
        let said: Vec<(Option<&str>, Option<&str>)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        assert_eq!(said, [(network, role)]);
    }
    let (exit, said, error) = run(&stage.database.url(), stage.server.setup().data_dir.path(), &["verify"]).await;
    assert_eq!(exit, 0, "{said}{error}");
}

#[tokio::test]
async fn a_live_connection_writes_with_its_network_too() {
    let stage = Stage::set().await;
    let mut socket = support::Socket::open(&stage.http).await;
    socket.say(&json!({ "type": "transactions", "transactions": [support::commands::new_task("Live")] })).await;
    socket.hear_type("receipts").await;
    let statement = "SELECT count(*) FROM events WHERE device_id = $1 AND metadata ->> 'network' = '127.0.0.0/24'";
    let device = stage.account.session.device_id();
    assert_eq!(stage.sql.query_one(statement, &[&device]).await.unwrap().get::<_, i64>(0), 1);
}

#[tokio::test]
async fn a_space_that_is_restarted_or_of_another_fold_is_read_again() {
    let stage = Stage::set().await;
    live(&stage, &stage.account, "zebra").await;
    let other = Account::register(&stage.server).await;
    settle(&stage.database).await;
    let count = assert_as_the_events_say(&stage.sql).await;
    let audit = infrastructure::postgres::audit_log::PostgresAudit::new(stage.database.pool(2));
    let space = domain::id::SpaceId(stage.account.space());
    let foreign =
        "SELECT md5(string_agg(t::text || t.ctid::text, '|' ORDER BY t::text)) FROM audit_log t WHERE space_id = $1";
    let before: String = stage.sql.query_one(foreign, &[&other.space()]).await.unwrap().get(0);
    let tamper = "UPDATE audit_log SET lines = '[{\"field\": \"title\", \"after\": \"tampered\"}]' WHERE space_id = $1";
    assert!(stage.sql.execute(tamper, &[&stage.account.space()]).await.unwrap() > 0);
    audit.restart(space).await.unwrap();
    settle(&stage.database).await;
    assert_eq!(assert_as_the_events_say(&stage.sql).await, count);

    stage.sql.execute(tamper, &[&stage.account.space()]).await.unwrap();
    let older = "UPDATE checkpoints SET fold_version = 0 WHERE space_id = $1";
    stage.sql.execute(older, &[&stage.account.space()]).await.unwrap();
    audit.renew_outdated().await.unwrap();
    settle(&stage.database).await;
    assert_eq!(assert_as_the_events_say(&stage.sql).await, count);
    let after: String = stage.sql.query_one(foreign, &[&other.space()]).await.unwrap().get(0);
    assert_eq!(after, before, "the other space was touched");
}

#[tokio::test]
async fn what_a_newer_fold_has_read_is_left_to_it() {
    let quiet = super::Quiet::set().await;
    quiet.write("First").await;
    settle(&quiet.database).await;
    let newer = "UPDATE checkpoints SET fold_version = 1000";
    assert!(quiet.sql.execute(newer, &[]).await.unwrap() > 0);
    let seal = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM audit_log t";
    let before: String = quiet.sql.query_one(seal, &[]).await.unwrap().get(0);
    quiet.write("Second").await;
    quiet.audit.renew_outdated().await.unwrap();
    assert!(
        !infrastructure::audit_projector::round(&quiet.audit).await.unwrap(),
        "there is nothing to read on at once"
    );
    let stepped = quiet.audit.read_on(&[quiet.space]).await.unwrap();
    assert_eq!((stepped.held, stepped.events, stepped.newer), (0, 0, 1));
    let version = "SELECT DISTINCT fold_version FROM checkpoints";
    assert_eq!(quiet.sql.query_one(version, &[]).await.unwrap().get::<_, i32>(0), 1_000);
    assert_eq!(quiet.sql.query_one(seal, &[]).await.unwrap().get::<_, String>(0), before, "the other's rows stay");
    assert!(!quiet.told().await.is_empty(), "it finds what there is to read");
    // Where nothing is new, this program searches in what the other has read.
    quiet.sql.execute("UPDATE checkpoints SET position = (SELECT position FROM heads)", &[]).await.unwrap();
    assert_eq!(quiet.audit.bring(quiet.space).await.unwrap(), Brought::ToHead);
}

#[tokio::test]
async fn a_log_that_was_imported_is_read_too() {
    let stage = Stage::set().await;
    live(&stage, &stage.account, "zebra").await;
    let target = support::Database::fresh().await;
    let folder = support::DataDir::fresh();
    let file = folder.path().join("log.ndjson");
    let file = file.to_str().unwrap();
    for (database, arguments) in [(&stage.database, ["export", file]), (&target, ["import", file])] {
        let (exit, said, error) = run(&database.url(), support::DataDir::fresh().path(), &arguments).await;
        assert_eq!(exit, 0, "{said}{error}");
    }
    settle(&target).await;
    assert!(assert_as_the_events_say(&target.connect().await).await > 20);
}

#[tokio::test]
async fn an_operator_has_the_audit_log_made_anew_by_its_name() {
    let stage = Stage::set().await;
    stage.account.commit(&[create_task(id(), "Read")]).await;
    settle(&stage.database).await;
    let tamper = "UPDATE audit_log SET lines = '[]' WHERE event = 'task.created' AND space_id = $1";
    assert_eq!(stage.sql.execute(tamper, &[&stage.account.space()]).await.unwrap(), 1);
    let data_dir = stage.server.setup().data_dir;
    let arguments = ["rebuild", "--projection", "audit_log"];
    let (exit, said, error) = run(&stage.database.url(), data_dir.path(), &arguments).await;
    assert_eq!(exit, 0, "{said}{error}");
    settle(&stage.database).await;
    assert!(assert_as_the_events_say(&stage.sql).await > 0);
}
