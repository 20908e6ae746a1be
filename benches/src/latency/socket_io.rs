//! A device of a server that speaks socket.io (its protocol 5 over engine.io 4), by its words on a plain WebSocket: `0` opens,
//! `40` joins, `2` is answered with `3`, `42["changed",…]` is an event.

use std::net::SocketAddr;
use std::time::Instant;

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};
use uuid::Uuid;

use crate::failure::Failure;

#[derive(Deserialize)]
struct Changed {
    transaction_id: Uuid,
}

/// An open connection that has joined the room of its space.
pub(super) struct SocketIo(WebSocketStream<TcpStream>);

impl SocketIo {
    pub(super) async fn open(address: SocketAddr, token: &str) -> Result<Self, Failure> {
        let refused = Failure::during::<tokio_tungstenite::tungstenite::Error>("opening a WebSocket");
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
        let (socket, _) = client_async(url, stream).await.map_err(refused)?;
        let mut socket = Self(socket);
        socket.expect("0").await?;
        socket.say(format!(r#"40{{"token":"{token}"}}"#)).await?;
        socket.expect("40").await?;
        Ok(socket)
    }

    /// The transaction of the next event, and when it was here.
    pub(super) async fn hear(&mut self) -> Result<(Uuid, Instant), Failure> {
        loop {
            let (text, here) = self.next().await?;
            if text == "2" {
                self.say("3".to_owned()).await?;
                continue;
            }
            let told = text.strip_prefix("42").ok_or_else(|| Failure::new(format!("device B heard {text}")))?;
            let (_, changed): (String, Changed) =
                serde_json::from_str(told).map_err(Failure::during("reading an event"))?;
            return Ok((changed.transaction_id, here));
        }
    }

    async fn expect(&mut self, begins: &str) -> Result<(), Failure> {
        let (text, _) = self.next().await?;
        match text.starts_with(begins) {
            true => Ok(()),
            false => Err(Failure::new(format!("{begins} was expected, {text} came"))),
        }
    }

    async fn say(&mut self, text: String) -> Result<(), Failure> {
        self.0.send(Message::text(text)).await.map_err(Failure::during("writing to a WebSocket"))
    }

    async fn next(&mut self) -> Result<(String, Instant), Failure> {
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
