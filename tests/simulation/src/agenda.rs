//! What happens next: happenings in the order of virtual time, and of their planning where that is equal.

use std::collections::BTreeMap;

use crate::message::{Reply, Request};

/// Something that happens.
#[derive(Debug)]
pub(crate) enum Happening {
    /// A person does something on a device.
    Act(usize),
    /// A device looks whether there is something to send or to fetch.
    Sync(usize),
    /// A request reaches the server.
    Arrive(Request),
    /// The server decides what waits.
    Fly,
    /// An answer reaches the device that asked, unless it has given up.
    Answer(usize, u64, Reply),
    /// A device gives a request up.
    GiveUp(usize, u64),
    /// A device hears over its live connection that there is more.
    Hint(usize, u64),
    /// Something goes wrong.
    Trouble,
    /// The server is there again.
    ServerUp,
    /// A device is in reach again.
    Return(usize),
}

/// What happens next.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    planned: BTreeMap<(i64, u64), Happening>,
    count: u64,
}

impl Agenda {
    pub(crate) fn plan(&mut self, at: i64, happening: Happening) {
        self.count += 1;
        self.planned.insert((at, self.count), happening);
    }

    pub(crate) fn next(&mut self) -> Option<(i64, Happening)> {
        self.planned.pop_first().map(|((at, _), happening)| (at, happening))
    }
}
