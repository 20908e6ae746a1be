//! How a serving process is told to end: SIGINT or SIGTERM ask it to finish what it has begun, a second one makes it
//! leave at once.

use std::time::{Duration, Instant};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{CliError, Exit};

/// One wish can arrive as several signals: `timeout` and terminals send theirs to the process and to its group.
const SAME_WISH: Duration = Duration::from_secs(1);

/// A token that is cancelled by the first signal.
pub(super) fn stop_token() -> Result<CancellationToken, CliError> {
    let failed = |error: std::io::Error| {
        CliError::new(
            Exit::Environment,
            format!("signals cannot be received: {error}"),
            "Raise the limit of open files.",
        )
    };
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let token = CancellationToken::new();
    let stop = token.clone();
    tokio::spawn(async move {
        next(&mut interrupt, &mut terminate).await;
        tracing::info!("asked to stop; finishing what has begun");
        stop.cancel();
        let asked = Instant::now();
        while asked.elapsed() < SAME_WISH {
            next(&mut interrupt, &mut terminate).await;
        }
        tracing::warn!("asked to stop again; leaving at once");
        std::process::exit(Exit::Interrupted as i32);
    });
    Ok(token)
}

async fn next(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
