//! Waiting transactions: a queue for each space, and the spaces' turns.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use application::submit::Submission;
use domain::id::SpaceId;
use metrics::histogram;
use tokio::sync::{Notify, oneshot};
use tracing::{Span, debug_span};

use super::Answer;
use super::limits::Limits;
use crate::metric_names::QUEUE_WAIT_SECONDS;

/// What part of the queue a space may fill, request by request.
const SPACE_PART: usize = 4;

/// A transaction and whom to answer.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) submission: Submission,
    pub(super) reply: oneshot::Sender<Answer>,
    pub(super) came: Came,
}

/// When a transaction came, and from where.
#[derive(Clone, Debug)]
pub(super) struct Came {
    pub(super) at: Instant,
    /// The span of the request that brought it.
    pub(super) from: Span,
    /// The span of its wait; ends when it is taken.
    pub(super) wait: Span,
}

impl Came {
    /// Now, with the request whose span this is in.
    pub(super) fn now() -> Self {
        Self { at: Instant::now(), from: Span::current(), wait: debug_span!("queue") }
    }

    /// It waits no more.
    pub(super) fn taken(&mut self) {
        histogram!(QUEUE_WAIT_SECONDS).record(self.at.elapsed());
        self.wait = Span::none();
    }
}

/// Transactions of one space that fly together.
#[derive(Debug)]
pub(super) struct Share {
    pub(super) space: SpaceId,
    pub(super) waiting: Vec<Waiting>,
}

/// Waiting transactions of all spaces.
#[derive(Debug, Default)]
pub(super) struct Queue {
    spaces: HashMap<SpaceId, OfSpace>,
    turns: VecDeque<SpaceId>,
    flying: HashSet<SpaceId>,
    /// Who is to hear of more of a space that flies.
    followed: HashMap<SpaceId, Arc<Notify>>,
    waiting: usize,
    bytes: usize,
}

/// Waiting transactions of one space.
#[derive(Debug, Default)]
struct OfSpace {
    waiting: VecDeque<Waiting>,
    /// How many wait, with those that were taken ahead and have not departed.
    count: usize,
    /// Bytes of their content.
    bytes: usize,
}

/// Commands and bytes, counted together.
#[derive(Clone, Copy, Debug, Default)]
struct Load {
    commands: usize,
    bytes: usize,
}

impl Waiting {
    fn load(&self) -> Load {
        let sent = &self.submission.sent;
        let commands = sent.commands.as_ref().map_or(1, |commands| commands.len().max(1));
        Load { commands, bytes: sent.content.len() }
    }
}

impl Load {
    fn of(waiting: &[Waiting]) -> Self {
        waiting.iter().map(Waiting::load).fold(Self::default(), Self::and)
    }

    fn and(self, other: Self) -> Self {
        Self { commands: self.commands + other.commands, bytes: self.bytes + other.bytes }
    }

    fn fits(self, limit: Self) -> bool {
        self.commands <= limit.commands && self.bytes <= limit.bytes
    }

    fn without(self, other: Self) -> Self {
        let commands = self.commands.saturating_sub(other.commands);
        Self { commands, bytes: self.bytes.saturating_sub(other.bytes) }
    }

    fn at_most_commands(self, commands: usize) -> Self {
        Self { commands: self.commands.min(commands), ..self }
    }
}

impl Queue {
    /// Takes all of a request in, or nothing. A space that has something waiting already may not fill the queue, so that
    /// one that sends without end leaves room for the others; a space of which nothing waits is
    /// only held against the whole.
    pub(super) fn push(&mut self, space: SpaceId, waiting: Vec<Waiting>, limits: &Limits) -> bool {
        if waiting.is_empty() {
            return true;
        }
        let bytes = Load::of(&waiting).bytes;
        if self.waiting + waiting.len() > limits.waiting_max || self.bytes + bytes > limits.waiting_bytes_max {
            return false;
        }
        let own = self.spaces.get(&space);
        if own.is_some_and(|own| !own.has_room(waiting.len(), bytes, limits)) {
            return false;
        }
        if own.is_none() && !self.flying.contains(&space) {
            self.turns.push_back(space);
        }
        self.waiting += waiting.len();
        self.bytes += bytes;
        let own = self.spaces.entry(space).or_default();
        own.count += waiting.len();
        own.bytes += bytes;
        own.waiting.extend(waiting);
        if let Some(follower) = self.followed.get(&space) {
            follower.notify_one();
        }
        true
    }

