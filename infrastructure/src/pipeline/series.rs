//! A flight of one space: while a group of it is written, what comes is decided on the state that the group will leave, and
//! is written next. The flight ends when nothing has come, or other spaces wait for its place.

use std::sync::Arc;
use std::time::{Duration, Instant};

use application::fault::Fault;
use application::ledger::{Appended, Ledger, Prepared};
use application::submit::{Committed, Group, Series};
use domain::id::SpaceId;
use metrics::{counter, histogram};
use tokio::sync::Notify;
use tracing::{Instrument, debug_span};

use super::Shared;
use super::flight::{HEAD_MOVED, depart, measure, retry};
use super::landing::{batch, free, tell};
use super::queue::{Share, Waiting};
use super::timed::Timed;
use crate::clock::now_ms;
use crate::metric_names::{DECIDE_SECONDS, GROUPS_AHEAD_TOTAL};

/// A flight of one space.
struct Flight<'a, L> {
    shared: &'a Arc<Shared<L>>,
    space: SpaceId,
    more: Arc<Notify>,
    /// Groups that were cut off so far.
    groups: usize,
}

/// What was decided ahead of its turn to be written.
#[derive(Default)]
struct Ahead {
    waiting: Vec<Waiting>,
    /// Whether the next one has to wait until what is written is durable.
    stopped: bool,
    spent: Duration,
}

/// Flies until the space lands. What did not land is tried again alone, and what came after it waits for that.
pub(super) async fn fly<L: Ledger + 'static>(shared: &Arc<Shared<L>>, share: Share) {
    let Share { space, mut waiting } = share;
    let mut span = depart(waiting.iter_mut());
    measure(shared, waiting.len());
    let batch = batch(space, &waiting);
    let begun = Series::begin(&Timed::new(&*shared.ledger), now_ms(), &batch).instrument(span.clone()).await;
    let mut series = match begun {
        Ok(Some(series)) => series,
        Ok(None) => return retry(shared, Share { space, waiting }, Fault::Unavailable(HEAD_MOVED.to_owned())),
        Err(fault) => return failed(shared, Share { space, waiting }, fault),
    };
    let mut flight = Flight { shared, space, more: shared.queue().follow(space), groups: 0 };
    loop {
        let (written, committed, ahead) = flight.write_and_decide(&mut series).instrument(span.clone()).await;
        if written != Ok(Appended::Committed) {
            shared.queue().put_back(space, ahead.waiting);
            let (_entered, share) = (span.enter(), Share { space, waiting });
            return match written {
                Ok(_) => retry(shared, share, Fault::Unavailable(HEAD_MOVED.to_owned())),
                Err(fault) => failed(shared, share, fault),
            };
        }
        span.in_scope(|| tell(shared, waiting, committed));
        if ahead.waiting.is_empty() {
            return free(shared, space);
        }
        waiting = ahead.waiting;
        shared.queue().departed(space, &waiting);
        span = depart(waiting.iter_mut());
        measure(shared, waiting.len());
        histogram!(DECIDE_SECONDS).record(ahead.spent);
        counter!(GROUPS_AHEAD_TOTAL).increment(1);
    }
}

fn failed<L: Ledger + 'static>(shared: &Arc<Shared<L>>, share: Share, fault: Fault) {
    let transactions = share.waiting.len();
    tracing::warn!(group.spaces = 1, group.transactions = transactions, fault = %fault, "a group append failed; its spaces are tried alone");
    retry(shared, share, fault);
}

impl<L: Ledger + 'static> Flight<'_, L> {
    /// Writes what was decided; meanwhile, decides what comes.
    async fn write_and_decide(&mut self, series: &mut Series) -> (Result<Appended, Fault>, Box<Committed>, Ahead) {
        let Group { committed, prepared } = series.cut();
        self.groups += 1;
        let mut ahead = Ahead { stopped: self.groups >= self.shared.limits.series_groups_max, ..Ahead::default() };
        let writing = write(&*self.shared.ledger, prepared);
        tokio::pin!(writing);
        // Something may have come before anybody listened.
        self.more.notify_one();
        loop {
            tokio::select! {
                // The write is under way before anything is decided beside it.
                biased;
                written = &mut writing => return (written, committed, ahead),
                () = self.more.notified(), if !ahead.stopped => self.decide(series, &mut ahead).await,
            }
        }
    }

    /// Decides what has come.
    async fn decide(&self, series: &mut Series, ahead: &mut Ahead) {
        let mut more = self.shared.queue().more(self.space, &ahead.waiting, &self.shared.limits);
        let Some(first) = more.first() else { return };
        let (since, span) = (Instant::now(), debug_span!(parent: &first.came.from, "decide"));
        let batch = batch(self.space, &more);
        let count = series.extend(&*self.shared.ledger, now_ms(), &batch).instrument(span).await;
        let rest = more.split_off(count);
        ahead.stopped = !rest.is_empty();
        self.shared.queue().put_back(self.space, rest);
        ahead.waiting.extend(more);
        ahead.spent += since.elapsed();
    }
}

async fn write<L: Ledger>(ledger: &L, prepared: Option<Prepared>) -> Result<Appended, Fault> {
    let Some(prepared) = prepared else { return Ok(Appended::Committed) };
    let appended = Timed::new(ledger).append(&[prepared]).await?;
    Ok(appended.first().copied().unwrap_or(Appended::Lost))
}
