//! What the measures are, by example.

use std::time::Duration;

use domain::entity::{Outcome, OutcomeKind};
use domain::id::{CommandId, EntityId, TransactionId};
use domain::transaction::{CommandResult, Problem, Receipt, Verdict};
use proptest::prelude::*;

use super::*;

const TOOK: Duration = Duration::from_millis(5);

fn committed(outcomes: &[Outcome]) -> Receipt {
    let result = |outcome: &Outcome| CommandResult {
        command_id: CommandId(uuid::Uuid::nil()),
        outcome: outcome.clone(),
        version: 1,
        legacy_id: None,
    };
    let verdict = Verdict::Committed { positions: None, results: outcomes.iter().map(result).collect() };
    Receipt { transaction_id: None, verdict, notices: Vec::new() }
}

fn deferred() -> Receipt {
    Receipt::deferred(TransactionId(uuid::Uuid::nil()), Problem::deferred("busy", "later", None))
}

#[test]
fn a_transaction_that_had_to_be_sent_twice_succeeds_once_of_two_times() {
    let mut tally = Tally::default();
    tally.answered(&deferred(), false, TOOK);
    tally.answered(&committed(&[]), false, TOOK);
    tally.answered(&committed(&[]), false, TOOK);
    tally.answered(&committed(&[]), true, TOOK);
    assert_eq!((tally.sent(), tally.sync_success()), (4, Some(0.5)));
    tally.turned_away += 1;
    assert_eq!(tally.sync_success(), Some(0.4));
}

#[test]
fn of_nothing_there_is_no_rate() {
    let tally = Tally::default();
    assert_eq!((tally.sync_success(), tally.conflict_rate(), tally.write.quantile_ms(0.5)), (None, None, None));
    assert_eq!(Population::default().devices_per_account(), None);
}

#[test]
fn a_command_conflicts_when_the_user_is_left_something_to_decide() {
    let asked = Outcome::default().with_conflicts(vec![EntityId(uuid::Uuid::nil())]);
    let merged = Outcome { kind: OutcomeKind::Merged, ..Outcome::default() };
    let mut tally = Tally::default();
    tally.answered(&committed(&[asked, merged, Outcome::superseded(), Outcome::default()]), false, TOOK);
    assert_eq!((tally.commands, tally.conflicting, tally.merged, tally.superseded), (4, 1, 2, 1));
    assert_eq!(tally.conflict_rate(), Some(0.25));
}

#[test]
fn what_was_answered_again_is_not_counted_as_decided_again() {
    let mut tally = Tally::default();
    tally.answered(&committed(&[Outcome::default()]), true, TOOK);
    assert_eq!((tally.committed, tally.commands, tally.repeated), (0, 0, 1));
}

#[test]
fn people_use_both_platforms_or_one() {
    let population = Population { accounts: 4, devices: 6, both_platforms: 1 };
    assert_eq!((population.devices_per_account(), population.both_platforms_share()), (Some(1.5), Some(0.25)));
}

#[test]
fn a_range_is_made_of_whole_steps() {
    let range = Range::read(Some("2026-10-24"), Some("2026-10-25T01:00:00Z"), Step::Day, 0).unwrap();
    assert_eq!(range.steps().count(), 2);
    assert_eq!(range.until() - range.from(), 2 * Step::Day.ms());
    let last = Range::read(None, None, Step::Hour, 1_790_000_000_000).unwrap();
    assert!(last.until() > 1_790_000_000_000 && (30..=31).contains(&last.steps().count()));
}

#[test]
fn a_range_that_is_none_says_what_is_wrong() {
    let read = |from, to| Range::read(Some(from), Some(to), Step::Day, 0).unwrap_err();
    assert_eq!(read("yesterday", "2026-10-25"), RangeError::Unreadable { name: "from" });
    assert_eq!(read("2026-10-25", "9223372036854775807"), RangeError::Unreadable { name: "to" });
    assert_eq!(read("2026-10-25", "2026-10-25"), RangeError::Backwards);
    assert_eq!(read("2020-01-01", "2026-01-01"), RangeError::TooLong);
}

#[test]
fn bounds_rise() {
    assert!(BOUNDS_US.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!((BOUNDS_US[0], BOUNDS_US[BUCKETS - 2]), (100, 104_857_600));
}

proptest! {
    #[test]
    fn a_percentile_is_in_the_bucket_of_the_true_one(mut took in prop::collection::vec(1_u64..200_000_000, 1..200), part in 0.01_f64..1.0) {
        let mut histogram = Histogram::default();
        took.iter().for_each(|us| histogram.add(Duration::from_micros(*us)));
        took.sort_unstable();
        let rank = ((took.len() as f64 * part).ceil() as usize).max(1);
        let exact = took[rank - 1];
        let bucket = BOUNDS_US.partition_point(|bound| *bound < exact);
        let found = histogram.quantile_ms(part).unwrap() * 1_000.0;
        let lower = if bucket == 0 { 0.0 } else { BOUNDS_US[bucket - 1] as f64 };
        let upper = BOUNDS_US.get(bucket).map_or(lower, |bound| *bound as f64);
        prop_assert!((lower - 0.01..=upper + 0.01).contains(&found), "{found} is not in {lower}..={upper}");
    }

    #[test]
    fn histograms_of_parts_add_up(took in prop::collection::vec(0_u64..200_000_000, 0..50), cut in 0_usize..50) {
        let of = |some: &[u64]| {
            let mut histogram = Histogram::default();
            some.iter().for_each(|us| histogram.add(Duration::from_micros(*us)));
            histogram
        };
        let cut = cut.min(took.len());
        let mut parts = of(&took[..cut]);
        parts.merge(&of(&took[cut..]));
        prop_assert_eq!(parts, of(&took));
    }
}
