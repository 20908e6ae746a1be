//! Replay for support: every state is what the log makes of it, every difference exactly what changed, and whoever looks is
//! seen.

mod command_line;
mod device;
mod hurt;
mod refold;

use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{command, command_with, create_task, edit_task, id};
use support::{Account, Http};
use uuid::Uuid;

use crate::people::{acts, ask, code, promote};
use crate::stage::Stage;

/// What lies below a space.
fn path(space: Uuid, rest: &str) -> String {
    format!("/api/v2/admin/spaces/{space}/replay{rest}")
}

async fn read(http: &Http, space: Uuid, rest: &str) -> Value {
    let (status, body) = ask(http, Method::GET, &path(space, rest), None).await;
    assert_eq!(status, 200, "{rest}: {body}");
    body
}

/// A stage whose person is of support, and another one who is looked at.
async fn support() -> (Stage, Account) {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "support").await;
    let other = Account::register(&stage.server).await;
    (stage, other)
}

/// Every step from a position on, page by page.
async fn all(http: &Http, space: Uuid, query: &str) -> Vec<Value> {
    let (mut steps, mut position) = (Vec::new(), Some(0));
    while let Some(here) = position {
        let page = read(http, space, &format!("?position={here}&limit=7{query}")).await;
        steps.extend(page["items"].as_array().unwrap().clone());
        position = page["next"].as_i64();
    }
    steps
}

