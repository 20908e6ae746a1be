//! What commands take, for clients to build from: `/schema.json`.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, ETAG, EntityTag, Header, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse};
use application::submit::shown;
use bytes::Bytes;
use domain::entity::{Entity, Kind};
use domain::schema::document;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::problem::Code;

/// It changes with the program only; whoever looks again after five minutes is told so without the text.
const CACHE: &str = "public, max-age=300";
/// What stands beside the fields of a row.
const BESIDE: [&str; 2] = ["id", "version"];

static SCHEMA: LazyLock<(Bytes, EntityTag)> = LazyLock::new(|| {
    let text = schema().to_string();
    let hash = Sha256::digest(text.as_bytes());
    let tag: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    // Weak: the same text may be compressed one way or another.
    (text.into(), EntityTag::new_weak(tag))
});

/// A JSON Schema (2020-12) of every command, made from the rules themselves: ranges, enumerations, defaults. Beside it
/// `x-merge` for each field (`last`, `ask`, `set`, `fixed`, `derived`), `x-reference`, `x-default-by`; `x-kinds` with all fields of each kind,
/// `x-limits`, and the codes of refusals (`x-problems`, `x-rejections`, `x-field-errors`).
#[utoipa::path(get, path = "/schema.json", tag = "system", responses(
    (status = 200, description = "The schema, with an ETag.", body = Object),
    (status = 304, description = "What the caller holds is still right.")
))]
pub async fn schema_json(request: HttpRequest) -> HttpResponse {
    let (text, tag) = &*SCHEMA;
    let is_held = match IfNoneMatch::parse(&request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(held)) => held.iter().any(|held| held.weak_eq(tag)),
        Err(_) => false,
    };
    let mut answer = if is_held { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((CACHE_CONTROL, CACHE)).insert_header((ETAG, tag.to_string()));
    if is_held { answer.finish() } else { answer.content_type("application/schema+json").body(text.clone()) }
}

fn schema() -> Value {
    let mut schema = document(derived);
    let problem =
        |code: &Code| (code.as_str().to_owned(), json!({ "status": code.status().as_u16(), "title": code.title() }));
    schema["x-problems"] = Value::Object(Code::ALL.iter().map(problem).collect::<Map<String, Value>>());
    schema
}

/// The fields that a reader is shown of a kind; those that are written are told apart by who asks.
fn derived(kind: Kind) -> Vec<String> {
    let names = shown(kind, Entity::absent(kind).row()).into_iter().map(|(name, _)| name);
    names.filter(|name| !BESIDE.contains(&name.as_str())).collect()
}
