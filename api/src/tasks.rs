//! What a serving process does beside answering: every task that goes on until the server stops, started here and nowhere
//! else. Each takes a token that stops it, survives whatever fails in one of its rounds, and says why in the log; what it
//! does and how often stands in its own file.

use std::time::Duration;

use infrastructure::erasure::Eraser;
use infrastructure::mail::Outbox;
use infrastructure::{reader, upkeep};
use tokio::task::JoinHandle;

use crate::state::App;

/// How often the samples of the counters are put into their buckets when nobody reads them.
const COUNTERS_S: u64 = 5;

/// Starts all of them on the current tokio runtime. The sending of mail is returned: it ends well, if its end is waited for.
pub(crate) fn start(app: &App, outbox: Outbox, tidy_counters: impl Fn() + Send + 'static) -> JoinHandle<()> {
    let (pool, stop) = (&app.pool, &app.shutdown);
    // What this node knows of the database and of other nodes.
    tokio::spawn(app.breaker.clone().probe(pool.clone(), stop.clone()));
    tokio::spawn(app.tokens.clone().follow(pool.clone(), stop.clone()));
    tokio::spawn(app.revocations.clone().follow(pool.clone(), stop.clone()));
    tokio::spawn(reader::sweep(app.readers.clone(), stop.clone()));
    tokio::spawn(app.lives.clone().keep(app.readers.hub().clone(), stop.clone()));
    // What it noted in memory and writes down from time to time.
    tokio::spawn(app.presence.clone().follow(pool.clone(), stop.clone()));
    let measure_days = app.serving.limits.measure_days;
    tokio::spawn(app.pipeline.measures().clone().keep(app.measures.clone(), measure_days, stop.clone()));
    tokio::spawn(app.directory.clone().log_refused_sign_ins(stop.clone()));
    // What is past its time, in memory and in the database.
    tokio::spawn(app.limits.clone().forget(stop.clone()));
    let receipt_days = app.serving.limits.receipt_days;
    tokio::spawn(upkeep::keep(pool.clone(), app.revocations.clone(), receipt_days, stop.clone()));
    let eraser = Eraser::new(pool.clone(), &app.serving.settings.data_dir, app.revocations.clone());
    tokio::spawn(eraser.watch(stop.clone()));
    tokio::spawn(stop.clone().run_until_cancelled_owned(async move {
        let mut ticks = tokio::time::interval(Duration::from_secs(COUNTERS_S));
        loop {
            ticks.tick().await;
            tidy_counters();
        }
    }));
    tokio::spawn(outbox.run(stop.clone()))
}
