//! Everything there is in a run, and what each happening does to it.

mod traffic;

use std::collections::BTreeMap;

use application::fault::Fault;
use domain::entity::{EntityRef, Kind};
use domain::id::{EntityId, SpaceId, TransactionId};
use domain::transaction::{Receipt, Verdict};
use serde_json::Value;

use crate::agenda::{Agenda, Happening};
use crate::chance::Chance;
use crate::device::Device;
use crate::device::act::Acted;
use crate::message::Reply;
use crate::plan::{Plan, Trouble};
use crate::server::Server;
use crate::store::Store;
use crate::tally::Tally;
use crate::trace::Trace;

/// When runs begin, Unix ms.
pub(crate) const BEGINNING: i64 = 1_792_886_400_000;
/// How long a device waits for an answer.
const PATIENCE_MS: i64 = 20_000;

/// Whether things still go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    /// They do.
    Stormy,
    /// No more; devices look from time to time whether there is something.
    Calm,
    /// No more, and devices only fetch when they are told.
    Silent,
}

/// A transaction that a person made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) device: usize,
    pub(crate) commands: Vec<Value>,
    /// What the device was told of it last.
    pub(crate) told: Option<Receipt>,
}

/// Everything there is in a run.
pub(crate) struct World<'p, S: Store> {
    pub(crate) plan: &'p Plan,
    pub(crate) chance: Chance,
    pub(crate) now: i64,
    pub(crate) agenda: Agenda,
    pub(crate) devices: Vec<Device>,
    pub(crate) server: Server<S>,
    pub(crate) made: BTreeMap<TransactionId, Made>,
    /// What was ever deleted by somebody.
    pub(crate) deleted: Vec<EntityRef>,
    pub(crate) acts_left: usize,
    pub(crate) weather: Weather,
    /// When each device looks next.
    looks_at: Vec<i64>,
    flies: bool,
    pub(crate) tally: Tally,
    pub(crate) trace: Trace,
}

/// What a run found wrong, or a store that failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Wrong {
    #[error("{0}")]
    Found(String),
    #[error("the store failed: {0}")]
    Fault(#[from] Fault),
}

impl From<String> for Wrong {
    fn from(found: String) -> Self {
        Self::Found(found)
    }
}

impl<'p, S: Store> World<'p, S> {
    pub(crate) async fn new(plan: &'p Plan, store: S, trace: Trace) -> Result<Self, Wrong> {
        let mut chance = Chance::new(plan.seed);
        let (space, epoch) = (SpaceId(chance.uuid()), chance.uuid());
        let devices: Vec<Device> = (0..plan.devices).map(|number| Device::new(number, &mut chance, plan.bug)).collect();
        let ids = devices.iter().map(|device| device.id).collect();
        let server = Server::found(store, plan.bug, space, ids, (epoch, BEGINNING)).await?;
        let looks_at = vec![i64::MAX; devices.len()];
        Ok(Self {
            plan,
            chance,
            now: BEGINNING,
            agenda: Agenda::default(),
            devices,
            server,
            made: BTreeMap::new(),
            deleted: Vec::new(),
            acts_left: plan.acts,
            weather: Weather::Stormy,
            looks_at,
            flies: false,
            tally: Tally::default(),
            trace,
        })
    }

    /// Whether this trouble can come now.
    pub(crate) fn storms(&self, trouble: Trouble) -> bool {
        self.weather == Weather::Stormy && self.plan.has(trouble)
    }

    /// A device looks whether there is something to do, unless it does so earlier anyway.
    pub(crate) fn look(&mut self, device: usize, at: i64) {
        if let Some(planned) = self.looks_at.get_mut(device).filter(|planned| at < **planned) {
            *planned = at;
            self.agenda.plan(at, Happening::Sync(device));
        }
    }

    /// Nobody looks any more until there is a reason.
    pub(crate) fn stop_looking(&mut self) {
        self.looks_at.fill(i64::MAX);
    }

    pub(crate) async fn happen(&mut self, happening: Happening) -> Result<(), Wrong> {
        match happening {
            Happening::Act(device) => self.act(device),
            Happening::Sync(device) => self.sync(device),
            Happening::Arrive(request) => self.arrive(request).await?,
            Happening::Fly => self.fly().await?,
            Happening::Answer(device, number, reply) => self.hear(device, number, reply)?,
            Happening::GiveUp(device, number) => {
                if self.devices[device].give_up(number) {
                    self.tally.count("requests given up");
                    let pause = self.chance.between(1_000, 30_000);
                    self.look(device, self.now + pause);
                }
            }
            Happening::Hint(device, connection) => self.hint(device, connection),
            Happening::Trouble => self.trouble().await?,
            Happening::ServerUp => self.server.up = true,
            Happening::Return(device) => self.look(device, self.now),
        }
        Ok(())
    }

