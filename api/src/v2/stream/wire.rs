//! Sending on a live connection, in the subprotocol's encoding. Nothing is buffered without bound: a send waits for the
//! socket, and a reader that takes nothing for too long is let go.

use std::time::Duration;

use actix_ws::{CloseCode, CloseReason, Closed, Session};
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::end::{CLOSE_TOO_LARGE, CLOSE_UNREADABLE, End};
use super::outgoing::Outgoing;
use super::packing::Packer;
use super::protocol::{Counted, Protocol};
use crate::body::{Format, encode, inflated};
use crate::problem::{Code, Problem};

/// How long one message may wait for a slow reader.
const SEND_S_MAX: Duration = Duration::from_secs(30);

/// The sending side of a connection.
pub(super) struct Wire {
    session: Session,
    format: Format,
    outgoing: Outgoing,
    packer: Option<Packer>,
    /// A message that was compressed and not yet handed over: those after it build on it, so it goes first, even if its
    /// own send was given up.
    unsent: Option<Bytes>,
    _counted: Counted,
}

impl Wire {
    pub(super) fn new(session: Session, protocol: Protocol, outgoing: Outgoing) -> Self {
        let packer = protocol.packed.then(Packer::default);
        Self { session, format: protocol.format, outgoing, packer, unsent: None, _counted: Counted::of(protocol) }
    }

    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// Sends bytes that are encoded already.
    pub(super) async fn encoded(&mut self, bytes: Vec<u8>) -> Result<(), Closed> {
        timeout(SEND_S_MAX, self.hand_over(bytes)).await.unwrap_or(Err(Closed))
    }

    async fn hand_over(&mut self, bytes: Vec<u8>) -> Result<(), Closed> {
        self.outgoing.room().await;
        if self.packer.is_some() {
            self.hand_over_packed().await?;
            self.unsent = self
                .packer
                .as_mut()
                .map(|packer| packer.pack(&bytes))
                .transpose()
                .map_err(|_| Closed)?
                .map(Bytes::from);
            return self.hand_over_packed().await;
        }
        let length = bytes.len();
        match self.format {
            Format::Json => self.session.text(String::from_utf8_lossy(&bytes).into_owned()).await?,
            Format::Cbor => self.session.binary(bytes).await?,
        }
        self.outgoing.said(length);
        Ok(())
    }

    async fn hand_over_packed(&mut self) -> Result<(), Closed> {
        if let Some(packed) = self.unsent.clone() {
            let length = packed.len();
            self.session.binary(packed).await?;
            self.unsent = None;
            self.outgoing.said(length);
        }
        Ok(())
    }

    /// What a client said, out of its compression.
    pub(super) async fn opened(&self, said: Bytes) -> Result<Bytes, End> {
        if self.packer.is_none() {
            return Ok(said);
        }
        inflated(said).await.map_err(|problem| match problem.code() {
            code if code == Code::BodyTooLarge.as_str() => End::Close(CLOSE_TOO_LARGE, super::frames::too_large()),
            _ => {
                End::Close(CLOSE_UNREADABLE, problem.detail("A message is one whole zstd frame, in a binary message."))
            }
        })
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

    /// The heartbeat; a compressor that had nothing to do since the one before rests.
    pub(super) async fn ping(&mut self) -> Result<(), Closed> {
        if let Some(packer) = &mut self.packer {
            packer.rest().map_err(|_| Closed)?;
        }
        timeout(SEND_S_MAX, self.session.ping(b"")).await.unwrap_or(Err(Closed))?;
        self.outgoing.said(0);
        Ok(())
    }

    pub(super) async fn pong(&mut self, bytes: &[u8]) -> Result<(), Closed> {
        timeout(SEND_S_MAX, self.session.pong(bytes)).await.unwrap_or(Err(Closed))?;
        self.outgoing.said(bytes.len());
        Ok(())
    }

    /// Closes; the other side may be gone already.
    pub(super) async fn close(self, code: u16, why: &str) {
        let reason = CloseReason { code: CloseCode::from(code), description: Some(why.to_owned()) };
        drop(self.session.close(Some(reason)).await);
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::Pin;
    use std::task::Poll;

    use actix_web::body::MessageBody;
    use actix_web::test::TestRequest;
    use actix_web::{FromRequest, dev, web};

    use super::*;
    use crate::client::packed::Unpacker;

    /// The payloads of a server's frames, all shorter than 126 bytes.
    fn payloads(mut frames: &[u8]) -> Vec<&[u8]> {
        let mut found = Vec::new();
        while let [_, length, rest @ ..] = frames {
            let (payload, more) = rest.split_at(usize::from(*length));
            found.push(payload);
            frames = more;
        }
        found
    }

    #[actix_web::test]
    async fn a_compressed_message_whose_send_was_given_up_still_comes_before_the_next() {
        let request = TestRequest::default()
            .insert_header(("upgrade", "websocket"))
            .insert_header(("connection", "upgrade"))
            .insert_header(("sec-websocket-version", "13"))
            .insert_header(("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="))
            .to_http_request();
        let payload = web::Payload::from_request(&request, &mut dev::Payload::None).await.unwrap();
        let (response, session, _messages) = actix_ws::handle(&request, payload).unwrap();
        let mut body = response.into_body();
        let protocol = Protocol { name: None, format: Format::Json, packed: true };
        let mut wire = Wire::new(session, protocol, Outgoing::default());
        // More than the queue holds, and nothing is taken: the last is given up.
        let mut given_up = 0;
        while timeout(Duration::from_millis(1), wire.encoded(format!("message {given_up}").into())).await.is_ok() {
            given_up += 1;
        }
        let mut taken = Vec::new();
        let mut take = async || {
            let polled = poll_fn(|context| Poll::Ready(Pin::new(&mut body).poll_next(context))).await;
            if let Poll::Ready(Some(Ok(bytes))) = polled {
                taken.extend_from_slice(&bytes);
            }
        };
        take().await;
        wire.encoded(b"the last".to_vec()).await.unwrap();
        take().await;
        let mut unpacker = Unpacker::new().unwrap();
        let heard = payloads(&taken).into_iter().map(|payload| unpacker.unpack(payload).unwrap());
        let heard: Vec<String> = heard.map(|text| String::from_utf8(text).unwrap()).collect();
        let mut expected: Vec<String> = (0..=given_up).map(|number| format!("message {number}")).collect();
        expected.push("the last".to_owned());
        assert_eq!(heard, expected);
    }
}
