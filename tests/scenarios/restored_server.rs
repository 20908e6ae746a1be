//! A server that was restored from a backup uses positions that its devices know with other content. They notice, start again,
//! and send again what they were acknowledged: nothing is lost and nothing happens twice.

use serde_json::json;
use support::commands::{command, create_task, edit_task, id};
use support::process::run;
use support::{TestServer, tables};
use uuid::Uuid;

use crate::installations::{Gadget, Lost, Person, assert_settled, hero, titles};

struct Household {
    person: Person,
    phone: Gadget,
    browser: Gadget,
    shared: Uuid,
}

async fn before(server: &TestServer) -> Household {
    let (person, mut phone) = Person::register(server).await;
    let mut browser = person.device(server, "browser").await;
    let shared = id();
    phone.kept.write(vec![create_task(shared, "shared")]);
    phone.sync().await;
    browser.sync().await;
    Household { person, phone, browser, shared }
}

/// Both write, and read of each other in part; a completion is among what is lost, and both have work that was never sent.
async fn after(server: &TestServer, home: Household) -> Household {
    let Household { person, phone, browser, shared } = home;
    let (mut phone, mut browser) = (person.again(server, phone).await, person.again(server, browser).await);
    phone.kept.write(vec![command("task.complete", shared)]);
    for number in 0..5 {
        phone.kept.write(vec![create_task(id(), &format!("phone {number}"))]);
        phone.sync().await;
        browser.kept.write(vec![create_task(id(), &format!("browser {number}"))]);
        browser.sync().await;
    }
    phone.kept.write(vec![edit_task(shared, json!({ "difficulty": "hard" }))]);
    browser.kept.write(vec![create_task(id(), "browser offline")]);
    Household { person, phone, browser, shared }
}

fn expected() -> Vec<String> {
    let mut all = vec!["browser offline".to_owned(), "shared".to_owned()];
    all.extend((0..5).flat_map(|number| [format!("phone {number}"), format!("browser {number}")]));
    all.sort();
    all
}

async fn assert_healed(lost: &Lost, server: &TestServer, home: Household, reasons: &[&str]) {
    let sql = lost.copy.connect().await;
    let Household { person, phone, browser, .. } = home;
    let (mut phone, mut browser) = (person.again(server, phone).await, person.again(server, browser).await);
    phone.sync().await;
    assert_settled(&sql, person.space, &mut [&mut browser, &mut phone]).await;
    assert_eq!(titles(&sql, person.space).await, expected());
    assert_eq!(hero(&sql, person.space, "xp").await, 20, "a completion counts once");
    assert_eq!(hero(&sql, person.space, "tasks_completed").await, 1);
    for resets in [phone.kept.resets(), browser.kept.resets()] {
        assert!(resets.len() == 1 && reasons.contains(&resets[0].as_str()), "{resets:?}");
    }
}

#[tokio::test]
async fn a_restored_server_that_reuses_positions_gets_back_what_it_lost_once() {
    let (lost, home) = Lost::after(before, after).await;
    let server = lost.restored(true);
    assert_healed(&lost, &server, home, &["epoch"]).await;
    // Started once more it is the same life.
    let sql = lost.copy.connect().await;
    let epoch = "SELECT epoch FROM system";
    let before: Uuid = sql.query_one(epoch, &[]).await.unwrap().get(0);
    let _server = server.restart().await;
    let after: Uuid = sql.query_one(epoch, &[]).await.unwrap().get(0);
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_restore_that_nobody_noticed_loses_nothing_either() {
    let (lost, home) = Lost::after(before, after).await;
    // The mark went with the machine, so the restored server goes on in its old life.
    let server = lost.restored(false);
    assert_healed(&lost, &server, home, &["ahead", "forked"]).await;
}

#[tokio::test]
async fn an_operator_begins_another_life_where_the_server_cannot_notice() {
    let (lost, home) = Lost::after(before, after).await;
    let elsewhere = support::DataDir::fresh();
    let (exit, _, error) = run(&lost.copy.url(), elsewhere.path(), &["new-epoch"]).await;
    assert_eq!(exit, 2, "{error}");
    assert!(error.contains("Nothing was done") && error.contains("--yes"), "{error}");
    let (exit, said, error) = run(&lost.copy.url(), elsewhere.path(), &["new-epoch", "--yes"]).await;
    assert_eq!(exit, 0, "{error}");
    assert!(said.starts_with("1 spaces have begun epoch "), "{said}");
    let server = lost.restored(false);
    assert_healed(&lost, &server, home, &["epoch"]).await;
}

#[tokio::test]
async fn a_life_that_began_late_asks_for_everything() {
    let (lost, home) = Lost::after(before, after).await;
    let server = lost.restored(false);
    let http = home.person.http(&server).await;
    let written = http.write(&json!({ "transactions": [support::commands::new_task("written since")] })).await;
    assert_eq!(written.receipts()[0]["status"], "committed");
    server.stop().await;
    let elsewhere = support::DataDir::fresh();
    let (exit, _, error) = run(&lost.copy.url(), elsewhere.path(), &["new-epoch", "--yes", "--served-already"]).await;
    assert_eq!(exit, 0, "{error}");
    let server = lost.restored(false);
    let sql = lost.copy.connect().await;
    let Household { person, phone, browser, .. } = home;
    let (mut phone, mut browser) = (person.again(&server, phone).await, person.again(&server, browser).await);
    assert_settled(&sql, person.space, &mut [&mut phone, &mut browser]).await;
    let mut all = expected();
    all.push("written since".to_owned());
    assert_eq!(titles(&sql, person.space).await, all);
}

#[tokio::test]
async fn every_space_changes_its_epoch_and_a_change_that_was_cut_short_goes_on() {
    let database = support::Database::fresh().await;
    let sql = database.connect().await;
    // More than one chunk of spaces without anything in them.
    let heads = "INSERT INTO heads (space_id, epoch, position, hash)
                 SELECT gen_random_uuid(), s.epoch, 5, decode(repeat('00', 32), 'hex') FROM generate_series(1, 2500) n, system s";
    sql.batch_execute(heads).await.unwrap();
    let old: Uuid = sql.query_one("SELECT epoch FROM system", &[]).await.unwrap().get(0);
    // As a process leaves it that was killed when it had brought some of them over.
    sql.batch_execute(
        "UPDATE system SET epoch_before = epoch, epoch = gen_random_uuid(), turning = 'from_head';
         UPDATE heads h SET epoch = s.epoch, epoch_before = s.epoch_before, epoch_began = 4, position = 6 FROM system s
         WHERE h.space_id IN (SELECT space_id FROM heads ORDER BY space_id LIMIT 700)",
    )
    .await
    .unwrap();
    let server = TestServer::start(&database);
    let nobody = support::Http::nobody(server.url());
    support::patience::until("a server that is ready", async || {
        (nobody.get("/readyz").await.status == 200).then_some(())
    })
    .await;
    let turned = "SELECT count(*) FROM heads h, system s WHERE h.epoch = s.epoch AND h.epoch_before = $1
                  AND (h.epoch_began, h.position) IN ((5, 5), (4, 6)) AND s.turning IS NULL";
    assert_eq!(tables::count(&sql, turned, old).await, 2500, "those that were brought over before keep their place");
}
