//! What a serving process does beside answering: every task that goes on until the server stops, started here and nowhere
//! else. Each takes a token that stops it, survives whatever fails in one of its rounds, and says why in the log; what it
//! does and how often stands in its own file.

use std::time::Duration;

use infrastructure::admin_feed::Source;
use infrastructure::erasure::Eraser;
use infrastructure::mail::Outbox;
use infrastructure::postgres::node_notes::PostgresNotes;
use infrastructure::upkeep::Kept;
use infrastructure::{audit_projector, reader, upkeep};
use tokio::task::JoinHandle;

use crate::state::App;

/// How often the samples of the counters are put into their buckets when nobody reads them.
const COUNTERS_S: u64 = 5;

/// Starts all of them on the current tokio runtime. The sending of mail and the node's own notes are returned: they end well, if
/// their end is waited for.
pub(crate) fn start(app: &App, outbox: Outbox, tidy_counters: impl Fn() + Send + 'static) -> JoinHandle<()> {
    let (pool, stop) = (&app.pool, &app.shutdown);
    // What this node knows of the database and of other nodes.
    tokio::spawn(app.breaker.clone().probe(pool.clone(), stop.clone()));
    tokio::spawn(app.readers.replica().clone().follow(pool.clone(), stop.clone()));
    tokio::spawn(app.tokens.clone().follow(pool.clone(), stop.clone()));
    tokio::spawn(app.revocations.clone().follow(pool.clone(), stop.clone()));
    watch_other_nodes(app);
    tokio::spawn(app.wall_clock.clone().watch(pool.clone(), stop.clone()));
    tokio::spawn(app.lives.clone().keep(app.readers.hub().clone(), stop.clone()));
    tokio::spawn(app.flags.clone().follow(app.directory.clone(), stop.clone()));
    tokio::spawn(app.memories.clone().follow(app.redactions.clone(), stop.clone()));
    let notes = PostgresNotes::new(pool.clone());
    let source =
        Source { notes: notes.clone(), pool: app.pool.clone(), breaker: app.breaker.clone(), node: app.node.id };
    tokio::spawn(app.admin_feed.clone().follow(source, stop.clone()));
    // What it noted in memory and writes down from time to time.
    tokio::spawn(app.presence.clone().follow(pool.clone(), stop.clone()));
    tokio::spawn(app.sync_notes.clone().follow(app.sync_history.clone(), stop.clone()));
    let measure_days = app.serving.limits.measure_days;
    tokio::spawn(app.pipeline.measures().clone().keep(app.measures.clone(), measure_days, stop.clone()));
    tokio::spawn(app.directory.clone().log_refused_sign_ins(stop.clone()));
    // What is past its time, in memory and in the database.
    tokio::spawn(app.limits.clone().forget(stop.clone()));
    let limits = &app.serving.limits;
    let kept = Kept { receipt_days: limits.receipt_days, sync_history_days: limits.sync_history_days };
    tokio::spawn(upkeep::keep(pool.clone(), app.revocations.clone(), kept, stop.clone()));
    let eraser = Eraser::new(pool.clone(), &app.serving.settings.data_dir, app.revocations.clone());
    tokio::spawn(eraser.watch(stop.clone()));
    // Rows that have to be folded again.
    tokio::spawn(app.folds.clone().watch(app.serving.rebuilding.rebuild_workers, stop.clone()));
    tokio::spawn(app.rebuilds.clone().watch(stop.clone()));
    // Whether what is stored is what was committed.
    tokio::spawn(app.verifier.clone().watch(stop.clone()));
    tokio::spawn(app.backups.clone().keep(stop.clone()));
    tokio::spawn(stop.clone().run_until_cancelled_owned(async move {
        let mut ticks = tokio::time::interval(Duration::from_secs(COUNTERS_S));
        loop {
            ticks.tick().await;
            tidy_counters();
        }
    }));
    // What follows the logs by itself.
    tokio::spawn(audit_projector::keep(app.audit.clone(), stop.clone()));
    // Both have last words.
    let telling = app.node.clone().tell(notes, app.breaker.clone(), stop.clone());
    let sending = outbox.run(stop.clone());
    tokio::spawn(async move {
        tokio::join!(sending, telling);
    })
}

/// What other nodes write is heard of and, because that may fail, looked for.
fn watch_other_nodes(app: &App) {
    let (hints, stop, calm) = (app.hints.clone(), app.shutdown.clone(), Duration::from_secs(app.serving.hints.sweep_s));
    tokio::spawn(reader::sweep(app.readers.clone(), app.memories.clone(), hints.clone(), calm, stop.clone()));
    // The settings were read before anything was started.
    if let Err(error) = hints.talk(app.readers.hub().clone(), &app.serving, stop) {
        tracing::error!(error.cause = %error, "other nodes are not heard");
    }
}
