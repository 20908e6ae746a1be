//! When all logs are verified again.

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// A process that has just started has other things to do.
const REST_MS: i64 = 10 * 60 * 1_000;

/// Whether it is time, for a process that began at `started_ms`; `last_ms` is when the last walk over all began.
pub(super) fn is_due(days: u32, now_ms: i64, started_ms: i64, last_ms: Option<i64>) -> bool {
    let is_long_ago = last_ms.is_none_or(|last| now_ms - last >= i64::from(days) * DAY_MS);
    days > 0 && now_ms - started_ms >= REST_MS && is_long_ago
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_is_due_so_many_days_after_the_last_and_not_right_after_a_start() {
        let now = 1_000 * DAY_MS;
        let rested = now - REST_MS;
        assert!(is_due(7, now, rested, None));
        assert!(is_due(7, now, rested, Some(now - 7 * DAY_MS)));
        assert!(!is_due(7, now, rested, Some(now - 7 * DAY_MS + 1)));
        assert!(!is_due(7, now, rested + 1, None));
    }

    #[test]
    fn none_is_due_where_there_is_no_schedule() {
        assert!(!is_due(0, 1_000 * DAY_MS, 0, None));
    }
}
