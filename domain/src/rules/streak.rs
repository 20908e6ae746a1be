//! Streaks: runs of consecutive local days.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// The run that ends on the last active day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Streak {
    /// Days in that run; 0 when no day is active.
    pub days: i64,
    /// The last active day.
    pub last: Option<Date>,
}

/// The streak of `active_days_descending`: distinct days, latest first.
///
/// Counting the last run afresh makes a late day that joins two runs and an undone day that splits one no special cases.
pub fn streak(active_days_descending: impl IntoIterator<Item = Date>) -> Streak {
    let mut days = active_days_descending.into_iter();
    let Some(last) = days.next() else {
        return Streak::default();
    };
    let mut run = Streak { days: 1, last: Some(last) };
    let mut earliest = last;
    for day in days {
        if day.tomorrow().ok() != Some(earliest) {
            break;
        }
        run.days += 1;
        earliest = day;
    }
    run
}

/// How long each active day's run is up to that day, of distinct days, earliest first.
pub fn runs(active_days_ascending: impl IntoIterator<Item = Date>) -> BTreeMap<Date, i64> {
    let mut runs: BTreeMap<Date, i64> = BTreeMap::new();
    for day in active_days_ascending {
        let before = day.yesterday().ok().and_then(|before| runs.get(&before)).copied().unwrap_or_default();
        runs.insert(day, before + 1);
    }
    runs
}

/// What a reader shows on `today`: 0 if the run ended before yesterday.
pub fn shown(streak: i64, last: Option<Date>, today: Date) -> i64 {
    match last {
        Some(last) if last >= today || last.tomorrow().ok() == Some(today) => streak,
        _ => 0,
    }
}
