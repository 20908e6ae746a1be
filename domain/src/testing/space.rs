//! A space in memory.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use futures_util::FutureExt;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::writer::{HadSeen, Writer, phone};
use super::{NOON, SPACE, corpus, sound};
use crate::activity::{Activity, activity, level};
use crate::conflict::{ConflictCommand, moves};
use crate::day_entry::DayEntry;
use crate::entity::{
    Command, Context, Entity, EntityRef, Event, HeroView, Kind, Mark, Outcome, OutcomeKind, Referrer, legacy_next,
};
use crate::follow_up::follow_ups;
use crate::id::{DeviceId, EntityId};
use crate::references::World;
use crate::rejection::Rejection;
use crate::stamp::{Seen, Stamp, earliest_stamp_ms};
use crate::transaction::{Request, founding, read};

/// A space in memory. A refused command leaves it as it was.
#[derive(Clone)]
pub(crate) struct Space {
    pub(crate) entities: BTreeMap<EntityRef, Entity>,
    pub(crate) log: Vec<Event>,
    /// What a log page shows of it.
    pub(crate) activity: Vec<Activity>,
    pub(crate) position: i64,
    pub(crate) live_entities: Option<i64>,
    /// The events of each entity.
    histories: BTreeMap<EntityRef, Vec<Event>>,
    legacy_next: i64,
    /// When each position was recorded, Unix ms; that of position 0 is long ago.
    recorded: Vec<i64>,
    last: BTreeMap<DeviceId, Stamp>,
}

/// What a device is told, and the types of the events that it made, those of follow-ups after a colon.
#[derive(Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) outcome: Outcome,
    pub(crate) events: Vec<String>,
}

impl Told {
    pub(crate) fn kind(&self) -> OutcomeKind {
        self.outcome.kind
    }
}

impl Space {
    /// A space with its hero and core skills.
    pub(crate) fn founded(time_zone: &str) -> Self {
        let mut space = Self {
            entities: BTreeMap::new(),
            log: Vec::new(),
            activity: Vec::new(),
            position: 0,
            live_entities: None,
            histories: BTreeMap::new(),
            legacy_next: 1,
            recorded: vec![0],
            last: BTreeMap::new(),
        };
        for request in founding(SPACE, time_zone, NOON - super::DAY).commands.unwrap() {
            space.decide(phone(), &request).unwrap();
        }
        space
    }

    /// Sends one command: `body` is the `data` of a create or focus, the parts of an edit, else null.
    pub(crate) fn does(
        &mut self,
        writer: Writer,
        at: i64,
        command: &str,
        id: EntityId,
        body: Value,
    ) -> Result<Told, Rejection> {
        let mut sent = json!({ "command_id": Uuid::nil(), "type": command, "id": id, "at": at });
        if command.starts_with("hero.") {
            sent.as_object_mut().unwrap().remove("id");
        }
        match body {
            Value::Object(parts) if command.ends_with(".edit") => sent.as_object_mut().unwrap().extend(parts),
            Value::Null => {}
            data => sent["data"] = data,
        }
        self.sends(writer, sent)
    }

    /// Sends one command as it is on the wire.
    pub(crate) fn sends(&mut self, writer: Writer, command: Value) -> Result<Told, Rejection> {
        let sent = read(json!({ "transaction_id": Uuid::nil(), "commands": [command] }), SPACE).unwrap();
        let requests = sent.commands.map_err(|refusal| refusal.rejection)?;
        let before = self.clone();
        self.decide(writer, &requests[0]).inspect_err(|_| *self = before)
    }

