//! This server, with people who have spaces: each as many devices as the load needs, made before anything is timed.

use std::collections::BTreeMap;

use api::client::http::Server as Remote;
use api::client::session::Session;
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio_postgres::Client;

use crate::account::{self, Account};
use crate::failure::Failure;
use crate::request::Script;
use crate::server::Server;
use crate::steady::Device;

/// Devices of an account: as many as it may have.
pub const DEVICES_MAX: usize = 20;
/// A password costs the server a good part of a second of one core.
const SIGN_INS_MAX: usize = 2;

/// A running server and its people.
pub struct Levelup {
    /// The server.
    pub server: Server,
    /// A connection to its database.
    pub client: Client,
    remote: Remote,
    spaces: BTreeMap<usize, Space>,
    /// Batches of accounts so far, so that no address comes twice.
    batches: usize,
}

struct Space {
    account: Account,
    others: Vec<Session>,
    cursor: String,
    /// What its writers go on with; one that writes is not in here.
    scripts: Vec<Option<Script>>,
}

/// A device that may listen.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Its access token.
    pub token: String,
    /// Where its space's log ended when it signed in.
    pub cursor: String,
}

impl Levelup {
    /// A server without people.
    pub fn new(server: Server, client: Client) -> Result<Self, Failure> {
        let remote = Remote::at(&server.url())?;
        Ok(Self { server, client, remote, spaces: BTreeMap::new(), batches: 0 })
    }

    /// Devices that write to these spaces, one for each, in that order. A space with more writers than an account may have
    /// devices has several connections of some of them.
    pub async fn seat(&mut self, seats: &[usize]) -> Result<Vec<Device>, Failure> {
        let wanted = counted(seats);
        self.make(wanted.keys().copied()).await?;
        for (space, writers) in &wanted {
            self.space(*space)?.sign_in((*writers).min(DEVICES_MAX)).await?;
        }
        let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
        let mut devices = Vec::with_capacity(seats.len());
        for space in seats {
            let number = taken.entry(*space).or_default();
            devices.push(self.space(*space)?.device(*number).await?);
            *number += 1;
        }
        Ok(devices)
    }

    /// Takes back what [`Levelup::seat`] gave, so that each goes on where it was.
    pub fn give_back(&mut self, seats: &[usize], devices: Vec<Device>) -> Result<(), Failure> {
        let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
        for (space, device) in seats.iter().zip(devices) {
            let number = taken.entry(*space).or_default();
            if let Some(place) = self.space(*space)?.scripts.get_mut(*number) {
                *place = Some(device.script);
            }
            *number += 1;
        }
        Ok(())
    }

    /// Every device of these spaces, so many of each.
    pub async fn tickets(&mut self, spaces: impl Iterator<Item = usize>, each: usize) -> Result<Vec<Ticket>, Failure> {
        let numbers: Vec<usize> = spaces.collect();
        self.make(numbers.iter().copied()).await?;
        let mut tickets = Vec::new();
        for number in numbers {
            let space = self.space(number)?;
            space.sign_in(each.min(DEVICES_MAX)).await?;
            for device in 0..each.min(DEVICES_MAX) {
                tickets.push(Ticket { token: space.token(device).await?, cursor: space.cursor.clone() });
            }
        }
        Ok(tickets)
    }

    /// An account whose two devices stand opposite each other.
    pub async fn pair(&mut self) -> Result<Account, Failure> {
        self.register(1).await?.pop().ok_or_else(|| Failure::new("no account"))
    }

    async fn register(&mut self, count: usize) -> Result<Vec<Account>, Failure> {
        self.batches += 1;
        account::register(&self.remote, &format!("peers-{}", self.batches), count).await
    }

    async fn make(&mut self, spaces: impl Iterator<Item = usize>) -> Result<(), Failure> {
        let missing: Vec<usize> = spaces.filter(|space| !self.spaces.contains_key(space)).collect();
        let accounts = self.register(missing.len()).await?;
        for (space, account) in missing.into_iter().zip(accounts) {
            let cursor = account::cursor(&account.session).await?;
            self.spaces.insert(space, Space { account, others: Vec::new(), cursor, scripts: Vec::new() });
        }
        Ok(())
    }

    fn space(&mut self, number: usize) -> Result<&mut Space, Failure> {
        self.spaces.get_mut(&number).ok_or_else(|| Failure::new(format!("there is no space {number}")))
    }
}

impl Space {
    async fn sign_in(&mut self, devices: usize) -> Result<(), Failure> {
        let more = devices.saturating_sub(self.others.len() + 1);
        let account = &self.account;
        let new: Vec<Session> =
            stream::iter(0..more).map(|_| account.another_device()).buffered(SIGN_INS_MAX).try_collect().await?;
        self.others.extend(new);
        Ok(())
    }

    async fn token(&self, device: usize) -> Result<String, Failure> {
        let session = match device.checked_sub(1) {
            None => &self.account.session,
            Some(other) => self.others.get(other).ok_or_else(|| Failure::new("the device is not signed in"))?,
        };
        Ok(session.access_token().await?)
    }

    /// The writer of that number; those beyond the devices share them.
    async fn device(&mut self, number: usize) -> Result<Device, Failure> {
        let token = self.token(number % DEVICES_MAX).await?;
        while self.scripts.len() <= number {
            // Each device counts the transactions of its first connection.
            let (cursor, counts) = (self.cursor.clone(), self.scripts.len() < DEVICES_MAX);
            self.scripts.push(Some(if counts { Script::new(cursor) } else { Script::uncounted(cursor) }));
        }
        let script = self.scripts.get_mut(number).and_then(Option::take);
        Ok(Device { token, script: script.ok_or_else(|| Failure::new("the writer is at work"))? })
    }
}

fn counted(seats: &[usize]) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for space in seats {
        *counts.entry(*space).or_default() += 1;
    }
    counts
}
