//! Sending on a live connection, in the subprotocol's encoding. Nothing is buffered without bound: a send waits for the
//! socket, and a reader that takes nothing for too long is let go.

use std::time::Duration;

use actix_ws::{CloseCode, CloseReason, Closed, Session};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::body::{Format, encode};
use crate::problem::Problem;

/// How long one message may wait for a slow reader.
const SEND_S_MAX: Duration = Duration::from_secs(30);

/// The sending side of a connection.
pub(super) struct Wire {
    session: Session,
    format: Format,
}

impl Wire {
    pub(super) fn new(session: Session, format: Format) -> Self {
        Self { session, format }
    }

    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// Sends bytes that are encoded already.
    pub(super) async fn encoded(&mut self, bytes: Vec<u8>) -> Result<(), Closed> {
        let sending = async {
            match self.format {
                Format::Json => self.session.text(String::from_utf8_lossy(&bytes).into_owned()).await,
                Format::Cbor => self.session.binary(bytes).await,
            }
        };
        timeout(SEND_S_MAX, sending).await.unwrap_or(Err(Closed))
    }

    /// Sends a message.
    pub(super) async fn send<T: Serialize>(&mut self, message: &T) -> Result<(), Closed> {
        match encode(self.format, message) {
            Ok(bytes) => self.encoded(bytes).await,
            Err(_) => Err(Closed),
        }
    }

    /// Sends a problem as an `error` message: some platforms lose close codes.
    pub(super) async fn error(&mut self, problem: &Problem, about: Option<&Value>) -> Result<(), Closed> {
        let mut message = json!({ "type": "error", "code": problem.code(), "problem": problem.content() });
        if let Some(about) = about.filter(|about| !about.is_null()) {
            message["id"] = about.clone();
        }
        self.send(&message).await
    }

    pub(super) async fn ping(&mut self) -> Result<(), Closed> {
        timeout(SEND_S_MAX, self.session.ping(b"")).await.unwrap_or(Err(Closed))
    }

    pub(super) async fn pong(&mut self, bytes: &[u8]) -> Result<(), Closed> {
        timeout(SEND_S_MAX, self.session.pong(bytes)).await.unwrap_or(Err(Closed))
    }

    /// Closes; the other side may be gone already.
    pub(super) async fn close(self, code: u16, why: &str) {
        let reason = CloseReason { code: CloseCode::from(code), description: Some(why.to_owned()) };
        drop(self.session.close(Some(reason)).await);
    }
}
