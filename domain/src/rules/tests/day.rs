use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::limits::{INSTANT_MS_MAX, INSTANT_MS_MIN};
use crate::rules::day::{is_time_zone, local_day, next_day_starts, possible_days};

const HOUR: i64 = 3_600_000;

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_millisecond()
}

fn instant(moment: i64) -> String {
    Timestamp::from_millisecond(moment).unwrap().to_string()
}

#[test]
fn the_same_moment_is_another_day_on_the_other_side_of_the_date_line() {
    let moment = at("2026-03-01T10:30:00Z");
    let days = ["Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago"].map(|zone| local_day(moment, zone));
    assert_eq!(days, [date(2026, 3, 2), date(2026, 3, 1), date(2026, 2, 28)]);
}

#[test]
fn the_clock_change_leaves_a_day_of_23_and_one_of_25_hours() {
    let length = |from: &str| next_day_starts(at(from), "Europe/Berlin") - at(from);
    assert_eq!(length("2026-03-28T23:00:00Z"), 23 * HOUR);
    assert_eq!(length("2026-10-24T22:00:00Z"), 25 * HOUR);
}

#[test]
fn a_day_that_a_zone_skipped_never_comes() {
    assert_eq!(instant(next_day_starts(at("2011-12-30T09:59:00Z"), "Pacific/Apia")), "2011-12-30T10:00:00Z");
    assert_eq!(local_day(at("2011-12-30T09:59:59.999Z"), "Pacific/Apia"), date(2011, 12, 29));
    assert_eq!(local_day(at("2011-12-30T10:00:00Z"), "Pacific/Apia"), date(2011, 12, 31));
}

#[test]
fn a_day_whose_midnight_does_not_exist_begins_when_the_clock_has_changed() {
    assert_eq!(instant(next_day_starts(at("2018-11-03T20:00:00Z"), "America/Sao_Paulo")), "2018-11-04T03:00:00Z");
    assert_eq!(instant(next_day_starts(at("1919-03-30T20:00:00Z"), "America/Toronto")), "1919-03-31T04:30:00Z");
    assert_eq!(instant(next_day_starts(at("1919-03-30T04:45:00Z"), "America/Toronto")), "1919-03-30T05:00:00Z");
}

#[test]
fn a_day_whose_midnight_comes_twice_is_still_ahead_the_second_time() {
    let zone = "America/St_Johns";
    assert_eq!(instant(next_day_starts(at("2010-11-07T02:00:00Z"), zone)), "2010-11-07T02:30:00Z");
    assert_eq!(instant(next_day_starts(at("2010-11-07T03:00:00Z"), zone)), "2010-11-07T03:30:00Z");
}

#[test]
fn moments_beyond_the_calendar_are_held_inside_it() {
    for zone in ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"] {
        assert!(local_day(i64::MIN, zone) >= date(1, 1, 1), "{zone}");
        assert!(local_day(i64::MAX, zone) <= date(9999, 1, 1), "{zone}");
    }
    assert_eq!(possible_days(i64::MIN).0, date(1, 1, 1));
    assert!(next_day_starts(INSTANT_MS_MIN, "Asia/Tokyo") > INSTANT_MS_MIN);
    assert!(next_day_starts(INSTANT_MS_MAX, "Asia/Tokyo") > INSTANT_MS_MAX);
}

#[test]
fn a_time_zone_has_its_iana_name_in_its_own_letters() {
    let good = ["UTC", "Europe/Berlin", "Asia/Shanghai", "America/Argentina/Buenos_Aires", "Asia/Calcutta"];
    assert_eq!(good.map(is_time_zone), [true; 5]);
    let bad = ["", "europe/berlin", "Europe/Nowhere", "+02:00", "CET-1", "Europe/Berlin\0", "local", "Etc/Unknown"];
    assert_eq!(bad.map(is_time_zone), [false; 8]);
    for zone in jiff::tz::db().available() {
        assert!(is_time_zone(zone.as_str()) || zone.as_str() == "Etc/Unknown", "{zone}");
    }
}

/// Moments at and around every change of a zone's clock, and one in each season of a few years.
fn telling_moments(zone: &TimeZone) -> Vec<i64> {
    let (from, until) = (at("1840-01-01T00:00:00Z"), at("2045-01-01T00:00:00Z"));
    let changes = zone.following(Timestamp::from_millisecond(from).unwrap());
    let changes = changes.map(|change| change.timestamp().as_millisecond()).take_while(|change| *change < until);
    let around =
        changes.flat_map(|change| [-13 * HOUR, -HOUR / 2, -1, 0, 1, HOUR / 2, 13 * HOUR].map(|off| change + off));
    let seasons = (0..40).map(|number| at("2015-01-01T00:00:00Z") + number * 91 * 24 * HOUR + number * HOUR);
    around.chain(seasons).collect()
}

#[test]
fn in_every_zone_days_follow_each_other_and_begin_where_they_should() {
    let since_no_zone_goes_back_over_midnight = at("2012-01-01T00:00:00Z");
    for name in jiff::tz::db().available().map(|name| name.to_string()).filter(|name| is_time_zone(name)) {
        for moment in telling_moments(&TimeZone::get(&name).unwrap()) {
            let (today, next) = (local_day(moment, &name), next_day_starts(moment, &name));
            let place = || format!("{name} at {}, next day at {}", instant(moment), instant(next));
            assert!(next > moment, "{}", place());
            assert!(local_day(next, &name) > today, "{}", place());
            assert_eq!(local_day(next - 1, &name), today, "{}", place());
            let (earliest, latest) = possible_days(moment);
            assert!((earliest..=latest).contains(&today), "{}", place());
            if moment > since_no_zone_goes_back_over_midnight {
                assert!(local_day(moment - 1, &name) <= today, "{}", place());
                assert!(next - moment <= 26 * HOUR, "{}", place());
            }
        }
    }
}
