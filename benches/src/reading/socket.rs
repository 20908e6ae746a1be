//! A live connection whose bytes are counted.

use api::client::packed::{Unpacker, pack};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::fetch::Reader;
use crate::failure::Failure;

/// Every subprotocol.
pub(super) const PROTOCOLS: [&str; 4] =
    ["levelup.v2.json", "levelup.v2.json.zstd", "levelup.v2.cbor", "levelup.v2.cbor.zstd"];

/// A live connection, subscribed from a cursor.
pub(super) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    unpacker: Option<Unpacker>,
}

impl Socket {
    /// Opens and subscribes.
    pub(super) async fn open(reader: &Reader, protocol: &'static str, cursor: &str) -> Result<Self, Failure> {
        let refused = Failure::during::<tokio_tungstenite::tungstenite::Error>("opening a WebSocket");
        let mut request = reader.stream_url().into_client_request().map_err(&refused)?;
        let bearer =
            HeaderValue::from_str(&format!("Bearer {}", reader.token)).map_err(Failure::during("using a token"))?;
        request.headers_mut().insert(AUTHORIZATION, bearer);
        request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol));
        let (stream, _) = connect_async(request).await.map_err(refused)?;
        let unpacker = protocol.ends_with(".zstd").then(Unpacker::new).transpose()?;
        let mut socket = Self { stream, unpacker };
        let subscribe = format!(r#"{{"type":"subscribe","cursor":"{cursor}"}}"#);
        let message = match (protocol.contains(".cbor"), &socket.unpacker) {
            (false, None) => Message::text(subscribe),
            (false, Some(_)) => Message::binary(pack(subscribe.as_bytes())?),
            (true, None) => Message::binary(cbor_subscribe(cursor)),
            (true, Some(_)) => Message::binary(pack(&cbor_subscribe(cursor))?),
        };
        socket.stream.send(message).await.map_err(Failure::during("subscribing"))?;
        Ok(socket)
    }

    /// The next message that holds `needle`, and the bytes of it and of those before it, with the heads of frames.
    pub(super) async fn heard(&mut self, needle: &[u8]) -> Result<usize, Failure> {
        let mut bytes = 0;
        loop {
            let message = self.stream.next().await.ok_or_else(|| Failure::new("a WebSocket was closed"))?;
            let payload = match message.map_err(Failure::during("reading from a WebSocket"))? {
                Message::Text(text) => text.as_bytes().to_vec(),
                Message::Binary(payload) => payload.to_vec(),
                Message::Close(frame) => return Err(Failure::new(format!("a WebSocket was closed: {frame:?}"))),
                _ => continue,
            };
            bytes += payload.len() + head(payload.len());
            let said = match &mut self.unpacker {
                Some(unpacker) => unpacker.unpack(&payload)?,
                None => payload,
            };
            if said.windows(needle.len()).any(|some| some == needle) {
                return Ok(bytes);
            }
        }
    }
}

/// The head of a server's frame.
fn head(payload: usize) -> usize {
    match payload {
        0..126 => 2,
        126..65_536 => 4,
        _ => 10,
    }
}

/// `{"type": "subscribe", "cursor": …}` in CBOR (RFC 8949): a map of two pairs of texts.
fn cbor_subscribe(cursor: &str) -> Vec<u8> {
    let text = |text: &str| {
        let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
        let head = if length < 24 { vec![0x60 | length] } else { vec![0x78, length] };
        [head.as_slice(), text.as_bytes()].concat()
    };
    [vec![0xa2], text("type"), text("subscribe"), text("cursor"), text(cursor)].concat()
}
