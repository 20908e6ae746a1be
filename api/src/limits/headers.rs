//! What an answer says about the limit: `RateLimit-*` of draft-ietf-httpapi-ratelimit-headers-06.

use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use super::bucket::Level;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Says how the bucket stands: how much it holds, how much is left, seconds until it is full again (empty: until there is
/// one again), and in how many seconds it fills.
pub(super) fn add(headers: &mut HeaderMap, level: &Level) {
    headers.insert(LIMIT, HeaderValue::from(level.limit));
    headers.insert(REMAINING, HeaderValue::from(level.remaining));
    headers.insert(RESET, HeaderValue::from(seconds(level.reset)));
    let policy = format!("{};w={}", level.limit, seconds(level.window));
    // Digits and two signs are a header's value.
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(POLICY, policy);
    }
}

/// Whole seconds, rounded up: whoever comes back then is not too early.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
