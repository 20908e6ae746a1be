//! The log, the spans and the counters of this process. Log lines go to standard error, so that standard output stays the
//! program's own; each line reads alone and carries dotted fields. Spans go to a collector, when one is named.

mod export;
mod span_queue;
mod trace;
mod zeroes;

use std::{io::IsTerminal, sync::OnceLock};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use thiserror::Error;
use tokio::runtime::Handle;
use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter, Layer, filter::Targets, layer::SubscriberExt, registry::LookupSpan, util::SubscriberInitExt,
};

use crate::{
    config::{LogFormat, Logging},
    metric_names::{CHANGES_BUCKETS, FEED_LAG_CHANGES, GROUP_BUCKETS, GROUP_TRANSACTIONS, SECONDS_BUCKETS},
};

pub use export::Exporting;
pub use trace::{TraceMark, continue_trace};

/// Why the log or the counters could not start.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// The filter is not one.
    #[error("LEVELUP_LOG is not a log filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The address of the collector is not one.
    #[error("LEVELUP_OTLP_ENDPOINT is not an address that spans can be sent to: {0}")]
    Endpoint(String),
    /// Something in this process already writes the log or counts.
    #[error("the log or the counters were started twice")]
    StartedTwice,
}

/// Libraries that say what is of interest only to who looks for a fault in them, or what is told here once at each attempt. The setting comes after and
/// wins, by naming them.
const QUIET: &str = "actix_server=warn,async_nats=off,deadpool.postgres=error,refinery_core=warn,tokio_postgres=warn";

/// Starts the log for the life of the process and, when a collector is named, the export of spans on this runtime. What is
/// returned sends the last of them.
///
/// # Errors
/// A setting is wrong, or the log was started before.
pub fn start(logging: &Logging, runtime: &Handle) -> Result<Option<Exporting>, TelemetryError> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", logging.log))?;
    let Some(endpoint) = logging.tracing.otlp_endpoint.get() else {
        // One filter for the whole process: what it switches off costs a look at one number.
        let started = tracing_subscriber::registry().with(lines(logging.log_format)).with(filter).try_init();
        return started.map(|()| None).map_err(|_| TelemetryError::StartedTwice);
    };
    let (tracer, exporting) = export::begin(endpoint, &logging.tracing, runtime)?;
    let spans = tracing_opentelemetry::layer().with_tracer(tracer).with_location(false).with_threads(false);
    let started = tracing_subscriber::registry()
        .with(lines(logging.log_format).with_filter(filter))
        .with(spans.with_filter(exported()))
        .try_init();
    started.map(|()| Some(exporting)).map_err(|_| TelemetryError::StartedTwice)
}

/// The spans that are exported: those of this program's own rooms, whatever the log shows. What its libraries do, sending
/// spans among it, is not.
fn exported() -> Targets {
    let rooms = ["api", "application", "infrastructure"];
    rooms.into_iter().fold(Targets::new(), |targets, room| targets.with_target(room, tracing::Level::DEBUG))
}

fn lines<S: Subscriber + for<'a> LookupSpan<'a>>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync> {
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Pretty => lines.with_ansi(std::io::stderr().is_terminal()).pretty().boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).boxed(),
    }
}

/// The counters of this process, to be rendered for Prometheus. The first call installs them; later calls give the
/// same ones, so that several servers in one process (tests) can share them.
pub fn counters() -> Result<PrometheusHandle, TelemetryError> {
    static COUNTERS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let installed = COUNTERS.get_or_init(|| {
        // Without buckets a histogram would be a summary, and summaries of several nodes cannot be added up.
        let group = Matcher::Full(GROUP_TRANSACTIONS.to_owned());
        let lag = Matcher::Full(FEED_LAG_CHANGES.to_owned());
        let counters = PrometheusBuilder::new().set_buckets(&SECONDS_BUCKETS).ok()?;
        let counters = counters.set_buckets_for_metric(group, &GROUP_BUCKETS).ok()?;
        let counters = counters.set_buckets_for_metric(lag, &CHANGES_BUCKETS).ok()?.install_recorder().ok()?;
        zeroes::set();
        Some(counters)
    });
    installed.clone().ok_or(TelemetryError::StartedTwice)
}
