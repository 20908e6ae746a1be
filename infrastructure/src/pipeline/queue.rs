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
}

impl Waiting {
    fn commands(&self) -> usize {
        self.submission.sent.commands.as_ref().map_or(1, |commands| commands.len().max(1))
    }
}

impl Queue {
    /// Takes all of a request in, or nothing.
    pub(super) fn push(&mut self, space: SpaceId, waiting: Vec<Waiting>, waiting_max: usize) -> bool {
        if waiting.is_empty() {
            return true;
        }
        if self.waiting + waiting.len() > waiting_max {
            return false;
        }
        self.waiting += waiting.len();
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
        let mut commands = 0;
        while commands < limits.group_commands_max && group.len() < limits.group_spaces_max {
            let Some(space) = self.turns.pop_front() else { break };
            let Some(queue) = self.spaces.get_mut(&space) else { continue };
            let waiting = share(queue, limits.share_commands_max.min(limits.group_commands_max - commands));
            if queue.is_empty() {
                self.spaces.remove(&space);
            }
            self.waiting -= waiting.len();
            commands += waiting.iter().map(Waiting::commands).sum::<usize>();
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
fn share(queue: &mut VecDeque<Waiting>, commands_max: usize) -> Vec<Waiting> {
    let mut taken = Vec::new();
    let mut commands = 0;
    while let Some(next) = queue.front() {
        commands += next.commands();
        if !taken.is_empty() && commands > commands_max {
            break;
        }
        taken.extend(queue.pop_front());
    }
    taken
}
