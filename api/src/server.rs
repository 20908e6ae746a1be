//! The HTTP server: from a pool and a listener to answers, until it is told to stop.

use std::net::TcpListener;
use std::pin::pin;
use std::time::Duration;

use actix_web::dev::Server as ActixServer;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as HttpApp, HttpServer, web};
use deadpool_postgres::Pool;
use infrastructure::config::Serving;
use infrastructure::hints::{NatsServers, NatsSettingError};
use infrastructure::mail::{MailSettingError, Outbox};
use infrastructure::postgres::replica::{Replica, ReplicaSettingError};
use infrastructure::telemetry::{self, TelemetryError};
use infrastructure::tokens::KeyError;
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use tracing_actix_web::TracingLogger;

use crate::connections::Connections;
use crate::limits::guard;
use crate::negotiate::{RequestSpan, check_head, cors, negotiate, spare_small_and_live};
use crate::state::App;
use crate::system::gauges;
use crate::system::http_metrics::count;
use crate::tls::{Certificate, PairError};
use crate::v1::as_meant;
use crate::v1::rollout::stand_aside;
use crate::{routes, tasks};

/// How long an idle connection is kept; longer than the usual proxies keep theirs.
const KEEP_ALIVE_S: u64 = 75;
/// How long the head of a request may take to arrive.
const REQUEST_HEAD_S_MAX: u64 = 10;
/// How long a client may take to close its side.
const DISCONNECT_S_MAX: u64 = 5;
/// How long requests in flight may take to end when the server stops.
const SHUTDOWN_S_MAX: u64 = 10;
/// What was said last may still be on its way to the socket.
const LAST_WORDS_MS: u64 = 100;
/// How long a TLS handshake may take: a phone on a bad line needs some round trips.
const TLS_HANDSHAKE_S_MAX: u64 = 5;
/// Connections of one worker; past it new ones wait in the system's queue.
const WORKER_CONNECTIONS_MAX: usize = 25_000;
/// TLS handshakes that one worker has under way; past it new connections wait. So many that holding them all open takes
/// thousands of new connections a second, and each costs a few KiB.
const WORKER_HANDSHAKES_MAX: usize = 4_096;

/// Why the server could not start or stay up.
#[derive(Debug, Error)]
pub enum ServeError {
    /// No key to sign tokens with.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Mail cannot leave.
    #[error(transparent)]
    Mail(#[from] MailSettingError),
    /// Other nodes cannot be told.
    #[error(transparent)]
    Nats(#[from] NatsSettingError),
    /// Nobody else to read from.
    #[error(transparent)]
    Replica(#[from] ReplicaSettingError),
    /// No certificate to show.
    #[error(transparent)]
    Certificate(#[from] PairError),
    /// No version of TLS to speak.
    #[error("TLS cannot be spoken: {0}")]
    Tls(#[from] rustls::Error),
    /// No counters.
    #[error(transparent)]
    Counters(#[from] TelemetryError),
    /// The operating system refused the listener or a worker.
    #[error("the HTTP server stopped: {0}")]
    Io(#[from] std::io::Error),
}

/// What is remembered of the database, before the first request. What cannot be had now is asked for again.
async fn look_up(app: &App) {
    let looks = [
        ("the versions of the folds", app.folds.look().await.map(drop)),
        ("the ended sessions", app.revocations.look(&app.pool).await.map(drop)),
        ("the flags", app.flags.look(&app.directory).await.map(drop)),
    ];
    for (what, looked) in looks {
        if let Err(fault) = looked {
            tracing::warn!(error.cause = %fault, "{what} could not be looked up at the start; they are asked for again");
        }
    }
}

/// Takes no more connections and lets what is in flight end. Live connections that were told are not waited for.
async fn finish(
    stopping: impl Future<Output = ()>,
    serving: impl Future<Output = std::io::Result<()>>,
    connections: &Connections,
) -> std::io::Result<()> {
    tokio::select! {
        biased;
        ended = async { tokio::join!(stopping, serving).1 } => ended,
        () = connections.settled() => {
            tokio::time::sleep(Duration::from_millis(LAST_WORDS_MS)).await;
            Ok(())
        }
    }
}

/// Serves until `shutdown`, and then to the end of what was begun.
async fn until(shutdown: &CancellationToken, server: ActixServer, connections: &Connections) -> std::io::Result<()> {
    let handle = server.handle();
    let mut serving = pin!(server);
    tokio::select! {
        ended = &mut serving => ended,
        () = shutdown.cancelled() => finish(handle.stop(true), serving, connections).await,
    }
}

/// Serves on `listener` until `shutdown` is cancelled; then takes no more connections, lets requests in flight end, and
/// returns. The database behind `pool` must be migrated. Several servers may run in one process.
pub async fn run(
    serving: Serving,
    pool: Pool,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    gauges::begin();
    let counters = telemetry::counters()?;
    let outbox = Outbox::open(&serving, pool.clone())?;
    let certificate = Certificate::open(&serving.http)?;
    NatsServers::of(&serving.hints)?;
    let replica = Replica::of(&serving)?;
    let app = web::Data::new(App::open(serving, pool, replica, shutdown.clone())?);
    // Before anybody is served: whether the database is the one that was left.
    app.lives.try_settle().await;
    let outbox = tasks::start(&app, outbox, move || counters.run_upkeep());
    look_up(&app).await;
    app.tokens.publish(&app.pool, &shutdown).await;
    let lives = app.lives.clone();
    let web_dir = app.serving.http.web.clone();
    let connections = Connections::default();
    let server = HttpServer::new(move || {
        // The last to be wrapped is the first to be called.
        HttpApp::new()
            .app_data(app.clone())
            .configure(|config| routes::routes(config, web_dir.clone()))
            .wrap(from_fn(stand_aside))
            .wrap(from_fn(guard))
            .wrap(from_fn(spare_small_and_live))
            .wrap(Compress::default())
            .wrap(TracingLogger::<RequestSpan>::new())
            .wrap(from_fn(check_head))
            // Outside of everything that refuses: a page may read refusals too.
            .wrap(cors(app.clone()))
            .wrap(from_fn(negotiate))
            .wrap(from_fn(count))
            .wrap(from_fn(as_meant))
    })
    .on_connect(connections.counting())
    .disable_signals()
    .tcp_nodelay(true)
    .keep_alive(Duration::from_secs(KEEP_ALIVE_S))
    .client_request_timeout(Duration::from_secs(REQUEST_HEAD_S_MAX))
    .client_disconnect_timeout(Duration::from_secs(DISCONNECT_S_MAX))
    .shutdown_timeout(SHUTDOWN_S_MAX)
    .tls_handshake_timeout(Duration::from_secs(TLS_HANDSHAKE_S_MAX))
    .max_connections(WORKER_CONNECTIONS_MAX)
    .max_connection_rate(WORKER_HANDSHAKES_MAX);
    let server = match certificate {
        None => server.listen(listener)?,
        Some(certificate) => {
            let config = certificate.server_config()?;
            tokio::spawn(certificate.follow(shutdown.clone()));
            server.listen_rustls_0_23(listener, config)?
        }
    }
    .run();

    let ended = until(&shutdown, server, &connections).await;
    lives.rest().await;
    // What it is sending ends well, or is handed back; both are bounded.
    if shutdown.is_cancelled() {
        outbox.await.ok();
    }
    ended.map_err(ServeError::from)
}
