//! Bodies, in and out, in JSON and in CBOR, and how much of them is read.
//!
//! Both forms carry the same data: CBOR here is JSON's data model in CBOR's bytes (ids are text, as in JSON), so that a
//! client may keep what it does not know, whatever form it came in.

mod budget;
mod decode;
mod decompress;
mod format;
mod pointer;
mod read;
mod reply;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use bytes::Bytes;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

pub use budget::{Budget, Held};
pub use decode::decode;
pub use decompress::inflated;
pub use format::Format;
pub use pointer::escaped;
pub use reply::{encode, reply};

use crate::caller::goes_on;
use crate::problem::Problem;
use crate::state::App;

/// A body that was read, decompressed and turned into a `T`; refused with 400, 413, 415 or 422 and where it is wrong.
pub struct Body<T>(pub T);

/// A body that was read and decompressed, at most [`domain::limits::REQUEST_BYTES_MAX`] of it, and what it is.
pub struct RawBody {
    /// What the bytes are.
    pub format: Format,
    /// The bytes, decompressed.
    pub bytes: Bytes,
    /// Their part of what may be held, for as long as this is.
    pub held: Held,
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let raw = RawBody::from_request(request, payload);
        Box::pin(async move {
            let RawBody { format, bytes, held: _held } = raw.await?;
            decode(format, &bytes).map(Self)
        })
    }
}

impl FromRequest for RawBody {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        read_as(format::of_content_type(request), request, payload)
    }
}

impl RawBody {
    /// Reads the body of a client that may say anything about what it sends: whatever is not called CBOR is taken as JSON.
    pub fn of_old_client(
        request: &HttpRequest,
        payload: &mut Payload,
    ) -> LocalBoxFuture<'static, Result<Self, Problem>> {
        read_as(Ok(format::of_content_type(request).unwrap_or_default()), request, payload)
    }
}

fn read_as(
    format: Result<Format, Problem>,
    request: &HttpRequest,
    payload: &mut Payload,
) -> LocalBoxFuture<'static, Result<RawBody, Problem>> {
    let announced = format.and_then(|format| {
        let encoding = decompress::Encoding::of_request(request)?;
        Ok((format, encoding, read::announced_length(request)))
    });
    let budget = request.app_data::<web::Data<App>>().map(|app| app.bodies.clone());
    let (payload, request) = (payload.take(), request.clone());
    Box::pin(async move {
        let (format, encoding, length) = announced?;
        let budget = budget.ok_or_else(|| Problem::internal("no state in the request"))?;
        let mut held = budget.hold();
        let sent = read::read(payload, length, &mut held).await?;
        let is_compressed = encoding != decompress::Encoding::Identity;
        let bytes = decompress::decompress(encoding, sent).await?;
        if is_compressed {
            held.grow(&bytes)?;
        }
        goes_on(&request)?;
        Ok(RawBody { format, bytes, held })
    })
}
