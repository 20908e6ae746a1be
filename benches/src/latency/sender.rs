//! Device A: writes one transaction and waits for its receipt.

use std::net::SocketAddr;
use std::time::Instant;

use api::client::session::Session;
use infrastructure::clock::now_ms;

use super::socket::Socket;
use crate::failure::Failure;
use crate::http::Connection;
use crate::load::must_be_committed;
use crate::request::{Transaction, body};

/// How a device writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// `POST /api/v2/transactions` over one kept-alive connection.
    Http,
    /// A `transactions` message on a WebSocket.
    WebSocket,
}

impl Way {
    /// For people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::WebSocket => "WebSocket",
        }
    }
}

pub(super) enum Sender {
    Http(Connection),
    WebSocket(Box<Socket>),
}

impl Sender {
    pub(super) async fn open(way: Way, address: SocketAddr, session: &Session) -> Result<Self, Failure> {
        Ok(match way {
            Way::Http => Self::Http(Connection::open(address, &session.access_token().await?).await?),
            Way::WebSocket => Self::WebSocket(Box::new(Socket::open(address, session).await?)),
        })
    }

    /// By HTTP, with any token.
    pub(super) async fn with_token(address: SocketAddr, token: &str) -> Result<Self, Failure> {
        Ok(Self::Http(Connection::open(address, token).await?))
    }

    /// Returns when the receipt was here.
    pub(super) async fn send(&mut self, transaction: &Transaction) -> Result<Instant, Failure> {
        match self {
            Self::Http(connection) => {
                let answer = connection.post(&body(transaction)).await?;
                let here = Instant::now();
                must_be_committed(answer)?;
                Ok(here)
            }
            Self::WebSocket(socket) => {
                let (now, json) = (now_ms(), &transaction.json);
                let message = format!(r#"{{"type":"transactions","id":1,"sent_at":{now},"transactions":[{json}]}}"#);
                socket.say(message).await?;
                let (answer, here) = socket.hear().await?;
                must_be_committed(&answer)?;
                Ok(here)
            }
        }
    }
}
