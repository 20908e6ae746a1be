use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::rules::day::days_between;
use crate::rules::streak::{Streak, runs, shown, streak};

fn day(number: i64) -> Date {
    date(2024, 2, 20).checked_add(jiff::Span::new().days(number)).unwrap()
}

fn of(numbers: &[i64]) -> i64 {
    streak(numbers.iter().rev().map(|number| day(*number))).days
}

#[test]
fn a_streak_is_the_run_that_ends_on_the_last_active_day() {
    assert_eq!(streak([]), Streak { days: 0, last: None });
    assert_eq!(of(&[5]), 1);
    assert_eq!(of(&[1, 2, 4, 5, 6]), 3);
    assert_eq!(of(&[1, 2, 3, 4, 5, 6]), 6, "a late day joins two runs");
    assert_eq!(of(&[8, 9, 10]), 3, "the 29th of February is a day like others");
}

#[test]
fn a_reader_shows_it_until_the_end_of_the_day_after() {
    let last = day(9);
    assert_eq!([8, 9, 10, 11].map(|today| shown(4, Some(last), day(today))), [4, 4, 4, 0]);
    assert_eq!(shown(0, None, last), 0);
}

#[test]
fn days_between_counts_midnights() {
    assert_eq!(days_between(date(2024, 2, 28), date(2024, 3, 1)), 2);
    assert_eq!(days_between(date(2026, 7, 1), date(2026, 6, 1)), -30);
    assert_eq!(days_between(Date::MIN, Date::MAX), 7_304_483);
}

proptest! {
    #[test]
    fn the_run_up_to_an_active_day_is_the_streak_of_the_days_until_then(days in prop::collection::btree_set(0_i64..30, 0..25)) {
        let active: Vec<i64> = days.into_iter().collect();
        let expected = (1..=active.len()).map(|until| (day(active[until - 1]), of(&active[..until])));
        prop_assert_eq!(runs(active.iter().copied().map(day)), expected.collect());
    }

    #[test]
    fn a_streak_equals_counting_back_day_by_day(numbers in prop::collection::btree_set(0_i64..40, 0..40)) {
        let active: BTreeSet<Date> = numbers.iter().map(|number| day(*number)).collect();
        let mut naive = 0;
        while active.last().is_some_and(|last| active.contains(&(*last - jiff::Span::new().days(naive)))) {
            naive += 1;
        }
        let run = streak(active.iter().rev().copied());
        prop_assert_eq!(run, Streak { days: naive, last: active.last().copied() });
    }
}
