//! Which version of the API is spoken.

use actix_web::dev::ServiceRequest;

use super::X_API_VERSION;
use crate::problem::{Code, Problem};

/// The version of the answers.
pub(super) const CURRENT: &str = "2.0";
/// The oldest version that is still answered.
pub(super) const MINIMUM: &str = "2.0";

/// Refuses a client that says it speaks an older version than the minimum. One that does not say is taken at its path.
pub(super) fn check(request: &ServiceRequest) -> Result<(), Problem> {
    let Some(header) = request.headers().get(X_API_VERSION) else { return Ok(()) };
    let spoken = header.to_str().ok().and_then(parse).ok_or_else(|| {
        Problem::new(Code::HeaderInvalid).detail("X-API-Version is a number such as 2.0; send that or nothing.")
    })?;
    if Some(spoken) >= parse(MINIMUM) {
        return Ok(());
    }
    Err(Problem::new(Code::VersionUnsupported)
        .detail(format!("Update the app: this server speaks API versions from {MINIMUM} to {CURRENT}."))
        .with("minimum", MINIMUM)
        .with("current", CURRENT))
}

fn parse(text: &str) -> Option<(u16, u16)> {
    let (major, minor) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn older_than_the_minimum_is_refused_and_newer_is_not() {
        for (sent, refused) in [
            ("2.0", None),
            ("2", None),
            ("2.7", None),
            ("3.0", None),
            ("1.9", Some("version_unsupported")),
            ("0", Some("version_unsupported")),
            ("two", Some("header_invalid")),
            ("", Some("header_invalid")),
        ] {
            let request = TestRequest::default().insert_header((X_API_VERSION, sent)).to_srv_request();
            assert_eq!(check(&request).err().map(|problem| problem.code()), refused, "{sent}");
        }
        assert!(check(&TestRequest::default().to_srv_request()).is_ok());
    }
}
