//! The span around a request: what every log line of it carries. No query string, no token, no address.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage};
use infrastructure::telemetry::continue_trace;
use tracing::Span;
use tracing::field::{Empty, display};
use tracing_actix_web::RootSpanBuilder;

use super::RequestId;

/// Builds the span of a request for `tracing_actix_web::TracingLogger`.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let extensions = request.extensions();
        let id = extensions.get::<RequestId>().map_or("", RequestId::as_str);
        let span = tracing::info_span!(
            "request",
            request.id = id,
            http.method = %request.method(),
            // The template, not the path: ids of entities are nobody's business in a log.
            http.route = request.match_pattern().unwrap_or_else(|| "unknown".to_owned()),
            http.status = Empty,
            account.id = Empty,
            device.id = Empty,
        );
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        continue_trace(&span, header("traceparent"), header("tracestate"));
        span
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("http.status", display(status.as_u16()));
        tracing::debug!(parent: &span, "request answered");
    }
}
