//! A bare WebSocket: says exactly what it is told, hears every message.

use api::client::packed::{Unpacker, pack};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderName;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};

use crate::Http;
use crate::patience::within;

/// An open live connection.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    cbor: bool,
    unpacker: Option<Unpacker>,
    received_bytes: usize,
}

impl Socket {
    /// Opens one with the token in the header, in JSON.
    pub async fn open(http: &Http) -> Self {
        Self::try_open(http, Some("levelup.v2.json"), true).await.expect("an open connection")
    }

    /// Opens one with the token in the header, in CBOR.
    pub async fn open_cbor(http: &Http) -> Self {
        Self::try_open(http, Some("levelup.v2.cbor"), true).await.expect("an open connection")
    }

    /// Opens one with the token in the header that speaks this subprotocol.
    pub async fn open_as(http: &Http, protocol: &str) -> Self {
        Self::try_open(http, Some(protocol), true).await.expect("an open connection")
    }

    /// Opens one as told: which subprotocols, and whether the token is in the header.
    ///
    /// # Errors
    /// The handshake was refused.
    pub async fn try_open(http: &Http, protocols: Option<&str>, token: bool) -> Result<Self, Box<Error>> {
        Self::handshake(http, "/api/v2/stream", protocols, token).await
    }

    /// Opens one at this path, query and all, without the token in the header.
    ///
    /// # Errors
    /// The handshake was refused.
    pub async fn try_open_at(http: &Http, path: &str) -> Result<Self, Box<Error>> {
        Self::handshake(http, path, None, false).await
    }

    async fn handshake(http: &Http, path: &str, protocols: Option<&str>, token: bool) -> Result<Self, Box<Error>> {
        let url = format!("{}{path}", http.base().replacen("http", "ws", 1));
        let mut request = url.into_client_request().unwrap();
        if token {
            request.headers_mut().insert("authorization", format!("Bearer {}", http.token()).parse().unwrap());
        }
        for (name, value) in http.headers() {
            let name: HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        if let Some(protocols) = protocols {
            request.headers_mut().insert("sec-websocket-protocol", protocols.parse().unwrap());
        }
        let (stream, response) =
            within("a handshake", connect_async_tls_with_config(request, None, false, Some(http.connector())))
                .await
                .map_err(Box::new)?;
        let spoken = response.headers().get("sec-websocket-protocol");
        let spoken = spoken.map(|name| name.to_str().unwrap()).unwrap_or_default();
        let unpacker = spoken.ends_with(".zstd").then(|| Unpacker::new().unwrap());
        Ok(Self { stream, cbor: spoken.contains(".cbor"), unpacker, received_bytes: 0 })
    }

    /// Bytes of messages that came so far, as they came.
    #[must_use]
    pub fn received_bytes(&self) -> usize {
        self.received_bytes
    }

    /// Says a message, in the encoding of the subprotocol.
    pub async fn say(&mut self, message: &Value) {
        let mut bytes = Vec::new();
        if self.cbor {
            ciborium::into_writer(message, &mut bytes).unwrap();
        } else {
            bytes = message.to_string().into_bytes();
        }
        let message = match (&self.unpacker, self.cbor) {
            (Some(_), _) => Message::binary(pack(&bytes).unwrap()),
            (None, true) => Message::binary(bytes),
            (None, false) => Message::text(String::from_utf8(bytes).unwrap()),
        };
        self.send(message).await;
    }

    /// Sends a frame as it is. A connection that is closed already is noticed by reading.
    pub async fn send(&mut self, message: Message) {
        let _ = within("room for a message", self.stream.send(message)).await;
    }

    /// Subscribes to one's own space.
    pub async fn subscribe(&mut self, cursor: Option<&str>) {
        self.say(&json!({ "type": "subscribe", "space": null, "cursor": cursor })).await;
    }

    /// The next message of the server, or the code it closed with (none: without a word).
    ///
    /// # Errors
    /// The connection is over.
    pub async fn next(&mut self) -> Result<Value, Option<u16>> {
        loop {
            match within("a message", self.stream.next()).await {
                Some(Ok(Message::Text(text))) => {
                    assert!(!self.cbor && self.unpacker.is_none(), "text came: {text}");
                    self.received_bytes += text.len();
                    return Ok(serde_json::from_str(&text).expect("a message in JSON"));
                }
                Some(Ok(Message::Binary(bytes))) => return Ok(self.read(&bytes)),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Value {
        self.received_bytes += bytes.len();
        let bytes = match &mut self.unpacker {
            Some(unpacker) => unpacker.unpack(bytes).expect("a message in zstd"),
            None => bytes.to_vec(),
        };
        if self.cbor {
            ciborium::from_reader(bytes.as_slice()).expect("a message in CBOR")
        } else {
            serde_json::from_slice(&bytes).expect("a message in JSON")
        }
    }

    /// The next message of the server, which has to come.
    pub async fn hear(&mut self) -> Value {
        self.next().await.unwrap_or_else(|code| panic!("the connection was closed with {code:?}"))
    }

    /// The next message of this type; others are passed over.
    pub async fn hear_type(&mut self, kind: &str) -> Value {
        loop {
            let message = self.hear().await;
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// Proves that the connection is usable: a ping is answered.
    pub async fn assert_usable(&mut self) {
        self.say(&json!({ "type": "ping" })).await;
        self.hear_type("pong").await;
    }

    /// Sends transactions and hears their receipts.
    pub async fn write(&mut self, transactions: &[Value]) -> Vec<Value> {
        self.say(&json!({ "type": "transactions", "id": 1, "transactions": transactions })).await;
        let heard = self.hear_type("receipts").await;
        heard["receipts"].as_array().expect("receipts").clone()
    }
}
