//! Logs that are damaged, redacted, or of another version of the program.

use reqwest::Method;
use serde_json::{Value, json};
use support::Account;
use support::commands::{command_with, create_task, edit_task, id};
use uuid::Uuid;

use super::{all, path, read, support};
use crate::people::{ask, code};
use crate::stage::Stage;

/// Does something to the events of a space.
async fn hurt(stage: &Stage, account: &Account, change: &str, of: &str) {
    let statement = format!("{change} WHERE space_id = $1 AND {of}");
    assert_eq!(stage.sql.execute(&statement, &[&account.space()]).await.unwrap(), 1, "{statement}");
}

/// A task with a title that changes twice; the positions of its three events.
async fn written(account: &Account) -> (Uuid, [i64; 3]) {
    let task = id();
    let mut positions = [0; 3];
    for (at, title) in ["one", "two", "three"].into_iter().enumerate() {
        let command = if at == 0 { create_task(task, title) } else { edit_task(task, json!({ "title": title })) };
        positions[at] = account.commit(&[command]).await["positions"]["first"].as_i64().unwrap();
    }
    (task, positions)
}

#[tokio::test]
async fn a_redacted_value_shows_as_redacted_and_the_rest_goes_on() {
    let (stage, other) = support().await;
    let (task, [_, second, _]) = written(&other).await;
    let taken =
        "UPDATE events SET redacted_at = 5, payload = replace(payload::text, '\"two\"', '\"[redacted]\"')::jsonb";
    hurt(&stage, &other, taken, &format!("position = {second}")).await;
    let steps = all(&stage.http, other.space(), &format!("&entity=task/{task}")).await;
    let told: Vec<_> =
        steps.iter().map(|step| (&step["redacted"], &step["after"]["title"], &step["unknown"])).collect();
    let (yes, no, null) = (json!(true), json!(false), Value::Null);
    let expected = [(&no, json!("one")), (&yes, json!("[redacted]")), (&no, json!("three"))];
    assert_eq!(told, expected.iter().map(|(redacted, title)| (*redacted, title, &null)).collect::<Vec<_>>());
}

#[tokio::test]
async fn of_an_event_that_was_taken_out_whole_nothing_is_told_and_nothing_fails() {
    let (stage, other) = support().await;
    let (task, [_, second, third]) = written(&other).await;
    hurt(&stage, &other, "UPDATE events SET redacted_at = 5, payload = '{}'", &format!("position = {second}")).await;
    let steps = all(&stage.http, other.space(), &format!("&entity=task/{task}")).await;
    assert_eq!((steps.len(), &steps[0]["unknown"]), (3, &Value::Null));
    for step in &steps[1..] {
        assert_eq!((&step["unknown"], &step["after"]), (&json!("redacted"), &Value::Null), "{step}");
        assert!(step["changes"].as_array().unwrap().iter().all(|change| change.get("before").is_none()), "{step}");
    }
    assert_eq!(steps[2]["changes"][0], json!({ "field": "title", "after": "three" }));
    assert_eq!(steps[2]["position"], third);
    let compared = read(&stage.http, other.space(), &format!("/compare?from=0&to={third}&entity=task/{task}")).await;
    assert_eq!(compared["items"][0]["unknown"], "redacted");
    let whole = all(&stage.http, other.space(), "").await;
    assert_eq!(whole.len() as i64, third);
}

#[tokio::test]
async fn a_damaged_log_names_its_position_and_the_others_go_on() {
    let (stage, sound) = support().await;
    written(&sound).await;
    for (what, change) in [
        ("a newer program's version", "UPDATE events SET event_version = '99'"),
        ("an unknown event", "UPDATE events SET event_type = 'task.exploded'"),
        ("another's event", "UPDATE events SET event_type = 'task.deleted'"),
        ("a payload of no shape", "UPDATE events SET payload = '{\"mark\": 7}'"),
        ("a missing event", "DELETE FROM events"),
    ] {
        let other = Account::register(&stage.server).await;
        let (task, [_, second, third]) = written(&other).await;
        hurt(&stage, &other, change, &format!("position = {second}")).await;
        // An entity whose event is gone is found out by the one behind it.
        let of_entity = if what == "a missing event" { third } else { second };
        for (rest, position) in [
            (format!("?position={second}"), second),
            (format!("?position={third}"), of_entity),
            (format!("?entity=task/{task}"), of_entity),
            (format!("/compare?from=0&to={third}&entity=task/{task}"), of_entity),
        ] {
            let said = ask(&stage.http, Method::GET, &path(other.space(), &rest), None).await;
            assert_eq!((code(&said), &said.1["position"]), ((500, "log_damaged"), &json!(position)), "{what}: {rest}");
        }
        // The account's own looks back say the same; what it has now and everybody else are none the worse.
        let own = other.http().await;
        let said = ask(&own, Method::GET, &format!("/api/v2/tasks/{task}?as_of={third}"), None).await;
        assert_eq!((code(&said), &said.1["position"]), ((500, "log_damaged"), &json!(of_entity)), "{what}");
        assert_eq!(ask(&own, Method::GET, &format!("/api/v2/tasks/{task}"), None).await.0, 200, "{what}");
        other.commit(&[create_task(id(), "goes on")]).await;
        all(&stage.http, sound.space(), "").await;
    }
}

#[tokio::test]
async fn verify_names_an_event_that_no_upcaster_knows() {
    let (stage, other) = support().await;
    let (_, [_, second, _]) = written(&other).await;
    hurt(&stage, &other, "UPDATE events SET event_version = '99'", &format!("position = {second}")).await;
    let data_dir = stage.server.setup().data_dir;
    let (exit, said, error) = support::process::run(&stage.database.url(), data_dir.path(), &["verify"]).await;
    assert_eq!(exit, 5, "{error}");
    let expected = format!(
        "event_unreadable space {}: position {second}: version 99 of task.edited is not known here, where 1 is the newest",
        other.space()
    );
    assert!(said.contains(&expected), "{said}");
}

#[tokio::test]
async fn an_event_of_an_older_version_is_told_in_its_present_shape() {
    let (stage, other) = support().await;
    let task = id();
    other.commit(&[command_with("task.create", task, json!({ "title": "Read" }))]).await;
    other.commit(&[support::commands::command("task.complete", task)]).await;
    let mut rest = support::commands::command("hero.restore_energy", task);
    rest.as_object_mut().unwrap().remove("id");
    other.commit(&[rest]).await;
    let older = "UPDATE events SET event_version = '1', payload = payload #- '{change,energy_restored,spent}'";
    hurt(&stage, &other, older, "event_type = 'hero.energy_restored'").await;
    let steps = all(&stage.http, other.space(), "").await;
    let rested = steps.iter().find(|step| step["event"] == "hero.energy_restored").unwrap();
    assert_eq!(rested["event_version"], "1");
    assert_eq!(rested["change"]["energy_restored"]["spent"], 0);
    let page = other.http().await.get(&format!("/api/v2/heroes/{}/history", other.space())).await;
    assert_eq!(page.status, 200);
}
