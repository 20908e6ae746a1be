//! Bodies, in and out, in JSON and in CBOR, and how much of them is read.
//!
//! Both forms carry the same data: CBOR here is JSON's data model in CBOR's bytes (ids are text, as in JSON), so that a
//! client may keep what it does not know, whatever form it came in.

mod decode;
mod decompress;
mod format;
mod pointer;
mod read;
mod reply;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use bytes::Bytes;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

pub use decode::decode;
pub use format::Format;
pub use reply::{encode, reply};

use crate::problem::Problem;

/// A body that was read, decompressed and turned into a `T`; refused with 400, 413, 415 or 422 and where it is wrong.
pub struct Body<T>(pub T);

/// A body that was read and decompressed, at most [`domain::limits::REQUEST_BYTES_MAX`] of it, and what it is.
pub struct RawBody {
    /// What the bytes are.
    pub format: Format,
    /// The bytes, decompressed.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let raw = RawBody::from_request(request, payload);
        Box::pin(async move {
            let RawBody { format, bytes } = raw.await?;
            decode(format, &bytes).map(Self)
        })
    }
}

impl FromRequest for RawBody {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let announced = format::of_content_type(request).and_then(|format| {
            let encoding = decompress::Encoding::of_request(request)?;
            Ok((format, encoding, read::announced_length(request)))
        });
        let payload = payload.take();
        Box::pin(async move {
            let (format, encoding, length) = announced?;
            let sent = read::read(payload, length).await?;
            Ok(Self { format, bytes: decompress::decompress(encoding, sent).await? })
        })
    }
}