fn fields(step: &Value) -> Vec<&str> {
    step["changes"].as_array().unwrap().iter().map(|change| change["field"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_step_says_what_was_what_happened_who_did_it_and_from_what_it_followed() {
    let (stage, other) = support().await;
    let task = id();
    other.commit(&[create_task(task, "Read")]).await;
    let receipt = other.commit(&[edit_task(task, json!({ "title": "Read on", "rank": "b" }))]).await;
    other.commit(&[command("task.complete", task)]).await;
    let steps = all(&stage.http, other.space(), "").await;
    let positions: Vec<i64> = steps.iter().map(|step| step["position"].as_i64().unwrap()).collect();
    assert_eq!(positions, (1..=steps.len() as i64).collect::<Vec<_>>());
    let edited = steps.iter().find(|step| step["event"] == "task.edited").unwrap();
    assert_eq!(fields(edited), ["rank", "title"]);
    assert_eq!(edited["changes"][1], json!({ "field": "title", "before": "Read", "after": "Read on" }));
    assert_eq!((&edited["before"]["title"], &edited["after"]["title"]), (&json!("Read"), &json!("Read on")));
    assert_eq!((&edited["transaction_id"], &edited["cause"]), (&receipt["transaction_id"], &Value::Null));
    assert_eq!((&edited["device_name"], &edited["session_id"]), (&json!("phone"), &json!(other.session.session_id())));
    assert!(edited["change"]["edited"]["changes"]["title"].is_object());
    let completed = steps.iter().find(|step| step["event"] == "task.completed").unwrap();
    let rewarded = steps.iter().find(|step| step["event"] == "hero.rewarded").unwrap();
    assert_eq!(rewarded["cause"], completed["position"]);
    assert!(fields(rewarded).iter().any(|field| field.starts_with("days.")), "{rewarded}");
    assert!(fields(rewarded).contains(&"xp"));
}

#[tokio::test]
async fn an_entity_is_stepped_through_forwards_and_back() {
    let (stage, other) = support().await;
    let task = id();
    other.commit(&[create_task(task, "No 0")]).await;
    for number in 1..6 {
        other.commit(&[create_task(id(), "Else"), edit_task(task, json!({ "title": format!("No {number}") }))]).await;
    }
    let entity = format!("&entity=task/{task}");
    let steps = all(&stage.http, other.space(), &entity).await;
    let titles: Vec<&str> = steps.iter().map(|step| step["after"]["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["No 0", "No 1", "No 2", "No 3", "No 4", "No 5"]);
    // Whatever position is named, the step that stands there comes first; the page before ends right before it.
    let fourth = steps[3]["position"].as_i64().unwrap();
    for position in [fourth, fourth + 1] {
        let page = read(&stage.http, other.space(), &format!("?position={position}&limit=2{entity}")).await;
        assert_eq!(
            (&page["items"][0], &page["next"], &page["previous"]),
            (&steps[3], &steps[5]["position"], &steps[1]["position"])
        );
    }
    let last =
        read(&stage.http, other.space(), &format!("?at={}&entity=tasks/{task}", infrastructure::clock::now_ms())).await;
    assert_eq!((&last["items"], &last["next"]), (&json!([steps[5]]), &Value::Null));
    let unknown = ask(&stage.http, Method::GET, &path(other.space(), &format!("?entity=task/{}", id())), None).await;
    assert_eq!(code(&unknown), (404, "not_found"));
}

#[tokio::test]
async fn an_instant_means_the_last_event_that_was_recorded_by_then() {
    let (stage, other) = support().await;
    for number in 0..5 {
        other.commit(&[create_task(id(), &format!("No {number}"))]).await;
    }
    let steps = all(&stage.http, other.space(), "").await;
    for step in &steps {
        let recorded = step["recorded_at"].as_i64().unwrap();
        let of_then = |at: i64| steps.iter().rev().find(|step| step["recorded_at"].as_i64().unwrap() <= at);
        for at in [recorded - 1, recorded, recorded + 1].into_iter().filter(|at| *at <= infrastructure::clock::now_ms())
        {
            let page = read(&stage.http, other.space(), &format!("?at={at}&limit=1")).await;
            let expected = of_then(at).map_or(0, |step| step["position"].as_i64().unwrap());
            assert_eq!(page["position"], expected, "at {at}");
            assert_eq!(page["items"][0]["position"], expected.max(1), "at {at}");
        }
    }
    let future = infrastructure::clock::now_ms() + 3_600_000;
    for query in [format!("?at={future}"), format!("?position={}", steps.len() + 1)] {
        let said = ask(&stage.http, Method::GET, &path(other.space(), &query), None).await;
        assert_eq!((code(&said), &said.1["head"]), ((422, "position_ahead"), &json!(steps.len())), "{query}");
    }
}

#[tokio::test]
async fn two_moments_differ_in_what_changed_and_was_not_taken_back() {
    let (stage, other) = support().await;
    let (kept, gone, back, goal) = (id(), id(), id(), id());
    let then = other.commit(&[create_task(kept, "Read"), create_task(gone, "Skim"), create_task(back, "Lend")]).await;
    let from = then["positions"]["last"].as_i64().unwrap();
    other.commit(&[edit_task(kept, json!({ "title": "Write" })), command("task.delete", gone)]).await;
    other.commit(&[edit_task(back, json!({ "title": "Keep" })), edit_task(back, json!({ "title": "Lend" }))]).await;
    let now = other.commit(&[command_with("goal.create", goal, json!({ "title": "Ten books" }))]).await;
    let to = now["positions"]["last"].as_i64().unwrap();

    let (mut items, mut page) = (Vec::new(), String::new());
    loop {
        let part = read(&stage.http, other.space(), &format!("/compare?from={from}&to={to}&limit=1{page}")).await;
        assert_eq!(part["changed"], 4);
        items.extend(part["items"].as_array().unwrap().clone());
        let Some(next) = part["next"].as_str() else { break };
        page = format!("&page={next}");
    }
    let of = |id: Uuid| items.iter().find(|item| item["id"] == json!(id)).unwrap();
    assert_eq!(of(kept)["changes"], json!([{ "field": "title", "before": "Read", "after": "Write" }]));
    assert_eq!(fields(of(gone)), ["deleted_at"]);
    assert_eq!(fields(of(back)), [""; 0]);
    assert_eq!((&of(goal)["before"], &of(goal)["after"]["title"]), (&Value::Null, &json!("Ten books")));
    let only = read(&stage.http, other.space(), &format!("/compare?from={from}&to={to}&entity=task/{kept}")).await;
    assert_eq!(only["items"], json!([of(kept)]));
    let nothing = read(&stage.http, other.space(), &format!("/compare?from={to}&to={to}")).await;
    assert_eq!((&nothing["items"], &nothing["changed"]), (&json!([]), &json!(0)));
    let turned =
        ask(&stage.http, Method::GET, &path(other.space(), &format!("/compare?from={to}&to={from}")), None).await;
    assert_eq!(code(&turned), (400, "query_invalid"));
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_and_is_no_look() {
    let (stage, other) = support().await;
    for query in [
        "?position=-1",
        "?position=x",
        "?position=1&at=2026-01-01T00:00:00Z",
        "?at=yesterday",
        "?limit=0",
        "?limit=201",
        "?entity=task",
        "?entity=cat/1",
        "?color=red",
        "/compare",
        "/compare?from=1",
        "/compare?from=1&to=now",
    ] {
        let said = ask(&stage.http, Method::GET, &path(other.space(), query), None).await;
        assert_eq!(code(&said), (400, "query_invalid"), "{query}");
    }
    let said = ask(&stage.http, Method::GET, &path(other.space(), "/compare?from=0&to=1&page=x"), None).await;
    assert_eq!(code(&said), (400, "page_invalid"));
    assert_eq!(acts(&stage.sql, other.space(), "looked_at").await, []);
}

#[tokio::test]
async fn whoever_looks_is_seen_and_nobody_else_may() {
    let (stage, other) = support().await;
    let device = other.session.device_id();
    let asked = ["?position=1".to_owned(), "/compare?from=0&to=1".to_owned(), format!("/device/{device}")];
    for rest in &asked {
        read(&stage.http, other.space(), rest).await;
        // Somebody who is not of support is told the same of every space.
        for space in [other.space(), stage.account.space(), id()] {
            let said = ask(&other.http().await, Method::GET, &path(space, rest), None).await;
            assert_eq!(code(&said), (403, "role_missing"), "{rest}");
            let said = ask(&Http::nobody(stage.server.url()), Method::GET, &path(space, rest), None).await;
            assert_eq!(code(&said), (401, "token_missing"), "{rest}");
        }
        for space in [id().to_string(), "7".to_owned()] {
            let said = ask(&stage.http, Method::GET, &format!("/api/v2/admin/spaces/{space}/replay{rest}"), None).await;
            assert_eq!(code(&said), (404, "not_found"), "{rest}");
        }
    }
    let looks = acts(&stage.sql, other.space(), "looked_at").await;
    assert_eq!(looks.len(), asked.len());
    assert!(looks.iter().all(|(by, role, about)| {
        (*by, role.as_deref(), &about["what"]) == (Some(stage.account.space()), Some("support"), &json!("replay"))
    }));
    let log = other.http().await.get("/api/v2/auth/access-log").await.json();
    let seen: Vec<&Value> = log["items"].as_array().unwrap().iter().filter(|one| one["act"] == "looked_at").collect();
    assert_eq!((seen.len(), &seen[0]["actor"], &seen[0]["session_id"]), (asked.len(), &json!("support"), &Value::Null));
}
