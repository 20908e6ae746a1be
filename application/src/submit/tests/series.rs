//! Groups in a series: deciding ahead is deciding as if what comes before were written.

use std::sync::Arc;

use domain::transaction::{Receipt, read};
use serde_json::json;

use super::device::{Device, NOW, code, complete, create, id, write};
use super::memory::MemoryLedger;
use crate::cursor::Cursor;
use crate::ledger::{Appended, Ledger};
use crate::submit::{Batch, Series, Submission};

const PHONE: u128 = 2;
const BROWSER: u128 = 3;

/// Transactions that build on each other: of two devices, with a refusal, a repeat, a new thing that another one had been
/// refused to make, and a completion that feeds the hero.
fn script() -> Vec<Submission> {
    let (phone, browser) = (Device::new(1, PHONE), Device::new(1, BROWSER));
    vec![
        phone.founds(),
        phone.transaction(10, vec![create(5, "Read"), create(6, "Run")]),
        browser.transaction(11, vec![complete(5)]),
        phone.transaction(12, vec![create(7, "Sing"), create(6, "Again")]),
        browser.transaction(11, vec![complete(5)]),
        phone.transaction(13, vec![create(7, "Sing"), complete(6)]),
        browser.transaction(14, vec![complete(7), complete(99)]),
        phone.transaction(15, vec![complete(7)]),
    ]
}

fn batch(submissions: &[Submission]) -> Batch {
    Batch { space: Device::new(1, PHONE).space, submissions: submissions.to_vec() }
}

/// Writes groups that end before these transactions. Each is decided before the one before it is written.
async fn written(ledger: &MemoryLedger, script: &[Submission], ends: &[usize]) -> Vec<Receipt> {
    let mut ends = ends.iter().copied().chain([script.len()]);
    let mut from = ends.next().unwrap();
    let mut series = Series::begin(ledger, NOW, &batch(&script[..from])).await.unwrap().unwrap();
    let mut receipts = Vec::new();
    loop {
        let group = series.cut();
        let more = ends.next();
        if let Some(end) = more {
            assert_eq!(series.extend(ledger, NOW, &batch(&script[from..end])).await, end - from);
            from = end;
        }
        receipts.extend(group.committed.receipts);
        if let Some(prepared) = group.prepared {
            assert_eq!(ledger.append(&[prepared]).await, Ok(vec![Appended::Committed]));
        }
        if more.is_none() {
            return receipts;
        }
    }
}

#[tokio::test]
async fn every_way_of_cutting_makes_the_same_log() {
    let script = script();
    let together = MemoryLedger::default();
    let receipts = write(&together, NOW, script.clone()).await;
    let codes: Vec<&str> = receipts.iter().map(code).collect();
    assert_eq!(codes.iter().filter(|code| **code == "committed").count(), 6, "{codes:?}");
    let id_of_space = Device::new(1, PHONE).space;
    let whole = together.space(id_of_space);
    for cuts in 0..1_u32 << (script.len() - 1) {
        let ends: Vec<usize> = (1..script.len()).filter(|end| cuts & (1 << (end - 1)) != 0).collect();
        let ledger = MemoryLedger::default();
        assert_eq!(written(&ledger, &script, &ends).await, receipts, "cut before {ends:?}");
        let space = ledger.space(id_of_space);
        assert_eq!(space.head, whole.head, "cut before {ends:?}");
        assert_eq!(space.entities, whole.entities, "cut before {ends:?}");
        assert_eq!(space.devices, whole.devices, "cut before {ends:?}");
    }
}

#[tokio::test]
async fn what_was_decided_before_is_repeated_and_not_written() {
    let (ledger, script) = (MemoryLedger::default(), script());
    let mut series = Series::begin(&ledger, NOW, &batch(&script[..3])).await.unwrap().unwrap();
    let first = series.cut();
    assert_eq!(series.extend(&ledger, NOW, &batch(&script[2..3])).await, 1);
    let second = series.cut();
    assert_eq!(second.committed.receipts[..], first.committed.receipts[2..]);
    assert_eq!(second.committed.repeated, [true]);
    assert_eq!(
        (second.committed.before, second.committed.head.clone()),
        (first.committed.head.clone(), first.committed.head)
    );
    assert!(second.prepared.is_none());
}

#[tokio::test]
async fn a_base_at_the_end_of_a_group_is_known_before_it_is_written() {
    let (ledger, script) = (MemoryLedger::default(), script());
    let mut series = Series::begin(&ledger, NOW, &batch(&script[..2])).await.unwrap().unwrap();
    let first = series.cut();
    let phone = Device::new(1, PHONE);
    let base = Cursor::of_head(phone.space, &first.committed.head).token();
    let command = json!({ "type": "task.complete", "id": id(5), "at": NOW, "command_id": id(500) });
    let sent = json!({ "transaction_id": id(20), "base": base, "commands": [command] });
    let sent = phone.sends(read(sent, phone.space).unwrap());
    assert_eq!(series.extend(&ledger, NOW, &batch(&[sent])).await, 1);
    assert_eq!(code(&series.cut().committed.receipts[0]), "committed");
}

#[tokio::test]
async fn what_is_not_remembered_waits_with_all_that_follows_it() {
    let (ledger, script) = (MemoryLedger::default(), script());
    write(&ledger, NOW, script[..2].to_vec()).await;
    let mut series = Series::begin(&ledger, NOW, &batch(&script[2..3])).await.unwrap().unwrap();
    let phone = Device::new(1, PHONE);
    let delete = json!({ "type": "task.delete", "id": id(5), "at": NOW });
    let more = [phone.transaction(30, vec![create(8, "Draw")]), phone.transaction(31, vec![delete]), script[5].clone()];
    *ledger.forgetful.lock().unwrap() = true;
    assert_eq!(series.extend(&ledger, NOW, &batch(&more[1..])).await, 0);
    let group = series.cut();
    assert_eq!(group.committed.receipts.len(), 1);
    assert_eq!(ledger.append(&[group.prepared.unwrap()]).await, Ok(vec![Appended::Committed]));
    *ledger.forgetful.lock().unwrap() = false;
    assert_eq!(series.extend(&ledger, NOW, &batch(&more)).await, 3);
    assert!(series.cut().committed.receipts.iter().all(|receipt| code(receipt) == "committed"));
}

#[tokio::test]
async fn of_what_is_durable_for_long_the_store_tells_the_receipt() {
    let (ledger, script) = (MemoryLedger::default(), script());
    let mut series = Series::begin(&ledger, NOW, &batch(&script[..2])).await.unwrap().unwrap();
    let id_of_space = Device::new(1, PHONE).space;
    for next in 2..4 {
        assert_eq!(ledger.append(&[series.cut().prepared.unwrap()]).await, Ok(vec![Appended::Committed]));
        assert_eq!(series.extend(&ledger, NOW, &batch(&script[next..=next])).await, 1);
    }
    series.cut();
    // As if something had been taken out of it meanwhile.
    let told = Receipt::reused(script[1].sent.id);
    {
        let mut spaces = ledger.spaces.lock().unwrap();
        let receipts = &mut spaces.get_mut(&id_of_space).unwrap().receipts;
        Arc::make_mut(receipts.get_mut(&script[1].sent.id).unwrap()).receipt = told.clone();
    }
    assert_eq!(series.extend(&ledger, NOW, &batch(&script[1..2])).await, 1);
    assert_eq!(series.cut().committed.receipts, [told]);
}
