//! Counts requests and how long they take.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, web};
use application::analytics::Spoken;
use infrastructure::metric_names::{API_REQUESTS_TOTAL, HTTP_REQUEST_SECONDS, HTTP_REQUESTS_TOTAL};
use metrics::{counter, histogram};

use super::sent_body::SentBody;
use crate::place::Client;
use crate::state::App;
use crate::v1::is_v1;

/// The middleware that counts. A route is counted by its template, and a path that is none by `unknown`, so that nobody
/// can make new series by asking for new paths.
pub async fn count<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<SentBody>, Error> {
    let started = Instant::now();
    let response = next.call(request).await?;
    let route = response.request().match_pattern().unwrap_or_else(|| "unknown".to_owned());
    let method = method_name(response.request().method());
    let status = class(response.status());
    let kind = match route.as_str() {
        "/api/v2/events" => "events",
        "/api/v2/stream" => "stream",
        _ => "http",
    };
    count_version(response.request());
    counter!(HTTP_REQUESTS_TOTAL, "method" => method, "route" => route.clone(), "status" => status).increment(1);
    histogram!(HTTP_REQUEST_SECONDS, "method" => method, "route" => route).record(started.elapsed());
    Ok(response.map_body(|_, body| SentBody::of(body.boxed(), kind)))
}

/// Counts who still speaks which version of the API.
fn count_version(request: &HttpRequest) {
    let path = request.path();
    if path.starts_with("/api/") {
        let spoken = if is_v1(path) { Spoken::V1 } else { Spoken::V2 };
        let platform = Client::of(path, request.headers()).platform;
        counter!(API_REQUESTS_TOTAL, "version" => spoken.name(), "platform" => platform.as_str()).increment(1);
        if let Some(app) = request.app_data::<web::Data<App>>() {
            app.pipeline.measures().asked(spoken, platform);
        }
    }
}

/// The methods that this server knows, by name; a client may make up others.
fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}
