//! What comes while a group of its space is written is decided meanwhile, and written next.

use std::sync::Arc;

use infrastructure::pipeline::Limits;

use crate::gate::{Fate, Gate};
use crate::writer::{founded, is_committed, order, pipeline, send, space};

const PHONE: u128 = 1;

async fn gate(spaces: u128) -> Arc<Gate> {
    Arc::new(Gate::new(founded(1..=spaces).await, 0))
}

/// What came to the gate, without the spaces.
fn sizes(gate: &Gate) -> Vec<Vec<usize>> {
    gate.came.borrow().iter().map(|group| group.iter().map(|(_, transactions)| *transactions).collect()).collect()
}

#[tokio::test]
async fn what_comes_meanwhile_is_decided_at_once_and_written_as_one_group() {
    let gate = gate(1).await;
    let pipeline = pipeline(&gate, Limits::default());
    let first = send(&pipeline, space(1), PHONE, 1, 1);
    gate.until_came(1).await;
    let mut next = Vec::new();
    for number in 2..=5 {
        next.push(send(&pipeline, space(1), PHONE, number as u64, number));
        gate.until_recalled(next.len()).await;
    }
    gate.open.add_permits(2);
    assert!(is_committed(&first.await));
    for answer in next {
        assert!(is_committed(&answer.await));
    }
    assert_eq!(sizes(&gate), [[1], [4]]);
    assert_eq!(order(&gate.store, space(1)), [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn nobody_is_answered_before_what_it_was_decided_on_is_durable() {
    let gate = gate(1).await;
    let pipeline = pipeline(&gate, Limits::default());
    let _first = send(&pipeline, space(1), PHONE, 1, 1);
    gate.until_came(1).await;
    // The same again: decided ahead it needs no write of its own, and says nothing before the first is durable.
    let again = send(&pipeline, space(1), PHONE, 1, 1);
    gate.until_recalled(1).await;
    let mut again = Box::pin(again);
    assert!(futures_util::poll!(&mut again).is_pending());
    gate.open.add_permits(1);
    assert!(is_committed(&again.await));
    assert_eq!(sizes(&gate), [[1]]);
}

/// Sends one and, while it is written, two more; tells what came to the gate.
async fn with_fate(fate: Fate) -> Vec<Vec<usize>> {
    let gate = gate(1).await;
    gate.fate(fate);
    let pipeline = pipeline(&gate, Limits::default());
    let first = send(&pipeline, space(1), PHONE, 1, 1);
    gate.until_came(1).await;
    let next = [send(&pipeline, space(1), PHONE, 2, 2), send(&pipeline, space(1), PHONE, 3, 3)];
    gate.until_recalled(1).await;
    gate.open.add_permits(100);
    assert!(is_committed(&first.await), "{fate:?}");
    for answer in next {
        assert!(is_committed(&answer.await), "{fate:?}");
    }
    assert_eq!(order(&gate.store, space(1)), [1, 2, 3], "{fate:?}");
    sizes(&gate)
}

#[tokio::test]
async fn what_was_decided_on_a_group_that_is_lost_is_decided_again_after_it() {
    assert_eq!(with_fate(Fate::Lost).await, [vec![1], vec![1], vec![2]]);
    assert_eq!(with_fate(Fate::NotDoneUnknown).await, [vec![1], vec![1], vec![2]]);
    // It was written, and is only read again.
    assert_eq!(with_fate(Fate::DoneUnknown).await, [vec![1], vec![2]]);
    assert_eq!(with_fate(Fate::Refused).await, [vec![1], vec![1], vec![2]]);
}

#[tokio::test]
async fn another_space_that_waits_gets_its_turn_before_more_of_the_same() {
    let gate = gate(2).await;
    let pipeline = pipeline(&gate, Limits { flights_max: 1, ..Limits::default() });
    let first = send(&pipeline, space(1), PHONE, 1, 1);
    gate.until_came(1).await;
    let other = send(&pipeline, space(2), PHONE, 1, 7);
    let more = send(&pipeline, space(1), PHONE, 2, 2);
    gate.open.add_permits(3);
    for answer in [first, other, more] {
        assert!(is_committed(&answer.await));
    }
    assert_eq!(*gate.came.borrow(), [vec![(space(1), 1)], vec![(space(2), 1), (space(1), 1)]]);
}

#[tokio::test]
async fn a_series_ends_and_what_waits_flies_on() {
    let gate = gate(1).await;
    let pipeline = pipeline(&gate, Limits { series_groups_max: 2, ..Limits::default() });
    let mut answers = vec![send(&pipeline, space(1), PHONE, 1, 1)];
    for number in 2..=6 {
        gate.until_came(number as usize - 1).await;
        answers.push(send(&pipeline, space(1), PHONE, number as u64, number));
        gate.open.add_permits(1);
    }
    gate.open.add_permits(1);
    for answer in answers {
        assert!(is_committed(&answer.await));
    }
    assert_eq!(order(&gate.store, space(1)), [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn a_group_that_is_decided_ahead_keeps_to_the_limits() {
    let gate = gate(1).await;
    let pipeline = pipeline(&gate, Limits { group_commands_max: 2, ..Limits::default() });
    let mut answers = vec![send(&pipeline, space(1), PHONE, 1, 1)];
    gate.until_came(1).await;
    answers.extend((2..=6).map(|number| send(&pipeline, space(1), PHONE, number as u64, number)));
    gate.until_recalled(1).await;
    gate.open.add_permits(4);
    for answer in answers {
        assert!(is_committed(&answer.await));
    }
    assert_eq!(sizes(&gate), [[1], [2], [2], [1]]);
}
