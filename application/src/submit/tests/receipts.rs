//! Receipts: equal answers, refusals that are kept, deferrals that are not.

use domain::chain::GENESIS;
use serde_json::json;

use super::device::{Device, NOW, code, complete, create, id, write};
use super::memory::MemoryLedger;
use crate::cursor::Cursor;

#[tokio::test]
async fn a_repeated_transaction_gets_the_same_receipt_and_writes_nothing() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    let first = write(&ledger, NOW, vec![device.founds(), device.transaction(10, vec![create(5, "Read")])]).await;
    let head = ledger.space(device.space).head;
    let again = write(&ledger, NOW + 9, vec![device.founds(), device.transaction(10, vec![create(5, "Read")])]).await;
    assert_eq!(first, again);
    assert_eq!(ledger.space(device.space).head, head);
}

#[tokio::test]
async fn two_equal_transactions_in_one_group_are_written_once() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    let twice = || device.transaction(10, vec![create(5, "Read"), complete(5)]);
    let receipts = write(&ledger, NOW, vec![device.founds(), twice(), twice()]).await;
    assert_eq!(receipts[1], receipts[2]);
    assert_eq!(ledger.space(device.space).head.unwrap().position, 7 + 3);
}

#[tokio::test]
async fn an_id_with_other_content_is_refused() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    write(&ledger, NOW, vec![device.founds(), device.transaction(10, vec![create(5, "Read")])]).await;
    let receipts = write(&ledger, NOW, vec![device.transaction(10, vec![create(5, "Write")])]).await;
    assert_eq!(code(&receipts[0]), "transaction_reused");
}

#[tokio::test]
async fn a_refused_transaction_leaves_its_receipt_and_nothing_else() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    let refused = || device.transaction(10, vec![create(5, "Read"), complete(6)]);
    let receipts = write(&ledger, NOW, vec![device.founds(), refused()]).await;
    assert_eq!(code(&receipts[1]), "not_found");
    let space = ledger.space(device.space);
    assert_eq!(space.head.unwrap().position, 7);
    assert_eq!(space.receipts.len(), 2);
    assert_eq!(write(&ledger, NOW, vec![refused()]).await[0], receipts[1]);
}

#[tokio::test]
async fn a_base_ahead_of_the_log_defers_it_and_what_follows_without_a_receipt() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    write(&ledger, NOW, vec![device.founds()]).await;
    let head = ledger.space(device.space).head.unwrap();
    let ahead = Cursor::at(device.space, head.epoch, head.position + 1, &head.hash, NOW).token();
    let mut early = device.transaction(10, vec![create(5, "Read")]);
    early.sent.base = Some(ahead);
    let mut later = device.transaction(11, vec![create(6, "Write")]);
    later.deferred = std::sync::Arc::clone(&early.deferred);
    let receipts = write(&ledger, NOW, vec![early, later, device.transaction(12, vec![create(7, "Rest")])]).await;
    let codes: Vec<&str> = receipts.iter().map(code).collect();
    assert_eq!(codes, ["base_unknown", "after_deferred", "committed"]);
    assert_eq!(ledger.space(device.space).receipts.len(), 2);
}

#[tokio::test]
async fn a_base_on_another_way_defers_and_one_on_this_way_does_not() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    write(&ledger, NOW, vec![device.founds()]).await;
    let space = ledger.space(device.space);
    let head = space.head.unwrap();
    let based = |number: u128, position: i64, hash: &[u8]| {
        let mut submission = device.transaction(number, vec![create(number, "Read")]);
        submission.sent.base = Some(Cursor::at(device.space, head.epoch, position, hash, NOW).token());
        submission
    };
    let third = space.changes[2].hash;
    let receipts = write(
        &ledger,
        NOW,
        vec![
            based(10, 3, &[9; 32]),
            based(11, 3, &third),
            based(12, head.position, &head.hash),
            based(13, 0, &GENESIS),
        ],
    )
    .await;
    assert_eq!(receipts.iter().map(code).collect::<Vec<_>>(), ["base_unknown", "committed", "committed", "committed"]);
}

#[tokio::test]
async fn only_a_refused_transaction_keeps_what_was_sent() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    let refused = device.transaction(11, vec![complete(6)]);
    let sent = std::sync::Arc::clone(&refused.sent.content);
    write(&ledger, NOW, vec![device.founds(), device.transaction(10, vec![create(5, "Read")]), refused]).await;
    let kept = ledger.refused.lock().unwrap().clone();
    assert_eq!(kept, [(domain::id::TransactionId(id(11)), sent)]);
}

#[tokio::test]
async fn a_gap_in_device_seq_is_noticed_and_a_known_number_refused() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    let numbered = |number: u128, seq: i64| {
        let mut submission = device.transaction(number, vec![create(number, "Read")]);
        submission.sent.device_seq = Some(seq);
        submission
    };
    let receipts = write(&ledger, NOW, vec![device.founds(), numbered(10, 1), numbered(11, 4), numbered(12, 4)]).await;
    assert!(receipts[1].notices.is_empty());
    assert_eq!(receipts[2].notices[0].code, "device_seq_gap");
    assert_eq!(code(&receipts[3]), "device_seq_reused");
    assert_eq!(serde_json::to_value(&receipts[3]).unwrap()["problem"]["last_seq"], 4);
}

#[tokio::test]
async fn a_refusal_names_the_command_and_points_into_the_transaction() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    let bad = json!({ "type": "task.create", "id": id(6), "at": NOW, "data": { "title": "x" } });
    let receipts =
        write(&ledger, NOW, vec![device.founds(), device.transaction(10, vec![create(5, "Read"), bad])]).await;
    let answer = serde_json::to_value(&receipts[1]).unwrap();
    assert_eq!(answer["status"], "rejected");
    assert_eq!(answer["problem"]["code"], "too_short");
    assert_eq!(answer["problem"]["command_id"], json!(id(10_001)));
    assert_eq!(answer["problem"]["errors"][0]["pointer"], "/commands/1/data/title");
    assert_eq!(answer["problem"]["errors"][0]["min"], 2);
}