    fn decide(&mut self, writer: Writer, request: &Request) -> Result<Told, Rejection> {
        let (target, command, writer) = self.addressed(writer, request)?;
        let seen = self.seen(writer);
        let recorded = seen.base.and_then(|base| self.recorded[..=base as usize].iter().max().copied());
        let ms = request.at.max(earliest_stamp_ms(recorded));
        let stamp = Stamp::following(ms, writer.device, self.last.get(&writer.device).copied());
        let write = (request.at, stamp, seen);
        let before = self.entities.get(&target).cloned().unwrap_or_else(|| Entity::absent(target.kind));
        let (caused, outcome, conflicts) = self.handle(target, &command, write)?;
        self.last.insert(writer.device, stamp);
        let mut events: Vec<String> = caused.iter().map(Event::event_type).collect();
        for event in &caused {
            for follow_up in follow_ups(SPACE, &before, &self.entities[&target].clone(), event) {
                let (more, _, _) = self.handle(follow_up.target, &follow_up.command, write)?;
                events.extend(more.iter().map(|event| format!(": {}", event.event_type())));
            }
        }
        sound::check(self);
        Ok(Told { outcome: outcome.with_conflicts(conflicts), events })
    }

    /// What the server asks by itself; the types of the events that it makes.
    pub(crate) fn server_does(&mut self, at: i64, target: EntityRef, command: &Command) -> Vec<String> {
        let (writer, seen) = (phone(), self.seen(phone()));
        let stamp = Stamp::following(at, writer.device, self.last.get(&writer.device).copied());
        let (events, _, _) = self.handle(target, command, (at, stamp, seen)).unwrap();
        self.last.insert(writer.device, stamp);
        events.iter().map(Event::event_type).collect()
    }

    fn addressed(&self, writer: Writer, request: &Request) -> Result<(EntityRef, Command, Writer), Rejection> {
        let Command::Conflict(command) = &request.command else {
            return Ok((request.target, request.command.clone(), writer));
        };
        let Some(Entity::Conflict(conflict)) = self.entities.get(&request.target) else {
            return Err(Rejection::NotFound);
        };
        let (target, command) = conflict.redirect(command)?;
        let had_seen = if writer.had_seen == HadSeen::Unknown { HadSeen::Everything } else { writer.had_seen };
        Ok((target, command, Writer { had_seen, ..writer }))
    }

    fn handle(
        &mut self,
        target: EntityRef,
        command: &Command,
        write: (i64, Stamp, Seen),
    ) -> Result<(Vec<Event>, Outcome, Vec<EntityId>), Rejection> {
        let before = self.entities.get(&target).cloned().unwrap_or_else(|| Entity::absent(target.kind));
        let (events, outcome) = self.apply(target, command, write)?;
        let mut conflicts = Vec::new();
        if let Some(after) = self.entities.get(&target).filter(|_| !events.is_empty()) {
            for (conflict, command) in moves(SPACE, target, &before.open_conflicts(), &after.open_conflicts()) {
                conflicts.extend(matches!(command, ConflictCommand::Show(_)).then_some(conflict.id));
                self.apply(conflict, &Command::Conflict(command), write)?;
            }
        }
        Ok((events, outcome, conflicts))
    }

    fn apply(
        &mut self,
        target: EntityRef,
        command: &Command,
        (moment, stamp, seen): (i64, Stamp, Seen),
    ) -> Result<(Vec<Event>, Outcome), Rejection> {
        let before = self.entities.get(&target).cloned().unwrap_or_else(|| Entity::absent(target.kind));
        let context = self.context(&before, target, command, moment, stamp, seen);
        let mut after = before.clone();
        let events = after.handle(command.clone(), &context).now_or_never().unwrap()?;
        for event in &events {
            sound::check_stored(&before, event, &after);
            self.activity.extend(activity(level(&before), &after, event));
            self.position += 1;
            self.recorded.push(event.mark().at);
            self.legacy_next = legacy_next(self.legacy_next, after.meta().legacy_id);
            self.histories.entry(target).or_default().push(event.clone());
        }
        if let Some(history) = self.histories.get(&target).filter(|_| !events.is_empty()) {
            corpus::keep(history, &after);
        }
        if after.meta().exists() {
            self.entities.insert(target, after);
        }
        self.log.extend(events.iter().cloned());
        Ok((events, context.outcome.get().cloned().unwrap()))
    }

