//! Groups: many spaces, one append; what is lost is lost alone.

use domain::chain::GENESIS;
use domain::entity::{EntityRef, Kind};
use domain::founding::core_skill_id;
use domain::id::EntityId;
use serde_json::json;

use super::device::{Device, NOW, code, complete, create, id, write};
use super::memory::MemoryLedger;
use crate::submit::{Batch, BatchOutcome, submit};

#[tokio::test]
async fn many_spaces_are_written_by_one_append() {
    let ledger = MemoryLedger::default();
    let batches: Vec<Batch> = (1..=50)
        .map(|account| Device::new(account, 1))
        .map(|device| Batch {
            space: device.space,
            submissions: vec![device.founds(), device.transaction(10, vec![create(5, "Read")])],
        })
        .collect();
    let outcomes = submit(&ledger, NOW, &batches, false).await.unwrap();
    assert!(outcomes.iter().all(|outcome| matches!(outcome, BatchOutcome::Committed(_))));
    assert_eq!((*ledger.loads.lock().unwrap(), *ledger.appends.lock().unwrap()), (1, 1));
}

#[tokio::test]
async fn a_space_that_is_lost_hinders_no_other() {
    let ledger = MemoryLedger::default();
    let devices = [Device::new(1, 1), Device::new(2, 1), Device::new(3, 1)];
    ledger.losing.lock().unwrap().insert(devices[1].space);
    let batches = devices.map(|device| Batch { space: device.space, submissions: vec![device.founds()] });
    let outcomes = submit(&ledger, NOW, &batches, false).await.unwrap();
    let lost: Vec<bool> = outcomes.iter().map(|outcome| matches!(outcome, BatchOutcome::Lost)).collect();
    assert_eq!(lost, [false, true, false]);
    assert!(ledger.space(devices[1].space).head.is_none());
}

#[tokio::test]
async fn positions_are_dense_versions_follow_each_other_and_hashes_chain() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    let skill = core_skill_id(device.space, 6);
    let with_skill =
        json!({ "type": "task.create", "id": id(6), "at": NOW, "data": { "title": "Run", "skill_id": skill } });
    let transactions = vec![
        device.founds(),
        device.transaction(10, vec![create(5, "Read"), complete(5)]),
        device.transaction(11, vec![with_skill, complete(6)]),
    ];
    write(&ledger, NOW, transactions).await;
    let space = ledger.space(device.space);
    let positions: Vec<i64> = space.changes.iter().map(|change| change.position).collect();
    assert_eq!(positions, (1..=space.head.clone().unwrap().position).collect::<Vec<_>>());
    for (entity, state) in &space.entities {
        let mut versions = space.changes.iter().filter(|change| (change.entity, change.id) == (entity.kind, entity.id));
        assert!(
            (1..=state.meta().version).all(|version| versions.next().map(|change| change.version) == Some(version))
        );
    }
    assert!(space.changes.iter().all(|change| change.hash != GENESIS));
    assert_eq!(space.changes.last().unwrap().hash, space.head.unwrap().hash);
}

#[tokio::test]
async fn a_completion_feeds_hero_and_skill_in_its_own_transaction() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    let skill = core_skill_id(device.space, 1);
    let data = json!({ "title": "Run", "difficulty": "hard", "skill_id": skill });
    let create = json!({ "type": "task.create", "id": id(6), "at": NOW, "data": data });
    write(&ledger, NOW, vec![device.founds(), device.transaction(10, vec![create])]).await;
    let receipts = write(&ledger, NOW, vec![device.transaction(11, vec![complete(6)])]).await;
    assert_eq!(receipts[0].positions().map(|span| span.last - span.first + 1), Some(3));
    let space = ledger.space(device.space);
    let caused: Vec<_> = space.changes.iter().rev().take(3).rev().map(|change| (change.entity, change.cause)).collect();
    assert_eq!(caused, [(Kind::Task, None), (Kind::Hero, Some(9)), (Kind::Skill, Some(9))]);
    assert_eq!(space.changes.last().unwrap().fields["xp"], 35);
    assert_eq!(space.changes[space.changes.len() - 2].fields["energy_spent"], 4);
}

/// What a transaction creates is taken to be absent without a look. A repeat proves nothing about that.
#[tokio::test]
async fn a_repeated_creation_hides_nothing_from_its_neighbours() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    let creation = || device.transaction(10, vec![create(5, "Read")]);
    write(&ledger, NOW, vec![device.founds(), creation()]).await;
    let receipts = write(&ledger, NOW, vec![creation(), device.transaction(11, vec![complete(5)])]).await;
    assert_eq!(receipts.iter().map(code).collect::<Vec<_>>(), ["committed", "committed"]);
}

/// An id that is taken is found by the append, and then by a look.
#[tokio::test]
async fn a_second_creation_of_an_id_is_refused() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    write(&ledger, NOW, vec![device.founds(), device.transaction(10, vec![create(5, "Read")])]).await;
    let receipts = write(&ledger, NOW, vec![device.transaction(11, vec![create(5, "Write")])]).await;
    assert_eq!(code(&receipts[0]), "already_exists");
}

#[tokio::test]
async fn recorded_at_never_goes_back_however_the_clock_jumps() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    write(&ledger, NOW, vec![device.founds()]).await;
    for (number, jump) in [(10, 5_000), (11, -86_400_000), (12, 1), (13, 86_400_000), (14, -1)] {
        write(&ledger, NOW + jump, vec![device.transaction(number, vec![create(number, "Read")])]).await;
    }
    let recorded: Vec<i64> = ledger.space(device.space).changes.iter().map(|change| change.at).collect();
    assert!(recorded.is_sorted(), "{recorded:?}");
}

#[tokio::test]
async fn the_space_s_checksum_is_the_sum_over_its_live_entities() {
    let (ledger, device) = (MemoryLedger::default(), Device::new(1, 2));
    let delete = json!({ "type": "task.delete", "id": id(5), "at": NOW });
    write(&ledger, NOW, vec![device.founds(), device.transaction(10, vec![create(5, "Read"), create(6, "Run")])]).await;
    write(&ledger, NOW, vec![device.transaction(11, vec![delete])]).await;
    let space = ledger.space(device.space);
    let shares = space.entities.values().filter(|entity| entity.meta().is_live()).map(|entity| {
        let shown = crate::submit::shown(entity.kind(), entity.row());
        domain::checksum::entity_checksum(entity.kind().name(), entity.meta().id.0, entity.meta().version, &shown)
    });
    let head = space.head.unwrap();
    assert_eq!(head.checksum, shares.fold(0, u64::wrapping_add));
    assert_eq!(head.live_entities, 8);
    assert!(space.entities[&EntityRef::new(Kind::Task, EntityId(id(5)))].meta().deleted_at.is_some());
}
