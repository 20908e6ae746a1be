//! What every request and every answer has in common: versions, request ids, the server's time, what a browser may do
//! with an answer, and compression that leaves live feeds alone.

mod compression;
mod cors;
mod farewell;
mod head;
mod protection;
mod request_id;
mod span;
mod version;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};
use infrastructure::config::Versions;
use infrastructure::{clock, request_name};

use crate::problem::{Code, PROBLEM_JSON, Problem};
use crate::v1::{failure, is_v1};

pub use compression::spare_small_and_live;
pub use cors::cors;
pub use head::check_head;
pub use request_id::RequestId;
pub use span::RequestSpan;

const X_API_VERSION: HeaderName = HeaderName::from_static("x-api-version");
const X_MIN_VERSION: HeaderName = HeaderName::from_static("x-min-version");
const X_SERVER_TIME: HeaderName = HeaderName::from_static("x-server-time");
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost middleware: names the request and dresses the answer. An error that some library answered in its own
/// words becomes a problem here.
pub async fn negotiate<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let (id, versions) = (RequestId::of(request.headers()), version::versions(&request));
    request.extensions_mut().insert(id.clone());
    let answering = async { next.call(request).await.map(as_problem) };
    let mut response = request_name::under(id.name(), answering).await?;
    let request = response.request().clone();
    dress(response.headers_mut(), &id, request.path(), versions);
    cors::hush(response.headers_mut());
    protection::protect(response.headers_mut(), &request);
    Ok(response)
}

/// Replaces an error that is not a problem by the problem that its status means.
fn as_problem<B>(response: ServiceResponse<B>) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let status = response.status();
    let path = response.request().path().to_owned();
    if is_v1(&path)
        && let Some(problem) = response.response().error().and_then(|error| error.as_error::<Problem>())
    {
        let answer = failure::answer(&path, problem, response.headers());
        return replaced(response, answer);
    }
    let is_problem = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == PROBLEM_JSON);
    if !(status.is_client_error() || status.is_server_error()) || is_problem {
        return response.map_into_left_body();
    }
    let problem = response.response().error().and_then(cors::refusal).unwrap_or_else(|| {
        let code = Code::of_status(status);
        Problem::named(code.as_str(), status, code.title())
    });
    let answer = problem.error_response();
    let answer = if is_v1(&path) { failure::answer(&path, &problem, answer.headers()) } else { answer };
    replaced(response, answer)
}

/// The response with another answer; what it says of methods and origins stays.
fn replaced<B>(response: ServiceResponse<B>, mut answer: HttpResponse) -> ServiceResponse<EitherBody<B, BoxBody>> {
    if let Some(allowed) = response.headers().get(ALLOW) {
        answer.headers_mut().insert(ALLOW, allowed.clone());
    }
    cors::keep(response.headers(), answer.headers_mut());
    response.into_response(answer).map_into_right_body()
}

fn dress(headers: &mut HeaderMap, id: &RequestId, path: &str, versions: Versions) {
    let said = [(X_API_VERSION, version::of_path(path)), (X_MIN_VERSION, version::minimum(path, versions))];
    for (name, version) in said {
        if let Ok(version) = HeaderValue::try_from(version.to_string()) {
            headers.insert(name, version);
        }
    }
    if is_v1(path) {
        farewell::mark(headers, versions);
    }
    headers.insert(X_SERVER_TIME, HeaderValue::from(clock::now_ms()));
    headers.insert(X_REQUEST_ID, id.header());
    // `identity` was for the compression to see; it says nothing to a client.
    if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding == "identity") {
        headers.remove(CONTENT_ENCODING);
    }
    // Answers are one account's own. A handler that has an ETag says so itself.
    if path.starts_with("/api/") && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
