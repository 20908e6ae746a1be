//! The log and the counters of this process. Log lines go to standard error, so that standard output stays the
//! program's own; each line reads alone and carries dotted fields.

use std::{io::IsTerminal, sync::OnceLock};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use thiserror::Error;
use tracing_subscriber::EnvFilter;

use crate::{
    config::{LogFormat, Logging},
    metric_names::{GROUP_BUCKETS, GROUP_TRANSACTIONS, SECONDS_BUCKETS},
};

/// Why the log or the counters could not start.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// The filter is not one.
    #[error("LEVELUP_LOG is not a log filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Something in this process already writes the log or counts.
    #[error("the log or the counters were started twice")]
    StartedTwice,
}

/// Libraries that say at `info` what is of interest only to who looks for a fault in them. The setting comes after and
/// wins, by naming them.
const QUIET: &str = "actix_server=warn,deadpool.postgres=error,refinery_core=warn,tokio_postgres=warn";

/// Starts the log for the life of the process.
pub fn start(logging: &Logging) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", logging.log))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match logging.log_format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).try_init(),
    };
    started.map_err(|_| TelemetryError::StartedTwice)
}

/// The counters of this process, to be rendered for Prometheus. The first call installs them; later calls give the
/// same ones, so that several servers in one process (tests) can share them.
pub fn counters() -> Result<PrometheusHandle, TelemetryError> {
    static COUNTERS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let installed = COUNTERS.get_or_init(|| {
        // Without buckets a histogram would be a summary, and summaries of several nodes cannot be added up.
        let group = Matcher::Full(GROUP_TRANSACTIONS.to_owned());
        let counters = PrometheusBuilder::new().set_buckets(&SECONDS_BUCKETS).ok()?;
        counters.set_buckets_for_metric(group, &GROUP_BUCKETS).ok()?.install_recorder().ok()
    });
    installed.clone().ok_or(TelemetryError::StartedTwice)
}
