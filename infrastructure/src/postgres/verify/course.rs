//! How a verify goes on: not faster than it may, not further than it is wanted, and seen by others meanwhile.

use std::time::{Duration, Instant};

use application::fault::Fault;
use application::verify::Finding;
use domain::id::SpaceId;
use tokio_postgres::GenericClient;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::fault::write;
use super::super::rebuild::Progress;
use super::space::Looked;
use super::stretch::Stretch;
use super::{News, Tell};

/// How often others are told how far it is, and it hears whether it is still wanted.
const BEAT: Duration = Duration::from_secs(1);
/// What was not used of the rate for so long is lost, so that a pause is followed by no rush.
const CREDIT: Duration = Duration::from_secs(1);

/// The way through one space after another.
pub(super) struct Course<'a> {
    stop: &'a CancellationToken,
    /// Events a second; none: as fast as it goes.
    rate: Option<u32>,
    due: Instant,
    stretch: Option<(Uuid, Uuid)>,
    beaten: Instant,
    /// Events of the space that were read from the log.
    events: u64,
    progress: Progress,
    tell: Tell<'a>,
}

impl<'a> Course<'a> {
    pub(super) fn new(stop: &'a CancellationToken, rate: Option<u32>, tell: Tell<'a>) -> Self {
        let (now, progress) = (Instant::now(), Progress::default());
        Self { stop, rate, due: now, stretch: None, beaten: now, events: 0, progress, tell }
    }

    /// It goes on with this stretch of a walk that is so far.
    pub(super) fn enter(&mut self, stretch: &Stretch, progress: Progress) {
        (self.stretch, self.progress) = (Some((stretch.run, stretch.upto)), progress);
    }

    /// A space begins.
    pub(super) fn begin(&mut self) {
        self.events = 0;
    }

    /// So many events were read from the log.
    pub(super) fn read(&mut self, events: usize) {
        self.events += events as u64;
    }

    /// Whether it was told to stop.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// A space is done.
    pub(super) fn done(&mut self, space: SpaceId, looked: Looked) {
        (self.progress.spaces, self.progress.events) = (self.progress.spaces + 1, self.progress.events + looked.events);
        self.events = 0;
        for flaw in looked.flaws {
            (self.tell)(News::Finding(&Finding { space, flaw }));
        }
        (self.tell)(News::Progress(self.progress));
    }

    /// Something that is in no space.
    pub(super) fn found(&mut self, finding: &Finding) {
        (self.tell)(News::Finding(finding));
    }

    /// A space goes with its account; nothing is said of it.
    pub(super) fn erased(&mut self, space: SpaceId) {
        (self.tell)(News::Erased(space));
    }

    /// So many events came from the database. Waits until the next may; false when it is to end.
    pub(super) async fn took(&mut self, client: &impl GenericClient, events: usize) -> Result<bool, Fault> {
        let events_so_far = self.progress.events + self.events;
        (self.tell)(News::Progress(Progress { events: events_so_far, ..self.progress }));
        if let Some(rate) = self.rate.filter(|rate| *rate > 0) {
            let now = Instant::now();
            let earliest = now.checked_sub(CREDIT).unwrap_or(now);
            self.due = self.due.max(earliest) + Duration::from_secs_f64(events as f64 / f64::from(rate));
        }
        while !self.is_stopped() && self.beat(client).await? {
            let wait = self.due.saturating_duration_since(Instant::now());
            if wait.is_zero() {
                return Ok(true);
            }
            self.stop.run_until_cancelled(tokio::time::sleep(wait.min(BEAT))).await;
        }
        Ok(false)
    }

    /// Whether the walk is still wanted, and the stretch still this session's.
    async fn beat(&mut self, client: &impl GenericClient) -> Result<bool, Fault> {
        let Some((run, upto)) = self.stretch.filter(|_| self.beaten.elapsed() >= BEAT) else { return Ok(true) };
        self.beaten = Instant::now();
        let events = self.events.cast_signed();
        let row = client.query_opt(include_str!("../sql/verify/beat.sql"), &[&run, &upto, &events]).await;
        Ok(row.map_err(|error| write(&error))?.is_some())
    }
}
