//! What people do: a few commands at a time, on what they see.

use domain::entity::{EntityRef, Kind};
use domain::id::TransactionId;
use serde_json::{Value, json};

use super::Device;
use super::view::View;

/// What a person did.
#[derive(Debug)]
pub(crate) struct Acted {
    pub(crate) transaction: TransactionId,
    pub(crate) commands: Vec<Value>,
}

impl Device {
    /// A person acts. What they bring back is chosen from what they see and from what was ever deleted.
    pub(crate) fn act(&mut self, now: i64, deleted: &[EntityRef]) -> Acted {
        let mut view = self.view();
        view.gone.extend(deleted);
        let count = if self.chance.one_in(4) { self.chance.between(2, 4) } else { 1 };
        let mut commands = Vec::new();
        for _ in 0..count {
            let command = self.command(now, &view);
            view.expect(&command);
            commands.push(command);
        }
        let transaction = self.enqueue(commands.clone());
        Acted { transaction, commands }
    }

    /// A new task, which every other device has to hear of.
    pub(crate) fn act_plainly(&mut self, now: i64) -> Acted {
        let id = self.chance.uuid();
        let commands = vec![self.envelope(now, "task.create", Some(id), json!({ "data": { "title": "The last" } }))];
        let transaction = self.enqueue(commands.clone());
        Acted { transaction, commands }
    }

    fn command(&mut self, now: i64, view: &View) -> Value {
        if self.chance.one_in(14) {
            return self.nonsense(now, view);
        }
        if self.chance.one_in(5) && !view.of(Kind::Conflict).is_empty() {
            return self.resolve(now, view);
        }
        let empty = [Kind::Task, Kind::Goal].into_iter().any(|kind| view.of(kind).is_empty());
        match self.chance.below(20) {
            _ if empty => self.create(now, view),
            0..=3 => self.create(now, view),
            4..=7 => self.edit(now, view),
            8..=12 => self.complete(now, view),
            13 => self.undo(now, view),
            14..=15 => self.focus(now, view),
            16..=17 => self.delete(now, view),
            18 => self.restore(now, view),
            _ => self.hero(now),
        }
    }

    /// One of what is seen of a kind, or what nobody ever made.
    pub(super) fn one_of(&mut self, view: &View, kind: Kind) -> uuid::Uuid {
        let all = view.of(kind);
        // Half of the time everybody turns to the same few things.
        let few = if self.chance.one_in(2) { all.len().min(2) } else { all.len() };
        match self.chance.pick(all.get(..few).unwrap_or_default()) {
            Some(entity) => entity.id.0,
            None => self.chance.uuid(),
        }
    }

    /// The moment of the command is the device's; now and then it is none that can be.
    pub(super) fn envelope(&mut self, now: i64, kind: &str, id: Option<uuid::Uuid>, more: Value) -> Value {
        let at = match self.chance.below(40) {
            0 => 0,
            1 => 4_070_908_800_000,
            _ => self.clock(now) - self.chance.between(0, 5_000),
        };
        let mut command = json!({ "command_id": self.chance.uuid(), "type": kind, "at": at });
        if let (Some(fields), Value::Object(more)) = (command.as_object_mut(), more) {
            fields.extend(id.map(|id| ("id".to_owned(), json!(id))));
            fields.extend(more);
        }
        command
    }
}
