use proptest::prelude::*;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::checksum::canonical;
use crate::id::SpaceId;
use crate::testing::{NOON, SPACE, id};
use crate::transaction::read;

fn sent(command: u128, title: &str) -> Value {
    let command = json!({
        "command_id": Uuid::from_u128(command), "type": "task.create", "id": id(5), "at": NOON,
        "data": { "title": title, "tags": ["a"] },
    });
    json!({ "transaction_id": Uuid::from_u128(7), "commands": [command] })
}

fn digest(value: Value) -> [u8; 32] {
    read(value, SPACE).unwrap().digest
}

#[test]
fn base_device_seq_and_the_transactions_own_id_are_no_content() {
    let mut other = sent(1, "Read");
    other["base"] = json!("another");
    other["device_seq"] = json!(3);
    other["space_id"] = json!(SPACE);
    other["transaction_id"] = json!(Uuid::from_u128(8));
    assert_eq!(digest(other), digest(sent(1, "Read")));
}

#[test]
fn the_order_of_keys_is_no_content() {
    let text = sent(1, "Read").to_string();
    let reordered = text.replace(r#""tags":["a"],"title":"Read""#, r#""title":"Read","tags":["a"]"#);
    assert_ne!(text, reordered);
    assert_eq!(digest(serde_json::from_str(&reordered).unwrap()), digest(sent(1, "Read")));
}

#[test]
fn any_change_of_a_command_is_other_content() {
    let mut later = sent(1, "Read");
    later["commands"][0]["at"] = json!(NOON + 1);
    let twice = json!({ "transaction_id": Uuid::from_u128(7), "commands": [sent(1, "Read")["commands"][0], {}] });
    let others = [sent(1, "Reader"), sent(2, "Read"), later, twice, sent(1, "Re\u{301}ad")];
    for other in others {
        assert_ne!(digest(other), digest(sent(1, "Read")));
    }
    let elsewhere = read(sent(1, "Read"), SpaceId(Uuid::from_u128(1))).unwrap();
    assert_ne!(elsewhere.digest, digest(sent(1, "Read")));
}

#[test]
fn what_is_refused_has_a_digest_too() {
    assert_eq!(digest(sent(1, "a")), digest(sent(1, "a")));
    let mut bad = sent(1, "Read");
    bad["commands"] = json!([{ "type": "task.explode" }]);
    assert_ne!(digest(bad), digest(sent(1, "Read")));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// The same value as text with the keys of every object in descending order.
fn backwards(value: &Value) -> String {
    match value {
        Value::Array(members) => format!("[ {} ]", members.iter().map(backwards).collect::<Vec<_>>().join(" , ")),
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by(|one, other| other.0.cmp(one.0));
            let fields = fields.into_iter().map(|(name, value)| format!("{} : {}", json!(name), backwards(value)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(" , "))
        }
        scalar => scalar.to_string(),
    }
}

proptest! {
    #[test]
    fn the_canonical_form_is_the_same_for_every_order_of_keys(value in any_json()) {
        let text = canonical(&value);
        let again: Value = serde_json::from_str(&backwards(&value)).unwrap();
        prop_assert_eq!(&canonical(&again), &text);
        prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        prop_assert_eq!(canonical(&serde_json::from_str(&text).unwrap()), text);
    }
}
