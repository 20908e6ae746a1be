//! Honest work never raises a false alarm: what a client sums up change by change, what the head keeps change by change, and
//! what the rows add up to are one number, at any moment.

use std::sync::Arc;

use api::client::Replica;
use api::client::wire::{Change, ChangesPage, SnapshotItem, SnapshotPage};
use application::cursor::Cursor;
use application::submit::{Actor, Batch, BatchOutcome, Submission, submit};
use domain::checksum::hex;
use domain::id::{AccountId, DeviceId, SpaceId};
use domain::transaction::{Sent, founding, read};
use futures_util::FutureExt;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use support::operations::Operations;
use uuid::Uuid;

use crate::memory::{Memory, Space};

const NOW: i64 = 1_792_886_400_000;
const SPACE: SpaceId = SpaceId(Uuid::from_u128(7));
const DEVICES: usize = 3;
/// Operations on one space.
const WORLD: usize = 4_000;

/// A space, its writers, and two readers: one from the beginning of the log, one from a snapshot taken on the way.
struct World {
    ledger: Memory,
    operations: Operations,
    bases: [Option<String>; DEVICES],
    from_start: Replica,
    from_snapshot: Option<Replica>,
    commands: usize,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut world = Self {
            ledger: Memory::new(),
            operations: Operations::new(StdRng::seed_from_u64(seed), NOW),
            bases: [const { None }; DEVICES],
            from_start: Replica::default(),
            from_snapshot: None,
            commands: 0,
        };
        world.submit(DeviceId::SERVER, founding(SPACE, "UTC", NOW));
        world
    }

    /// One transaction of one device, which may not have seen the latest.
    fn write(&mut self) {
        let device = self.operations.chance().random_range(0..DEVICES);
        if self.operations.chance().random_bool(0.3) {
            let space = self.ledger.0.lock().unwrap();
            self.bases[device] = Some(Cursor::of_head(SPACE, &space.head).token());
        }
        let count = if self.operations.chance().random_bool(0.1) { 8 } else { 1 };
        let commands: Vec<Value> = (0..count).map(|_| self.operations.command()).collect();
        self.commands += count;
        let base = self.bases[device].clone().filter(|_| self.operations.chance().random_bool(0.9));
        let sent = json!({ "transaction_id": self.operations.id(), "base": base, "commands": commands });
        let sent = read(sent, SPACE).unwrap();
        self.submit(DeviceId(Uuid::from_u128(100 + device as u128)), sent);
    }

    fn submit(&mut self, device: DeviceId, sent: Sent) {
        let actor = Actor { account: AccountId(SPACE.0), device, ..Actor::default() };
        let submissions = vec![Submission { actor, sent, shift_ms: 0, deferred: Arc::default() }];
        let now = self.operations.tick();
        let batch = [Batch { space: SPACE, submissions }];
        let outcomes = submit(&self.ledger, now, &batch, false).now_or_never().unwrap().unwrap();
        assert!(matches!(outcomes[0], BatchOutcome::Committed(_)));
    }

    /// Both readers read to the end, and everybody says what the sum is.
    fn compare(&mut self) {
        let space = self.ledger.0.lock().unwrap();
        assert_eq!(hex(space.head.checksum), hex(space.recomputed()), "the head keeps another sum than its rows have");
        for replica in [Some(&mut self.from_start), self.from_snapshot.as_mut()].into_iter().flatten() {
            let page = page(&space, replica.position());
            replica.apply(&page).unwrap_or_else(|divergence| panic!("{divergence}: {:?}", page.changes.last()));
            assert_eq!(replica.checksum(), space.head.checksum);
            let mut recounted = replica.clone();
            recounted.recount();
            assert_eq!(recounted.checksum(), replica.checksum(), "the client's own sum drifts");
        }
        let conflicts = self.from_start.live().filter(|(entity, _, _)| *entity == "conflict").map(|(_, id, _)| id);
        self.operations.conflicts = conflicts.collect();
        if self.from_snapshot.is_none() || self.operations.chance().random_bool(0.05) {
            self.from_snapshot = Some(snapshot(&space));
        }
    }
}

/// The log after a position, as it is on the wire.
fn page(space: &Space, position: i64) -> ChangesPage {
    let after = space.changes.iter().filter(|change| change.position > position);
    let changes: Vec<Change> = after.map(|change| serde_json::from_str(change.json()).unwrap()).collect();
    let (head, checksum) = (space.head.position, Some(hex(space.head.checksum)));
    let cursor = Cursor::of_head(SPACE, &space.head).token();
    ChangesPage { changes, cursor, head, pending: 0, caught_up: true, checksum, part: None, of: None }
}

fn snapshot(space: &Space) -> Replica {
    let item = |(kind, mut fields): (domain::entity::Kind, serde_json::Map<String, Value>)| {
        let id = serde_json::from_value(fields.remove("id").unwrap()).unwrap();
        let version = fields.remove("version").unwrap().as_i64().unwrap();
        SnapshotItem { entity: kind.name().to_owned(), id, version, fields }
    };
    let items = space.rows().into_iter().map(item).collect();
    let (head, checksum) = (Some(space.head.position), Some(hex(space.head.checksum)));
    let cursor = Some(Cursor::of_head(SPACE, &space.head).token());
    let mut replica = Replica::default();
    replica.apply_snapshot(SnapshotPage { items, next: None, cursor, head, checksum, counts: None }).unwrap();
    replica
}

fn work(seed: u64) -> (usize, usize) {
    let mut world = World::new(seed);
    while world.commands < WORLD {
        world.write();
        if world.operations.chance().random_bool(0.01) {
            world.compare();
        }
    }
    world.compare();
    (world.commands, world.from_start.live().filter(|(entity, _, _)| *entity == "conflict").count())
}

#[test]
fn honest_operations_never_raise_a_false_alarm() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let worlds = if number("LEVELUP_LONG") == Some(1) { 250 } else { 4 };
    let first = number("LEVELUP_SEED").unwrap_or(1);
    let (mut commands, mut conflicts) = (0, 0);
    for seed in first..first + worlds {
        let (more, open) = std::panic::catch_unwind(|| work(seed))
            .unwrap_or_else(|_| panic!("LEVELUP_SEED={seed} does the same again"));
        commands += more;
        conflicts += open;
    }
    println!("{commands} operations, {conflicts} conflicts open at the end, no false alarm");
    assert!(conflicts > 0, "conflicts are part of the sums");
}
