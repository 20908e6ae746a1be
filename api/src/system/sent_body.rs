//! A body whose bytes are counted as the connection takes them: answers, event streams and live connections alike.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;
use infrastructure::metric_names::SENT_BYTES_TOTAL;
use metrics::{Counter, counter};

/// A body that is counted.
pub struct SentBody {
    body: BoxBody,
    sent: Counter,
}

impl SentBody {
    /// This body, counted as one of this kind.
    pub(super) fn of(body: BoxBody, kind: &'static str) -> Self {
        Self { body, sent: counter!(SENT_BYTES_TOTAL, "kind" => kind) }
    }
}

impl MessageBody for SentBody {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, <BoxBody as MessageBody>::Error>>> {
        let polled = Pin::new(&mut self.body).poll_next(context);
        if let Poll::Ready(Some(Ok(bytes))) = &polled {
            self.sent.increment(bytes.len() as u64);
        }
        polled
    }
}
