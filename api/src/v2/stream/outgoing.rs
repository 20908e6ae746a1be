//! How much is on its way to a client: bytes that were said and that the connection has not yet taken to send.
//!
//! The WebSocket's own queue counts messages, and a message can hold a mebibyte: a reader that takes nothing would be
//! buffered for by dozens of them. So bytes are counted, and nothing more is said while too many wait.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;
use tokio::sync::Notify;

use crate::connections::Open;

/// While so many bytes wait, nothing more is said. So at most these and one message wait.
const WAITING_BYTES_MAX: usize = 128 * 1_024;

/// The bytes that wait. Clones share the count.
#[derive(Clone, Debug, Default)]
pub(super) struct Outgoing(Arc<Count>);

#[derive(Debug, Default)]
struct Count {
    bytes: AtomicUsize,
    taken: Notify,
}

impl Outgoing {
    /// Waits until there is room for another message.
    pub(super) async fn room(&self) {
        while self.0.bytes.load(Ordering::Acquire) >= WAITING_BYTES_MAX {
            // One waits: what is taken between the look and the wait leaves its permit.
            self.0.taken.notified().await;
        }
    }

    /// Counts a frame of this payload.
    pub(super) fn said(&self, payload_bytes: usize) {
        self.0.bytes.fetch_add(frame_bytes(payload_bytes), Ordering::AcqRel);
    }

    /// Counts what is taken of this body. At its end nothing more is said on its connection.
    pub(super) fn watch(&self, body: BoxBody, connection: Option<Arc<Open>>) -> Watched {
        Watched { body, outgoing: self.clone(), connection }
    }

    fn took(&self, bytes: usize) {
        let less = |waiting: usize| Some(waiting.saturating_sub(bytes));
        // A closure that always answers cannot fail.
        let _ = self.0.bytes.fetch_update(Ordering::AcqRel, Ordering::Acquire, less);
        self.0.taken.notify_one();
    }
}

/// A server's frame (RFC 6455, section 5.2): its head, without a mask, and the payload.
fn frame_bytes(payload: usize) -> usize {
    let head = match payload {
        0..126 => 2,
        126..65_536 => 4,
        _ => 10,
    };
    head + payload
}

/// A body whose bytes are counted as they are taken.
pub(super) struct Watched {
    body: BoxBody,
    outgoing: Outgoing,
    connection: Option<Arc<Open>>,
}

impl MessageBody for Watched {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, <BoxBody as MessageBody>::Error>>> {
        let polled = Pin::new(&mut self.body).poll_next(context);
        match &polled {
            Poll::Ready(Some(Ok(bytes))) => self.outgoing.took(bytes.len()),
            Poll::Ready(None | Some(Err(_))) => self.connection.iter().for_each(|connection| connection.settle()),
            Poll::Pending => {}
        }
        polled
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::test::TestRequest;
    use actix_web::{FromRequest, HttpRequest, dev, rt, web};
    use std::sync::atomic::AtomicUsize;

    use super::super::protocol::Protocol;
    use super::super::wire::Wire;
    use super::*;
    use crate::body::Format;

    const MESSAGES: usize = 40;
    const MESSAGE_BYTES: usize = 100_000;

    fn handshake() -> HttpRequest {
        TestRequest::default()
            .insert_header(("upgrade", "websocket"))
            .insert_header(("connection", "upgrade"))
            .insert_header(("sec-websocket-version", "13"))
            .insert_header(("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="))
            .to_http_request()
    }

    #[actix_web::test]
    async fn to_a_reader_that_takes_nothing_little_is_said_and_to_one_that_reads_everything() {
        let request = handshake();
        let payload = web::Payload::from_request(&request, &mut dev::Payload::None).await.unwrap();
        let (response, session, _messages) = actix_ws::handle(&request, payload).unwrap();
        let outgoing = Outgoing::default();
        let body = response.map_body(|_, body| outgoing.watch(body, None)).into_body();
        let protocol = Protocol { name: None, format: Format::Cbor, packed: false };
        let mut wire = Wire::new(session, protocol, outgoing.clone());
        let said = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&said);
        rt::spawn(async move {
            for _ in 0..MESSAGES {
                wire.encoded(vec![7; MESSAGE_BYTES]).await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
            }
            wire.close(1000, "").await;
        });
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        assert_eq!(said.load(Ordering::SeqCst), WAITING_BYTES_MAX.div_ceil(MESSAGE_BYTES));
        let taken = to_bytes(body).await.unwrap_or_else(|_| panic!("the whole body"));
        assert_eq!(said.load(Ordering::SeqCst), MESSAGES);
        assert_eq!(taken.len(), MESSAGES * frame_bytes(MESSAGE_BYTES) + frame_bytes(2));
    }

    #[test]
    fn the_head_of_a_frame_grows_with_its_payload() {
        let heads: Vec<usize> = [0, 125, 126, 65_535, 65_536].iter().map(|&bytes| frame_bytes(bytes) - bytes).collect();
        assert_eq!(heads, [2, 2, 4, 4, 10]);
    }
}
