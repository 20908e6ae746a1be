//! Every device holds what the tables hold, up to the head.

use std::collections::BTreeMap;

use domain::entity::EntityRef;
use serde_json::{Map, Value};

use super::tables::{Tables, filled};
use crate::device::Device;

pub(crate) fn check(devices: &[Device], tables: &Tables) -> Result<(), String> {
    let expected = tables.shown();
    for device in devices {
        let number = device.number;
        if device.replica.position != tables.head.position {
            return Err(format!(
                "device {number} is at {}, the head at {}",
                device.replica.position, tables.head.position
            ));
        }
        if device.replica.checksum != tables.head.checksum {
            return Err(format!("device {number} has another checksum than the head"));
        }
        let held = device.replica.rows.iter();
        let held = held.map(|(entity, row)| (*entity, filled(whole(*entity, row.version, row.fields.clone()))));
        if let Some(wrong) = difference(&held.collect(), &expected) {
            return Err(format!("device {number}: {wrong}"));
        }
    }
    Ok(())
}

fn whole(entity: EntityRef, version: i64, mut fields: Map<String, Value>) -> Map<String, Value> {
    fields.insert("id".to_owned(), Value::from(entity.id.to_string()));
    fields.insert("version".to_owned(), Value::from(version));
    fields
}

type Rows = BTreeMap<EntityRef, Map<String, Value>>;

fn difference(held: &Rows, expected: &Rows) -> Option<String> {
    let differs = |entity: &&EntityRef| held.get(entity) != expected.get(entity);
    let entity = held.keys().chain(expected.keys()).find(differs)?;
    Some(format!("{entity:?} is {:?}, in the tables {:?}", held.get(entity), expected.get(entity)))
}
