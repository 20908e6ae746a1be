//! Paused, resumed, cancelled; by an admin, and by Ctrl-C at the terminal.

use serde_json::{Value, json};
use support::patience::{until, within};
use support::process::{command, run, signal};
use support::{Account, DataDir};

use super::{Held, admin_with_tasks, begin, order, tamper, tampered, until_it_is, write_tasks};

#[tokio::test]
async fn one_that_is_paused_goes_on_where_it_was() {
    let stage = admin_with_tasks(3).await;
    let mut spaces = vec![stage.account.space()];
    for _ in 0..5 {
        let other = Account::register(&stage.server).await;
        write_tasks(&other, 3).await;
        spaces.push(other.space());
    }
    for space in &spaces {
        tamper(&stage.sql, *space).await;
    }
    spaces.sort();
    let held = Held::head(&stage, spaces[3]).await;
    let id = begin(&stage.http, &json!({ "workers": 1 })).await;
    held.is_waited_for(&stage.sql).await;
    assert_eq!(order(&stage.http, &id, "pause").await.1["state"], "paused");
    held.release().await;
    let paused = until_it_is(&stage.http, &id, "paused").await;
    assert_eq!((&paused["reason"], &paused["spaces_total"]), (&json!("it was asked to pause"), &json!(6)));
    let done = paused["spaces"].as_u64().unwrap();
    assert!((3..=4).contains(&done), "{paused}");
    for (at, space) in spaces.iter().enumerate().filter(|(at, _)| *at != 3) {
        assert_eq!(tampered(&stage.sql, *space).await == 0, at < 3, "space {at}");
    }
    assert_eq!(order(&stage.http, &id, "resume").await.1["state"], "running");
    let ended = until_it_is(&stage.http, &id, "finished").await;
    assert_eq!((&ended["spaces"], &ended["differences"]), (&json!(6), &json!(18)), "{ended}");
    assert_eq!(ended["events"], ended["events_total"], "nothing was counted twice");
}

#[tokio::test]
async fn one_that_is_cancelled_keeps_what_it_switched_and_frees_its_room() {
    let stage = admin_with_tasks(3).await;
    let space = stage.account.space();
    tamper(&stage.sql, space).await;
    let held = Held::head(&stage, space).await;
    let id = begin(&stage.http, &json!({})).await;
    held.is_waited_for(&stage.sql).await;
    assert_eq!(order(&stage.http, &id, "cancel").await.1["state"], "cancelling");
    held.release().await;
    until_it_is(&stage.http, &id, "cancelled").await;
    let tables = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'rebuild' AND c.relkind = 'r'";
    assert_eq!(stage.sql.query_one(tables, &[]).await.unwrap().get::<_, i64>(0), 0);
    let again = begin(&stage.http, &json!({})).await;
    until_it_is(&stage.http, &again, "finished").await;
    assert_eq!(tampered(&stage.sql, space).await, 0);
}

#[tokio::test]
async fn ctrl_c_pauses_and_says_how_to_go_on() {
    let stage = admin_with_tasks(3).await;
    // Spaces are taken in the order of their ids, which is that of their making.
    let (space, url, dir) = (stage.account.space(), stage.database.url(), DataDir::fresh());
    let later = Account::register(&stage.server).await;
    write_tasks(&later, 2).await;
    tamper(&stage.sql, later.space()).await;
    // Nobody else is to take it up.
    stage.server.stop().await;
    let (code, said, _) = run(&url, dir.path(), &["rebuild", "status"]).await;
    assert_eq!((code, said.trim()), (0, "There has been no rebuild."));
    stage.sql.execute("UPDATE tasks SET title = 'tampered' WHERE space_id = $1", &[&space]).await.unwrap();
    let holder = stage.database.connect().await;
    holder.batch_execute("BEGIN").await.unwrap();
    holder.query_one("SELECT position FROM heads WHERE space_id = $1 FOR UPDATE", &[&space]).await.unwrap();
    let held = Held(holder);
    let running = command(&url, dir.path(), &["rebuild", "--workers", "1"]).spawn().unwrap();
    held.is_waited_for(&stage.sql).await;
    let (code, _, error) = run(&url, dir.path(), &["rebuild", "--check"]).await;
    assert_eq!(code, 1, "{error}");
    assert!(error.contains("is running"), "{error}");
    signal("INT", &[running.id().unwrap()]);
    let paused = "SELECT 1 FROM rebuilds WHERE state = 'paused'";
    until("the pause", async || stage.sql.query_opt(paused, &[]).await.unwrap()).await;
    held.release().await;
    let output = within("the end of the rebuild", running.wait_with_output()).await.unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(130), "{error}");
    assert_eq!(tampered(&stage.sql, later.space()).await, 2, "nothing was taken up after the pause");
    assert!(error.contains("levelup rebuild resume"), "{error}");

    let (_, said, _) = run(&url, dir.path(), &["rebuild", "status", "--json"]).await;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&said["state"], &said["attended"]), (&json!("paused"), &json!(false)), "{said}");
    let (code, _, error) = run(&url, dir.path(), &["rebuild", "--check"]).await;
    assert_eq!(code, 1, "{error}");
    assert!(error.contains("has not ended") && error.contains("levelup rebuild cancel"), "{error}");
    let (code, said, error) = run(&url, dir.path(), &["rebuild", "resume"]).await;
    assert_eq!(code, 0, "{said} {error}");
    for space in [space, later.space()] {
        assert_eq!(tampered(&stage.sql, space).await, 0);
    }
    for order in ["pause", "resume", "cancel"] {
        let (code, _, error) = run(&url, dir.path(), &["rebuild", order]).await;
        assert_eq!(code, 1, "{error}");
        assert!(error.contains("No rebuild is there"), "{error}");
    }
    let (code, _, error) = run(&url, dir.path(), &["rebuild", "--projection", "dreams"]).await;
    assert_eq!(code, 2, "{error}");
    assert!(error.contains("give one of activity, audit_log, conflicts"), "{error}");
}
