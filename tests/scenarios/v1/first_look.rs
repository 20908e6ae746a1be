//! A space is founded by whoever comes first, in the zone of its account, and once.

use futures_util::future::join_all;
use serde_json::Value;
use support::{Account, Http, TestServer};
use tokio_postgres::Client;

use super::read::told;
use crate::stage::Stage;
use crate::state_copies::{dry_run, export};

const ZONE: &str = "Asia/Shanghai";
/// Each of them founds a space that is not founded, and tells of its skills.
const LOOKS: [(&str, &str); 5] = [
    ("/api/skills", ""),
    ("/api/v1/data?type=skills", ""),
    ("/api/data/batch?types=skills,stats", "/data/skills"),
    ("/api/v1/data/batch?types=stats,skills", "/data/skills"),
    ("/api/mobile/skills", "/data"),
];

/// The account is in another zone than its server.
async fn move_account(account: &Account, sql: &Client) {
    let zone = "UPDATE accounts SET time_zone = $2 WHERE account_id = $1";
    sql.execute(zone, &[&account.space(), &ZONE]).await.unwrap();
}

/// The server again, as if the space of the account had not been founded yet; and requests of its first device.
async fn unfounded(account: &Account, server: TestServer, sql: &Client) -> (TestServer, Http) {
    let token = account.session.access_token().await.unwrap();
    let setup = server.setup();
    server.stop().await;
    for table in ["events", "receipts", "heroes", "skills", "heads"] {
        let gone = format!("DELETE FROM {table} WHERE space_id = $1");
        sql.execute(&gone, &[&account.space()]).await.unwrap();
    }
    let server = TestServer::start_with(setup);
    let http = Http::nobody(server.url()).with_token(&token);
    (server, http)
}

async fn zone(http: &Http) -> Value {
    told(http, "/api/v2/heroes").await["items"][0]["time_zone"].clone()
}

#[tokio::test]
async fn ten_first_looks_at_once_give_exactly_six_skills_in_the_zone_of_the_account() {
    let Stage { account, server, sql, database: _database, .. } = Stage::set().await;
    move_account(&account, &sql).await;
    let (_server, http) = unfounded(&account, server, &sql).await;
    let look = async |number: usize| {
        let (path, place) = LOOKS[number % LOOKS.len()];
        told(&http, path).await.pointer(place).cloned().unwrap()
    };
    let seen = join_all((0..10).map(look)).await;
    let ids: Vec<i64> = seen[0].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5, 6]);
    assert!(seen.iter().all(|skills| *skills == seen[0]), "{seen:?}");
    assert_eq!(zone(&http).await, ZONE);
}

#[tokio::test]
async fn an_import_into_a_space_that_is_not_founded_founds_it_in_the_zone_of_the_account() {
    let Stage { account, server, sql, http, database: _database } = Stage::set().await;
    move_account(&account, &sql).await;
    let state = export(&http).await;
    let (_server, http) = unfounded(&account, server, &sql).await;
    assert_eq!(dry_run(&http, &state).await.status, 200);
    assert_eq!(zone(&http).await, ZONE);
}

#[tokio::test]
async fn a_space_that_was_founded_in_another_zone_is_founded_and_keeps_nobody_out() {
    let Stage { account, server, sql, http, database: _database } = Stage::set().await;
    let founded = zone(&http).await;
    assert_ne!(founded, ZONE);
    move_account(&account, &sql).await;
    // What this node remembers of the space is forgotten with it.
    let server = server.restart().await;
    let again = account.device_http(&server, "browser").await;
    for prefix in ["/api", "/api/v1"] {
        let answer = again.post(&format!("{prefix}/skills/initialize-core"), "").await;
        assert_eq!((answer.status, answer.json()["skills"].as_array().map(Vec::len)), (200, Some(6)), "{prefix}");
    }
    let state = export(&again).await;
    assert_eq!(dry_run(&again, &state).await.status, 200);
    assert_eq!(zone(&again).await, founded);
}
