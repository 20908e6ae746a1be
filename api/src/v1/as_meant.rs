//! Requests as the legacy server took them: one slash too many at the end of a path meant nothing, and HEAD was answered
//! wherever GET is.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::uri::PathAndQuery;
use actix_web::http::{Method, Uri};
use actix_web::middleware::Next;

use super::path::{behind_prefix, is_v1};

/// The middleware that looks for the route that is meant. It goes outside of all others, so that they see the same request.
/// The connection remembers a HEAD by itself, and sends no body.
pub async fn as_meant<B: MessageBody>(mut request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    if is_v1(request.path()) {
        if request.method() == Method::HEAD {
            request.head_mut().method = Method::GET;
        }
        if let Some(uri) = without_slash(request.uri()) {
            request.match_info_mut().get_mut().update(&uri);
            request.head_mut().uri = uri;
        }
    }
    next.call(request).await
}

/// The address without the slash at the end of its path; none, if there is none.
fn without_slash(uri: &Uri) -> Option<Uri> {
    let path = uri.path().strip_suffix('/').filter(|path| behind_prefix(path).is_some())?;
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(format!("{path}{query}")).ok();
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slash_at_the_end_of_a_path_of_v1_means_nothing() {
        let of = |uri: &'static str| without_slash(&Uri::from_static(uri)).map(|uri| uri.to_string());
        for (sent, meant) in [
            ("/api/tasks/", Some("/api/tasks")),
            ("/api/v1/tasks/7/?x=/", Some("/api/v1/tasks/7?x=/")),
            ("http://a.test/api/tasks/?", Some("http://a.test/api/tasks?")),
            ("/api/tasks//", Some("/api/tasks/")),
            ("/api/tasks", None),
            ("/api/", None),
            ("/api/v2/tasks/", None),
            ("/docs/", None),
            ("/", None),
        ] {
            assert_eq!(of(sent).as_deref(), meant, "{sent}");
        }
    }
}
