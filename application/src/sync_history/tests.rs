//! Tests of the history of syncs.

use domain::entity::{Outcome, OutcomeKind};
use domain::id::{CommandId, DeviceId, TransactionId};
use domain::transaction::{CommandResult, Problem, Receipt, Verdict};
use uuid::Uuid;

use super::{PAUSE_MS, SYNC_MS_MAX, Sync, Tally};

fn committed(outcomes: &[OutcomeKind]) -> Receipt {
    let result = |kind: &OutcomeKind| CommandResult {
        command_id: CommandId(Uuid::nil()),
        outcome: Outcome { kind: *kind, ..Outcome::default() },
        version: 1,
        legacy_id: None,
    };
    let verdict = Verdict::Committed { positions: None, results: outcomes.iter().map(result).collect() };
    Receipt { transaction_id: Some(TransactionId(Uuid::nil())), verdict, notices: Vec::new() }
}

fn deferred(code: &str) -> Receipt {
    Receipt::deferred(TransactionId(Uuid::nil()), Problem::deferred(code, "later", None))
}

#[test]
fn what_went_up_is_counted_by_how_it_fared() {
    use OutcomeKind::{Applied, Merged, Superseded, Unchanged};
    let receipts = [
        committed(&[Applied, Applied, Unchanged]),
        committed(&[Merged, Superseded]),
        Receipt::reused(TransactionId(Uuid::nil())),
        deferred("busy"),
    ];
    let tally = Tally::wrote(&receipts).taking(12);
    let expected = Tally {
        requests: 1,
        transactions: 4,
        commands: 5,
        applied: 2,
        merged: 1,
        superseded: 1,
        unchanged: 1,
        rejected: 1,
        deferred: 1,
        busy_ms: 12,
        errors: [("transaction_reused".to_owned(), 1), ("busy".to_owned(), 1)].into(),
        ..Tally::default()
    };
    assert_eq!(tally, expected);
    let mut twice = tally.clone();
    twice.add(&tally);
    assert_eq!((twice.transactions, twice.commands, twice.errors["busy"], twice.busy_ms), (8, 10, 2, 24));
}

#[test]
fn a_look_that_found_nothing_is_none() {
    assert!(Tally::read(0).is_idle() && Tally::wrote(&[]).is_idle());
    for tally in
        [Tally::read(1), Tally::copied(1), Tally::reset(), Tally::failed("busy"), Tally::wrote(&[deferred("x")])]
    {
        assert!(!tally.is_idle(), "{tally:?}");
    }
}

#[test]
fn the_codes_of_a_sync_are_bounded_and_none_is_lost() {
    let mut tally = Tally::default();
    for number in 0..40 {
        tally.add(&Tally::failed(&format!("code_{number}")));
        tally.add(&Tally::failed("code_0"));
    }
    assert_eq!(tally.errors.len(), 17);
    assert_eq!((tally.errors["code_0"], tally.errors["other"]), (41, 24));
    assert_eq!(tally.errors.values().sum::<i64>(), 80);
}

#[test]
fn a_pause_ends_a_sync_and_so_does_its_length() {
    let sync = |ended_at| Sync {
        id: Uuid::nil(),
        device: DeviceId(Uuid::nil()),
        channel: "http".to_owned(),
        started_at: 0,
        ended_at,
        tally: Tally::default(),
    };
    assert!(sync(5).goes_on_at(5 + PAUSE_MS - 1));
    assert!(!sync(5).goes_on_at(5 + PAUSE_MS));
    assert!(sync(SYNC_MS_MAX - 2).goes_on_at(SYNC_MS_MAX - 1));
    assert!(!sync(SYNC_MS_MAX - 2).goes_on_at(SYNC_MS_MAX));
}
