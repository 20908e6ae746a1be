//! `GET /api/v2/flags`

use std::collections::BTreeMap;
use std::fmt::Write;

use actix_web::http::StatusCode;
use actix_web::http::header::EntityTag;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::etag::{tagged, unchanged};
use crate::body::{Format, reply};
use crate::caller::Caller;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Bytes of SHA-256 that a tag shows.
const TAG_BYTES: usize = 16;
/// When to come back to a server that has just started.
const RETRY_MS: u64 = 1_000;

/// The flags, for one account.
#[derive(Serialize, ToSchema)]
pub struct FlagsBody {
    /// Every flag by name, and whether it is on for the caller. Take what is not there for off.
    flags: BTreeMap<String, bool>,
}

/// The flags as they are for the caller. They are in memory: asking costs nothing, and a change is here within a second.
#[utoipa::path(get, path = "/api/v2/flags", tag = "sync", security(("bearer" = [])), responses(
    (status = 200, description = "The flags, with an ETag.", body = FlagsBody),
    (status = 304, description = "They are what the caller holds (`If-None-Match`)."),
    (status = 503, description = "`unavailable`: the server has just started.", body = Content,
     content_type = "application/problem+json")
))]
pub async fn flags(app: web::Data<App>, request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    let flags = app.flags.of(caller.account).ok_or_else(|| {
        let detail = "The server has just started and does not know the flags yet. Ask again.";
        Problem::new(Code::Unavailable).detail(detail).retry_after_ms(RETRY_MS)
    })?;
    let tag = tag(&flags, Format::accepted(&request));
    if let Some(unchanged) = unchanged(&request, &tag) {
        return Ok(unchanged);
    }
    Ok(tagged(reply(&request, StatusCode::OK, &FlagsBody { flags }), &tag))
}

/// Of what is answered, and nothing else: a flag that changes for others changes nothing here.
fn tag(flags: &BTreeMap<String, bool>, format: Format) -> EntityTag {
    let mut hash = Sha256::new_with_prefix(format.media_type());
    for (name, is_on) in flags {
        hash.update(name);
        hash.update([0, u8::from(*is_on)]);
    }
    let hex = hash.finalize().iter().take(TAG_BYTES).fold(String::with_capacity(2 * TAG_BYTES), |mut hex, byte| {
        // Writing to a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    EntityTag::new_weak(hex)
}
