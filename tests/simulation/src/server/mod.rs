//! The server as devices meet it: the real write path, feed and snapshot over a store, in a process that can die.

mod fly;
mod reading;
mod seam;

use std::collections::{BTreeMap, BTreeSet};

use application::fault::Fault;
use application::submit::{Actor, Batch, Submission, submit};
use domain::id::{AccountId, DeviceId, SessionId, SpaceId};
use domain::transaction::founding;
use uuid::Uuid;

pub(crate) use self::fly::Flown;
pub(crate) use self::seam::{Fate, Seam};
use crate::bug::Bug;
use crate::message::Request;
use crate::store::Store;

/// How long an access token is good for.
pub(crate) const TOKEN_MS: i64 = 15 * 60_000;

/// The server.
pub(crate) struct Server<S: Store> {
    pub(crate) seam: Seam<S>,
    pub(crate) space: SpaceId,
    pub(crate) account: AccountId,
    /// The ids of the devices, by their number.
    pub(crate) devices: Vec<DeviceId>,
    /// Pushes that wait for a flight.
    pub(crate) waiting: Vec<Request>,
    pub(crate) up: bool,
    /// How far its clock is off.
    pub(crate) clock_off_ms: i64,
    /// Live connections of devices.
    pub(crate) listeners: BTreeSet<(usize, u64)>,
    /// Until when each device's token is good; those without one are good for ever.
    pub(crate) tokens: BTreeMap<usize, i64>,
    pub(crate) backups: Vec<S::Backup>,
    bug: Option<Bug>,
}

impl<S: Store> Server<S> {
    /// A server with a founded space.
    pub(crate) async fn found(
        store: S,
        bug: Option<Bug>,
        space: SpaceId,
        devices: Vec<DeviceId>,
        (epoch, now): (Uuid, i64),
    ) -> Result<Self, Fault> {
        let mut server = Self {
            seam: Seam::new(store, bug),
            space,
            account: AccountId(space.0),
            devices,
            waiting: Vec::new(),
            up: true,
            clock_off_ms: 0,
            listeners: BTreeSet::new(),
            tokens: BTreeMap::new(),
            backups: Vec::new(),
            bug,
        };
        let session = SessionId(space.0);
        let actor = Actor { account: server.account, device: DeviceId::SERVER, session, ..Actor::default() };
        let sent = founding(space, "Europe/Vienna", now);
        let submission = Submission { actor, sent, shift_ms: 0, deferred: std::sync::Arc::default() };
        submit(&server.seam.store, now, &[Batch { space, submissions: vec![submission] }], true).await?;
        server.seam.store.begin(space, epoch).await?;
        Ok(server)
    }

    /// Whether a device may ask.
    pub(crate) fn knows(&self, device: usize, now: i64) -> bool {
        self.tokens.get(&device).is_none_or(|until| *until > now)
    }

    /// It dies: whoever waits is not answered, whoever listens is cut off.
    pub(crate) fn die(&mut self) {
        self.up = false;
        self.waiting.clear();
        self.listeners.clear();
        self.seam.store.restart();
        self.seam.flight().cold = true;
    }

    /// Copies what it holds.
    pub(crate) async fn back_up(&mut self) -> Result<(), Fault> {
        let backup = self.seam.store.backup(self.space).await?;
        self.backups.push(backup);
        Ok(())
    }

    /// A dead server gets an older backup. Its log begins another life there, and later backups are of a life that is gone.
    pub(crate) async fn restore(&mut self, index: usize, epoch: Uuid) -> Result<(), Fault> {
        let Some(backup) = self.backups.get(index) else { return Ok(()) };
        self.seam.store.restore(self.space, backup).await?;
        self.seam.store.begin(self.space, epoch).await?;
        self.backups.truncate(index + 1);
        Ok(())
    }
}