    /// From when on the next group may depart beside so many flights; none while nothing has its turn. At once if it is no
    /// smaller than those, else when they land or its first has waited for company long enough: each append costs as much as
    /// several transactions, so that small ones beside large ones would slow down everybody.
    pub(super) fn due(&self, flights: usize, limits: &Limits) -> Option<Instant> {
        let first = self.spaces.get(self.turns.front()?)?.waiting.front()?.came.at;
        // A space that is tried alone counts as flying, and nobody is to wait for that.
        let has_company = flights == 0 || self.turns.len() * flights >= self.flying.len();
        Some(if has_company { first } else { first + Duration::from_millis(limits.company_ms_max) })
    }

    /// The next group: a share of each space whose turn it is, within the limits. Its spaces are flying from now on.
    pub(super) fn take(&mut self, limits: &Limits) -> Vec<Share> {
        let mut group = Vec::new();
        let mut left = Load { commands: limits.group_commands_max, bytes: limits.group_bytes_max };
        while left.commands > 0 && left.bytes > 0 && group.len() < limits.group_spaces_max {
            let Some(space) = self.turns.pop_front() else { break };
            let waiting = self.share(space, left.at_most_commands(limits.share_commands_max));
            if waiting.is_empty() {
                continue;
            }
            left = left.without(Load::of(&waiting));
            self.departed(space, &waiting);
            self.flying.insert(space);
            group.push(Share { space, waiting });
        }
        group
    }

    /// These of a space wait no more.
    pub(super) fn departed(&mut self, space: SpaceId, waiting: &[Waiting]) {
        let bytes = Load::of(waiting).bytes;
        self.waiting -= waiting.len();
        self.bytes -= bytes;
        let Some(own) = self.spaces.get_mut(&space) else { return };
        own.count -= waiting.len();
        own.bytes -= bytes;
        if own.count == 0 {
            self.spaces.remove(&space);
        }
    }

    /// Takes at least one transaction of a space of which some wait, then as many as fit. They count until they depart.
    fn share(&mut self, space: SpaceId, limit: Load) -> Vec<Waiting> {
        self.spaces.get_mut(&space).map(|own| share(&mut own.waiting, limit)).unwrap_or_default()
    }

    /// Tells whenever more of a space comes, until it lands.
    pub(super) fn follow(&mut self, space: SpaceId) -> Arc<Notify> {
        Arc::clone(self.followed.entry(space).or_default())
    }

    /// More of a space that flies, as much as fits into a group beside `ahead`; nothing while other spaces wait for a turn.
    pub(super) fn more(&mut self, space: SpaceId, ahead: &[Waiting], limits: &Limits) -> Vec<Waiting> {
        let left = Load { commands: limits.group_commands_max, bytes: limits.group_bytes_max }.without(Load::of(ahead));
        let is_full = left.commands == 0 || left.bytes == 0;
        if is_full || !self.turns.is_empty() { Vec::new() } else { self.share(space, left) }
    }

    /// Puts back what was taken as `more`, before what waits of its space.
    pub(super) fn put_back(&mut self, space: SpaceId, waiting: Vec<Waiting>) {
        let Some(own) = self.spaces.get_mut(&space) else { return };
        waiting.into_iter().rev().for_each(|waiting| own.waiting.push_front(waiting));
    }

    /// The space has landed: it gets another turn if something of it waits.
    pub(super) fn landed(&mut self, space: SpaceId) {
        self.flying.remove(&space);
        self.followed.remove(&space);
        if self.spaces.contains_key(&space) {
            self.turns.push_back(space);
        }
    }

    /// How many transactions wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }
}

impl OfSpace {
    /// Whether more may wait beside what waits already.
    fn has_room(&self, more: usize, bytes: usize, limits: &Limits) -> bool {
        self.count + more <= limits.waiting_max / SPACE_PART
            && self.bytes + bytes <= limits.waiting_bytes_max / SPACE_PART
    }
}

/// At least one transaction, then as many as fit.
fn share(queue: &mut VecDeque<Waiting>, limit: Load) -> Vec<Waiting> {
    let mut taken = Vec::new();
    let mut load = Load::default();
    while let Some(next) = queue.front() {
        load = load.and(next.load());
        if !taken.is_empty() && !load.fits(limit) {
            break;
        }
        taken.extend(queue.pop_front());
    }
    taken
}
