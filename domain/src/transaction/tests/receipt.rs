use serde_json::{Value, json};
use uuid::Uuid;

use crate::entity::{Outcome, OutcomeKind};
use crate::id::{CommandId, TransactionId};
use crate::rejection::{FieldError, Rejection};
use crate::testing::{NOON, SPACE, id};
use crate::transaction::{CommandResult, Notice, Positions, Problem, Receipt, Refusal, Verdict, read};

const TRANSACTION: TransactionId = TransactionId(Uuid::from_u128(7));

fn refusal(rejection: Rejection) -> Refusal {
    Refusal { index: Some(3), command_id: Some(CommandId(Uuid::from_u128(9))), rejection }
}

fn committed(positions: Option<Positions>) -> Receipt {
    let outcome = Outcome {
        kind: OutcomeKind::Merged,
        superseded: vec!["rank".to_owned()],
        cleared: vec!["goal_id".to_owned()],
        conflicts: Vec::new(),
    };
    let result =
        |outcome, legacy_id| CommandResult { command_id: CommandId(Uuid::nil()), outcome, version: 3, legacy_id };
    let results =
        vec![result(outcome, None), result(Outcome::default(), Some(1207)), result(Outcome::unchanged(), None)];
    let notices =
        vec![Notice { code: "device_seq_gap".to_owned(), detail: "…".to_owned(), facts: serde_json::Map::new() }];
    Receipt { transaction_id: Some(TRANSACTION), verdict: Verdict::Committed { positions, results }, notices }
}

fn rejections() -> Vec<Rejection> {
    let (pointer, field) = ("/set/goal_id".to_owned(), "goal_id".to_owned());
    let limits = json!({ "max": 200, "min": 2 }).as_object().unwrap().clone();
    vec![
        Rejection::Invalid(vec![
            FieldError { limits, ..FieldError::new("/data/title", "too_short", "…") },
            FieldError::new("/data/kind", "type_wrong", "é\n\"😀\""),
        ]),
        Rejection::AlreadyExists,
        Rejection::NotFound,
        Rejection::Deleted,
        Rejection::ReferenceMissing { pointer: pointer.clone(), field: field.clone(), id: id(5) },
        Rejection::ReferenceDeleted { pointer: pointer.clone(), field: field.clone() },
        Rejection::ReferenceCycle { pointer, field },
        Rejection::MilestonesOpen { milestones: vec![id(2), id(1)] },
        Rejection::UseComplete { pointer: "/set/status".to_owned() },
        Rejection::CommandUnknown,
        Rejection::CommandCount { max: 500 },
        Rejection::CommandRepeated,
        Rejection::SpaceUnknown,
        Rejection::SpaceFull { max: 200_000 },
        Rejection::TransactionReused,
        Rejection::DeviceSeqReused { last_seq: 7 },
    ]
}

/// As jsonb keeps it: keys by length, then by bytes; duplicates gone.
fn as_jsonb(value: &Value) -> String {
    match value {
        Value::Array(members) => format!("[{}]", members.iter().map(as_jsonb).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| (name.len(), name.as_bytes()));
            let fields = fields.into_iter().map(|(name, value)| format!("{}: {}", json!(name), as_jsonb(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_string(),
    }
}

#[test]
fn a_receipt_that_was_stored_is_given_again_letter_by_letter() {
    let mut receipts = vec![
        committed(Some(Positions { first: 42, last: 46 })),
        committed(None),
        Receipt::deferred(TRANSACTION, Problem::deferred("busy", "…", Some(400))),
        Receipt::deferred(TRANSACTION, Problem::deferred("base_unknown", "…", None)),
        Receipt::reused(TRANSACTION),
        Receipt::rejected(None, &Rejection::CommandUnknown.into()),
    ];
    receipts.extend(rejections().into_iter().map(|one| Receipt::rejected(Some(TRANSACTION), &refusal(one))));
    for receipt in receipts {
        let text = serde_json::to_string(&receipt).unwrap();
        let stored = as_jsonb(&serde_json::from_str(&text).unwrap());
        let again: Receipt = serde_json::from_str(&stored).unwrap();
        assert_eq!(again, receipt);
        assert_eq!(serde_json::to_string(&again).unwrap(), text);
        let by_value: Receipt = serde_json::from_value(serde_json::from_str(&stored).unwrap()).unwrap();
        assert_eq!(serde_json::to_string(&by_value).unwrap(), text);
    }
}

#[test]
fn a_committed_receipt_reads_as_the_protocol_says() {
    let expected = json!({
        "transaction_id": TRANSACTION, "status": "committed", "positions": { "first": 42, "last": 46 },
        "results": [
            { "command_id": Uuid::nil(), "outcome": "merged", "superseded": ["rank"], "cleared": ["goal_id"], "version": 3 },
            { "command_id": Uuid::nil(), "outcome": "applied", "version": 3, "legacy_id": 1207 },
            { "command_id": Uuid::nil(), "outcome": "unchanged", "version": 3 },
        ],
        "notices": [{ "code": "device_seq_gap", "detail": "…" }],
    });
    let receipt = committed(Some(Positions { first: 42, last: 46 }));
    assert_eq!(serde_json::to_value(&receipt).unwrap(), expected);
    assert_eq!(serde_json::to_value(committed(None)).unwrap()["positions"], Value::Null);
    assert_eq!((receipt.positions().map(|positions| positions.last), committed(None).positions()), (Some(46), None));
}

#[test]
fn a_rejected_receipt_names_code_command_field_and_facts() {
    let missing =
        Rejection::ReferenceMissing { pointer: "/set/goal_id".to_owned(), field: "goal_id".to_owned(), id: id(5) };
    let receipt = Receipt::rejected(Some(TRANSACTION), &refusal(missing));
    let sentence = "the field goal_id names an entity that does not exist";
    let pointer = "/commands/3/set/goal_id";
    let expected = json!({
        "transaction_id": TRANSACTION, "status": "rejected",
        "problem": {
            "code": "reference_missing", "detail": sentence, "command_id": Uuid::from_u128(9), "id": id(5),
            "errors": [{ "pointer": pointer, "code": "reference_missing", "message": sentence }],
        },
    });
    assert_eq!(serde_json::to_value(receipt).unwrap(), expected);
}

#[test]
fn every_rejection_has_a_code_of_its_own_and_a_sentence() {
    let mut codes: Vec<String> = rejections().iter().map(|one| one.code().to_owned()).collect();
    assert!(codes.iter().all(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')), "{codes:?}");
    assert!(rejections().iter().all(|one| one.to_string().split(' ').count() > 2));
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), rejections().len());
}

#[test]
fn pointers_lead_to_what_was_sent() {
    let command = json!({
        "command_id": Uuid::nil(), "type": "task.focus", "id": id(5), "at": NOON, "data": { "minutes": 0, "cycles": 99 },
    });
    let sent = json!({ "transaction_id": TRANSACTION, "commands": [command] });
    let refusal = read(sent.clone(), SPACE).unwrap().commands.unwrap_err();
    let found: Vec<_> =
        Problem::from(&refusal).errors.iter().map(|error| sent.pointer(&error.pointer).cloned()).collect();
    assert_eq!(found, [Some(json!(99)), Some(json!(0))]);
}
