//! Answers that take as long whatever happened inside.

use std::time::Duration;

use tokio::time::sleep;

/// How long such an answer takes at least: longer than looking up, logging and posting take, so that nobody learns from
/// a clock whether there was something to post.
const ANSWER_MS_MIN: u64 = 250;

/// Does the work, and answers no earlier than [`ANSWER_MS_MIN`] after it began.
pub(crate) async fn evenly<T>(work: impl Future<Output = T>) -> T {
    tokio::join!(work, sleep(Duration::from_millis(ANSWER_MS_MIN))).0
}

/// The same where it matters, and only the work elsewhere.
pub(crate) async fn evenly_if<T>(matters: bool, work: impl Future<Output = T>) -> T {
    if matters { evenly(work).await } else { work.await }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test]
    async fn quick_work_takes_as_long_as_slower_work() {
        let began = Instant::now();
        assert_eq!(evenly(async { 7 }).await, 7);
        assert!(began.elapsed() >= Duration::from_millis(ANSWER_MS_MIN));
    }
}
