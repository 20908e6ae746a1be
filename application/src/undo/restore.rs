//! Bringing a space back to a position, by transactions of at most 500 commands. Each is made from what the space is by
//! then, so that a restore that was cut off goes on when it is asked for again; its parts have ids that follow from its own.

use std::collections::BTreeMap;

use domain::entity::{Command, EntityRef, Kind};
use domain::id::{SpaceId, TransactionId};
use domain::limits::TRANSACTION_COMMANDS_MAX;
use domain::transaction::{Plan, Positions, Verdict, planned};
use domain::undo::{Life, Steps, energy, steps, totals};
use serde_json::json;
use uuid::Uuid;

use super::revert::requests;
use super::{Answered, Refused, Writes, is_own};
use crate::cursor::Cursor;
use crate::fault::Fault;
use crate::past::{Changed, Past, PastReceipt, changed, lives};
use crate::submit::Actor;

/// Entities that are looked at together; the steps of so few go into one transaction where they fit.
const ENTITIES_MAX: usize = 200;
/// What the first time shows again is done the next time: references that came back with what they refer to.
const ROUNDS_MAX: usize = 4;
/// Receipts that are looked up at once.
const RECEIPTS_MAX: usize = 64;

/// A restore as it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Who asks.
    pub actor: Actor,
    /// Whose space.
    pub space: SpaceId,
    /// The restore's own id: asked for again under it, it goes on, and once it is complete nothing more happens.
    pub id: Uuid,
    /// The position that the space is brought back to.
    pub position: i64,
    /// The server's clock, Unix ms.
    pub now: i64,
    /// Transactions that this call may send.
    pub transactions_max: usize,
}

/// How far a restore is.
#[derive(Clone, Debug)]
pub struct Restored {
    /// Whether all is done; otherwise it is to be asked for again.
    pub complete: bool,
    /// Transactions that were committed.
    pub transactions: usize,
    /// Their events, those of others between them not left out.
    pub positions: Option<Positions>,
    /// A node that has come this far shows what was written.
    pub written: Option<Cursor>,
}

/// Which steps of many entities are taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    All,
    Restore,
    Leave,
    Change,
    Delete,
}

/// Versions that commands were made from.
type Versions = BTreeMap<EntityRef, i64>;

/// A restore under way.
struct Running<'a, P, W> {
    past: &'a P,
    writes: &'a W,
    asked: &'a Asked,
    sent: usize,
    /// The number of the next part.
    part: usize,
    /// Whether an import brought something since, or a restore set that right.
    brought: bool,
    so_far: Restored,
}

/// Brings the space back, or some of the way.
///
/// # Errors
/// See [`Refused`]; what was done until then stays, and asking again goes on.
pub async fn restore<P: Past, W: Writes>(past: &P, writes: &W, asked: &Asked) -> Result<Restored, Refused> {
    let so_far = Restored { complete: false, transactions: 0, positions: None, written: None };
    let mut running = Running { past, writes, asked, sent: 0, part: 0, brought: false, so_far };
    running.look_up().await?;
    if running.so_far.complete {
        return Ok(running.so_far);
    }
    for _ in 0..ROUNDS_MAX {
        match running.round().await? {
            Round::Cut => return Ok(running.so_far),
            Round::Nothing if !running.brought => break,
            Round::Nothing => match running.set_right().await? {
                Round::Cut => return Ok(running.so_far),
                Round::Nothing => break,
                Round::Something => {}
            },
            Round::Something => {}
        }
    }
    running.end().await
}

/// What a round came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    /// The space is as it was.
    Nothing,
    /// Something was done.
    Something,
    /// No more may be sent by this call.
    Cut,
}

