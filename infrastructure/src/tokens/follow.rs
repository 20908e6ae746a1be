//! Follows the keys of all nodes: a look again and again, and one at once when a token names a key that is not known.

use std::time::Duration;

use application::fault::Fault;
use deadpool_postgres::Pool;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::Tokens;
use super::look::{LookError, Looking};

/// How often the files and the table are looked at: a revoked key is refused within a second everywhere.
const POLL_MS: u64 = 300;
/// Looks on behalf of tokens are at least so far apart, however many ask.
const SPACING: Duration = Duration::from_millis(100);
/// How long one look may take.
const LOOK_MS_MAX: u64 = 3_000;

impl Tokens {
    /// Publishes this node's keys and learns those of the others. Until it has succeeded nothing may be served.
    ///
    /// # Errors
    /// The files or the table could not be read.
    pub async fn look(&self, pool: &Pool) -> Result<(), LookError> {
        let mut looking = self.shared.looking.lock().await;
        self.look_holding(&mut looking, pool).await
    }

    /// Looks until the keys of this node are published. Told of once; `stop` ends it.
    pub async fn publish(&self, pool: &Pool, stop: &CancellationToken) {
        let mut told = false;
        while let Err(error) = self.look(pool).await {
            if !std::mem::replace(&mut told, true) {
                tracing::warn!(error.cause = %error, "no key can be published yet; nobody is served before that");
            }
            let pause = tokio::time::sleep(Duration::from_millis(POLL_MS));
            if stop.run_until_cancelled(pause).await.is_none() {
                return;
            }
        }
    }

    /// Looks again and again, until `stop`.
    pub async fn follow(self, pool: Pool, stop: CancellationToken) {
        let mut ticks = interval(Duration::from_millis(POLL_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            if let Err(error) = self.look(&pool).await {
                tracing::debug!(error.cause = %error, "the signing keys could not be looked at");
            }
        }
    }

    /// A look that begins after this call: what was signed before it by a published key is known afterwards. Many who
    /// ask at once share one.
    ///
    /// # Errors
    /// The look told nothing, so whether the token is good is not known.
    pub async fn look_again(&self, pool: &Pool) -> Result<(), Fault> {
        let asked = Instant::now();
        let unknown = || Fault::Unavailable("the signing keys cannot be looked up".to_owned());
        let mut looking = self.shared.looking.lock().await;
        if let Some((began, succeeded)) = looking.last {
            if began > asked {
                return if succeeded { Ok(()) } else { Err(unknown()) };
            }
            sleep_until(began + SPACING).await;
        }
        self.look_holding(&mut looking, pool).await.map_err(|error| match error {
            LookError::Table(fault) => fault,
            // The database is there; whoever makes keys up must not make it look away.
            LookError::Files(_) => Fault::Crowded("the files of the signing keys cannot be read".to_owned()),
        })
    }

    async fn look_holding(&self, looking: &mut Looking, pool: &Pool) -> Result<(), LookError> {
        let began = Instant::now();
        let late = || LookError::Table(Fault::Unavailable(format!("no answer within {LOOK_MS_MAX} ms")));
        let look = timeout(Duration::from_millis(LOOK_MS_MAX), looking.look(pool, &self.shared.ring));
        let outcome = look.await.unwrap_or_else(|_| Err(late()));
        looking.last = Some((began, outcome.is_ok()));
        outcome
    }
}
