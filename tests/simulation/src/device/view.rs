//! The optimistic view: what a person sees, the replica with the queue on top.

use std::collections::BTreeMap;

use domain::entity::{EntityRef, Kind};
use domain::id::EntityId;
use serde_json::{Map, Value};

use super::Device;

/// What a person sees.
#[derive(Debug, Default)]
pub(crate) struct View {
    pub(crate) shown: BTreeMap<EntityRef, Map<String, Value>>,
    /// What the queue deletes.
    pub(crate) gone: Vec<EntityRef>,
}

impl Device {
    /// What its person sees.
    pub(crate) fn view(&self) -> View {
        let rows = self.replica.rows.iter().map(|(entity, row)| (*entity, row.fields.clone()));
        let mut view = View { shown: rows.collect(), gone: Vec::new() };
        for pending in &self.queue {
            let commands = pending.sent.get("commands").and_then(Value::as_array);
            commands.into_iter().flatten().for_each(|command| view.expect(command));
        }
        view
    }
}

impl View {
    /// What a command will probably do.
    pub(crate) fn expect(&mut self, command: &Value) {
        let (Some(kind), Some(id)) = (command.get("type").and_then(Value::as_str), command.get("id")) else { return };
        let id = serde_json::from_value::<EntityId>(id.clone()).ok();
        let named = kind.split_once('.').and_then(|(kind, action)| Some((Kind::from_name(kind)?, action)));
        let (Some((kind, action)), Some(id)) = (named, id) else { return };
        let entity = EntityRef::new(kind, id);
        match action {
            "create" => {
                let data = command.get("data").and_then(Value::as_object);
                self.shown.entry(entity).or_insert_with(|| data.cloned().unwrap_or_default());
            }
            "edit" => {
                if let (Some(row), Some(set)) =
                    (self.shown.get_mut(&entity), command.get("set").and_then(Value::as_object))
                {
                    row.extend(set.clone());
                }
            }
            "delete" => {
                self.shown.remove(&entity);
                self.gone.push(entity);
            }
            _ => {}
        }
    }

    /// Everything of a kind.
    pub(crate) fn of(&self, kind: Kind) -> Vec<EntityRef> {
        self.shown.keys().filter(|entity| entity.kind == kind).copied().collect()
    }
}