impl<P: Past, W: Writes> Running<'_, P, W> {
    /// Finds the parts that an earlier call has sent.
    async fn look_up(&mut self) -> Result<(), Fault> {
        let end = self.past.receipts(self.asked.space, &[self.named("end")]).await?;
        self.so_far.complete = end.iter().any(|receipt| receipt.committed);
        loop {
            let ids: Vec<TransactionId> =
                (self.part..self.part + RECEIPTS_MAX).map(|part| self.named(&part.to_string())).collect();
            let found = self.past.receipts(self.asked.space, &ids).await?;
            let found: BTreeMap<TransactionId, PastReceipt> =
                found.into_iter().map(|receipt| (receipt.transaction, receipt)).collect();
            for id in &ids {
                let Some(receipt) = found.get(id) else { return Ok(()) };
                self.part += 1;
                self.so_far.transactions += usize::from(receipt.committed);
                self.widen(receipt.positions);
            }
        }
    }

    /// Takes every step that is left, once.
    async fn round(&mut self) -> Result<Round, Refused> {
        let head = self.past.head(self.asked.space).await?.position;
        let all = changed(self.past, self.asked.space, (self.asked.position, head), is_own, usize::MAX).await?;
        let Changed::All(all) = all else { return Ok(Round::Nothing) };
        let all: Vec<EntityRef> = all.into_iter().collect();
        let stages: &[Stage] = if all.len() <= ENTITIES_MAX {
            &[Stage::All]
        } else {
            &[Stage::Restore, Stage::Leave, Stage::Change, Stage::Delete]
        };
        let mut round = Round::Nothing;
        for stage in stages {
            for some in all.chunks(ENTITIES_MAX) {
                let (base, commands) = self.commands(some, *stage).await?;
                if !commands.is_empty() {
                    round = Round::Something;
                }
                if !self.send(&base, commands, &BTreeMap::new()).await? {
                    return Ok(Round::Cut);
                }
            }
        }
        Ok(round)
    }

    /// The commands of a stage to some entities, as of a place in the log.
    async fn commands(
        &mut self,
        some: &[EntityRef],
        stage: Stage,
    ) -> Result<(Cursor, Vec<(EntityRef, Command)>), Fault> {
        let head = self.past.head(self.asked.space).await?;
        let lives = lives(self.past, self.asked.space, some, (self.asked.position, head.position)).await?;
        self.brought |= lives.values().any(|(then, now)| then.brought != now.brought);
        let mut all: Vec<(EntityRef, Steps)> =
            lives.iter().map(|(entity, (then, now))| (*entity, steps(then, now))).collect();
        all.retain(|(_, steps)| !steps.is_empty());
        Ok((Cursor::of_head(self.asked.space, &head), of_stage(all, stage)))
    }

    /// What an import brought and no step takes back. Only where nothing else differs is the difference of totals that; an
    /// entity that is written meanwhile is left to the next call.
    async fn set_right(&mut self) -> Result<Round, Refused> {
        let head = self.past.head(self.asked.space).await?;
        let span = (self.asked.position, head.position);
        let all = changed(self.past, self.asked.space, span, is_own, usize::MAX).await?;
        let Changed::All(all) = all else { return Ok(Round::Nothing) };
        let all: Vec<EntityRef> = all.into_iter().collect();
        let (mut commands, mut versions) = (Vec::new(), Versions::new());
        for some in all.chunks(ENTITIES_MAX) {
            for (entity, (then, now)) in lives(self.past, self.asked.space, some, span).await? {
                if !steps(&then, &now).is_empty() {
                    return Ok(Round::Something);
                }
                let command = totals(&then, &now);
                versions.extend(command.as_ref().map(|_| (entity, now.entity.meta().version)));
                commands.extend(command.map(|command| (entity, command)));
            }
        }
        let sent = self.send(&Cursor::of_head(self.asked.space, &head), commands, &versions).await?;
        Ok(if sent { Round::Nothing } else { Round::Cut })
    }

    /// The hero's energy, once all else is as it was: other steps spend it and give it back.
    async fn energy(&self) -> Result<(Cursor, Vec<(EntityRef, Command)>), Fault> {
        let hero = EntityRef::new(Kind::Hero, self.asked.space.into());
        let head = self.past.head(self.asked.space).await?;
        let lives = lives(self.past, self.asked.space, &[hero], (self.asked.position, head.position)).await?;
        let command = lives.get(&hero).and_then(|(then, now): &(Life, Life)| energy(then, now));
        Ok((Cursor::of_head(self.asked.space, &head), command.map(|command| (hero, command)).into_iter().collect()))
    }

    async fn end(mut self) -> Result<Restored, Refused> {
        let (base, commands) = self.energy().await?;
        if !self.send(&base, commands, &BTreeMap::new()).await? {
            return Ok(self.so_far);
        }
        let end = self.named("end");
        self.write(end, &base, Vec::new(), Plan::default()).await?;
        self.so_far.complete = true;
        Ok(self.so_far)
    }

    /// Sends commands in parts; says whether all were sent.
    async fn send(
        &mut self,
        base: &Cursor,
        commands: Vec<(EntityRef, Command)>,
        versions: &Versions,
    ) -> Result<bool, Refused> {
        let mut rest = commands.into_iter().peekable();
        while rest.peek().is_some() {
            if self.sent >= self.asked.transactions_max {
                return Ok(false);
            }
            let part: Vec<_> = rest.by_ref().take(TRANSACTION_COMMANDS_MAX).collect();
            let planned = part.iter().filter_map(|(entity, _)| Some((*entity, *versions.get(entity)?)));
            let plan = Plan { versions: planned.collect(), ..Plan::default() };
            let id = self.named(&self.part.to_string());
            (self.part, self.sent) = (self.part + 1, self.sent + 1);
            let answered = self.write(id, base, part, plan).await?;
            self.so_far.transactions += 1;
            self.widen(answered.receipt.positions());
        }
        Ok(true)
    }

    async fn write(
        &mut self,
        id: TransactionId,
        base: &Cursor,
        commands: Vec<(EntityRef, Command)>,
        plan: Plan,
    ) -> Result<Answered, Refused> {
        let content = json!(["restore", self.asked.id, id]);
        let requests = requests(id, self.asked.now, commands);
        let sent = planned((id, self.asked.space), &content, base.token(), requests, plan);
        let answered = self.writes.write(self.asked.actor, self.asked.space, sent).await?;
        match &answered.receipt.verdict {
            Verdict::Committed { .. } => {
                self.so_far.written = answered.written.or(self.so_far.written);
                Ok(answered)
            }
            Verdict::Rejected { problem } => Err(Refused::Rejected(Box::new(problem.clone()))),
            Verdict::Deferred { problem } => Err(Refused::Deferred(Box::new(problem.clone()))),
        }
    }

    fn widen(&mut self, positions: Option<Positions>) {
        let Some(more) = positions else { return };
        let so_far = self.so_far.positions.unwrap_or(more);
        self.so_far.positions =
            Some(Positions { first: so_far.first.min(more.first), last: so_far.last.max(more.last) });
    }

    fn named(&self, part: &str) -> TransactionId {
        let Asked { space, id, .. } = self.asked;
        TransactionId(Uuid::new_v5(&space.0, format!("restore/{id}/{part}").as_bytes()))
    }
}

/// The commands of a stage, in the order in which they can be obeyed.
fn of_stage(all: Vec<(EntityRef, Steps)>, stage: Stage) -> Vec<(EntityRef, Command)> {
    let takes = |other: Stage| stage == Stage::All || stage == other;
    let (mut first, mut second, mut third, mut last) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (entity, steps) in all {
        let to = |command: Command| (entity, command);
        first.extend(steps.restore.filter(|_| takes(Stage::Restore)).map(to));
        second.extend(steps.leave.filter(|_| takes(Stage::Leave)).map(to));
        third.extend(steps.change.into_iter().filter(|_| takes(Stage::Change)).map(to));
        last.extend(steps.delete.filter(|_| takes(Stage::Delete)).map(to));
    }
    // What belongs to something goes before it.
    last.reverse();
    first.into_iter().chain(second).chain(third).chain(last).collect()
}
