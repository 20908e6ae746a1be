//! The HTTP server: from a pool and a listener to answers, until it is told to stop.

use std::net::TcpListener;
use std::pin::pin;
use std::time::Duration;

use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as HttpApp, HttpServer, web};
use deadpool_postgres::Pool;
use infrastructure::config::Serving;
use infrastructure::telemetry::{self, TelemetryError};
use infrastructure::tokens::KeyError;
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use tracing_actix_web::TracingLogger;

use crate::limits::guard;
use crate::negotiate::{RequestSpan, negotiate, spare_small_and_live};
use crate::routes;
use crate::state::App;
use crate::system::http_metrics::count;

/// How long an idle connection is kept; longer than the usual proxies keep theirs.
const KEEP_ALIVE_S: u64 = 75;
/// How long the head of a request may take to arrive.
const REQUEST_HEAD_S_MAX: u64 = 10;
/// How long a client may take to close its side.
const DISCONNECT_S_MAX: u64 = 5;
/// How long requests in flight may take to end when the server stops.
const SHUTDOWN_S_MAX: u64 = 10;
/// How often the samples of the counters are put into their buckets when nobody reads them.
const UPKEEP_S: u64 = 5;

/// Why the server could not start or stay up.
#[derive(Debug, Error)]
pub enum ServeError {
    /// No key to sign tokens with.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No counters.
    #[error(transparent)]
    Counters(#[from] TelemetryError),
    /// The operating system refused the listener or a worker.
    #[error("the HTTP server stopped: {0}")]
    Io(#[from] std::io::Error),
}

/// Serves on `listener` until `shutdown` is cancelled; then takes no more connections, lets requests in flight end, and
/// returns. The database behind `pool` must be migrated. Several servers may run in one process.
pub async fn run(
    serving: Serving,
    pool: Pool,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    let counters = telemetry::counters()?;
    let app = web::Data::new(App::open(serving, pool, shutdown.clone())?);
    let server = HttpServer::new(move || {
        // The last to be wrapped is the first to be called.
        HttpApp::new()
            .app_data(app.clone())
            .configure(routes::routes)
            .wrap(from_fn(guard))
            .wrap(from_fn(spare_small_and_live))
            .wrap(Compress::default())
            .wrap(TracingLogger::<RequestSpan>::new())
            .wrap(from_fn(negotiate))
            .wrap(from_fn(count))
    })
    .disable_signals()
    .tcp_nodelay(true)
    .keep_alive(Duration::from_secs(KEEP_ALIVE_S))
    .client_request_timeout(Duration::from_secs(REQUEST_HEAD_S_MAX))
    .client_disconnect_timeout(Duration::from_secs(DISCONNECT_S_MAX))
    .shutdown_timeout(SHUTDOWN_S_MAX)
    .listen(listener)?
    .run();

    let upkeep = tokio::spawn(shutdown.clone().run_until_cancelled_owned(async move {
        let mut ticks = tokio::time::interval(Duration::from_secs(UPKEEP_S));
        loop {
            ticks.tick().await;
            counters.run_upkeep();
        }
    }));
    let handle = server.handle();
    let mut serving = pin!(server);
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = shutdown.cancelled() => tokio::join!(handle.stop(true), serving).1,
    };
    upkeep.abort();
    ended.map_err(ServeError::from)
}
