//! Reading a body as it was sent: bounded in bytes and in time.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LENGTH;
use bytes::{Bytes, BytesMut};
use domain::limits::REQUEST_BYTES_MAX;
use futures_util::StreamExt;

use super::budget::Held;
use crate::problem::{Code, Problem};

/// How long a body may take to arrive.
const BODY_MS_MAX: u64 = 30_000;
/// Bytes of a body that is too large that are still read and thrown away, so that its sender gets to the answer instead
/// of a broken connection.
const DISCARDED_BYTES_MAX: usize = 8 * REQUEST_BYTES_MAX;

/// How long the body says it is.
pub(super) fn announced_length(request: &HttpRequest) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The whole body, still compressed. Compressed it may not be larger than decompressed either.
pub(super) async fn read(payload: Payload, announced: Option<usize>, held: &mut Held) -> Result<Bytes, Problem> {
    let reading = tokio::time::timeout(Duration::from_millis(BODY_MS_MAX), read_all(payload, announced, held));
    reading.await.unwrap_or_else(|_| Err(Problem::new(Code::BodyTimeout)))
}

/// The body is larger than a request may be.
pub(super) fn too_large() -> Problem {
    Problem::new(Code::BodyTooLarge)
        .detail(format!("A body has at most {REQUEST_BYTES_MAX} bytes after decompression; send it in parts."))
        .with("bytes_max", REQUEST_BYTES_MAX)
}

async fn read_all(mut payload: Payload, announced: Option<usize>, held: &mut Held) -> Result<Bytes, Problem> {
    if announced.is_some_and(|bytes| bytes > DISCARDED_BYTES_MAX) {
        return Err(too_large());
    }
    let mut body = BytesMut::with_capacity(announced.unwrap_or_default().min(REQUEST_BYTES_MAX));
    let mut discarded = 0;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Code::EncodingMalformed).detail("The body broke off."))?;
        if discarded == 0 && body.len() + chunk.len() <= REQUEST_BYTES_MAX {
            held.grow(&chunk)?;
            body.extend_from_slice(&chunk);
        } else {
            discarded += chunk.len();
        }
        if discarded > DISCARDED_BYTES_MAX {
            break;
        }
    }
    if discarded > 0 { Err(too_large()) } else { Ok(body.freeze()) }
}
