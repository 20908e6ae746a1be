//! One WebSocket, from its handshake to its end: JSON messages out and in, and the moment at which silence means death.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};

use super::error::{ClientError, Problem};
use super::http::{Server, cause};
use super::packed::{Unpacker, pack};

const SUBPROTOCOL: &str = "levelup.v2.json";
const PACKED_SUBPROTOCOL: &str = "levelup.v2.json.zstd";
/// What is offered by who wants compression; an older server speaks the second.
const PACKED_OR_PLAIN: &str = "levelup.v2.json.zstd, levelup.v2.json";
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
const HEARTBEAT: Duration = Duration::from_secs(20);
/// Two heartbeats and a bit: proxies keep dead connections open for hours.
const SILENCE_MAX: Duration = Duration::from_secs(45);

pub(super) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Where the server compresses what it says.
    unpacker: Option<Unpacker>,
    beat_at: Instant,
    heard_at: Instant,
}

/// What reading a socket gives.
pub(super) enum Event {
    /// A message of the server.
    Message(Value),
    /// It is time to say that one is still there.
    Beat,
    /// The connection is over.
    Cut { code: Option<u16>, reason: String, why: String },
}

impl Socket {
    pub(super) async fn open(server: &Server, token: &str, compressed: bool) -> Result<Self, ClientError> {
        let url = &server.stream_url();
        let offered = if compressed { PACKED_OR_PLAIN } else { SUBPROTOCOL };
        let address = |why: String| ClientError::Address { url: url.to_owned(), why };
        let mut request = url.into_client_request().map_err(|error| address(error.to_string()))?;
        let bearer = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|error| address(error.to_string()))?;
        request.headers_mut().insert(AUTHORIZATION, bearer);
        request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(offered));
        // Nagle's algorithm would hold small messages back for up to 40 ms.
        let connecting = connect_async_tls_with_config(request, None, true, Some(server.connector()));
        let handshake = timeout(HANDSHAKE_TIMEOUT, connecting);
        let unreachable = |why: String| ClientError::Unreachable { url: url.to_owned(), why };
        let (stream, answer) = handshake
            .await
            .map_err(|_| unreachable("the handshake took too long".into()))?
            .map_err(|error| refused(url, error))?;
        let packed = answer.headers().get(SEC_WEBSOCKET_PROTOCOL).is_some_and(|name| name == PACKED_SUBPROTOCOL);
        let unpacker = packed.then(Unpacker::new).transpose().map_err(|error| unreachable(error.to_string()))?;
        let now = Instant::now();
        Ok(Self { stream, unpacker, beat_at: now + HEARTBEAT, heard_at: now })
    }

    pub(super) async fn send(&mut self, message: &Value) -> Result<(), String> {
        let text = message.to_string();
        let message = match self.unpacker {
            Some(_) => Message::binary(pack(text.as_bytes()).map_err(|error| error.to_string())?),
            None => Message::text(text),
        };
        self.stream.send(message).await.map_err(|error| cause(&error))
    }

    pub(super) async fn close(&mut self) {
        // Whether the server hears the goodbye changes nothing.
        let _ = self.stream.close(None).await;
    }

    /// The next event. Nothing is lost when the future is dropped before it is ready.
    pub(super) async fn read(&mut self) -> Event {
        loop {
            let frame = tokio::select! {
                frame = self.stream.next() => frame,
                () = sleep_until(self.beat_at) => {
                    self.beat_at = Instant::now() + HEARTBEAT;
                    return Event::Beat;
                }
                () = sleep_until(self.heard_at + SILENCE_MAX) => return cut("the server has been silent for too long"),
            };
            self.heard_at = Instant::now();
            match frame {
                None => return cut("the connection ended"),
                Some(Err(error)) => return cut(&cause(&error)),
                Some(Ok(Message::Close(frame))) => return closed(frame.map(|f| (f.code.into(), f.reason.to_string()))),
                Some(Ok(Message::Text(text))) => return message(text.as_bytes()),
                Some(Ok(Message::Binary(bytes))) => {
                    match self.unpacker.as_mut().map(|unpacker| unpacker.unpack(&bytes)) {
                        Some(Ok(text)) => return message(&text),
                        Some(Err(error)) => return cut(&format!("a message cannot be decompressed: {error}")),
                        None => return cut("a message in bytes came where text was agreed on"),
                    }
                }
                // tungstenite answers pings itself.
                Some(Ok(_)) => {}
            }
        }
    }
}

fn message(text: &[u8]) -> Event {
    match serde_json::from_slice(text) {
        Ok(message) => Event::Message(message),
        Err(error) => cut(&format!("a message cannot be read: {error}")),
    }
}

fn cut(why: &str) -> Event {
    Event::Cut { code: None, reason: String::new(), why: why.to_owned() }
}

fn closed(frame: Option<(u16, String)>) -> Event {
    let Some((code, reason)) = frame else { return cut("the server closed the connection") };
    let said = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    Event::Cut { code: Some(code), reason, why: format!("the server closed the connection ({code}{said})") }
}

fn refused(url: &str, error: Error) -> ClientError {
    match error {
        Error::Http(response) => {
            let status = response.status().as_u16();
            let body = response.into_body().unwrap_or_default();
            let mut problem: Problem = serde_json::from_slice(&body).unwrap_or_default();
            problem.status = status;
            if problem.code.is_empty() {
                problem.code = format!("http_{status}");
            }
            ClientError::Problem(Box::new(problem))
        }
        // A server that stops in the middle of the handshake is back soon; one that speaks something else is not.
        Error::Protocol(why @ ProtocolError::HandshakeIncomplete) => {
            ClientError::Unreachable { url: url.to_owned(), why: why.to_string() }
        }
        Error::Protocol(why) => ClientError::Unreadable { asked: "the live connection".into(), why: why.to_string() },
        other => ClientError::Unreachable { url: url.to_owned(), why: cause(&other) },
    }
}
