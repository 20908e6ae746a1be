//! Asks the database whether it is there, again and again, in the background.

use std::time::Duration;

use deadpool_postgres::Pool;
use tokio_util::sync::CancellationToken;

use super::{Breaker, Standing};
use crate::clock::{jitter_ms, now_ms};

/// The easiest question.
const PROBE: &str = include_str!("../postgres/sql/probe.sql");

/// How long an answer may take, the wait for a connection included.
const ANSWER_MS_MAX: u64 = 2_000;
/// The pause between two questions while everything is well.
const PAUSE_MS: u64 = 1_000;
/// The pause while it is not.
const PAUSE_AWAY_MS: u64 = 250;

/// Asks until `stop`, through the pool that everybody uses.
pub(super) async fn run(breaker: Breaker, pool: Pool, stop: CancellationToken) {
    let asking = async {
        loop {
            let pause = if breaker.standing() == Standing::Closed { PAUSE_MS } else { PAUSE_AWAY_MS };
            tokio::time::sleep(Duration::from_millis(pause + jitter_ms(pause / 2))).await;
            let began_at = now_ms();
            let answer = tokio::time::timeout(Duration::from_millis(ANSWER_MS_MAX), answers(&pool)).await;
            breaker.probed(began_at, answer.unwrap_or(false));
        }
    };
    stop.run_until_cancelled(asking).await;
}

async fn answers(pool: &Pool) -> bool {
    match pool.get().await {
        Ok(client) => client.simple_query(PROBE).await.is_ok(),
        Err(_) => false,
    }
}
