//! Noting what a request moved, for the history of syncs (`infrastructure::sync_notes`).

use application::sync_history::{Channel, Tally};
use domain::id::{AccountId, DeviceId};
use infrastructure::clock::now_ms;
use infrastructure::sync_notes::SyncNotes;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// A request of a device from its beginning on.
#[derive(Clone)]
pub struct Noting {
    notes: SyncNotes,
    who: (AccountId, DeviceId),
    channel: Channel,
    began: i64,
    waits: bool,
}

impl Noting {
    /// It begins now.
    pub fn begin(app: &App, caller: &Caller, channel: Channel) -> Self {
        let who = (caller.account, caller.device);
        Self { notes: app.sync_notes.clone(), who, channel, began: now_ms(), waits: false }
    }

    /// The same; where it waits for something to happen, its time is not counted.
    #[must_use]
    pub fn waiting(self, waits: bool) -> Self {
        Self { waits, ..self }
    }

    /// This is what it moved.
    pub fn done(&self, tally: Tally) {
        let now = now_ms();
        let tally = if self.waits { tally } else { tally.taking(now - self.began) };
        let began = if self.waits { now } else { self.began };
        self.notes.note(self.who, self.channel, (began, now.max(began)), &tally);
    }

    /// Notes why it was refused, if it was.
    ///
    /// # Errors
    /// What it was refused for.
    pub fn unless_refused<T>(&self, answer: Result<T, Problem>) -> Result<T, Problem> {
        answer.inspect_err(|problem| self.done(Tally::failed(problem.code())))
    }
}
