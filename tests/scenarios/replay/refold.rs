//! Every state of a random life, beside a fold of its own.

use std::collections::BTreeMap;

use application::submit::shown;
use domain::entity::{Entity, Event, Kind};
use serde_json::{Map, Value};
use support::Account;
use tokio_postgres::Client;
use uuid::Uuid;

use super::{all, read, support};
use crate::restores::life::Life;

/// What each event made of its entity, by position: read from the table and folded here, an entity at a time.
async fn refold(sql: &Client, space: Uuid) -> BTreeMap<i64, (Option<Map<String, Value>>, Map<String, Value>)> {
    let rows = sql
        .query(
            "SELECT position, aggregate_type, aggregate_id, event_type, event_version, payload FROM events
             WHERE space_id = $1 ORDER BY position",
            &[&space],
        )
        .await
        .unwrap();
    let mut entities: BTreeMap<(String, Uuid), Entity> = BTreeMap::new();
    let mut states = BTreeMap::new();
    for row in rows {
        let kind = Kind::from_name(row.get("aggregate_type")).unwrap();
        let key = (kind.name().to_owned(), row.get("aggregate_id"));
        let entity = entities.entry(key).or_insert_with(|| Entity::absent(kind));
        let before = entity.meta().exists().then(|| shown(kind, entity.row()));
        let (event_type, version): (&str, &str) = (row.get("event_type"), row.get("event_version"));
        entity.apply(Event::read(kind, event_type, version, row.get("payload")).unwrap());
        states.insert(row.get("position"), (before, shown(kind, entity.row())));
    }
    states
}

fn differing(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<String> {
    let silent = ["id", "version", "updated_at"];
    let mut names: Vec<String> = before.keys().chain(after.keys()).cloned().collect();
    names.sort();
    names.dedup();
    let value = |of: &Map<String, Value>, name: &str| of.get(name).cloned().unwrap_or_default();
    names.retain(|name| !silent.contains(&name.as_str()) && value(before, name) != value(after, name));
    names
}

#[tokio::test]
async fn every_state_is_what_the_log_makes_of_it_and_every_difference_exactly_what_changed() {
    let (stage, other) = support().await;
    let devices = [other.http().await, other.device_http(&stage.server, "browser").await];
    Life::new(5, other.space()).live(&devices, 120).await;
    let expected = refold(&stage.sql, other.space()).await;
    let steps = all(&stage.http, other.space(), "").await;
    assert_eq!(steps.len(), expected.len());
    for step in &steps {
        let (before, after) = &expected[&step["position"].as_i64().unwrap()];
        assert_eq!(step["before"].as_object(), before.as_ref(), "{step}");
        assert_eq!(step["after"].as_object(), Some(after), "{step}");
        assert_eq!(step["unknown"], Value::Null);
        let told: Vec<String> =
            super::fields(step).into_iter().filter(|field| !field.contains('.')).map(str::to_owned).collect();
        assert_eq!(told, differing(&before.clone().unwrap_or_default(), after), "{step}");
        for change in step["changes"].as_array().unwrap() {
            assert_ne!(change["before"], change["after"], "{step}");
        }
    }
    // What one step left, the next of the same entity finds; so does the comparison with the beginning.
    let mut last: BTreeMap<String, Value> = BTreeMap::new();
    for step in &steps {
        if let Some(before) =
            last.insert(step["id"].to_string() + step["entity"].as_str().unwrap(), step["after"].clone())
        {
            assert_eq!(step["before"], before);
        }
    }
    let (mut page, mut found) = (String::new(), 0);
    loop {
        let part =
            read(&stage.http, other.space(), &format!("/compare?from=0&to={}&limit=50{page}", steps.len())).await;
        for item in part["items"].as_array().unwrap() {
            assert_eq!(last[&(item["id"].to_string() + item["entity"].as_str().unwrap())], item["after"]);
            found += 1;
        }
        let Some(next) = part["next"].as_str() else { break };
        page = format!("&page={next}");
    }
    assert_eq!(found, last.len());
}

#[tokio::test]
async fn two_spaces_with_the_same_ids_are_two_replays() {
    let (stage, other) = support().await;
    let third = Account::register(&stage.server).await;
    let task = support::commands::id();
    other.commit(&[support::commands::create_task(task, "Theirs")]).await;
    third.commit(&[support::commands::create_task(task, "Another's")]).await;
    for (account, title) in [(&other, "Theirs"), (&third, "Another's")] {
        let steps = all(&stage.http, account.space(), &format!("&entity=task/{task}")).await;
        assert_eq!((steps.len(), &steps[0]["after"]["title"]), (1, &Value::from(title)));
        let whole = Value::from(all(&stage.http, account.space(), "").await).to_string();
        let foreign = if title == "Theirs" { "Another's" } else { "Theirs" };
        assert!(whole.contains(title) && !whole.contains(foreign));
    }
}
