//! One transaction while it is decided: all or nothing. It writes to a copy; what it touched joins the working set
//! only when every command went through.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::conflict::{ConflictCommand, moves};
use domain::entity::{
    Command, Context, Entity, EntityRef, Event, HeroView, Kind, Mark, Outcome, Referrer, legacy_next,
};
use domain::follow_up::follow_ups;
use domain::id::EntityId;
use domain::references::{Known, World};
use domain::rejection::Rejection;
use domain::stamp::{Seen, Stamp, earliest_stamp_ms, held_moment_ms};
use domain::transaction::{CommandResult, Request};
use jiff::civil::Date;

use super::Submission;
use super::record::{Origin, record};
use super::working::{Held, Need, Working};
use crate::current::CurrentEntity;
use crate::cursor::Cursor;
use crate::ledger::{Head, NewEvent};

/// Why a transaction is not decided yet, or refused.
#[derive(Debug)]
pub(super) enum Stop {
    /// Something has to be loaded first.
    Need(Need),
    /// It is refused.
    Rejected(Rejection),
}

impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

/// A write: when the user acted, its stamp, and up to where its device had applied the log.
#[derive(Clone, Copy)]
struct Write {
    moment: i64,
    stamp: Stamp,
    base: Option<i64>,
}

/// What a command made.
struct Made {
    before: Arc<CurrentEntity>,
    after: Arc<CurrentEntity>,
    event: Event,
    position: i64,
    /// The conflicts that it opened or changed.
    conflicts: Vec<EntityId>,
}

/// One transaction while it is decided.
pub(super) struct Attempt<'a> {
    working: &'a Working,
    submission: &'a Submission,
    base: Option<Cursor>,
    pub(super) head: Head,
    pub(super) touched: BTreeMap<EntityRef, (Held, BTreeSet<Date>)>,
    pub(super) events: Vec<NewEvent>,
    pub(super) last_stamp: Option<Stamp>,
}

impl<'a> Attempt<'a> {
    pub(super) fn new(working: &'a Working, submission: &'a Submission, base: Option<Cursor>, now: i64) -> Self {
        let mut head = working.head.clone();
        // A stamp is after everything that its writer had seen, and no event is recorded before its stamp.
        head.recorded_at = head.recorded_at.max(now).max(earliest_stamp_ms(base.map(|base| base.recorded_at)));
        let clock = working.devices.get(&submission.actor.device).copied().unwrap_or_default();
        let last_stamp = clock.last_stamp;
        Self { working, submission, base, head, touched: BTreeMap::new(), events: Vec::new(), last_stamp }
    }

    /// Decides one command and what follows from it.
    pub(super) async fn command(&mut self, request: &Request) -> Result<CommandResult, Stop> {
        let (target, command, base) = self.addressed(request)?;
        let moment = self.moment(request.at);
        let earliest = earliest_stamp_ms(base.map(|base| base.recorded_at));
        let stamp = Stamp::following(moment.max(earliest), self.submission.actor.device, self.last_stamp);
        let write = Write { moment, stamp, base: base.map(|base| base.position) };
        let context = self.context(&command, target, write)?;
        let made = self.handle(target, command, &context, None).await?;
        self.last_stamp = Some(stamp);
        if let Some(made) = &made {
            for follow_up in follow_ups(self.working.space, &made.before, &made.after, &made.event) {
                let context = self.context(&follow_up.command, follow_up.target, write)?;
                self.handle(follow_up.target, follow_up.command, &context, Some(made.position)).await?;
            }
        }
        let version = self.entity(target)?.meta().version;
        let created = made.as_ref().filter(|made| !made.before.meta().exists());
        let legacy_id = created.and_then(|made| made.after.meta().legacy_id);
        let outcome = context.outcome.get().cloned().unwrap_or_else(Outcome::unchanged);
        let outcome = outcome.with_conflicts(made.map(|made| made.conflicts).unwrap_or_default());
        Ok(CommandResult { command_id: request.command_id, outcome, version, legacy_id })
    }

    /// Whom a command concerns, and what its device had seen. The choice in a conflict is a write of the field that the
    /// conflict is about; its id says that it was seen, also without a base.
    fn addressed(&self, request: &Request) -> Result<(EntityRef, Command, Option<Cursor>), Stop> {
        let Command::Conflict(command) = &request.command else {
            return Ok((request.target, request.command.clone(), self.base));
        };
        let found = self.entity(request.target)?;
        let Entity::Conflict(conflict) = &**found else {
            return Err(Rejection::NotFound.into());
        };
        let (target, command) = conflict.redirect(command)?;
        Ok((target, command, self.base.or_else(|| Some(Cursor::of_head(self.working.space, &self.head)))))
    }

    /// When the user acted. The upper bound is the server's clock, which within a space never goes back.
    fn moment(&self, at: i64) -> i64 {
        let base_recorded_at = self.base.map(|base| base.recorded_at);
        held_moment_ms(at, self.submission.shift_ms, base_recorded_at, self.head.recorded_at)
    }

    /// What is known of an entity as this transaction has left it so far; `None` if it is not loaded.
    fn known(&self, entity: EntityRef) -> Option<Known> {
        if let Some((held, _)) = self.touched.get(&entity) {
            return Some(held.entity.known());
        }
        self.working.entity(entity).map(|found| found.map(|entity| entity.known()).unwrap_or_default())
    }