    fn act(&mut self, device: usize) {
        if self.acts_left == 0 || self.weather != Weather::Stormy {
            return;
        }
        self.acts_left -= 1;
        let acted = self.devices[device].act(self.now, &self.deleted);
        self.keep(device, acted);
        self.look(device, self.now + 50);
        let gap = match self.chance.below(40) {
            0 => self.chance.between(40_000_000, 300_000_000),
            1 => self.chance.between(3_600_000, 40_000_000),
            2..=7 => self.chance.between(60_000, 3_600_000),
            _ => self.chance.between(200, 60_000),
        };
        self.agenda.plan(self.now + gap, Happening::Act(device));
    }

    /// Takes note of what a person did.
    pub(crate) fn keep(&mut self, device: usize, acted: Acted) {
        self.tally.count("transactions");
        self.tally.add("commands", acted.commands.len() as u64);
        for command in &acted.commands {
            let kind = command.get("type").and_then(Value::as_str).unwrap_or_default();
            self.tally.count(kind);
            let named = kind.strip_suffix(".delete").and_then(Kind::from_name);
            let id: Option<EntityId> = command.get("id").and_then(|id| serde_json::from_value(id.clone()).ok());
            self.deleted.extend(named.zip(id).map(|(kind, id)| EntityRef::new(kind, id)));
        }
        self.trace.note(self.now, || {
            let text = Value::Array(acted.commands.clone());
            format!("device {device} makes {}: {text}", acted.transaction)
        });
        self.made.insert(acted.transaction, Made { device, commands: acted.commands, told: None });
    }

    fn is_away(&self, device: usize) -> bool {
        self.weather == Weather::Stormy && self.devices[device].away_until > self.now
    }

    fn sync(&mut self, device: usize) {
        if self.looks_at[device] != self.now {
            return;
        }
        self.looks_at[device] = i64::MAX;
        if self.is_away(device) {
            return;
        }
        let push = self.devices[device].push(self.now);
        let pull = self.devices[device].pull();
        push.into_iter().chain(pull).for_each(|request| self.send(request));
        let pause = match (self.devices[device].is_settled(), self.weather) {
            (true, Weather::Silent) => return,
            (true, _) => self.chance.between(600_000, 6 * 3_600_000),
            (false, Weather::Stormy) => self.chance.between(5_000, 60_000),
            (false, _) => 1_000,
        };
        self.look(device, self.now + pause);
    }

    fn hint(&mut self, device: usize, connection: u64) {
        if self.is_away(device) || self.devices[device].connection != connection {
            return;
        }
        self.devices[device].hint();
        self.look(device, self.now);
    }

    fn hear(&mut self, device: usize, number: u64, reply: Reply) -> Result<(), Wrong> {
        if self.is_away(device) {
            return Ok(());
        }
        let heard = self.devices[device].hear(number, reply).map_err(|found| format!("device {device}: {found}"))?;
        if !heard.wanted {
            self.tally.count("answers that nobody waited for");
        }
        self.tally.add("checksums compared", u64::from(heard.compared));
        self.tally.add("transactions that waited through a reset", heard.waited as u64);
        if let Some(reason) = heard.reset {
            self.tally.count(format!("reset: {reason}"));
            self.tally.add("transactions sent again after a reset", heard.resent as u64);
            self.trace
                .note(self.now, || format!("device {device} starts again: {reason}; sends {} again", heard.resent));
        }
        for receipt in heard.receipts {
            self.told(device, receipt)?;
        }
        if heard.wanted && heard.go_on {
            self.look(device, self.now + 1);
        }
        Ok(())
    }

    fn told(&mut self, device: usize, receipt: Receipt) -> Result<(), Wrong> {
        self.trace.note(self.now, || format!("device {device} is told {}", serde_json::json!(receipt)));
        match &receipt.verdict {
            Verdict::Committed { results, .. } => {
                results.iter().for_each(|result| self.tally.count(format!("{:?}", result.outcome.kind)));
            }
            Verdict::Rejected { problem } => self.tally.count(format!("rejected: {}", problem.code)),
            Verdict::Deferred { .. } => {}
        }
        let made =
            receipt.transaction_id.and_then(|id| self.made.get_mut(&id)).ok_or("a receipt of nobody".to_owned())?;
        made.told = Some(receipt);
        Ok(())
    }
}
