//! The queue: bounded, fair, and never two flights of one space.

use application::submit::{Actor, Submission};
use domain::id::{SpaceId, TransactionId};
use domain::rejection::Rejection;
use domain::transaction::Sent;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::Limits;
use super::queue::{Came, Queue, Share, Waiting};

fn space(number: u128) -> SpaceId {
    SpaceId(Uuid::from_u128(number))
}

fn waiting(ids: std::ops::Range<u128>) -> Vec<Waiting> {
    let one = |id| {
        let commands = Err(Rejection::NotFound.into());
        let id = TransactionId(Uuid::from_u128(id));
        let sent = Sent {
            id,
            digest: [0; 32],
            content: "x".repeat(10).into(),
            base: None,
            device_seq: None,
            commands,
            plan: None,
            request: None,
        };
        let submission = Submission { actor: Actor::default(), sent, shift_ms: 0, deferred: std::sync::Arc::default() };
        Waiting { submission, reply: oneshot::channel().0, came: Came::now() }
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
    let five = Limits { waiting_max: 5, ..limits() };
    assert!(queue.push(space(1), waiting(0..3), &five));
    assert!(!queue.push(space(2), waiting(3..6), &five));
    assert_eq!(queue.waiting(), 3);
    assert!(queue.push(space(2), waiting(3..5), &five));
}

#[test]
fn the_queue_is_bounded_in_bytes_too() {
    let mut queue = Queue::default();
    let fifty_bytes = Limits { waiting_bytes_max: 50, ..limits() };
    assert!(queue.push(space(1), waiting(0..3), &fifty_bytes));
    assert!(!queue.push(space(2), waiting(3..6), &fifty_bytes));
    assert_eq!(queue.take(&limits()).iter().map(|share| share.waiting.len()).sum::<usize>(), 2);
    assert!(queue.push(space(2), waiting(3..6), &fifty_bytes));
}

#[test]
fn a_group_ends_where_its_bytes_do_but_is_never_empty() {
    let mut queue = Queue::default();
    for number in 1..=3 {
        queue.push(space(number), waiting(number..number + 1), &limits());
    }
    let fifteen_bytes = Limits { group_bytes_max: 15, ..limits() };
    assert_eq!(queue.take(&fifteen_bytes).len(), 2);
    assert_eq!(queue.take(&Limits { group_bytes_max: 1, ..limits() }).len(), 1);
}

#[test]
fn a_hot_space_gets_its_share_and_no_more_while_others_wait() {
    let mut queue = Queue::default();
    queue.push(space(1), waiting(0..100), &limits());
    queue.push(space(2), waiting(100..101), &limits());
    queue.push(space(3), waiting(101..102), &limits());
    let group = queue.take(&limits());
    assert_eq!(group.iter().map(ids).collect::<Vec<_>>(), [vec![0, 1], vec![100], vec![101]]);
}

#[test]
fn a_space_that_flies_waits_for_its_landing_and_keeps_its_order() {
    let mut queue = Queue::default();
    queue.push(space(1), waiting(0..3), &limits());
    let first = queue.take(&limits());
    queue.push(space(1), waiting(3..4), &limits());
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
        queue.push(space(number), waiting(number * 10..number * 10 + 4), &limits());
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
