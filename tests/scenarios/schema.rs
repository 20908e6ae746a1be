//! `/schema.json` and the server say the same: every field is offered the values at both of its edges and those just
//! beyond, by the road that devices take.

use serde_json::{Map, Value, json};
use support::Http;
use support::commands::{command, command_with, create_task, id, transaction};
use uuid::Uuid;

use crate::stage::{Stage, code};

const KINDS: [&str; 4] = ["skill", "goal", "milestone", "task"];

async fn schema(http: &Http) -> Value {
    let answer = http.get("/schema.json").await;
    assert_eq!(answer.status, 200);
    answer.json()
}

/// Something of each kind that can be referred to.
struct Things(Map<String, Value>);

impl Things {
    async fn made(stage: &Stage) -> Self {
        let (skill, goal, milestone, task) = (id(), id(), id(), id());
        let commands = [
            command_with("skill.create", skill, json!({ "name": "Reading" })),
            command_with("goal.create", goal, json!({ "title": "Read" })),
            command_with("milestone.create", milestone, json!({ "goal_id": goal, "title": "Begin" })),
            create_task(task, "Read a page"),
        ];
        stage.account.commit(&commands).await;
        let Value::Object(all) = json!({ "skill": skill, "goal": goal, "milestone": milestone, "task": task }) else {
            unreachable!()
        };
        Self(all)
    }

    fn of(&self, kind: &str) -> Uuid {
        self.0[kind].as_str().unwrap().parse().unwrap()
    }
}

/// Values that the schema says are taken, and values that it says are not.
fn cases(field: &Value, things: &Things) -> Vec<(Value, bool)> {
    let kinds = match &field["type"] {
        Value::Array(kinds) => kinds.clone(),
        kind => vec![kind.clone()],
    };
    let mut cases = vec![(json!({}), false), (Value::Null, kinds.contains(&json!("null")))];
    match kinds[0].as_str().unwrap() {
        "boolean" => cases.extend([(json!(true), true), (json!(false), true), (json!(1), false)]),
        "integer" => {
            let (min, max) = (field["minimum"].as_i64().unwrap(), field["maximum"].as_i64().unwrap());
            cases.extend([min - 1, min, max, max + 1].map(|n| (json!(n), (min..=max).contains(&n))));
            cases.extend([(json!(1.5), false), (json!("1"), false)]);
        }
        "string" => cases.extend(texts(field, things)),
        "array" => cases.extend(sets(field, things)),
        other => panic!("{other}"),
    }
    cases
}

fn texts(field: &Value, things: &Things) -> Vec<(Value, bool)> {
    let mut cases = vec![(json!(7), false)];
    if let Some(names) = field["enum"].as_array() {
        cases.extend(names.iter().map(|name| (name.clone(), true)));
        cases.extend([(json!("?"), false), (json!(""), false)]);
    } else if let Some(kind) = field["x-reference"].as_str() {
        cases.extend([(json!(things.of(kind)), true), (json!("no id"), false)]);
    } else if let Some(max) = field["maxLength"].as_u64() {
        let min = field["minLength"].as_u64().unwrap_or(0);
        let text = |length: u64| json!("é".repeat(usize::try_from(length).unwrap()));
        cases.extend([min, max].map(|length| (text(length), true)));
        cases.push((text(max + 1), false));
        cases.extend((min > 0).then(|| (text(min - 1), false)));
        assert!(field["pattern"].is_string(), "{field}");
        let blank = " ".repeat(usize::try_from(min.max(1)).unwrap());
        cases.extend([(json!(blank), false), (json!("a\0b"), false), (json!("a\nb"), true)]);
    } else {
        let (good, bad): (&[&str], &[&str]) = match field["pattern"].as_str().or(field["format"].as_str()).unwrap() {
            "^#[0-9A-Fa-f]{6}$" => (&["#12aBcD"], &["", "#12345", "#1234567", "#12345g", "123456"]),
            "^[0-9A-Za-z]{1,64}$" => (&["0", "zZ9"], &["", "a-b", "é"]),
            "x-iana-time-zone" => (&["Asia/Tokyo", "UTC"], &["", "Mars/Base"]),
            other => panic!("{other}"),
        };
        cases.extend(good.iter().map(|text| (json!(text), true)).chain(bad.iter().map(|text| (json!(text), false))));
        if field["pattern"] == "^[0-9A-Za-z]{1,64}$" {
            cases.extend([(json!("a".repeat(64)), true), (json!("a".repeat(65)), false)]);
        }
    }
    cases
}

