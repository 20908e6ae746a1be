//! Many writers of a few spaces over a store that fails by chance: nothing acknowledged is lost, nothing happens twice, and
//! what a device sent in order is in that order.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::id::SpaceId;
use infrastructure::memory::MemoryStore;
use infrastructure::pipeline::{Limits, Pipeline};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::task::JoinSet;

use crate::gate::{Fate, Gate};
use crate::writer::{founded, is_committed, order, pipeline, send, space};

const SEEDS: u64 = 40;
const SPACES: u128 = 2;
const DEVICES: u128 = 6;
const EACH: u128 = 8;
/// Of a hundred appends, so many go wrong.
const PERCENT: u32 = 25;

#[tokio::test]
async fn by_whatever_an_append_ends_each_transaction_is_written_once_and_in_order() {
    for seed in 0..SEEDS {
        let store = run(seed).await;
        for number in 1..=SPACES {
            in_order(&store, space(number), seed);
        }
    }
}

/// Everybody sends until everything is committed.
async fn run(seed: u64) -> MemoryStore {
    let mut chance = StdRng::seed_from_u64(seed);
    let mut gate = Gate::new(founded(1..=SPACES).await, 1_000_000);
    gate.turns = chance.random_range(0..40);
    let wrong = [Fate::Lost, Fate::DoneUnknown, Fate::NotDoneUnknown, Fate::Refused];
    for _ in 0..1_000 {
        let goes_wrong = chance.random_range(0..100) < PERCENT;
        gate.fate(if goes_wrong { wrong[chance.random_range(0..wrong.len())] } else { Fate::Done });
    }
    let gate = Arc::new(gate);
    let limits = Limits {
        flights_max: chance.random_range(1..4),
        series_groups_max: chance.random_range(1..6),
        pause_ms_max: 1,
        ..Limits::default()
    };
    let pipeline = pipeline(&gate, limits);
    let mut everybody = JoinSet::new();
    for number in 1..=SPACES {
        for device in 1..=DEVICES {
            everybody.spawn(one_device(pipeline.clone(), space(number), device));
        }
    }
    everybody.join_all().await;
    gate.store.clone()
}

/// Sends one after the other, each until it is committed.
async fn one_device(pipeline: Pipeline<Gate>, space: SpaceId, device: u128) {
    for seq in 1..=EACH {
        while !is_committed(&send(&pipeline, space, device, seq as u64, device * 1_000 + seq).await) {}
    }
}

fn in_order(store: &MemoryStore, space: SpaceId, seed: u64) {
    let mut of_devices: BTreeMap<u128, Vec<u128>> = BTreeMap::new();
    for number in order(store, space) {
        of_devices.entry(number / 1_000).or_default().push(number % 1_000);
    }
    let all: Vec<u128> = (1..=EACH).collect();
    assert_eq!(of_devices.len() as u128, DEVICES, "seed {seed}");
    assert!(of_devices.values().all(|sent| *sent == all), "seed {seed}: {of_devices:?}");
}
