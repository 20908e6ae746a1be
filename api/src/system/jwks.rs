//! The public halves of the keys that sign access tokens (RFC 7517), for whoever wants to verify one.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};
use infrastructure::tokens::PublicKey;
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::App;

/// A set is good for five minutes; whoever meets a key that is not in it asks again before that.
const CACHE: &str = "public, max-age=300";

/// A set of keys.
#[derive(Serialize, ToSchema)]
pub struct KeySetBody {
    keys: Vec<KeyBody>,
}

/// A public key for Ed25519 (RFC 8037).
#[derive(Serialize, ToSchema)]
pub struct KeyBody {
    kty: &'static str,
    crv: &'static str,
    /// The key, base64url.
    x: String,
    /// Its name in the header of a token.
    kid: String,
    #[serde(rename = "use")]
    usage: &'static str,
    alg: &'static str,
}

/// Every key whose tokens are good now, that of each node and those retired a short while ago.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "system", responses(
    (status = 200, description = "A JWK set.", body = KeySetBody)
))]
pub async fn jwks(app: web::Data<App>) -> HttpResponse {
    let keys = app.tokens.public_keys().into_iter().map(body).collect();

    HttpResponse::Ok().insert_header((CACHE_CONTROL, CACHE)).json(KeySetBody { keys })
}

fn body(key: PublicKey) -> KeyBody {
    KeyBody { kty: "OKP", crv: "Ed25519", x: key.base64url(), kid: key.id, usage: "sig", alg: "EdDSA" }
}
