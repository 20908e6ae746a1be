//! The head of a request, looked at before any route: how large it is, and which version it speaks.

use actix_web::Error;
use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderMap;
use actix_web::middleware::Next;

use super::version;
use crate::problem::{Code, Problem};

/// Bytes of all headers together. A token and three cookies of ours have less than 2 KiB.
const HEADERS_BYTES_MAX: usize = 16 * 1_024;

/// The middleware that refuses heads that cannot be used.
pub async fn check_head<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let versions = version::versions(&request);
    match check_size(request.headers()).and_then(|()| version::check(&request, versions)) {
        Ok(()) => Ok(next.call(request).await?.map_into_left_body()),
        Err(problem) => Ok(request.error_response(problem).map_into_right_body()),
    }
}

fn check_size(headers: &HeaderMap) -> Result<(), Problem> {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if bytes <= HEADERS_BYTES_MAX {
        return Ok(());
    }
    Err(Problem::new(Code::HeadersTooLarge)
        .detail(format!("All headers together have at most {HEADERS_BYTES_MAX} bytes; cookies are among them."))
        .with("bytes_max", HEADERS_BYTES_MAX))
}
