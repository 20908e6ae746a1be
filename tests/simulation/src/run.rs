//! A run from its plan to its verdict.

use crate::agenda::Happening;
use crate::check;
use crate::plan::{Plan, Trouble};
use crate::server::TOKEN_MS;
use crate::store::Store;
use crate::tally::Tally;
use crate::trace::Trace;
use crate::world::{BEGINNING, Weather, World, Wrong};

/// Happenings of a run at most; a run that needs more does not come to rest.
const HAPPENINGS_MAX: usize = 60_000;

/// A run after which everything is as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The last position and the chain's hash there: equal for equal plans, on any store.
    pub fingerprint: String,
    /// What happened.
    pub tally: Tally,
}

/// A run after which something is wrong.
#[derive(Clone, Debug, thiserror::Error)]
#[error("seed {}: {reason}", plan.seed)]
pub struct Failure {
    /// What was run.
    pub plan: Plan,
    /// What is wrong.
    pub reason: String,
    /// What happened, if that was asked for.
    pub trace: Vec<String>,
}

/// Runs a plan on an empty store. With `traced` a failure tells every step.
///
/// # Errors
/// Something is not as it must be.
pub async fn run<S: Store>(plan: &Plan, store: S, traced: bool) -> Result<Passed, Box<Failure>> {
    let trace = if traced { Trace::kept() } else { Trace::default() };
    let fail = |reason: String, trace: Vec<String>| Box::new(Failure { plan: plan.clone(), reason, trace });
    let mut world = World::new(plan, store, trace).await.map_err(|wrong| fail(wrong.to_string(), Vec::new()))?;
    match world.live().await {
        Ok(fingerprint) => Ok(Passed { fingerprint, tally: world.tally }),
        Err(wrong) => Err(fail(wrong.to_string(), world.trace.into_lines())),
    }
}

impl<S: Store> World<'_, S> {
    async fn live(&mut self) -> Result<String, Wrong> {
        self.begin().await?;
        self.pass_until("people have acted", |world| world.acts_left == 0).await?;
        self.calm_down();
        self.pass_until("everything is sent and fetched", Self::is_settled).await?;
        check::all(self).await?;
        self.last_act();
        self.pass_until("nothing more happens", |_| false).await?;
        if let Some(device) = self.devices.iter().find(|device| !device.is_settled() || !self.is_current(device)) {
            let listening = self.server.listeners.contains(&(device.number, device.connection));
            let (number, at) = (device.number, device.replica.position);
            let what = format!("device {number} did not hear of the last act: it is at {at}, listening: {listening}");
            return Err(Wrong::Found(what));
        }
        check::all(self).await
    }

    async fn begin(&mut self) -> Result<(), Wrong> {
        for device in 0..self.devices.len() {
            self.look(device, BEGINNING + 1);
            self.agenda.plan(BEGINNING + 1_000, Happening::Act(device));
            if self.plan.has(Trouble::Tokens) {
                self.server.tokens.insert(device, BEGINNING + TOKEN_MS);
            }
        }
        if self.plan.has(Trouble::Restores) {
            self.server.back_up().await?;
        }
        self.agenda.plan(BEGINNING + 2_000, Happening::Trouble);
        Ok(())
    }

    /// Time passes until something is so, or nothing is left to happen.
    async fn pass_until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) -> Result<(), Wrong> {
        for _ in 0..HAPPENINGS_MAX {
            if is_so(self) {
                return Ok(());
            }
            let Some((at, happening)) = self.agenda.next() else { return Ok(()) };
            self.now = at;
            self.happen(happening).await?;
        }
        let queues: Vec<usize> = self.devices.iter().map(|device| device.queue.len()).collect();
        Err(Wrong::Found(format!("it never came to it that {what}; queues: {queues:?}")))
    }

    fn is_settled(&self) -> bool {
        self.devices.iter().all(|device| device.is_settled() && self.is_current(device))
    }

    /// Whether a device has as much as the one that has most; the checks compare that with the head.
    fn is_current(&self, device: &crate::device::Device) -> bool {
        self.devices.iter().all(|other| other.replica.position <= device.replica.position)
    }

    /// One more act, of which the others only hear if they are told.
    fn last_act(&mut self) {
        self.weather = Weather::Silent;
        self.stop_looking();
        let acted = self.devices[0].act_plainly(self.now);
        self.keep(0, acted);
        self.look(0, self.now + 1);
    }
}
