//! Fetching: pages of changes, snapshots after resets, other tokens.

use std::collections::VecDeque;

use application::feed::Reset;
use application::snapshot::{Page, Rest};

use super::replica::Replica;
use super::{Device, Pending};
use crate::message::{Answer, Ask, Reply, Request};

/// What the device is about to fetch.
#[derive(Debug)]
pub(super) enum Phase {
    /// Changes from its cursor.
    Reading,
    /// A snapshot, into a replica of its own.
    Snapshot(Box<Replica>, Option<String>),
    /// The snapshot is complete; does the reset that it followed still stand?
    Probing(Box<Replica>),
}

impl Phase {
    pub(super) fn forget_pages(&mut self) {
        if !matches!(self, Self::Reading) {
            *self = Self::Snapshot(Box::default(), None);
        }
    }
}

/// What an answer meant to a device.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// It was waited for.
    pub(crate) wanted: bool,
    /// There is more to ask at once.
    pub(crate) go_on: bool,
    /// It has to start again, and why.
    pub(crate) reset: Option<&'static str>,
    /// How many acknowledged transactions it sends again.
    pub(crate) resent: usize,
    /// How many transactions waited when it had to start again.
    pub(crate) waited: usize,
    /// Whether checksums were compared.
    pub(crate) compared: bool,
    /// Transactions that were decided.
    pub(crate) receipts: Vec<domain::transaction::Receipt>,
}

impl Device {
    /// What it asks next, if it does not wait for an answer already.
    pub(crate) fn pull(&mut self) -> Option<Request> {
        if self.pulling.is_some() || self.refreshing.is_some() {
            return None;
        }
        if self.unauthorized {
            let request = self.request(Ask::Refresh);
            self.refreshing = Some(request.number);
            return Some(request);
        }
        self.hinted = false;
        let rows = [1, 3, 20, 200];
        let rows = self.chance.pick(&rows).copied().unwrap_or(20);
        let ask = match &self.phase {
            Phase::Reading if self.replica.cursor.is_none() => Ask::Changes { cursor: None, rows: 1 },
            Phase::Reading => Ask::Changes { cursor: self.replica.cursor.clone(), rows },
            Phase::Probing(_) => Ask::Changes { cursor: self.replica.cursor.clone(), rows: 1 },
            Phase::Snapshot(_, page) => Ask::Snapshot { page: page.clone(), rows },
        };
        let request = self.request(ask);
        self.pulling = Some(request.number);
        self.pulled_over = request.connection;
        Some(request)
    }

    pub(super) fn request(&mut self, ask: Ask) -> Request {
        self.requests += 1;
        if self.connection == 0 {
            self.connection = self.requests;
        }
        Request { device: self.number, number: self.requests, ask, connection: self.connection }
    }

    /// Takes an answer. One that was given up, or is of before a restart, is not listened to.
    ///
    /// # Errors
    /// What contradicts what the device holds.
    pub(crate) fn hear(&mut self, number: u64, reply: Reply) -> Result<Heard, String> {
        if !self.give_up_quietly(number) {
            return Ok(Heard::default());
        }
        self.hear_time(reply.server_time);
        let mut heard = Heard { wanted: true, go_on: true, ..Heard::default() };
        match reply.answer {
            Answer::Receipts(receipts, head) => {
                heard.go_on = self.receive(receipts, &head, &mut heard.receipts)?;
            }
            Answer::Changes(page) => match std::mem::replace(&mut self.phase, Phase::Reading) {
                Phase::Probing(replica) => self.replica = *replica,
                Phase::Reading => {
                    // Over a connection that is given up nobody will tell it of more.
                    self.caught_up = page.is_caught_up() && !self.hinted && self.pulled_over == self.connection;
                    heard.compared = page.checksum.is_some();
                    let first = self.replica.cursor.is_none();
                    self.replica.apply(&page)?;
                    if first {
                        self.begin();
                    }
                    let fetches = !self.caught_up || !matches!(self.phase, Phase::Reading);
                    heard.go_on = fetches || (self.pushing.is_none() && !self.queue.is_empty());
                }
                snapshot @ Phase::Snapshot(..) => self.phase = snapshot,
            },
            Answer::Reset(reset) => {
                heard.reset = Some(reset.reason.name());
                heard.waited = self.queue.len();
                heard.resent = self.start_again(&reset);
            }
            Answer::Snapshot(page) => self.page(page)?,
            Answer::SnapshotGone => self.phase.forget_pages(),
            Answer::Unauthorized => self.unauthorized = true,
            Answer::Refreshed => self.unauthorized = false,
        }
        Ok(heard)
    }

    fn give_up_quietly(&mut self, number: u64) -> bool {
        let (connection, caught_up) = (self.connection, self.caught_up);
        let waited = self.give_up(number);
        (self.connection, self.caught_up) = (connection, caught_up);
        waited
    }

    /// It has its first cursor, of the first event of the log. What was done before has seen just that, and says so: a
    /// transaction without a base would be decided in any life of the log, before what a reset asks for again. The rest
    /// comes as a snapshot or as changes.
    fn begin(&mut self) {
        let base = self.replica.cursor.clone();
        for pending in &mut self.queue {
            pending.sent["base"] = base.clone().into();
        }
        if self.chance.one_in(2) {
            self.phase = Phase::Snapshot(Box::default(), None);
        }
    }

    /// The log is another than the one it has read. The queue stays, what the server lost joins it in its old place, and
    /// bases of the lost life are replaced. Pushes that are under way may be of the lost life: nobody listens to them.
    fn start_again(&mut self, reset: &Reset) -> usize {
        self.pushing = None;
        self.caught_up = false;
        self.phase = Phase::Snapshot(Box::default(), None);
        let lost = |last: Option<i64>| reset.resend_after.is_some_and(|after| last.is_none_or(|last| last > after));
        let kept = std::mem::take(&mut self.kept);
        let (again, kept): (VecDeque<_>, _) = kept.into_iter().partition(|kept| lost(kept.last_position));
        self.kept = kept;
        let resent = again.len();
        self.queue.extend(again.into_iter().map(|one| one.pending));
        self.queue.make_contiguous().sort_by_key(|pending| pending.device_seq);
        if let Some(base) = reset.base.map(|base| base.token()) {
            for pending in &mut self.queue {
                rebase(pending, &base);
            }
            self.replica.cursor = Some(base);
        }
        resent
    }

    fn page(&mut self, page: Page) -> Result<(), String> {
        let Phase::Snapshot(replica, next) = &mut self.phase else { return Ok(()) };
        page.items.into_iter().for_each(|item| replica.take(item));
        match page.rest {
            Rest::Next(token) => *next = Some(token),
            Rest::Complete(complete) => {
                replica.complete(&complete)?;
                self.phase = Phase::Probing(std::mem::take(replica));
            }
        }
        Ok(())
    }
}

/// The base is of a life that is lost; this one takes its place.
fn rebase(pending: &mut Pending, base: &str) {
    pending.sent["base"] = base.into();
}
