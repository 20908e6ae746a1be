//! Waiting transactions: a queue for each space, and the spaces' turns.

use std::collections::{HashMap, HashSet, VecDeque};

use application::submit::Submission;
use domain::id::SpaceId;
use tokio::sync::oneshot;

use super::Answer;
use super::limits::Limits;

/// A transaction and whom to answer.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) submission: Submission,
    pub(super) reply: oneshot::Sender<Answer>,
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
    spaces: HashMap<SpaceId, VecDeque<Waiting>>,
    turns: VecDeque<SpaceId>,
    flying: HashSet<SpaceId>,
    waiting: usize,
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
        Load { commands, bytes: sent.bytes }
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
    /// Takes all of a request in, or nothing.
    pub(super) fn push(&mut self, space: SpaceId, waiting: Vec<Waiting>, limits: &Limits) -> bool {
        if waiting.is_empty() {
            return true;
        }
        let bytes = Load::of(&waiting).bytes;
        if self.waiting + waiting.len() > limits.waiting_max || self.bytes + bytes > limits.waiting_bytes_max {
            return false;
        }
        self.waiting += waiting.len();
        self.bytes += bytes;
        let queue = self.spaces.entry(space).or_default();
        if queue.is_empty() && !self.flying.contains(&space) {
            self.turns.push_back(space);
        }
        queue.extend(waiting);
        true
    }

    /// The next group: a share of each space whose turn it is, within the limits. Its spaces are flying from now on.
    pub(super) fn take(&mut self, limits: &Limits) -> Vec<Share> {
        let mut group = Vec::new();
        let mut left = Load { commands: limits.group_commands_max, bytes: limits.group_bytes_max };
        while left.commands > 0 && left.bytes > 0 && group.len() < limits.group_spaces_max {
            let Some(space) = self.turns.pop_front() else { break };
            let Some(queue) = self.spaces.get_mut(&space) else { continue };
            let waiting = share(queue, left.at_most_commands(limits.share_commands_max));
            if queue.is_empty() {
                self.spaces.remove(&space);
            }
            let taken = Load::of(&waiting);
            self.waiting -= waiting.len();
            self.bytes -= taken.bytes;
            left = left.without(taken);
            self.flying.insert(space);
            group.push(Share { space, waiting });
        }
        group
    }

    /// The space has landed: it gets another turn if something of it waits.
    pub(super) fn landed(&mut self, space: SpaceId) {
        self.flying.remove(&space);
        if self.spaces.contains_key(&space) {
            self.turns.push_back(space);
        }
    }

    /// How many transactions wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
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
