//! Traces that begin elsewhere and go on elsewhere (W3C Trace Context): with another program's request, and from the
//! commit of a change to its delivery, which happens in another task. Without an export all of this is nothing.

use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{SpanContext, TraceContextExt};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Whether spans are exported. Never switched off.
static EXPORTING: AtomicBool = AtomicBool::new(false);

pub(super) fn switch_on() {
    EXPORTING.store(true, Ordering::Relaxed);
}

/// The headers that say where a trace comes from.
struct Headers<'a> {
    traceparent: &'a str,
    tracestate: Option<&'a str>,
}

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            "traceparent" => Some(self.traceparent),
            "tracestate" => self.tracestate,
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent", "tracestate"]
    }
}

/// Makes a span that was not entered yet part of the trace that these headers name. What cannot be read is no trace.
pub fn continue_trace(span: &Span, traceparent: Option<&str>, tracestate: Option<&str>) {
    let Some(traceparent) = traceparent.filter(|_| EXPORTING.load(Ordering::Relaxed)) else { return };
    let context =
        TraceContextPropagator::new().extract_with_context(&Context::new(), &Headers { traceparent, tracestate });
    adopt(span, context);
}

/// A place in a trace, kept for what follows from it later.
#[derive(Clone, Debug)]
pub struct TraceMark(SpanContext);

impl TraceMark {
    /// The span that is entered now; none when it is not exported.
    pub fn here() -> Option<Self> {
        if !EXPORTING.load(Ordering::Relaxed) {
            return None;
        }
        let context = Span::current().context().span().span_context().clone();
        context.is_sampled().then_some(Self(context))
    }

    /// Makes a span that was not entered yet follow from this place.
    pub fn lead_to(&self, span: &Span) {
        adopt(span, Context::new().with_remote_span_context(self.0.clone()));
    }
}

/// A span that is switched off has no parent either.
fn adopt(span: &Span, context: Context) {
    if context.span().span_context().is_valid() && span.set_parent(context).is_err() {
        tracing::trace!("a span that is not exported was to be part of a trace");
    }
}
