//! How long to wait before trying again, and for how long to keep trying.

use std::time::Duration;

use infrastructure::clock::jitter_ms;
use tokio::time::{Instant, sleep};

use super::error::ClientError;

const DELAY_MS_MIN: u64 = 100;
const DELAY_MS_MAX: u64 = 5_000;

/// The wait before attempt number `attempt + 1`: what the server asked for, else doubling up to a bound. Always
/// jittered, so that a thousand clients do not return in the same millisecond.
#[must_use]
pub fn delay(attempt: u32, server_asked: Option<Duration>) -> Duration {
    match server_asked {
        Some(asked) => asked + Duration::from_millis(jitter_ms(DELAY_MS_MIN)),
        None => {
            let full = DELAY_MS_MIN.saturating_mul(1 << attempt.min(16)).min(DELAY_MS_MAX);
            Duration::from_millis(full / 2 + jitter_ms(full / 2))
        }
    }
}

/// Tries until it succeeds, fails for good, or has failed for as long as `patience`. `on_wait` hears of every wait.
pub async fn patiently<T>(
    patience: Duration,
    mut on_wait: impl FnMut(&ClientError, Duration),
    mut attempt: impl AsyncFnMut() -> Result<T, ClientError>,
) -> Result<T, ClientError> {
    let started = Instant::now();
    let mut failures = 0;
    loop {
        match attempt().await {
            Err(error) if error.is_transient() && started.elapsed() < patience => {
                let pause = delay(failures, error.retry_after());
                on_wait(&error, pause);
                sleep(pause).await;
                failures += 1;
            }
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_a_bound_and_respect_the_server() {
        assert!(delay(0, None) <= Duration::from_millis(DELAY_MS_MIN));
        assert!(delay(40, None) <= Duration::from_millis(DELAY_MS_MAX));
        assert!(delay(40, None) >= Duration::from_millis(DELAY_MS_MAX / 2));
        assert!(delay(0, Some(Duration::from_secs(7))) >= Duration::from_secs(7));
    }
}
