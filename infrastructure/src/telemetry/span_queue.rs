//! Spans that have ended, between those who end them and the task that sends them. Bounded: whoever ends a span never
//! waits, and what finds no room is counted and gone.

use std::time::Duration;

use metrics::counter;
use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::metric_names::SPANS_DROPPED_TOTAL;

/// Spans that may wait to be sent, about 1 KiB each.
const WAITING_SPANS_MAX: usize = 8_192;

/// The end of the queue that spans are put into.
#[derive(Debug)]
pub(super) struct SpanQueue(Sender<SpanData>);

impl SpanQueue {
    /// An empty queue, and its other end.
    pub(super) fn new() -> (Self, Receiver<SpanData>) {
        let (spans, waiting) = channel(WAITING_SPANS_MAX);
        (Self(spans), waiting)
    }
}

impl SpanProcessor for SpanQueue {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() && self.0.try_send(span).is_err() {
            counter!(SPANS_DROPPED_TOTAL, "because" => "queue_full").increment(1);
        }
    }

    /// Nothing is held here; the task that sends is told by its own token.
    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState};

    use super::*;

    fn ended(flags: TraceFlags) -> SpanData {
        let id = TraceId::from_bytes([1; 16]);
        SpanData {
            span_context: SpanContext::new(id, SpanId::from_bytes([2; 8]), flags, false, TraceState::default()),
            parent_span_id: SpanId::INVALID,
            parent_span_is_remote: false,
            span_kind: SpanKind::Internal,
            name: "x".into(),
            start_time: std::time::SystemTime::UNIX_EPOCH,
            end_time: std::time::SystemTime::UNIX_EPOCH,
            attributes: Vec::new(),
            dropped_attributes_count: 0,
            events: Default::default(),
            links: Default::default(),
            status: Status::Unset,
            instrumentation_scope: Default::default(),
        }
    }

    #[test]
    fn a_full_queue_takes_no_more_and_nobody_waits() {
        let (queue, mut waiting) = SpanQueue::new();
        (0..WAITING_SPANS_MAX + 5).for_each(|_| queue.on_end(ended(TraceFlags::SAMPLED)));
        let taken = std::iter::from_fn(|| waiting.try_recv().ok()).count();
        assert_eq!(taken, WAITING_SPANS_MAX);
    }

    #[test]
    fn what_is_not_sampled_is_not_queued() {
        let (queue, mut waiting) = SpanQueue::new();
        queue.on_end(ended(TraceFlags::default()));
        assert!(waiting.try_recv().is_err());
    }
}
