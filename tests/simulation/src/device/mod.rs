//! A faithful client: a queue on disk, a replica with a cursor, and what is shown of both together.
//!
//! It keeps what the protocol asks of clients: what is acknowledged is kept for seven days of the server's time and sent
//! again when a reset asks for it; a queue survives every restart and every reset; the answer to a push never moves the
//! cursor; nothing is pushed before there is a cursor, because without one no reset could ever ask for it again; what was done
//! before names the first cursor as its base; and the cursor of a snapshot is only believed when what went before it still
//! stands.

pub(crate) mod act;
mod commands;
mod pull;
mod push;
pub(crate) mod replica;
pub(crate) mod view;

use std::collections::VecDeque;

use domain::id::{DeviceId, TransactionId};
use serde_json::Value;

use self::pull::Phase;
use self::replica::Replica;
use crate::bug::Bug;
use crate::chance::Chance;

/// A device.
#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) number: usize,
    pub(crate) id: DeviceId,
    pub(crate) chance: Chance,
    /// How far its clock is off.
    pub(crate) clock_off_ms: i64,
    /// Until when it is out of reach.
    pub(crate) away_until: i64,
    pub(crate) replica: Replica,
    /// What it has decided to send, in order.
    pub(crate) queue: VecDeque<Pending>,
    /// What was acknowledged lately.
    pub(crate) kept: VecDeque<Acknowledged>,
    /// What was kept longer than anybody asks for.
    pub(crate) outdated: Vec<TransactionId>,
    phase: Phase,
    device_seq: i64,
    requests: u64,
    /// The live connection; 0 is none.
    pub(crate) connection: u64,
    pushing: Option<u64>,
    pulling: Option<u64>,
    /// The connection of the last fetch.
    pulled_over: u64,
    refreshing: Option<u64>,
    unauthorized: bool,
    /// Nobody has said that there is more than it has.
    pub(crate) caught_up: bool,
    /// It was told of more since it last asked.
    hinted: bool,
    server_time: i64,
    bug: Option<Bug>,
}

/// A transaction that is not acknowledged.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) id: TransactionId,
    device_seq: i64,
    pub(crate) sent: Value,
}

/// A transaction that is acknowledged, in case the server loses it.
#[derive(Clone, Debug)]
pub(crate) struct Acknowledged {
    pending: Pending,
    last_position: Option<i64>,
    server_time: i64,
}

/// How long acknowledged transactions are kept, by the server's clock; the device's own may jump by a year.
const KEPT_MS: i64 = 7 * 86_400_000;

impl Device {
    pub(crate) fn new(number: usize, chance: &mut Chance, bug: Option<Bug>) -> Self {
        let mut chance = chance.split();
        Self {
            number,
            id: DeviceId(chance.uuid()),
            clock_off_ms: 0,
            away_until: 0,
            replica: Replica::default(),
            queue: VecDeque::new(),
            kept: VecDeque::new(),
            outdated: Vec::new(),
            phase: Phase::Reading,
            chance,
            device_seq: 0,
            requests: 0,
            connection: 0,
            pushing: None,
            pulling: None,
            pulled_over: 0,
            refreshing: None,
            unauthorized: false,
            caught_up: false,
            hinted: false,
            server_time: 0,
            bug,
        }
    }

    /// Whether it has nothing to send and nothing more to fetch.
    pub(crate) fn is_settled(&self) -> bool {
        self.queue.is_empty() && self.pushing.is_none() && self.caught_up && matches!(self.phase, Phase::Reading)
    }

    /// It stops and starts: what was under way is forgotten, what is on disk stays.
    pub(crate) fn restart(&mut self) {
        (self.pushing, self.pulling, self.refreshing) = (None, None, None);
        self.connection = 0;
        self.caught_up = false;
        self.phase.forget_pages();
    }

    /// No answer came: it will ask again.
    pub(crate) fn give_up(&mut self, number: u64) -> bool {
        let slots = [&mut self.pushing, &mut self.pulling, &mut self.refreshing];
        let mut gave_up = false;
        for slot in slots {
            if *slot == Some(number) {
                *slot = None;
                gave_up = true;
            }
        }
        if gave_up {
            // The connection is taken for dead; another one asks first what it has missed.
            self.connection = 0;
            self.caught_up = false;
        }
        gave_up
    }

    /// It is told that there is more; an answer that is under way may not know of it yet.
    pub(crate) fn hint(&mut self) {
        self.hinted = true;
        self.caught_up = false;
    }

    /// Its clock.
    pub(crate) fn clock(&self, now: i64) -> i64 {
        now.saturating_add(self.clock_off_ms)
    }

    /// Takes note of the server's clock, by which what is kept grows old.
    pub(crate) fn hear_time(&mut self, server_time: i64) {
        self.server_time = self.server_time.max(server_time);
        while self.kept.front().is_some_and(|kept| kept.server_time + KEPT_MS < self.server_time) {
            self.outdated.extend(self.kept.pop_front().map(|kept| kept.pending.id));
        }
    }
}