fn sets(field: &Value, things: &Things) -> Vec<(Value, bool)> {
    let max = usize::try_from(field["maxItems"].as_u64().unwrap()).unwrap();
    let mut cases = vec![(json!([]), true), (json!([7]), false), (json!("x"), false)];
    if let Some(kind) = field["x-reference"].as_str() {
        let ids = |count: usize| (0..count).map(|_| id()).collect::<Vec<_>>();
        cases.extend([(json!([things.of(kind)]), true), (json!(["no id"]), false), (json!(ids(max + 1)), false)]);
        return cases;
    }
    let members = |count: usize| json!((0..count).map(|n| format!("tag {n}")).collect::<Vec<_>>());
    let length = usize::try_from(field["items"]["maxLength"].as_u64().unwrap()).unwrap();
    cases.extend([(members(max), true), (members(max + 1), false)]);
    cases.extend([(json!(["x".repeat(length)]), true), (json!(["x".repeat(length + 1)]), false)]);
    cases.extend([(json!([" "]), false), (json!([""]), false)]);
    cases
}

/// A command and whether it should be taken; refused, it has to be for this field.
struct Case {
    command: Value,
    field: String,
    taken: bool,
}

async fn assert_agreed(stage: &Stage, cases: Vec<Case>) {
    for some in cases.chunks(100) {
        let transactions: Vec<Value> =
            some.iter().map(|case| transaction(std::slice::from_ref(&case.command))).collect();
        let receipts = stage.http.write(&json!({ "transactions": transactions })).await.receipts();
        for (case, receipt) in some.iter().zip(&receipts) {
            let Case { command, field, taken } = case;
            let said = format!("{command}: {receipt}");
            assert_eq!(receipt["status"], if *taken { "committed" } else { "rejected" }, "{said}");
            let pointer = receipt["problem"]["errors"][0]["pointer"].as_str().unwrap_or_default();
            assert!(*taken || pointer.split('/').any(|step| step == field), "{said}");
        }
    }
}

/// The least that a creation has to have.
fn least(kind: &str, created: &Value, things: &Things) -> Value {
    let mut data = json!({});
    for name in created["required"].as_array().unwrap() {
        let name = name.as_str().unwrap();
        data[name] = match created["properties"][name]["x-reference"].as_str() {
            Some(kind) => json!(things.of(kind)),
            None => json!(format!("A {kind}")),
        };
    }
    data
}

#[tokio::test]
async fn every_field_takes_what_the_schema_says_and_nothing_beyond() {
    let stage = Stage::set().await;
    let schema = schema(&stage.http).await;
    let things = Things::made(&stage).await;
    let mut all = Vec::new();
    for kind in KINDS {
        let created = &schema["$defs"][format!("{kind}.create")]["properties"]["data"];
        for (field, values) in created["properties"].as_object().unwrap() {
            for (value, taken) in cases(values, &things) {
                let mut data = least(kind, created, &things);
                data[field] = value;
                let command = command_with(&format!("{kind}.create"), id(), data);
                all.push(Case { command, field: field.clone(), taken });
            }
        }
    }
    for kind in KINDS.into_iter().chain(["hero"]) {
        let set = &schema["$defs"][format!("{kind}.edit")]["properties"]["set"];
        for (field, values) in set["properties"].as_object().unwrap() {
            // An entity cannot be its own ancestor.
            let refers_to_itself = values["x-reference"] == kind;
            let cases = cases(values, &things)
                .into_iter()
                .filter(|(value, taken)| !(refers_to_itself && *taken && !empty(value)));
            for (value, taken) in cases {
                let mut command = match kind {
                    "hero" => json!({ "command_id": id(), "type": "hero.edit", "at": 1_792_886_400_000_i64 }),
                    _ => command(&format!("{kind}.edit"), things.of(kind)),
                };
                command["set"] = json!({ field: value });
                all.push(Case { command, field: field.clone(), taken });
            }
        }
    }
    assert!(all.len() > 500, "{}", all.len());
    assert_agreed(&stage, all).await;
}