    fn entity(&self, entity: EntityRef) -> Result<Arc<CurrentEntity>, Stop> {
        if let Some((held, _)) = self.touched.get(&entity) {
            return Ok(Arc::clone(&held.entity));
        }
        match self.working.entity(entity) {
            Some(Some(found)) => Ok(Arc::clone(found)),
            Some(None) => Ok(Arc::new(CurrentEntity::new(Entity::absent(entity.kind)))),
            None => Err(Stop::Need(Need { entities: BTreeSet::from([entity]), ..Need::default() })),
        }
    }

    /// Everything that the decision may know.
    fn context(&self, command: &Command, target: EntityRef, write: Write) -> Result<Context, Stop> {
        let entity = self.entity(target)?;
        let world = World::gather(entity.wanted(command), |wanted| self.known(wanted))
            .map_err(|missing| Stop::Need(Need { entities: missing.into_iter().collect(), ..Need::default() }))?;
        Ok(Context {
            space: self.working.space,
            mark: Mark { position: self.head.position + 1, at: self.head.recorded_at, stamp: write.stamp },
            moment: write.moment,
            seen: Seen { base: write.base, device: self.submission.actor.device },
            legacy_next: self.head.legacy_next,
            live_entities: self.head.live_entities,
            hero: self.hero()?,
            world,
            referrers: if command.needs_referrers() { self.referrers(target)? } else { Vec::new() },
            outcome: std::sync::OnceLock::new(),
        })
    }

    fn hero(&self) -> Result<HeroView, Stop> {
        let hero = self.entity(EntityRef::new(Kind::Hero, self.working.space.into()))?;
        Ok(if let Entity::Hero(hero) = &**hero { hero.view() } else { HeroView::default() })
    }

    fn referrers(&self, target: EntityRef) -> Result<Vec<Referrer>, Stop> {
        if !self.working.referrers_known.contains(&target) {
            return Err(Stop::Need(Need { referrers_of: BTreeSet::from([target]), ..Need::default() }));
        }
        let untouched =
            self.working.all().filter(|one| !self.touched.contains_key(&EntityRef::new(one.kind(), one.meta().id)));
        let all = untouched.chain(self.touched.values().map(|(held, _)| &held.entity));
        let mut found: Vec<Referrer> = all
            .flat_map(|one| {
                let (open, deleted) = (one.is_open(), one.meta().deleted_at.is_some());
                one.refers_to(target).into_iter().map(move |took| Referrer { took, open, deleted })
            })
            .collect();
        found.sort_by_key(|referrer| referrer.took.entity);
        Ok(found)
    }

    /// Handles one command, and brings the conflicts about its entity up to date.
    async fn handle(
        &mut self,
        target: EntityRef,
        command: Command,
        context: &Context,
        cause: Option<i64>,
    ) -> Result<Option<Made>, Stop> {
        let Some(mut made) = self.apply(target, command, context, cause).await? else {
            return Ok(None);
        };
        let (before, after) = (made.before.open_conflicts(), made.after.open_conflicts());
        for (conflict, command) in moves(self.working.space, target, &before, &after) {
            made.conflicts.extend(matches!(command, ConflictCommand::Show(_)).then_some(conflict.id));
            let mark = Mark { position: self.head.position + 1, ..context.mark };
            let context = Context { space: context.space, mark, moment: context.moment, ..Context::default() };
            self.apply(conflict, Command::Conflict(command), &context, Some(made.position)).await?;
        }
        Ok(Some(made))
    }

    /// Applies one command to its entity and records the event, if it makes one.
    async fn apply(
        &mut self,
        target: EntityRef,
        command: Command,
        context: &Context,
        cause: Option<i64>,
    ) -> Result<Option<Made>, Stop> {
        let before = self.entity(target)?;
        let mut entity = Entity::clone(&before);
        let events = entity.handle(command, context).await?;
        let Some(event) = events.into_iter().next() else {
            return Ok(None);
        };
        let after = Held::of(entity);
        self.count(&before, &after.entity);
        let origin = Origin { submission: self.submission, cause };
        let stored = record(&origin, self.working.space, &self.head, (&before, &after.entity), &event);
        self.head.position = stored.change.position;
        self.head.hash = stored.change.hash;
        self.events.push(stored);
        let mut days = self.touched.remove(&target).map(|(_, days)| days).unwrap_or_default();
        days.extend(event.days().into_iter().filter(|day| after.entity.days().contains_key(day)));
        let made = Made {
            before,
            after: Arc::clone(&after.entity),
            event,
            position: self.head.position,
            conflicts: Vec::new(),
        };
        self.touched.insert(target, (after, days));
        Ok(Some(made))
    }

    /// Keeps the head's counters: integer ids, live entities, checksum.
    fn count(&mut self, before: &CurrentEntity, after: &CurrentEntity) {
        let (was, is) = (before.meta(), after.meta());
        self.head.legacy_next = legacy_next(self.head.legacy_next, is.legacy_id);
        self.head.live_entities += i64::from(is.is_live()) - i64::from(was.is_live());
        self.head.checksum = self.head.checksum.wrapping_sub(before.share()).wrapping_add(after.share());
    }
}
