//! The registry: every kind of entity, one line each. Types are erased here and nowhere else.

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::context::Context;
use super::event_names::EventNames;
use super::fields::{Fields, Policy, parse, policy};
use super::hidden::{Columns, Hidden};
use super::kind::{EntityRef, Kind};
use super::lifecycle::LifecycleCommand;
use super::meta::{Gone, Meta, Took};
use super::recorded::Mark;
use super::upcast::{self, Unreadable};
use crate::conflict::{Conflict, Open};
use crate::day_entry::Days;
use crate::goal::{Goal, GoalCommand};
use crate::hero::Hero;
use crate::id::EntityId;
use crate::milestone::Milestone;
use crate::references::Known;
use crate::rejection::Rejection;
use crate::skill::Skill;
use crate::task::Task;

macro_rules! registry {
    ($($kind:ident),*) => {
        impl Kind {
            /// Changes what a reader is shown of a row: derived state that the present fields hide.
            pub fn hide(self, row: &mut Map<String, Value>) {
                row.extend(self.hidden(row).iter().map(|(column, instead)| ((*column).to_owned(), (*instead).into())));
            }

            /// The columns of a row that are hidden, and what a reader is shown instead.
            pub fn hidden(self, row: &impl Columns) -> &'static [Hidden] {
                match self { $(Self::$kind => $kind::hidden(row)),* }
            }

            /// What its events are called, without the kind.
            pub fn event_names(self) -> impl Iterator<Item = &'static str> {
                let (own, shared) = match self { $(Self::$kind => (
                    <<$kind as Aggregate>::Event as EventNames>::OWN,
                    <<$kind as Aggregate>::Event as EventNames>::SHARED,
                )),* };
                own.iter().chain(shared).copied()
            }

            /// Its writable fields and how concurrent writes of each meet.
            pub fn policies(self) -> &'static [(&'static str, Policy)] {
                match self { $(Self::$kind => <$kind as super::core::HasFields>::Fields::POLICIES),* }
            }

            /// Its fields that refer to other entities, and the kind that each refers to.
            pub fn references(self) -> &'static [(&'static str, Self)] {
                match self { $(Self::$kind => <$kind as super::core::HasFields>::Fields::REFERENCES),* }
            }

            /// Checks writable fields as a creation does, references aside. Pointers of errors begin with `pointer`.
            ///
            /// # Errors
            /// What is missing, unknown, of the wrong type or out of range.
            pub fn check_fields(self, values: &Map<String, Value>, pointer: &str) -> Result<(), Rejection> {
                match self { $(Self::$kind => check::<<$kind as super::core::HasFields>::Fields>(values, pointer)),* }
            }
        }

        /// An entity of any kind.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Entity { $(
            #[doc = concat!("A ", stringify!($kind), ".")]
            $kind($kind),
        )* }

        /// A command to an entity of any kind.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Command { $(
            #[doc = concat!("To a ", stringify!($kind), ".")]
            $kind(<$kind as Aggregate>::Command),
        )* }

        /// An event of an entity of any kind.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Event { $(
            #[doc = concat!("Of a ", stringify!($kind), ".")]
            $kind(<$kind as Aggregate>::Event),
        )* }

        impl Entity {
            /// An entity that never existed.
            pub fn absent(kind: Kind) -> Self {
                match kind { $(Kind::$kind => Self::$kind($kind::default())),* }
            }

            /// Reads a row of the kind's table (with its days, where it keeps any).
            ///
            /// # Errors
            /// The row is not of this shape.
            pub fn from_row(kind: Kind, row: Value) -> Result<Self, serde_json::Error> {
                Ok(match kind { $(Kind::$kind => Self::$kind(serde_json::from_value(row)?)),* })
            }

            /// Its kind.
            pub fn kind(&self) -> Kind {
                match self { $(Self::$kind(_) => Kind::$kind),* }
            }

            /// Identity, version, stamps, tombstone.
            pub fn meta(&self) -> &Meta {
                match self { $(Self::$kind(one) => &one.core.meta),* }
            }

            /// The whole state as a row of the kind's table, without days and checksum.
            pub fn row(&self) -> Map<String, Value> {
                let row = match self { $(Self::$kind(one) => serde_json::to_value(one)),* };
                match row { Ok(Value::Object(row)) => row, _ => Map::new() }
            }

            /// What others that refer to it have to know.
            pub fn known(&self) -> Known {
                let meta = self.meta();
                let (exists, deleted) = (meta.exists(), meta.deleted_at.is_some());
                let gone = |moment| Some(Gone { written: meta.deletion()?, moment });
                let deletion = meta.deleted_at.and_then(gone);
                Known { exists, deleted, deletion, parents: self.parents() }
            }

            /// The entities of the same kind that it refers to.
            pub fn parents(&self) -> Vec<EntityId> {
                match self { $(Self::$kind(one) => one.parents()),* }
            }

            /// The entities that a decision about the command has to know.
            pub fn wanted(&self, command: &Command) -> Vec<EntityRef> {
                match (self, command) {
                    $((Self::$kind(one), Command::$kind(command)) => {
                        command.lifecycle().map(|command| one.core.wanted(command)).unwrap_or_default()
                    })*
                    _ => Vec::new(),
                }
            }

            /// How this entity refers to `target`; without a field where it belongs to it.
            pub fn refers_to(&self, target: EntityRef) -> Vec<Took> {
                match self { $(Self::$kind(one) => one.core.refers_to(target)),* }
            }

            /// The references that are wanted and not shown, because what they refer to is deleted.
            pub fn hidden(&self) -> Vec<(Took, EntityRef)> {
                match self { $(Self::$kind(one) => one.core.hidden()),* }
            }

            /// What it belongs to, and goes with when that is deleted.
            pub fn owner(&self) -> Option<EntityRef> {
                match self { $(Self::$kind(one) => one.core.owner()),* }
            }

            /// The conflicts about it that are open, by field.
            pub fn open_conflicts(&self) -> Open {
                match self { $(Self::$kind(one) => one.core.open_conflicts()),* }
            }

            /// Whether it is live and nobody has completed it.
            pub fn is_open(&self) -> bool {
                self.meta().is_live() && match self { $(Self::$kind(one) => one.completed_at().is_none()),* }
            }

            /// Its days; empty for kinds that keep none.
            pub fn days(&self) -> &Days {
                match self { $(Self::$kind(one) => one.days()),* }
            }

            /// Handles a command by `cqrs_es::Aggregate::handle`, which never waits for anything outside. The outcome
            /// is left in the context. After an error the entity must be thrown away.
            ///
            /// # Errors
            /// Whatever refuses the command; a command to another kind is `command_unknown`.
            pub async fn handle(&mut self, command: Command, context: &Context) -> Result<Vec<Event>, Rejection> {
                match (self, command) {
                    $((Self::$kind(one), Command::$kind(command)) => {
                        let sink = EventSink::default();
                        one.handle(command, context, &sink).await?;
                        Ok(sink.collect().await.into_iter().map(Event::$kind).collect())
                    })*
                    _ => Err(Rejection::CommandUnknown),
                }
            }

            /// Folds an event of its own kind; another kind's changes nothing.
            pub fn apply(&mut self, event: Event) {
                match (self, event) {
                    $((Self::$kind(one), Event::$kind(event)) => one.apply(event),)*
                    _ => {}
                }
            }
        }

        impl Command {
            /// The command of the shared life, if it is one.
            pub fn lifecycle(&self) -> Option<&LifecycleCommand> {
                match self { $(Self::$kind(command) => command.lifecycle()),* }
            }

            /// Whether it creates its entity.
            pub fn creates(&self) -> bool {
                matches!(self.lifecycle(), Some(LifecycleCommand::Create(..) | LifecycleCommand::Import(..)))
            }

            /// Whether a decision about it has to know everything that refers to its entity: a delete takes it along,
            /// and a goal with open milestones cannot be completed.
            pub fn needs_referrers(&self) -> bool {
                matches!(self.lifecycle(), Some(LifecycleCommand::Delete))
                    || matches!(self, Self::Goal(GoalCommand::Complete))
            }
        }

        /// The tables and columns that refer to entities of a kind.
        pub fn referring(target: Kind) -> Vec<(Kind, &'static str)> {
            let all: &[(Kind, &'static [(&'static str, Kind)])] = &[
                $((Kind::$kind, <$kind as super::core::HasFields>::Fields::REFERENCES)),*
            ];
            let of = |(owner, references): &(Kind, &'static [(&'static str, Kind)])| -> Vec<(Kind, &'static str)> {
                references.iter().filter(|(_, kind)| *kind == target).map(|(field, _)| (*owner, *field)).collect()
            };
            all.iter().flat_map(of).collect()
        }

        impl Event {
            /// Reads a stored event, whatever the version of its shape.
            ///
            /// # Errors
            /// Its type or version is not known here, or the payload is not of that shape.
            pub fn read(
                kind: Kind,
                event_type: &str,
                event_version: &str,
                payload: Value,
            ) -> Result<Self, Unreadable> {
                let payload = upcast::present(kind, event_type, event_version, payload)?;
                let shape = |error: serde_json::Error| {
                    Unreadable::Shape { event_type: event_type.to_owned(), reason: error.to_string() }
                };
                let event = Self::from_payload(kind, payload).map_err(shape)?;
                if event.event_type() == event_type { Ok(event) } else { Err(Unreadable::Contradiction) }
            }

            /// Reads a payload of the present shape.
            pub(crate) fn from_payload(kind: Kind, payload: Value) -> Result<Self, serde_json::Error> {
                Ok(match kind { $(Kind::$kind => Self::$kind(serde_json::from_value(payload)?)),* })
            }

            /// The kind of entity that it happened to.
            pub fn kind(&self) -> Kind {
                match self { $(Self::$kind(_) => Kind::$kind),* }
            }

            /// Where and when it was recorded.
            pub fn mark(&self) -> &Mark {
                match self { $(Self::$kind(event) => &event.mark),* }
            }

            /// The payload as it is stored.
            pub fn payload(&self) -> Value {
                let payload = match self { $(Self::$kind(event) => serde_json::to_value(event)),* };
                payload.unwrap_or_default()
            }

            /// The type's name, such as `task.completed`.
            pub fn event_type(&self) -> String {
                match self { $(Self::$kind(event) => event.event_type()),* }
            }

            /// The version of the type's shape.
            pub fn event_version(&self) -> String {
                match self { $(Self::$kind(event) => event.event_version()),* }
            }

            /// The local days whose entries it changes.
            pub fn days(&self) -> Vec<Date> {
                match self { $(Self::$kind(event) => event.change.days()),* }
            }
        }
    };
}

registry!(Hero, Skill, Goal, Milestone, Task, Conflict);

fn check<F: Fields>(values: &Map<String, Value>, pointer: &str) -> Result<(), Rejection> {
    for field in values.keys() {
        policy::<F>(field, pointer)?;
    }
    F::refuse(values, pointer).map_or(Ok(()), Err)?;
    parse::<F>(values.clone(), pointer).map(drop)
}