fn empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

#[tokio::test]
async fn a_focus_session_takes_what_the_schema_says() {
    let stage = Stage::set().await;
    let schema = schema(&stage.http).await;
    let things = Things::made(&stage).await;
    let mut all = Vec::new();
    for kind in ["task", "goal"] {
        let fields = schema["$defs"][format!("{kind}.focus")]["properties"]["data"]["properties"].as_object().unwrap();
        for (field, values) in fields {
            for (value, taken) in cases(values, &things) {
                let mut data = json!({ "minutes": 1, "cycles": 0 });
                data[field] = value;
                let command = command_with(&format!("{kind}.focus"), things.of(kind), data);
                all.push(Case { command, field: field.clone(), taken });
            }
        }
    }
    assert_agreed(&stage, all).await;
}

#[tokio::test]
async fn a_type_that_is_not_in_the_schema_does_not_exist_and_a_part_that_is_not_is_not_taken() {
    let stage = Stage::set().await;
    let schema = schema(&stage.http).await;
    let things = Things::made(&stage).await;
    let commands = schema["$defs"].as_object().unwrap();
    let words: Vec<&str> = commands.keys().map(|name| name.split_once('.').unwrap().1).collect();
    for kind in KINDS.into_iter().chain(["hero"]) {
        for word in &words {
            let name = format!("{kind}.{word}");
            let mut command = json!({ "command_id": id(), "type": name, "at": 1_792_886_400_000_i64 });
            let Some(known) = commands.get(&name) else {
                let receipt = stage.account.send(transaction(&[command])).await;
                assert_eq!(code(&receipt), "command_unknown", "{name}");
                continue;
            };
            let parts = known["properties"].as_object().unwrap();
            if parts.contains_key("id") {
                command["id"] = json!(things.of(kind));
            }
            for part in ["data", "set", "add", "remove"].into_iter().filter(|part| !parts.contains_key(*part)) {
                let mut more = command.clone();
                more["command_id"] = json!(id());
                more[part] = json!({});
                let receipt = stage.account.send(transaction(&[more])).await;
                assert_eq!(code(&receipt), "field_unknown", "{name} {part}: {receipt}");
            }
        }
    }
}

#[tokio::test]
async fn every_field_that_a_reader_is_shown_is_in_the_schema() {
    let stage = Stage::set().await;
    let schema = schema(&stage.http).await;
    Things::made(&stage).await;
    let snapshot = stage.http.get("/api/v2/snapshot?limit=1000").await.json();
    let items = snapshot["items"].as_array().unwrap();
    for kind in KINDS.into_iter().chain(["hero"]) {
        let item = items.iter().find(|item| item["entity"] == kind).unwrap();
        let shown: Vec<&String> = item["fields"].as_object().unwrap().keys().collect();
        let described: Vec<&String> = schema["x-kinds"][kind]["fields"].as_object().unwrap().keys().collect();
        assert_eq!(shown, described, "{kind}");
    }
}

#[tokio::test]
async fn the_schema_is_public_and_is_not_sent_twice() {
    let stage = Stage::set().await;
    let nobody = Http::nobody(stage.server.url());
    let first = nobody.get("/schema.json").await;
    assert_eq!(first.status, 200);
    assert_eq!(first.header("content-type"), "application/schema+json");
    assert_eq!(first.header("cache-control"), "public, max-age=300");
    let again = nobody.with_header("if-none-match", first.header("etag")).get("/schema.json").await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), first.header("etag"));
    let other = nobody.with_header("if-none-match", "W/\"0\"").get("/schema.json").await;
    assert_eq!(other.status, 200);
}
