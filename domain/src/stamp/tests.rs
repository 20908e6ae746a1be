//! Tests of the hybrid logical clock.

use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::{Seen, Stamp, Written, clock_shift_ms, held_moment_ms};
use crate::id::DeviceId;

const PHONE: DeviceId = DeviceId(Uuid::from_u128(0xa));
const BROWSER: DeviceId = DeviceId(Uuid::from_u128(0xb));
const NOW: i64 = 1_782_907_200_000;

fn stamp(ms: i64, counter: u32, device: DeviceId) -> Stamp {
    Stamp { ms, counter, device }
}

#[test]
fn stamps_compare_by_ms_then_counter_then_device() {
    let ascending =
        [stamp(1, 9, BROWSER), stamp(2, 0, BROWSER), stamp(2, 1, PHONE), stamp(2, 1, BROWSER), stamp(3, 0, PHONE)];
    assert!(ascending.is_sorted());
}

#[test]
fn stamps_and_writes_are_short_lists() {
    let stamp = stamp(7, 3, PHONE);
    assert_eq!(serde_json::to_value(stamp).unwrap(), json!([7, 3, PHONE]));
    let written = Written { stamp, position: 42 };
    assert_eq!(serde_json::to_value(written).unwrap(), json!([7, 3, PHONE, 42]));
    assert_eq!(serde_json::from_value::<Written>(json!([7, 3, PHONE, 42])).unwrap(), written);
}

#[test]
fn a_devices_stamps_only_rise() {
    assert_eq!(Stamp::following(7, PHONE, None), stamp(7, 0, PHONE));
    assert_eq!(Stamp::following(8, PHONE, Some(stamp(7, 4, PHONE))), stamp(8, 0, PHONE));
    assert_eq!(Stamp::following(7, PHONE, Some(stamp(7, 4, PHONE))), stamp(7, 5, PHONE));
    assert_eq!(Stamp::following(3, PHONE, Some(stamp(7, 4, PHONE))), stamp(7, 5, PHONE));
}

#[test]
fn a_write_is_seen_when_the_base_covers_it_or_the_device_wrote_it() {
    let written = Written { stamp: stamp(7, 0, PHONE), position: 10 };
    let covers = |base, device| Seen { base, device }.covers(&written);
    assert_eq!([Some(9), Some(10), Some(11), None].map(|base| covers(base, BROWSER)), [false, true, true, false]);
    assert_eq!([Some(0), None].map(|base| covers(base, PHONE)), [true, true]);
}

#[test]
fn a_clock_that_is_off_by_more_than_a_minute_is_corrected() {
    let sent = |off: i64| clock_shift_ms(Some(NOW + off), NOW);
    assert_eq!([0, 60_000, -60_000].map(sent), [0, 0, 0]);
    assert_eq!([60_001, -60_001, 86_400_000].map(sent), [-60_001, 60_001, -86_400_000]);
    assert_eq!(clock_shift_ms(None, NOW), 0);
    assert_eq!([i64::MIN, i64::MAX].map(|sent| clock_shift_ms(Some(sent), NOW).signum()), [1, -1]);
}

#[test]
fn a_moment_is_held_between_the_base_and_the_servers_clock() {
    assert_eq!(held_moment_ms(NOW - 5, 0, Some(NOW - 9), NOW), NOW - 5);
    assert_eq!(held_moment_ms(NOW - 50, 0, Some(NOW - 9), NOW), NOW - 9);
    assert_eq!(held_moment_ms(NOW + 50, 0, Some(NOW - 9), NOW), NOW);
    assert_eq!(held_moment_ms(NOW - 500, 100, None, NOW), NOW - 400);
    assert_eq!(held_moment_ms(NOW, 0, Some(NOW + 9), NOW), NOW, "a base from a server whose clock was ahead");
}

proptest! {
    #[test]
    fn no_clock_breaks_anything(at: i64, sent: Option<i64>, base: Option<i64>, off in -100_000_i64..100_000) {
        let now = NOW + off;
        let moment = held_moment_ms(at, clock_shift_ms(sent, now), base, now);
        prop_assert!(moment <= now);
        prop_assert!(moment >= crate::limits::INSTANT_MS_MIN, "an instant that can be stored");
        prop_assert!(base.is_none_or(|base| moment >= base.min(now)));
    }

    #[test]
    fn a_shift_keeps_order_and_intervals(a in 0_i64..1_000_000, b in 0_i64..1_000_000, wrong in -1_000_000_000_i64..1_000_000_000) {
        let shift = clock_shift_ms(Some(NOW + wrong), NOW);
        let held = |before: i64| held_moment_ms(NOW + wrong - before, shift, None, NOW);
        if wrong.abs() > 60_000 {
            prop_assert_eq!(held(a) - held(b), b - a);
            prop_assert_eq!(held(a), NOW - a);
        }
    }

    #[test]
    fn stamps_of_one_device_rise_whatever_its_clock_does(moments in prop::collection::vec(0_i64..20, 1..40)) {
        let mut last: Option<Stamp> = None;
        for moment in moments {
            let next = Stamp::following(moment, PHONE, last);
            prop_assert!(last.is_none_or(|last| next > last));
            prop_assert!(next.ms >= moment);
            last = Some(next);
        }
    }
}
