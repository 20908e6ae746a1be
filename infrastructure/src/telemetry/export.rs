//! Sending spans to a collector: OTLP, protobuf over HTTP, in batches, by one task.

use std::time::Duration;

use metrics::counter;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider, SpanData, SpanExporter as _};
use tokio::runtime::Handle;
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use super::span_queue::SpanQueue;
use super::{TelemetryError, trace};
use crate::clock::uuid_v7;
use crate::config::Tracing;
use crate::metric_names::{SPANS_DROPPED_TOTAL, SPANS_EXPORTED_TOTAL};

/// The path of traces below an endpoint (OTLP, "OTLP/HTTP request").
const TRACES_PATH: &str = "/v1/traces";
/// How often what has gathered is sent.
const EVERY_MS: u64 = 500;
/// Spans of one request to the collector.
const BATCH_SPANS_MAX: usize = 512;
/// How long the collector may take for one.
const ANSWER_MS_MAX: u64 = 5_000;
/// How long the last spans may take when the process ends.
const FLUSH_MS_MAX: u64 = 3_000;

/// Spans are being exported, until this is closed.
#[derive(Debug)]
pub struct Exporting {
    provider: SdkTracerProvider,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Exporting {
    /// Sends what has ended and stops; gives up after some seconds.
    pub async fn close(self) {
        self.stop.cancel();
        if timeout(Duration::from_millis(FLUSH_MS_MAX), self.task).await.is_err() {
            tracing::warn!("the last spans could not be sent in time");
        }
        drop(self.provider);
    }
}

/// Begins to export: a tracer for the subscriber, and what is to be closed at the end.
pub(super) fn begin(
    endpoint: &str,
    settings: &Tracing,
    runtime: &Handle,
) -> Result<(SdkTracer, Exporting), TelemetryError> {
    let mut exporter = exporter(endpoint)?;
    let resource = resource(settings);
    exporter.set_resource(&resource);
    let (queue, waiting) = SpanQueue::new();
    let ratio = Sampler::TraceIdRatioBased(settings.otlp_sampling);
    let provider = SdkTracerProvider::builder()
        .with_span_processor(queue)
        .with_sampler(Sampler::ParentBased(Box::new(ratio)))
        .with_resource(resource)
        .build();
    trace::switch_on();
    let stop = CancellationToken::new();
    let task = runtime.spawn(send(exporter, waiting, stop.clone()));
    Ok((provider.tracer("levelup"), Exporting { provider, stop, task }))
}

fn exporter(endpoint: &str) -> Result<SpanExporter, TelemetryError> {
    let wrong = |reason: String| TelemetryError::Endpoint(reason);
    let url = reqwest::Url::parse(endpoint).map_err(|error| wrong(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("it begins with http:// or https://".to_owned()));
    }
    let url = match url.path().ends_with(TRACES_PATH) {
        true => url.to_string(),
        false => format!("{}{TRACES_PATH}", endpoint.trim_end_matches('/')),
    };
    let client = reqwest::Client::builder().timeout(Duration::from_millis(ANSWER_MS_MAX)).build();
    let client = client.map_err(|error| wrong(error.to_string()))?;
    let exporter = SpanExporter::builder().with_http().with_http_client(client).with_protocol(Protocol::HttpBinary);
    let exporter = exporter.with_endpoint(url).with_timeout(Duration::from_millis(ANSWER_MS_MAX)).build();
    exporter.map_err(|error| wrong(error.to_string()))
}

/// What every span says of this process. The operator's own come last and win.
fn resource(settings: &Tracing) -> Resource {
    let own = [
        KeyValue::new("service.name", "levelup"),
        KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
        KeyValue::new("service.instance.id", uuid_v7().to_string()),
    ];
    let theirs = settings.otlp_attributes.iter().cloned();
    let theirs = theirs.map(|(name, value)| KeyValue::new(name, value));
    Resource::builder_empty().with_attributes(own).with_attributes(theirs).build()
}

/// Sends, until the token says that no more come; then once more. A collector that does not answer costs its batch.
async fn send(exporter: SpanExporter, mut waiting: Receiver<SpanData>, stop: CancellationToken) {
    let mut ticks = interval(Duration::from_millis(EVERY_MS));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut answers = true;
    loop {
        let goes_on = stop.run_until_cancelled(ticks.tick()).await.is_some();
        loop {
            let batch: Vec<SpanData> = std::iter::from_fn(|| waiting.try_recv().ok()).take(BATCH_SPANS_MAX).collect();
            if batch.is_empty() {
                break;
            }
            answers = deliver(&exporter, batch, answers).await;
        }
        if !goes_on {
            return;
        }
    }
}

/// Whether the collector took it. Said in the log when that changes, not for each batch.
async fn deliver(exporter: &SpanExporter, batch: Vec<SpanData>, answered: bool) -> bool {
    let spans = batch.len() as u64;
    match exporter.export(batch).await {
        Ok(()) => {
            counter!(SPANS_EXPORTED_TOTAL).increment(spans);
            true
        }
        Err(error) => {
            counter!(SPANS_DROPPED_TOTAL, "because" => "not_taken").increment(spans);
            if answered {
                tracing::warn!(error.cause = %error, "spans are not taken by the collector; they are dropped until they are");
            }
            false
        }
    }
}
