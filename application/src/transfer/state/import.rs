//! The second reading of an import: lines become transactions, in an order in which everything is there before it is
//! referred to. Each transaction is durable before the next is made.
//!
//! The id of each transaction follows from the import and its number, and so does its content: whoever sends the same
//! import again finds their receipts, and goes on with the first that has none.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;

use domain::checksum::canonical;
use domain::entity::{EntityRef, Kind};
use domain::founding::core_skill_id;
use domain::id::{SpaceId, TransactionId};
use domain::limits::{SPACE_LIVE_ENTITIES_MAX, TRANSACTION_COMMANDS_MAX};
use domain::transaction::{Receipt, Sent, Verdict};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::commands::{Made, Maker, join};
use super::format::Line;
use super::limits::{ATTEMPTS_MAX, TRANSACTION_BYTES_MAX};
use super::mapping::{Mapping, Taken, hero};
use super::plan::{Place, Plan};
use super::refusal::{LineRefusal, Stopped};
use super::report::{Collision, Report};
use crate::fault::Fault;

/// Ids that are asked about at once.
const ASKED_MAX: usize = 1_000;

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

/// The id of an import: the same for the same export into the same space.
pub fn import_id(space: SpaceId, plan: &Plan) -> Uuid {
    let mut name = b"import/".to_vec();
    name.extend_from_slice(&Sha256::digest(plan.header_text.as_bytes()));
    Uuid::new_v5(&space.0, &name)
}

/// What an import would come to; nothing is written.
///
/// # Errors
/// The store failed.
pub async fn preview<T: Target>(target: &T, space: SpaceId, id: Uuid, plan: &Plan) -> Result<Report, Fault> {
    let taken = taken(target, space, id, plan).await?;
    let mapping = mapping(space, id, plan, &taken);
    let mut report = Report { import_id: id, ..plan.report.clone() };
    let lines = |entity: EntityRef| plan.entities.get(&entity).map_or(0, |placed| placed.place.line);
    for found in &taken {
        if found.by_this_import {
            report.present += 1;
        } else if let Some(new_id) = mapping.of(found.entity) {
            report.collide(Collision { line: lines(found.entity), entity: found.entity, new_id });
        }
    }
    for (entity, placed) in &plan.entities {
        match (entity.kind, placed.core) {
            (Kind::Hero, _) => {}
            (_, Some(_)) => report.joined += 1,
            (kind, None) => *report.created.entry(kind).or_default() += 1,
        }
    }
    report.days = plan.days.values().map(|(_, days)| *days as u64).sum();
    let new = i64::try_from(report.created.values().sum::<u64>()).unwrap_or(i64::MAX);
    let old = i64::try_from(report.present).unwrap_or(i64::MAX);
    let live = target.live_entities(space).await?;
    if live.saturating_add(new.saturating_sub(old)) > SPACE_LIVE_ENTITIES_MAX {
        let message = format!("the space would hold more than {SPACE_LIVE_ENTITIES_MAX} live entities");
        let (pointer, code) = (String::new(), "space_full".to_owned());
        report.refuse(LineRefusal { line: 0, pointer, code, message });
    }
    Ok(report)
}

async fn taken<T: Target>(target: &T, space: SpaceId, id: Uuid, plan: &Plan) -> Result<Vec<Taken>, Fault> {
    let all: Vec<EntityRef> = plan
        .entities
        .iter()
        .filter(|(name, placed)| name.kind != Kind::Hero && placed.core.is_none())
        .map(|(name, _)| *name)
        .collect();
    let mut taken = Vec::new();
    for asked in all.chunks(ASKED_MAX) {
        taken.extend(target.taken(space, id, asked).await?);
    }
    Ok(taken)
}

fn mapping(space: SpaceId, id: Uuid, plan: &Plan, taken: &[Taken]) -> Mapping {
    let mut fixed = HashMap::new();
    if let Some(header) = &plan.header {
        fixed.insert(hero(header.space), space.into());
    }
    for (name, placed) in &plan.entities {
        if let Some(number) = placed.core {
            fixed.insert(*name, core_skill_id(space, number));
        }
    }
    Mapping::new(id, plan.entities.keys().copied(), fixed, taken)
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
        self.write(chunk, target, writer).await?;
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

    async fn write<T: Target, W: Writer>(&self, chunk: Vec<Made>, target: &T, writer: &W) -> Result<(), Stopped> {
        let content = Value::from_iter(chunk.iter().map(|made| made.content.clone()));
        let content = canonical(&Value::from_iter([Value::from(self.space.to_string()), content]));
        let digest = Sha256::digest(content.as_bytes()).into();
        let id = self.free_id(target).await?;
        let commands = Ok(chunk.into_iter().map(|made| made.request).collect());
        let sent = Sent { id, digest, bytes: content.len(), base: None, device_seq: None, commands };
        match writer.write(self.space, sent).await?.verdict {
            Verdict::Committed { .. } => Ok(()),
            // The body of an old receipt is gone; that it was committed is not.
            Verdict::Rejected { problem } if problem.code == "receipt_expired" => Ok(()),
            Verdict::Rejected { problem } if problem.code == "transaction_reused" => Err(Stopped::Changed),
            Verdict::Rejected { problem } => Err(Stopped::Rejected(Box::new(problem))),
            Verdict::Deferred { problem } => Err(Fault::Unavailable(problem.detail).into()),
        }
    }

    /// The id under which this transaction was committed or is yet to be decided. One that was rejected stays so under
    /// its id; what was in its way may be gone.
    async fn free_id<T: Target>(&self, target: &T) -> Result<TransactionId, Fault> {
        let number = self.progress.transactions;
        let id = |attempt: u32| TransactionId(Uuid::new_v5(&self.id, format!("{number}/{attempt}").as_bytes()));
        for attempt in 0..ATTEMPTS_MAX {
            if !target.was_rejected(self.space, id(attempt)).await? {
                return Ok(id(attempt));
            }
        }
        Ok(id(ATTEMPTS_MAX))
    }
}

async fn read<L: Lines>(lines: &mut L, place: Place) -> Result<Line, Stopped> {
    let bytes = lines.line(place).await.map_err(Stopped::Unreadable)?;
    serde_json::from_slice(&bytes).map_err(|error| Stopped::Unreadable(error.to_string()))
}

fn is_full(made: &[Made]) -> bool {
    made.len() >= TRANSACTION_COMMANDS_MAX || made.iter().map(bytes).sum::<usize>() >= TRANSACTION_BYTES_MAX
}

fn bytes(made: &Made) -> usize {
    // A creation's text is a line's; what the rest is does not matter.
    made.content.get(2).map_or(0, approximate_bytes)
}

fn approximate_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        Value::Array(members) => members.iter().map(approximate_bytes).sum::<usize>() + 2,
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + 4 + approximate_bytes(value)).sum(),
        _ => 8,
    }
}

/// As many commands as one transaction may have, from the front.
fn take_chunk(made: &mut Vec<Made>) -> Vec<Made> {
    let mut taken = 0;
    let mut size = 0;
    for one in made.iter().take(TRANSACTION_COMMANDS_MAX) {
        size += bytes(one);
        if taken > 0 && size > TRANSACTION_BYTES_MAX {
            break;
        }
        taken += 1;
    }
    made.drain(..taken).collect()
}
