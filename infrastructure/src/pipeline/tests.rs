//! The queue: bounded, fair, and never two flights of one space.

use std::time::{Duration, Instant};

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

#[test]
fn a_group_departs_beside_others_when_it_is_as_large_or_has_waited() {
    let mut queue = Queue::default();
    let limits = limits();
    assert_eq!(queue.due(0, &limits), None, "nothing waits");
    for number in 1..=4 {
        queue.push(space(number), waiting(number..number + 1), &limits);
    }
    assert!(queue.due(0, &limits).unwrap() <= Instant::now(), "alone it departs at once");
    assert_eq!(queue.take(&limits).len(), 4);
    let company = Duration::from_millis(limits.company_ms_max);
    let alone = waiting(10..11);
    let came = alone[0].came.at;
    queue.push(space(10), alone, &limits);
    assert_eq!(queue.due(1, &limits), Some(came + company), "beside a larger one it waits");
    assert_eq!(queue.due(0, &limits), Some(came), "spaces that are tried alone are no flight");
    for number in 11..=13 {
        queue.push(space(number), waiting(number..number + 1), &limits);
    }
    assert_eq!(queue.due(1, &limits), Some(came), "as large as the other");
    (1..=4).for_each(|number| queue.landed(space(number)));
    assert_eq!(queue.due(0, &limits), Some(came));
}

#[test]
fn a_small_group_is_measured_by_the_mean_of_those_that_fly() {
    let mut queue = Queue::default();
    let limits = limits();
    for number in 1..=4 {
        queue.push(space(number), waiting(number..number + 1), &limits);
    }
    queue.take(&limits);
    let two = [waiting(10..11), waiting(11..12)];
    let came = two[0][0].came.at;
    for (number, one) in (10..).zip(two) {
        queue.push(space(number), one, &limits);
    }
    assert!(queue.due(1, &limits).unwrap() > came);
    assert_eq!(queue.due(2, &limits), Some(came), "two flights of two");
}

#[test]
fn what_is_taken_ahead_waits_until_it_departs_and_keeps_its_place() {
    let mut queue = Queue::default();
    let limits = limits();
    queue.push(space(1), waiting(0..1), &limits);
    queue.take(&limits);
    queue.push(space(1), waiting(1..4), &limits);
    let mut ahead = queue.more(space(1), &[], &limits);
    assert_eq!((ahead.len(), queue.waiting()), (3, 3));
    assert!(!queue.push(space(1), waiting(4..5), &Limits { waiting_max: 3, ..limits }));
    let quarter_of_twelve = Limits { waiting_max: 12, ..limits };
    assert!(!queue.push(space(1), waiting(4..5), &quarter_of_twelve), "it fills its part of the queue still");
    assert!(queue.push(space(2), waiting(9..10), &quarter_of_twelve));
    let rest = ahead.split_off(1);
    queue.put_back(space(1), rest);
    queue.departed(space(1), &ahead);
    assert_eq!(queue.waiting(), 3);
    queue.landed(space(1));
    assert_eq!(queue.take(&limits).iter().map(ids).collect::<Vec<_>>(), [vec![9], vec![2, 3]]);
    assert_eq!(queue.waiting(), 0);
}
