//! What nodes remember goes with it.

use std::sync::Arc;

use application::submit::Actor;
use domain::id::{AccountId, DeviceId, SpaceId};
use infrastructure::hints::Hints;
use infrastructure::hub::Hub;
use infrastructure::pipeline::{Limits, Pipeline};
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::redact::PostgresRedactions;
use infrastructure::redactions::Memories;
use serde_json::{Value, json};
use support::commands::{create_task, edit_task, id, transaction};
use support::process::run;
use support::{Http, Setup, TestServer};
use tokio_util::sync::CancellationToken;

use super::{SECRET, assert_gone, levelup, redact, send, spread, wish, with_admin};
use crate::stage::Stage;

#[tokio::test]
async fn an_operator_redacts_beside_two_servers_that_forget_what_they_remember() {
    let stage = Stage::set().await;
    let node = TestServer::start_with(Setup { config: stage.database.config(), ..stage.server.setup() });
    let there = Http::nobody(node.url()).with_token(stage.http.token());
    let (task, mut replica) = spread(&stage).await;
    // Both remember the task, and the refusal, before.
    send(&there, None, &[edit_task(task, json!({ "estimated_minutes": 30 }))]).await;
    send(&stage.http, None, &[edit_task(task, json!({ "estimated_minutes": 35 }))]).await;
    let named = (stage.account.space().to_string(), format!("task/{task}"));
    let arguments =
        ["admin", "redact", "--space", &named.0, "--entity", &named.1, "--field", "title", "--reason", "a password"];
    let said = levelup(&stage, &[&arguments[..], &["--dry-run"]].concat()).await;
    assert!(said.contains("would be taken out of"), "{said}");
    let said = levelup(&stage, &[&arguments[..], &["--json"]].concat()).await;
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap()["was_shown"], true, "{said}");
    for http in [&there, &stage.http] {
        let receipt = send(http, None, &[edit_task(task, json!({ "estimated_minutes": 40 }))]).await;
        assert_eq!(receipt["status"], "committed", "{receipt}");
    }
    assert_gone(&stage, &mut replica).await;
    let (exit, _, error) = run(&stage.database.url(), stage.server.setup().data_dir.path(), &arguments).await;
    assert_eq!(exit, 1, "{error}");
    assert!(error.contains("There is no value, or it is taken out already"), "{error}");
}

/// A node that writes and reads in memory, and has not looked for redactions yet.
fn other_node(stage: &Stage, hub: &Hub, stop: &CancellationToken) -> (Pipeline<PostgresLedger>, Memories) {
    let ledger = Arc::new(PostgresLedger::new(stage.database.pool(4), 1 << 20));
    let pipeline = Pipeline::start(Arc::clone(&ledger), hub.clone(), Limits::default(), stop.clone());
    (pipeline, Memories::new(hub.clone(), ledger, Hints::default()))
}

#[tokio::test]
async fn what_a_node_read_before_it_first_looked_for_redactions_is_dropped_too() {
    let (stage, admin) = with_admin().await;
    let (task, space, hub) = (id(), SpaceId(stage.account.space()), Hub::default());
    let (stop, reader) = (CancellationToken::new(), hub.subscribe(space));
    let _stopping = stop.clone().drop_guard();
    let (pipeline, memories) = other_node(&stage, &hub, &stop);
    let actor =
        Actor { account: AccountId(space.0), device: DeviceId(stage.account.session.device_id()), ..Actor::default() };
    let sent = domain::transaction::read(transaction(&[create_task(task, SECRET)]), space).unwrap();
    let head = pipeline.submit(actor, space, vec![sent], None).expect("room").await.head.expect("a commit");
    let before = head.position - 1;
    let held = reader.after(before, 10).expect("held in memory");
    assert!(format!("{held:?}").contains("hunter2"), "{held:?}");
    let said = redact(&admin, &wish(&stage, task)).await;
    assert_eq!(said.0, 200, "{said:?}");
    // Only now it begins to look.
    tokio::spawn(memories.follow(PostgresRedactions::new(stage.database.pool(1)), stop.clone()));
    support::patience::until("the end of what was held", async || reader.after(before, 10).is_none().then_some(()))
        .await;
}
