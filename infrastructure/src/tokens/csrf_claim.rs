//! The digest of a browser's secret, as a token says it: base64url, absent for an app's session.

use application::identity::CsrfDigest;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Writes it as text.
pub(super) fn serialize<S: Serializer>(digest: &Option<CsrfDigest>, serializer: S) -> Result<S::Ok, S::Error> {
    digest.map(|digest| BASE64_URL_SAFE_NO_PAD.encode(digest.0)).serialize(serializer)
}

/// Reads it from text of 32 bytes.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<CsrfDigest>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.map(|bytes| Some(CsrfDigest(bytes))).ok_or_else(|| Error::custom("not a digest of 32 bytes"))
}
