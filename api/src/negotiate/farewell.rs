//! What answers of API v1 say of their own end: that it is deprecated (RFC 9745), what takes its place (RFC 5829), and the
//! day on which it ends (RFC 8594), where the operator has set one.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, LINK};
use infrastructure::config::Versions;

/// Since when v1 is deprecated: the first of November 2026, when v2 was there.
const DEPRECATED_SINCE: &str = "@1793491200";
/// Where v2 is described, for programs and for people.
const SUCCESSOR: &str = "</openapi.json>; rel=\"successor-version\", </docs/>; rel=\"deprecation\"; type=\"text/html\"";

/// The header that says that something is deprecated.
pub(super) const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
/// The header that says until when it is there.
pub(super) const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// Marks an answer of v1.
pub(super) fn mark(headers: &mut HeaderMap, versions: Versions) {
    headers.insert(DEPRECATION, HeaderValue::from_static(DEPRECATED_SINCE));
    headers.insert(LINK, HeaderValue::from_static(SUCCESSOR));
    let day = versions.v1_sunset.map(|day| day.strftime("%a, %d %b %Y 00:00:00 GMT").to_string());
    if let Some(day) = day.and_then(|day| HeaderValue::try_from(day).ok()) {
        headers.insert(SUNSET, day);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_is_an_http_date() {
        let mut headers = HeaderMap::new();
        mark(&mut headers, Versions::default());
        assert!(!headers.contains_key(SUNSET));
        mark(&mut headers, Versions { v1_sunset: Some("2027-06-01".parse().unwrap()), ..Versions::default() });
        assert_eq!(headers.get(SUNSET).unwrap(), "Tue, 01 Jun 2027 00:00:00 GMT");
    }
}
