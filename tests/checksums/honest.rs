//! Honest work never raises a false alarm: what a client sums up change by change, what the head keeps change by change, and
//! what the rows add up to are one number, at any moment.

use std::sync::Arc;

use api::body::Format;
use api::client::Replica;
use api::client::wire::{ChangesPage, SnapshotPage};
use api::v2::feed::encoded;
use api::v2::snapshot::SnapshotBody;
use application::cursor::Cursor;
use application::feed::{Read, read as read_feed};
use application::snapshot;
use application::submit::{Actor, Batch, BatchOutcome, Submission, share, shown, submit};
use domain::checksum::hex;
use domain::id::{AccountId, DeviceId, SpaceId};
use domain::transaction::{Sent, founding, read};
use futures_util::FutureExt;
use infrastructure::memory::MemoryStore;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use support::operations::Operations;
use uuid::Uuid;

const NOW: i64 = 1_792_886_400_000;
const SPACE: SpaceId = SpaceId(Uuid::from_u128(7));
const DEVICES: usize = 3;
/// Operations on one space.
const WORLD: usize = 4_000;
/// Rows of a page.
const ROWS: usize = 200;

/// A space, its writers, and two readers: one from the beginning of the log, one from a snapshot taken on the way.
struct World {
    store: MemoryStore,
    operations: Operations,
    bases: [Option<String>; DEVICES],
    from_start: Replica,
    from_snapshot: Option<Replica>,
    commands: usize,
    conflicts: usize,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut world = Self {
            store: MemoryStore::new(Uuid::from_u128(1)),
            operations: Operations::new(StdRng::seed_from_u64(seed), NOW),
            bases: [const { None }; DEVICES],
            from_start: Replica::default(),
            from_snapshot: None,
            commands: 0,
            conflicts: 0,
        };
        world.submit(DeviceId::SERVER, founding(SPACE, "UTC", NOW));
        world
    }

    /// One transaction of one device, which may not have seen the latest.
    fn write(&mut self) {
        let device = self.operations.chance().random_range(0..DEVICES);
        if self.operations.chance().random_bool(0.1) {
            self.bases[device] = Some(Cursor::of_head(SPACE, &self.store.head(SPACE).unwrap()).token());
        }
        let count = if self.operations.chance().random_bool(0.1) { 8 } else { 1 };
        let commands: Vec<Value> = (0..count).map(|_| self.operations.command()).collect();
        self.commands += count;
        let base = self.bases[device].clone().filter(|_| self.operations.chance().random_bool(0.9));
        let sent = json!({ "transaction_id": self.operations.id(), "base": base, "commands": commands });
        self.submit(DeviceId(Uuid::from_u128(100 + device as u128)), read(sent, SPACE).unwrap());
    }

    /// Now and then nothing is remembered, as after a restart: entities are read back from their rows.
    fn submit(&mut self, device: DeviceId, sent: Sent) {
        let actor = Actor { account: AccountId(SPACE.0), device, ..Actor::default() };
        let submissions = vec![Submission { actor, sent, shift_ms: 0, deferred: Arc::default() }];
        let (now, fresh) = (self.operations.tick(), self.operations.chance().random_bool(0.2));
        let batch = [Batch { space: SPACE, submissions }];
        let outcomes = submit(&self.store, now, &batch, fresh).now_or_never().unwrap().unwrap();
        assert!(matches!(outcomes[0], BatchOutcome::Committed(_)));
    }

    /// Both readers read to the end, and everybody says what the sum is.
    fn compare(&mut self) {
        let checksum = self.store.head(SPACE).unwrap().checksum;
        assert_eq!(hex(recomputed(&self.store)), hex(checksum), "the head keeps another sum than its rows have");
        for replica in [Some(&mut self.from_start), self.from_snapshot.as_mut()].into_iter().flatten() {
            read_on(&self.store, replica);
            assert_eq!(hex(replica.checksum()), hex(checksum));
            let mut recounted = replica.clone();
            recounted.recount();
            assert_eq!(recounted.checksum(), replica.checksum(), "the client's own sum drifts");
        }
        let conflicts = self.from_start.live().filter(|(entity, _, _)| *entity == "conflict").map(|(_, id, _)| id);
        self.operations.conflicts = conflicts.collect();
        self.conflicts += self.operations.conflicts.len();
        if self.from_snapshot.is_none() || self.operations.chance().random_bool(0.05) {
            self.from_snapshot = Some(from_snapshot(&self.store));
        }
    }
}

/// The sum over all live entities, reckoned from what readers are shown of their rows.
fn recomputed(store: &MemoryStore) -> u64 {
    let entities = store.entities(SPACE).unwrap();
    let shares = entities.iter().map(|(of, entity)| share(entity, &shown(of.kind, entity.row())));
    shares.fold(0, u64::wrapping_add)
}

/// Reads the log to its end, page by page as they are on the wire.
fn read_on(store: &MemoryStore, replica: &mut Replica) {
    loop {
        let cursor = replica.cursor().map(|token| Cursor::read(token).unwrap());
        let found = read_feed(store, SPACE, cursor, ROWS).now_or_never().unwrap().unwrap();
        let Read::Page(page) = found else { panic!("a reset: {found:?}") };
        let page: ChangesPage = serde_json::from_slice(&encoded(&page, Format::Json, None).unwrap()).unwrap();
        replica.apply(&page).unwrap_or_else(|divergence| panic!("{divergence}: {:?}", page.changes.last()));
        if page.caught_up {
            return;
        }
    }
}

fn from_snapshot(store: &MemoryStore) -> Replica {
    let (mut replica, mut token) = (Replica::default(), None);
    loop {
        let page = snapshot::page(store, SPACE, token.as_deref(), ROWS).now_or_never().unwrap().unwrap();
        let page: SnapshotPage = wire(&SnapshotBody::from(page));
        token = page.next.clone();
        replica.apply_snapshot(page).unwrap();
        if token.is_none() {
            return replica;
        }
    }
}

fn wire<T: DeserializeOwned>(body: &impl serde::Serialize) -> T {
    serde_json::from_value(serde_json::to_value(body).unwrap()).unwrap()
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
    (world.commands, world.conflicts)
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
    println!("{commands} operations, {conflicts} open conflicts seen, no false alarm");
    assert!(conflicts > 0, "conflicts are part of the sums");
}
