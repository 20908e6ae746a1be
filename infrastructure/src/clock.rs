//! The one place that reads the clock and draws chance. Everything further in gets time, ids and chance as values.

use rand::Rng;
use uuid::Uuid;

/// Milliseconds since the Unix epoch, by this machine's clock.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now_ms() -> i64 {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

/// A new time-ordered id.
#[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
pub fn uuid_v7() -> Uuid {
    Uuid::now_v7()
}

/// `N` bytes from the operating system's secure generator's stream.
#[expect(clippy::disallowed_methods, reason = "the one place that draws chance")]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    rand::rng().random()
}

/// A random number of milliseconds in `0..=max`, to spread retries.
#[expect(clippy::disallowed_methods, reason = "the one place that draws chance")]
pub fn jitter_ms(max: u64) -> u64 {
    rand::rng().random_range(0..=max)
}
