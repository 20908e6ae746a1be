//! A WebSocket of a signed-in device.

use std::net::SocketAddr;
use std::time::Instant;

use api::client::session::Session;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::failure::Failure;

/// Bytes that are read at a time.
const BUFFER_BYTES: usize = 4 * 1024;

/// An open WebSocket.
pub(crate) struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    pub(crate) async fn open(address: SocketAddr, session: &Session) -> Result<Self, Failure> {
        Self::with_token(address, &session.access_token().await?).await
    }

    /// With small buffers: a generator can hold thousands.
    pub(crate) async fn with_token(address: SocketAddr, token: &str) -> Result<Self, Failure> {
        let refused = Failure::during::<tokio_tungstenite::tungstenite::Error>("opening a WebSocket");
        let mut request = format!("ws://{address}/api/v2/stream").into_client_request().map_err(&refused)?;
        let bearer = HeaderValue::from_str(&format!("Bearer {token}")).map_err(Failure::during("using a token"))?;
        request.headers_mut().insert(AUTHORIZATION, bearer);
        request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("levelup.v2.json"));
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let sizes = WebSocketConfig::default().read_buffer_size(BUFFER_BYTES).write_buffer_size(0);
        let (socket, _) = client_async_with_config(request, stream, Some(sizes)).await.map_err(refused)?;
        Ok(Self(socket))
    }

    pub(crate) async fn say(&mut self, text: String) -> Result<(), Failure> {
        self.0.send(Message::text(text)).await.map_err(Failure::during("writing to a WebSocket"))
    }

    /// The next message, and when it was here.
    pub(crate) async fn hear(&mut self) -> Result<(String, Instant), Failure> {
        loop {
            let message = self.0.next().await.ok_or_else(|| Failure::new("a WebSocket was closed"))?;
            let here = Instant::now();
            match message.map_err(Failure::during("reading from a WebSocket"))? {
                Message::Text(text) => return Ok((text.as_str().to_owned(), here)),
                Message::Close(frame) => return Err(Failure::new(format!("a WebSocket was closed: {frame:?}"))),
                _ => {}
            }
        }
    }
}
