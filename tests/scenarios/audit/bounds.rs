//! What a search costs others: nothing of theirs is walked, no connection is held in vain, nothing is kept for ever.

use application::audit::{AuditLog, Brought, Filter};
use domain::id::{AccountId, EntityId};
use infrastructure::postgres::audit_log::PostgresAudit;
use serde_json::json;
use support::Account;
use support::commands::id;
use support::patience::{until, within};

use super::{Quiet, assert_as_the_events_say, many, settle};
use crate::stage::Stage;

#[tokio::test]
async fn a_search_in_ones_own_space_looks_at_no_line_of_another() {
    let stage = Stage::set().await;
    let (other, shared) = (Account::register(&stage.server).await, id());
    settle(&stage.database).await;
    stage.sql.execute(&many("n"), &[&other.space(), &shared, &1_000_i64, &12_000_i64]).await.unwrap();
    for filter in ["device", "session", "transaction", "id"] {
        let page = stage.http.get(&format!("/api/v2/audit?{filter}={shared}")).await.json();
        assert_eq!(page, json!({ "items": [], "next": null }), "{filter}");
        let mine = other.http().await.get(&format!("/api/v2/audit?{filter}={shared}&limit=2")).await.json();
        assert_eq!((mine["items"].as_array().unwrap().len(), mine["next"].is_string()), (2, true), "{filter}");
    }
}

#[tokio::test]
async fn whoever_waits_for_another_projector_holds_no_connection() {
    let quiet = Quiet::set().await;
    quiet.write("Read").await;
    settle(&quiet.database).await;
    quiet.write("Write").await;
    let pool = quiet.database.pool(1);
    let audit = PostgresAudit::new(pool.clone());
    let mut sql = quiet.database.connect().await;
    let projector = sql.transaction().await.unwrap();
    projector.query("SELECT position FROM checkpoints FOR UPDATE", &[]).await.unwrap();
    let others = async {
        // Connections are given in the order of asking: by now it has come to the space, and has to wait.
        for _ in 0..20 {
            drop(pool.get().await.unwrap());
        }
        projector.rollback().await.unwrap();
    };
    let (brought, ()) = within("the others", async { tokio::join!(audit.bring(quiet.space), others) }).await;
    assert_eq!(brought, Ok(Brought::ToHead));
}

#[tokio::test]
async fn no_connection_keeps_a_statement_for_each_question() {
    let stage = Stage::set().await;
    let pool = stage.database.pool(1);
    let (audit, account) = (PostgresAudit::new(pool.clone()), AccountId(stage.account.space()));
    let mut kept = Vec::new();
    for number in 0..16 {
        let has = |bit: i32| number & (1 << bit) != 0;
        let filter = Filter {
            account: has(0).then_some(account),
            id: has(1).then(|| EntityId(id())),
            text: has(2).then(|| "x".to_owned()),
            from: has(3).then_some(5),
            ..Filter::default()
        };
        audit.events(&filter, None, 1).await.unwrap();
        audit.security(&filter, None, 1).await.unwrap();
        let client = pool.get().await.unwrap();
        let row = client.query_one("SELECT count(*) FROM pg_prepared_statements", &[]).await.unwrap();
        kept.push(row.get::<_, i64>(0));
    }
    assert!(kept.iter().all(|count| *count == kept[0]), "{kept:?}");
}

#[tokio::test]
async fn a_space_that_was_never_read_can_be_told_to_be_read_again() {
    let quiet = Quiet::set().await;
    quiet.write("Read").await;
    quiet.sql.batch_execute("DELETE FROM checkpoints; DELETE FROM audit_log").await.unwrap();
    let mut sql = quiet.database.connect().await;
    let redaction = sql.transaction().await.unwrap();
    let restart = include_str!("../../../infrastructure/src/postgres/sql/audit_log/restart.sql");
    redaction.execute(restart, &[&quiet.space.0, &application::audit::PROJECTION]).await.unwrap();
    redaction.execute("UPDATE events SET payload = jsonb_set(payload, '{mark,stamp,0}', '77')", &[]).await.unwrap();
    // A projector that comes meanwhile reads what is there after the commit, and nothing from before.
    let came =
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')
        OR NOT EXISTS (SELECT FROM behind) AS came";
    let committed = async {
        let waits = async || quiet.sql.query_one(came, &[]).await.unwrap().get::<_, bool>(0).then_some(());
        until("the projector", waits).await;
        redaction.commit().await.unwrap();
    };
    tokio::join!(settle(&quiet.database), committed);
    assert!(assert_as_the_events_say(&quiet.sql).await > 0);
}
