//! From a value to an answer in the form that the caller asked for.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;

use super::format::Format;
use crate::problem::Problem;

/// The answer with this value, in JSON or CBOR as the request's Accept header says.
pub fn reply<T: Serialize>(request: &HttpRequest, status: StatusCode, value: &T) -> HttpResponse {
    let format = Format::accepted(request);
    match encode(format, value) {
        Ok(bytes) => HttpResponse::build(status).content_type(format.media_type()).body(bytes),
        Err(problem) => problem.error_response(),
    }
}

/// The bytes of a value, for bodies and for the messages of live feeds.
pub fn encode<T: Serialize>(format: Format, value: &T) -> Result<Vec<u8>, Problem> {
    match format {
        Format::Json => serde_json::to_vec(value).map_err(Problem::internal),
        Format::Cbor => {
            // By way of JSON's model: written directly, an id would be sixteen bytes instead of text.
            let value = serde_json::to_value(value).map_err(Problem::internal)?;
            let mut bytes = Vec::new();
            ciborium::into_writer(&value, &mut bytes).map_err(Problem::internal)?;
            Ok(bytes)
        }
    }
}
