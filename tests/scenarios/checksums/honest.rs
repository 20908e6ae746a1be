//! Over the wire and through the tables, restarts included: honest work of several devices differs nowhere.

use api::client::{Mended, Mender, Replica, feed};
use infrastructure::clock::now_ms;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use support::operations::Operations;
use support::{Account, Http, TestServer, tables};

use super::{compare, roots};
use crate::stage::{Stage, cursor_of};

const ROUNDS: usize = 6;
const TRANSACTIONS: usize = 20;

/// Two devices write, each from where it last looked.
async fn write(devices: &[Http; 2], bases: &mut [Option<String>; 2], operations: &mut Operations) {
    let device = operations.chance().random_range(0..2);
    if operations.chance().random_bool(0.2) {
        bases[device] = Some(cursor_of(&devices[device]).await);
    }
    let commands: Vec<Value> = (0..5).map(|_| operations.command()).collect();
    // Each alone, so that one refusal does not undo the others.
    let transactions: Vec<Value> = commands
        .into_iter()
        .map(|one| json!({ "transaction_id": operations.id(), "base": bases[device], "commands": [one] }))
        .collect();
    for receipt in devices[device].write(&json!({ "transactions": transactions })).await.receipts() {
        assert_ne!(receipt["status"], "deferred", "{receipt}");
    }
}

async fn devices(account: &Account, server: &TestServer) -> [Http; 2] {
    [account.device_http(server, "browser").await, account.device_http(server, "tablet").await]
}

#[tokio::test]
async fn what_tables_log_snapshot_and_comparison_say_is_one() {
    let stage = Stage::set().await;
    let (account, space) = (&stage.account, stage.account.space());
    let mut operations = Operations::new(StdRng::seed_from_u64(11), now_ms());
    let (mut server, mut bases, mut reader) = (stage.server, [None, None], Replica::default());
    for round in 0..ROUNDS {
        let devices = devices(account, &server).await;
        for _ in 0..TRANSACTIONS {
            write(&devices, &mut bases, &mut operations).await;
        }
        loop {
            let cursor = reader.cursor().map_or(String::new(), |cursor| format!("&cursor={cursor}"));
            let page = devices[0].get(&format!("/api/v2/changes?limit=200{cursor}")).await.json();
            reader.apply(&serde_json::from_value(page).unwrap()).unwrap_or_else(|one| panic!("round {round}: {one}"));
            if reader.position() == reader.head() {
                break;
            }
        }
        let answer = compare(&devices[0], &json!({ "cursor": reader.cursor(), "sums": roots(&reader) })).await.json();
        assert_eq!((&answer["status"], &answer["differ"]), (&json!("compared"), &json!([])), "round {round}");
        tables::assert_equal(&stage.sql, space, &reader).await;
        operations.conflicts = reader.live().filter(|one| one.0 == "conflict").map(|one| one.1).collect();
        // What the next round changes has to be loaded from its rows again.
        server = server.restart().await;
    }
    assert!(reader.rows().any(|(entity, _, _)| entity == "conflict"), "conflicts are part of it");
    let session = account.device(&server, "watch").await;
    let mut late = feed::snapshot(&session).await.unwrap().forgiving();
    assert_eq!(late.differences(&reader), Vec::<String>::new());
    let page = feed::changes(&session, late.cursor(), 200, 0).await.unwrap();
    let (_, mended) = Mender::default().apply(&session, &mut late, &page).await.unwrap();
    assert_eq!(mended, None::<Mended>);
}
