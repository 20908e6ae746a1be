//! `GET /api/v2/stream`: the feed and the write path on one WebSocket.

mod admit;
mod charge;
mod end;
mod frames;
mod message;
mod obey;
mod outgoing;
mod packing;
mod protocol;
mod session;
mod token_life;
mod wire;

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::Payload;
use actix_web::http::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use actix_ws::AggregatedMessageStream;
use domain::limits::REQUEST_BYTES_MAX;
use infrastructure::request_name;
use tokio::sync::Notify;

use self::frames::Frames;
use self::outgoing::Outgoing;
use self::protocol::Protocol;
use self::session::Connection;
use self::wire::Wire;
use crate::caller::of_handshake;
use crate::connections::Open;
use crate::place::client_address;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Opens a live connection. Client: `subscribe {space, cursor, snapshot?}`, `transactions`, `ack {cursor}`, `auth {token}`, `ping`.
/// Server: `changes`, `receipts`, `reset`, `notice`, `expiring`, `error`, `pong`. The token comes in the Authorization
/// header, in a first `auth` message within 5 s, or as a cookie, which is believed of pages of this server's own origin
/// and of those that the operator named. A fresh one, sent by `auth` after `expiring`, keeps the connection. When the
/// session ends, an `error` says why before it is closed with 4401.
#[utoipa::path(get, path = "/api/v2/stream", tag = "sync", security((), ("bearer" = [])), responses(
    (status = 101, description = "Subprotocol `levelup.v2.json`, `levelup.v2.cbor`, or one of these with `.zstd` behind it."),
    (status = 400, description = "Not a WebSocket handshake", body = Content, content_type = "application/problem+json"),
    (status = 403, description = "`origin_refused`: a cookie from a page of another origin, or of none.", body = Content, content_type = "application/problem+json")
))]
pub async fn stream(app: web::Data<App>, request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Problem> {
    let caller = of_handshake(&request).await?;
    let protocol = Protocol::of(&request);
    let too_large = Arc::new(Notify::new());
    let watched = Frames::of(payload.into_inner(), Arc::clone(&too_large));
    let mut watched: Payload = Payload::Stream { payload: Box::pin(watched) };
    let payload = web::Payload::from_request(&request, &mut watched).await.map_err(Problem::internal)?;
    let (response, session, messages) = actix_ws::handle(&request, payload)
        .map_err(|error| Problem::new(Code::RequestInvalid).detail(format!("This is a WebSocket: {error}.")))?;
    let outgoing = Outgoing::default();
    let open = request.conn_data::<Arc<Open>>().cloned();
    let mut response = response.map_body(|_, body| outgoing.watch(body, open).boxed());
    if let Some(name) = protocol.name {
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(name));
    }
    let messages: AggregatedMessageStream =
        messages.max_frame_size(REQUEST_BYTES_MAX).aggregate_continuations().max_continuation_size(REQUEST_BYTES_MAX);
    let address = client_address(&request);
    let wire = Wire::new(session, protocol, outgoing);
    let connection = Box::new(Connection::new(app, wire, messages, too_large, address));
    let name = request_name::current().unwrap_or_default();
    actix_web::rt::spawn(request_name::under(name, connection.run(caller)));
    Ok(response)
}