    fn context(
        &self,
        entity: &Entity,
        target: EntityRef,
        command: &Command,
        moment: i64,
        stamp: Stamp,
        seen: Seen,
    ) -> Context {
        let referrers = if command.needs_referrers() { self.referrers(target) } else { Vec::new() };
        Context {
            space: SPACE,
            mark: Mark { position: self.position + 1, at: moment.max(stamp.ms), stamp },
            moment,
            seen,
            legacy_next: self.legacy_next,
            live_entities: self.live_entities.unwrap_or_default(),
            hero: self.hero_view(),
            world: World::gather(entity.wanted(command), |one| {
                Some(self.entities.get(&one).map(Entity::known).unwrap_or_default())
            })
            .unwrap(),
            referrers,
            outcome: OnceLock::new(),
        }
    }

    fn seen(&self, writer: Writer) -> Seen {
        let base = match writer.had_seen {
            HadSeen::Everything => Some(self.position),
            HadSeen::UpTo(position) => Some(position),
            HadSeen::Unknown => None,
        };
        Seen { base, device: writer.device }
    }

    fn hero_view(&self) -> HeroView {
        match self.entities.get(&EntityRef::new(Kind::Hero, SPACE.into())) {
            Some(Entity::Hero(hero)) => hero.view(),
            _ => HeroView::default(),
        }
    }

    fn referrers(&self, target: EntityRef) -> Vec<Referrer> {
        let of = |one: &Entity| -> Vec<Referrer> {
            let (open, deleted) = (one.is_open(), one.meta().deleted_at.is_some());
            one.refers_to(target).into_iter().map(|took| Referrer { took, open, deleted }).collect()
        };
        self.entities.values().flat_map(of).collect()
    }

    /// Puts skills after `last` there, each building on the one before, without telling the commands.
    pub(crate) fn extend_chain(&mut self, last: u128, until: u128) {
        let name = |number| EntityRef::new(Kind::Skill, super::id(number));
        let mut skill = self.entities[&name(last)].clone();
        for number in last + 1..=until {
            if let Entity::Skill(skill) = &mut skill {
                skill.core.meta.id = super::id(number);
                skill.core.fields.prerequisites = [super::id(number - 1)].into();
            }
            self.entities.insert(name(number), skill.clone());
        }
    }

    /// The entity.
    pub(crate) fn entity(&self, kind: &str, id: EntityId) -> &Entity {
        &self.entities[&EntityRef::new(Kind::from_name(kind).unwrap(), id)]
    }

    /// These fields of an entity as a reader is shown them.
    pub(crate) fn sees(&self, kind: &str, id: EntityId, fields: &[&str]) -> Value {
        let entity = self.entity(kind, id);
        let mut row = entity.row();
        entity.kind().hide(&mut row);
        fields.iter().map(|field| ((*field).to_owned(), row[*field].clone())).collect::<Map<_, _>>().into()
    }

    /// One field of the hero.
    pub(crate) fn hero(&self, field: &str) -> Value {
        self.sees("hero", SPACE.into(), &[field])[field].clone()
    }

    /// `[completions, minutes, balls, xp]` of a local day.
    pub(crate) fn day(&self, kind: &str, id: EntityId, day: &str) -> [i64; 4] {
        let entry = self.entity(kind, id).days().get(&day.parse().unwrap());
        let of = |entry: &DayEntry| [entry.completions, entry.minutes, entry.balls, entry.xp];
        entry.map(of).unwrap_or_default()
    }

    /// The last event's payload.
    pub(crate) fn last_event(&self) -> Value {
        self.log.last().map(Event::payload).unwrap_or_default()
    }

    /// The latest `edited` event's changes.
    pub(crate) fn last_edit(&self) -> Value {
        let edits = self.log.iter().rev().map(Event::payload);
        edits.map(|payload| payload["change"]["edited"].clone()).find(|edited| !edited.is_null()).unwrap_or_default()
    }
}
