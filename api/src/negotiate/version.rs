//! Which version of the API is spoken: a path has its version, the operator says which is the oldest that is answered, and
//! a client may say what it speaks.

use actix_web::dev::ServiceRequest;
use actix_web::web;
use infrastructure::config::{ApiVersion, Versions};

use super::X_API_VERSION;
use crate::problem::{Code, Problem};
use crate::state::App;
use crate::v1::is_v1;

/// The newest version.
const CURRENT: ApiVersion = ApiVersion::V2;

/// What the operator says of versions.
pub(super) fn versions(request: &ServiceRequest) -> Versions {
    request.app_data::<web::Data<App>>().map(|app| app.serving.versions).unwrap_or_default()
}

/// The version of a path's answers.
pub(super) fn of_path(path: &str) -> ApiVersion {
    if is_v1(path) { ApiVersion::V1 } else { CURRENT }
}

/// The oldest version that is answered at a path. Where it is above the path's own, the path is answered no more.
pub(super) fn minimum(path: &str, versions: Versions) -> ApiVersion {
    versions.api_min_version.max(of_path(path))
}

/// Refuses a client that speaks an older version than the minimum: because its path is of one, or because it says so. One
/// that does not say is taken at its path.
pub(super) fn check(request: &ServiceRequest, versions: Versions) -> Result<(), Problem> {
    let path = request.path();
    let minimum = minimum(path, versions);
    if of_path(path) < minimum {
        return Err(unsupported(minimum));
    }
    let Some(header) = request.headers().get(X_API_VERSION) else { return Ok(()) };
    let spoken = header.to_str().ok().and_then(ApiVersion::parse).ok_or_else(|| {
        Problem::new(Code::HeaderInvalid).detail("X-API-Version is a number such as 2.0; send that or nothing.")
    })?;
    if spoken >= minimum { Ok(()) } else { Err(unsupported(minimum)) }
}

fn unsupported(minimum: ApiVersion) -> Problem {
    let spoken = if minimum == CURRENT { CURRENT.to_string() } else { format!("{minimum} to {CURRENT}") };
    Problem::new(Code::VersionUnsupported)
        .detail(format!("Update the app: here this server speaks API version {spoken}."))
        .with("minimum", minimum.to_string())
        .with("current", CURRENT.to_string())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const ENDED: Versions = Versions { api_min_version: ApiVersion::V2, v1_sunset: None };

    fn refused(path: &str, sent: Option<&str>, versions: Versions) -> Option<&'static str> {
        let request = TestRequest::with_uri(path);
        let request = match sent {
            Some(sent) => request.insert_header((X_API_VERSION, sent)),
            None => request,
        };
        check(&request.to_srv_request(), versions).err().map(|problem| problem.code())
    }

    #[test]
    fn older_than_the_minimum_is_refused_and_newer_is_not() {
        for (sent, expected) in [
            ("2.0", None),
            ("2", None),
            ("2.7", None),
            ("3.0", None),
            ("1.9", Some("version_unsupported")),
            ("0", Some("version_unsupported")),
            ("two", Some("header_invalid")),
            ("", Some("header_invalid")),
        ] {
            assert_eq!(refused("/api/v2/tasks", Some(sent), Versions::default()), expected, "{sent}");
        }
        assert_eq!(refused("/api/v2/tasks", None, Versions::default()), None);
    }

    #[test]
    fn a_path_of_v1_is_answered_until_the_minimum_is_raised() {
        for path in ["/api/tasks", "/api/v1/tasks", "/api/nothing"] {
            assert_eq!(refused(path, None, Versions::default()), None, "{path}");
            assert_eq!(refused(path, Some("1.0"), Versions::default()), None, "{path}");
            assert_eq!(refused(path, Some("0.9"), Versions::default()), Some("version_unsupported"), "{path}");
            for sent in [None, Some("1.0"), Some("2.0")] {
                assert_eq!(refused(path, sent, ENDED), Some("version_unsupported"), "{path} {sent:?}");
            }
        }
        for path in ["/api/v2/tasks", "/api/auth/devices", "/healthz", "/docs/"] {
            assert_eq!(refused(path, None, ENDED), None, "{path}");
        }
    }
}
