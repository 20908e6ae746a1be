//! The second reading of an import: lines become transactions, in an order in which everything is there before it is
//! referred to. Each transaction is durable before the next is made.
//!
//! The id of each transaction follows from the import and its number, and so does its content: whoever sends the same
//! import again finds their receipts, and goes on with the first that has none.

use std::collections::BTreeMap;
use std::future::Future;

use domain::entity::EntityRef;
use domain::id::{SpaceId, TransactionId};
use domain::transaction::{Receipt, Sent};
use uuid::Uuid;

use super::chunk::{is_full, take_chunk};
use super::commands::{Made, Maker, join};
use super::format::Line;
use super::mapping::{Mapping, Taken};
use super::plan::{Place, Plan};
use super::preview::{mapping, taken};
use super::refusal::Stopped;
use super::sending::Sending;
use crate::fault::Fault;

/// The lines of an import, to be read again.
pub trait Lines: Send {
    /// The bytes of a line that was read before.
    fn line(&mut self, place: Place) -> impl Future<Output = Result<Vec<u8>, String>> + Send;
}

/// What an import has to know of the space that it goes into.
pub trait Target: Send + Sync {
    /// Which of these the space has, tombstones too.
    fn taken(
        &self,
        space: SpaceId,
        import: Uuid,
        entities: &[EntityRef],
    ) -> impl Future<Output = Result<Vec<Taken>, Fault>> + Send;

    /// How many live entities it has.
    fn live_entities(&self, space: SpaceId) -> impl Future<Output = Result<i64, Fault>> + Send;

    /// Whether a transaction was rejected.
    fn was_rejected(
        &self,
        space: SpaceId,
        transaction: TransactionId,
    ) -> impl Future<Output = Result<bool, Fault>> + Send;
}

/// The write path.
pub trait Writer: Send + Sync {
    /// Writes a transaction; waits while it is deferred.
    fn write(&self, space: SpaceId, sent: Sent) -> impl Future<Output = Result<Receipt, Fault>> + Send;
}

/// How far an import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Entities that are there.
    pub done: u64,
    /// Of so many.
    pub of: u64,
    /// Transactions that were written or found written.
    pub transactions: u64,
}

/// An import under way.
#[derive(Debug)]
pub struct Import {
    space: SpaceId,
    id: Uuid,
    plan: Plan,
    mapping: Mapping,
    /// When it goes on, Unix ms.
    at: i64,
    /// What is still to be made: entities in order, then what joins core skills, then days.
    next: usize,
    steps: Vec<Step>,
    made: Vec<Made>,
    progress: Progress,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Entity(EntityRef),
    Core(EntityRef),
    Days(EntityRef),
}

impl Import {
    /// Begins or resumes an import that was read whole and of which nothing is refused.
    ///
    /// # Errors
    /// The store failed.
    pub async fn begin<T: Target>(target: &T, space: SpaceId, id: Uuid, plan: Plan, at: i64) -> Result<Self, Fault> {
        let taken = taken(target, space, id, &plan).await?;
        let mapping = mapping(space, id, &plan, &taken);
        let is_core = |name: &EntityRef| plan.entities.get(name).is_some_and(|placed| placed.core.is_some());
        let (cores, others): (Vec<EntityRef>, Vec<EntityRef>) = plan.order.iter().partition(|name| is_core(name));
        let with_days = plan.order.iter().filter(|name| plan.days.contains_key(name));
        let steps: Vec<Step> = others
            .into_iter()
            .map(Step::Entity)
            .chain(cores.into_iter().map(Step::Core))
            .chain(with_days.copied().map(Step::Days))
            .collect();
        let progress = Progress { of: plan.entities.len() as u64, ..Progress::default() };
        Ok(Self { space, id, plan, mapping, at, next: 0, steps, made: Vec::new(), progress })
    }

    /// Writes the next transaction; `None` when everything is there.
    ///
    /// # Errors
    /// See [`Stopped`]. What was written stays.
    pub async fn step<L: Lines, T: Target, W: Writer>(
        &mut self,
        lines: &mut L,
        target: &T,
        writer: &W,
    ) -> Result<Option<Progress>, Stopped> {
        while self.next < self.steps.len() && !is_full(&self.made) {
            let made = self.make(lines, self.steps[self.next]).await?;
            self.made.extend(made);
            self.next += 1;
        }
        let chunk = take_chunk(&mut self.made);
        if chunk.is_empty() {
            return Ok(None);
        }
        let sending = Sending { space: self.space, import: self.id };
        sending.send(&self.progress.transactions.to_string(), sending.pack(chunk), target, writer).await?;
        self.progress.transactions += 1;
        let entities = self.steps[..self.next].iter().filter(|step| !matches!(step, Step::Days(_))).count();
        self.progress.done = entities as u64;
        Ok(Some(self.progress))
    }

    async fn make<L: Lines>(&self, lines: &mut L, step: Step) -> Result<Vec<Made>, Stopped> {
        let maker = Maker { import: self.id, mapping: &self.mapping, at: self.at };
        match step {
            Step::Entity(name) | Step::Core(name) => {
                let Some(placed) = self.plan.entities.get(&name) else { return Ok(Vec::new()) };
                match read(lines, placed.place).await? {
                    Line::Entity(entity) => Ok(maker.entity(entity, placed.core.is_some())),
                    _ => Err(Stopped::Unreadable("a line is another than before".to_owned())),
                }
            }
            Step::Days(name) => {
                let mut days = BTreeMap::new();
                for place in self.plan.days.get(&name).map(|(places, _)| places.as_slice()).unwrap_or_default() {
                    if let Line::Days(line) = read(lines, *place).await? {
                        join(&mut days, line.days);
                    }
                }
                Ok(maker.days(name, &days))
            }
        }
    }
}

async fn read<L: Lines>(lines: &mut L, place: Place) -> Result<Line, Stopped> {
    let bytes = lines.line(place).await.map_err(Stopped::Unreadable)?;
    serde_json::from_slice(&bytes).map_err(|error| Stopped::Unreadable(error.to_string()))
}
