//! The queue: bounded, fair, and never two flights of one space.

use application::submit::{Actor, Submission};
use domain::id::{SpaceId, TransactionId};
use domain::rejection::Rejection;
use domain::transaction::Sent;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::Limits;
use super::queue::{Queue, Share, Waiting};

fn space(number: u128) -> SpaceId {
    SpaceId(Uuid::from_u128(number))
}

fn waiting(ids: std::ops::Range<u128>) -> Vec<Waiting> {
    let one = |id| {
        let commands = Err(Rejection::NotFound.into());
        let id = TransactionId(Uuid::from_u128(id));
        let sent = Sent { id, digest: [0; 32], base: None, device_seq: None, commands };
        let submission = Submission { actor: Actor::default(), sent, shift_ms: 0, deferred: std::sync::Arc::default() };
        Waiting { submission, reply: oneshot::channel().0 }
    };
    ids.map(one).collect()
}

fn ids(share: &Share) -> Vec<u128> {
    share.waiting.iter().map(|waiting| waiting.submission.sent.id.0.as_u128()).collect()
}

fn limits() -> Limits {
    Limits { group_commands_max: 6, group_spaces_max: 4, share_commands_max: 2, ..Limits::default() }
}

#[test]
fn a_request_is_taken_whole_or_not_at_all() {
    let mut queue = Queue::default();
    assert!(queue.push(space(1), waiting(0..3), 5));
    assert!(!queue.push(space(2), waiting(3..6), 5));
    assert_eq!(queue.waiting(), 3);
    assert!(queue.push(space(2), waiting(3..5), 5));
}

#[test]
fn a_hot_space_gets_its_share_and_no_more_while_others_wait() {
    let mut queue = Queue::default();
    queue.push(space(1), waiting(0..100), 1_000);
    queue.push(space(2), waiting(100..101), 1_000);
    queue.push(space(3), waiting(101..102), 1_000);
    let group = queue.take(&limits());
    assert_eq!(group.iter().map(ids).collect::<Vec<_>>(), [vec![0, 1], vec![100], vec![101]]);
}

#[test]
fn a_space_that_flies_waits_for_its_landing_and_keeps_its_order() {
    let mut queue = Queue::default();
    queue.push(space(1), waiting(0..3), 1_000);
    let first = queue.take(&limits());
    queue.push(space(1), waiting(3..4), 1_000);
    assert!(queue.take(&limits()).is_empty());
    queue.landed(space(1));
    let second = queue.take(&limits());
    assert_eq!((ids(&first[0]), ids(&second[0])), (vec![0, 1], vec![2, 3]));
    queue.landed(space(1));
    assert!(queue.take(&limits()).is_empty());
    assert_eq!(queue.waiting(), 0);
}

#[test]
fn spaces_take_turns() {
    let mut queue = Queue::default();
    for number in 1..=3 {
        queue.push(space(number), waiting(number * 10..number * 10 + 4), 1_000);
    }
    let limits = Limits { group_spaces_max: 1, ..limits() };
    let mut order = Vec::new();
    for _ in 0..6 {
        let group = queue.take(&limits);
        order.push(group[0].space.0.as_u128());
        queue.landed(group[0].space);
    }
    assert_eq!(order, [1, 2, 3, 1, 2, 3]);
}
