//! Who sends to the pipeline, and what the log says of it afterwards.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use application::submit::{Actor, Batch, BatchOutcome, Submission, submit};
use domain::id::{AccountId, DeviceId, SpaceId, TransactionId};
use domain::transaction::{Receipt, Verdict, founding, read};
use infrastructure::clock::now_ms;
use infrastructure::hub::Hub;
use infrastructure::memory::MemoryStore;
use infrastructure::pipeline::{Limits, Pipeline};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::gate::Gate;

/// When everybody acts, so that what is sent twice is the same.
static BEGAN: LazyLock<i64> = LazyLock::new(now_ms);

pub(crate) fn space(number: u128) -> SpaceId {
    SpaceId(Uuid::from_u128(0x5000 + number))
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0000 + number)
}

/// A store with spaces of these numbers.
pub(crate) async fn founded(numbers: impl IntoIterator<Item = u128>) -> MemoryStore {
    let store = MemoryStore::new(Uuid::from_u128(77));
    for number in numbers {
        let actor = Actor { device: DeviceId::SERVER, ..Actor::default() };
        let sent = founding(space(number), "UTC", now_ms());
        let submission = Submission { actor, sent, shift_ms: 0, deferred: Arc::default() };
        let batch = Batch { space: space(number), submissions: vec![submission] };
        let outcomes = submit(&store, now_ms(), &[batch], false).await.unwrap();
        assert!(matches!(outcomes[0], BatchOutcome::Committed(_)));
    }
    store
}

pub(crate) fn pipeline(gate: &Arc<Gate>, limits: Limits) -> Pipeline<Gate> {
    Pipeline::start(Arc::clone(gate), Hub::default(), limits, CancellationToken::new())
}

/// Sends a transaction that makes the task of its number, from a device that counts.
pub(crate) fn send(
    pipeline: &Pipeline<Gate>,
    space: SpaceId,
    device: u128,
    seq: u64,
    number: u128,
) -> impl Future<Output = Receipt> + Send + use<> {
    let command = json!({ "command_id": id(1_000_000 + number), "type": "task.create", "id": id(number), "at": *BEGAN, "data": { "title": "Read" } });
    let sent = json!({ "transaction_id": transaction(number), "device_seq": seq, "commands": [command] });
    let actor = Actor { account: AccountId(space.0), device: DeviceId(id(device)), ..Actor::default() };
    let answers = pipeline.submit(actor, space, vec![read(sent, space).unwrap()], None).unwrap();
    async move { answers.await.receipts.remove(0) }
}

pub(crate) fn transaction(number: u128) -> TransactionId {
    TransactionId(id(2_000_000 + number))
}

pub(crate) fn is_committed(receipt: &Receipt) -> bool {
    matches!(receipt.verdict, Verdict::Committed { .. })
}

/// The numbers of the tasks in the order of the log, which is dense and has each transaction once.
pub(crate) fn order(store: &MemoryStore, space: SpaceId) -> Vec<u128> {
    let log = store.logged(space).unwrap();
    let head = store.head(space).unwrap();
    let positions: Vec<i64> = log.iter().map(|event| event.position).collect();
    assert_eq!(positions, (1..=head.position).collect::<Vec<_>>());
    let tasks: Vec<u128> = log
        .iter()
        .filter(|event| event.device != DeviceId::SERVER)
        .map(|event| event.aggregate_id.0.as_u128() - id(0).as_u128())
        .collect();
    assert_eq!(tasks.iter().collect::<HashSet<_>>().len(), tasks.len(), "something was written twice: {tasks:?}");
    tasks
}
