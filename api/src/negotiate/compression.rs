//! What is worth compressing. The compressor itself is actix's; this marks what it must not touch.

use actix_web::Error;
use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use actix_web::middleware::Next;

/// Below this an answer fits one packet anyway.
const COMPRESSED_BYTES_MIN: u64 = 1_024;

/// Goes inside of the compressor. Marks short answers, which would only cost time, and live feeds, which a compressor
/// would hold back until it has enough for a block.
pub async fn spare_small_and_live<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut response = next.call(request).await?;
    let is_small = matches!(response.response().body().size(), BodySize::Sized(bytes) if bytes < COMPRESSED_BYTES_MIN);
    if (is_small || is_live(response.headers())) && !response.headers().contains_key(CONTENT_ENCODING) {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("identity"));
    }
    Ok(response)
}

fn is_live(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/event-stream")
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::ACCEPT_ENCODING;
    use actix_web::middleware::{Compress, from_fn};
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse, web};
    use bytes::Bytes;
    use futures_util::stream;

    use super::*;

    fn long(kind: &'static str) -> HttpResponse {
        let chunks = stream::iter((0..4).map(|_| Ok::<_, Error>(Bytes::from(vec![b'x'; 4_096]))));
        HttpResponse::Ok().content_type(kind).streaming(chunks)
    }

    #[actix_web::test]
    async fn long_answers_are_compressed_but_short_ones_and_live_feeds_are_not() {
        let app = App::new()
            .route("/short", web::get().to(|| async { "x" }))
            .route("/long", web::get().to(|| async { "x".repeat(4_096) }))
            .route("/stream", web::get().to(|| async { long("application/x-ndjson") }))
            .route("/live", web::get().to(|| async { long("text/event-stream; charset=utf-8") }))
            .wrap(from_fn(spare_small_and_live))
            .wrap(Compress::default());
        let app = init_service(app).await;
        for (path, encoding) in [
            ("/short", Some("identity")),
            ("/long", Some("zstd")),
            ("/stream", Some("zstd")),
            ("/live", Some("identity")),
        ] {
            let request = TestRequest::get().uri(path).insert_header((ACCEPT_ENCODING, "zstd")).to_request();
            let response = call_service(&app, request).await;
            let found = response.headers().get(CONTENT_ENCODING).and_then(|encoding| encoding.to_str().ok());
            assert_eq!(found, encoding, "{path}");
        }
    }
}
