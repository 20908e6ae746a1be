//! What is heard: whose it is, what it makes this node look at, and whether this node hears itself.

use std::sync::Arc;

use metrics::counter;

use super::echo::Echo;
use super::{Hint, Hints, letter};
use crate::hub::Hub;
use crate::metric_names::{HINTS_HEARD_TOTAL, HINTS_UNREADABLE_TOTAL};

/// What hears letters. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Ear {
    hints: Hints,
    hub: Hub,
    echo: Arc<Echo>,
}

impl Ear {
    pub(super) fn new(hints: Hints, hub: Hub) -> Self {
        Self { hints, hub, echo: Arc::default() }
    }

    /// The hints that it hears for.
    pub(super) fn hints(&self) -> &Hints {
        &self.hints
    }

    /// What comes back.
    pub(super) fn echo(&self) -> &Echo {
        &self.echo
    }

    /// Takes a letter as it came. Nothing in it is believed: it makes this node look.
    pub(super) fn hear(&self, text: &str) {
        let Some(letter) = letter::read(text) else {
            counter!(HINTS_UNREADABLE_TOTAL).increment(1);
            tracing::debug!(bytes = text.len(), "something that is no letter was heard");
            return;
        };
        if letter.node == self.hints.0.node {
            return self.hear_oneself(letter.number);
        }
        counter!(HINTS_HEARD_TOTAL).increment(letter.hints.len() as u64);
        letter.hints.into_iter().for_each(|hint| self.take(hint));
    }

    fn take(&self, hint: Hint) {
        match hint {
            Hint::Head { space, epoch, position } => {
                if self.hub.is_behind(space, epoch, position) {
                    self.hints.0.wanted.space(space);
                }
            }
            Hint::Changed(topic) => self.hints.0.topics[topic as usize].send_modify(|times| *times += 1),
        }
    }

    /// Listening came before the first letter, so from the first that comes back on nothing is missed; before it, all may be.
    fn hear_oneself(&self, number: u64) {
        if self.echo.came(number) && self.hints.0.standing.heard() {
            self.look_at_everything();
        }
    }

    /// Other nodes are not heard any more: why.
    pub(super) fn deaf(&self, why: &str) {
        if self.hints.0.standing.lost(why) {
            self.look_at_everything();
        }
    }

    /// Something may have been missed.
    pub(super) fn look_at_everything(&self) {
        self.hints.0.wanted.everything();
        self.hints.0.topics.iter().for_each(|topic| topic.send_modify(|times| *times += 1));
    }
}
