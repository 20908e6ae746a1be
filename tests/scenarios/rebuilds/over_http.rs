//! What an admin asks for, and what bad requests get.

use reqwest::Method;
use serde_json::{Value, json};
use support::{Account, tables};

use super::{Held, REBUILDS, admin_with_tasks, begin, order, show, tamper, tampered, until_it_is, write_tasks};
use crate::people::{ask, code};

#[tokio::test]
async fn what_differs_is_told_and_mended_and_another_space_is_left_alone() {
    let stage = admin_with_tasks(30).await;
    let other = Account::register(&stage.server).await;
    write_tasks(&other, 3).await;
    let (space, theirs) = (stage.account.space(), other.space());
    let before = tables::replica(&stage.sql, space).await;
    assert_eq!((tamper(&stage.sql, space).await, tamper(&stage.sql, theirs).await), (30, 3));

    let checked = begin(&stage.http, &json!({ "check": true })).await;
    let shown = until_it_is(&stage.http, &checked, "finished").await;
    assert_eq!((&shown["differences"], &shown["spaces_differing"]), (&json!(33), &json!(2)), "{shown}");
    assert_eq!(tampered(&stage.sql, space).await, 30, "a check changes nothing");

    let mended = begin(&stage.http, &json!({ "space_id": space, "projections": ["tasks"], "workers": 1 })).await;
    let shown = until_it_is(&stage.http, &mended, "finished").await;
    assert_eq!((&shown["differences"], &shown["spaces"]), (&json!(30), &json!(1)), "{shown}");
    assert_eq!(shown["events"], shown["events_total"]);
    let found = shown["found"].as_array().unwrap();
    assert_eq!(found.len(), 30);
    let first = json!({ "space_id": space, "projection": "tasks", "key": found[0]["key"], "how": "columns",
        "columns": ["title"] });
    assert_eq!(found[0], first);
    assert!(!shown.to_string().contains("Page"), "what people wrote is not told");
    assert_eq!((tampered(&stage.sql, space).await, tampered(&stage.sql, theirs).await), (0, 3));
    assert_eq!(tables::replica(&stage.sql, space).await.document(), before.document());

    let (_, list) = ask(&stage.http, Method::GET, REBUILDS, None).await;
    let ids: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect();
    assert_eq!(ids, [&json!(mended), &json!(checked)]);
    let older = ask(&stage.http, Method::GET, &format!("{REBUILDS}?before={mended}"), None).await;
    assert_eq!(older.1["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_projection_that_is_not_asked_for_is_left_as_it_is() {
    let stage = admin_with_tasks(5).await;
    let space = stage.account.space();
    tamper(&stage.sql, space).await;
    stage.sql.execute("UPDATE heroes SET name = 'tampered' WHERE space_id = $1", &[&space]).await.unwrap();
    let id = begin(&stage.http, &json!({ "projections": ["heroes", "days"] })).await;
    let shown = until_it_is(&stage.http, &id, "finished").await;
    assert_eq!((&shown["differences"], tampered(&stage.sql, space).await), (&json!(1), 5), "{shown}");
}

#[tokio::test]
async fn what_is_done_is_logged_with_who_did_it() {
    let stage = admin_with_tasks(1).await;
    let space = stage.account.space();
    tamper(&stage.sql, space).await;
    let held = Held::head(&stage, space).await;
    let id = begin(&stage.http, &json!({ "space_id": space })).await;
    for what in ["pause", "resume", "cancel"] {
        assert_eq!(order(&stage.http, &id, what).await.0, 200, "{what}");
    }
    held.release().await;
    let statement = "SELECT act, actor_id, actor_role, about ->> 'rebuild_id' FROM security_log
        WHERE act LIKE 'rebuild_%' ORDER BY entry_id";
    let rows = stage.sql.query(statement, &[]).await.unwrap();
    let acts: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(acts, ["rebuild_begun", "rebuild_paused", "rebuild_resumed", "rebuild_cancelled"]);
    for row in &rows {
        let said: (Option<uuid::Uuid>, &str, &str) = (row.get(1), row.get(2), row.get(3));
        assert_eq!(said, (Some(space), "admin", id.as_str()));
    }
}

#[tokio::test]
async fn a_second_one_is_told_which_is_there_and_one_that_has_ended_takes_no_orders() {
    let stage = admin_with_tasks(1).await;
    let space = stage.account.space();
    tamper(&stage.sql, space).await;
    let held = Held::head(&stage, space).await;
    let id = begin(&stage.http, &json!({})).await;
    held.is_waited_for(&stage.sql).await;
    let second = ask(&stage.http, Method::POST, REBUILDS, Some(r#"{"check":true}"#)).await;
    assert_eq!((code(&second), &second.1["rebuild_id"]), ((409, "rebuild_unfinished"), &json!(id)));
    held.release().await;
    until_it_is(&stage.http, &id, "finished").await;
    for what in ["pause", "resume", "cancel"] {
        let said = order(&stage.http, &id, what).await;
        assert_eq!((code(&said), &said.1["state"]), ((409, "rebuild_ended"), &json!("finished")), "{what}");
    }
    assert_eq!(show(&stage.http, &id).await["state"], "finished");
}

#[tokio::test]
async fn what_cannot_be_rebuilt_is_refused_with_its_place() {
    let stage = admin_with_tasks(1).await;
    for (body, status, name, pointer) in [
        (json!({ "projections": ["tasks", "dreams"] }), 422, "fields_invalid", "/projections/1"),
        (json!({ "workers": 0 }), 422, "fields_invalid", "/workers"),
        (json!({ "workers": 65 }), 422, "fields_invalid", "/workers"),
        (json!({ "workers": -1 }), 422, "body_invalid", "/workers"),
        (json!({ "space_id": "7" }), 422, "body_invalid", "/space_id"),
        (json!({ "colour": "red" }), 422, "field_unknown", "/colour"),
        (json!([]), 422, "body_invalid", ""),
    ] {
        let said = ask(&stage.http, Method::POST, REBUILDS, Some(&body.to_string())).await;
        assert_eq!(code(&said), (status, name), "{body}: {}", said.1);
        let place = said.1["errors"][0]["pointer"].as_str().unwrap_or_default();
        assert_eq!(place, pointer, "{body}: {}", said.1);
    }
    let stranger = json!({ "space_id": support::commands::id() }).to_string();
    assert_eq!(code(&ask(&stage.http, Method::POST, REBUILDS, Some(&stranger)).await), (404, "not_found"));
    assert_eq!(code(&ask(&stage.http, Method::POST, REBUILDS, Some("{")).await), (400, "json_malformed"));
    for id in [support::commands::id().to_string(), "7".to_owned()] {
        assert_eq!(code(&ask(&stage.http, Method::GET, &format!("{REBUILDS}/{id}"), None).await), (404, "not_found"));
        for what in ["pause", "resume", "cancel"] {
            assert_eq!(code(&order(&stage.http, &id, what).await), (404, "not_found"), "{what}");
        }
    }
    let said = ask(&stage.http, Method::GET, &format!("{REBUILDS}?page=2"), None).await;
    assert_eq!(code(&said), (400, "query_invalid"));
    let rows = stage.sql.query_one("SELECT count(*) FROM rebuilds", &[]).await.unwrap();
    assert_eq!(rows.get::<_, i64>(0), 0, "nothing was begun");
}
