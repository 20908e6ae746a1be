//! Transactions and commands as a device writes them.

use infrastructure::clock::{now_ms, uuid_v7};
use serde_json::{Value, json};
use uuid::Uuid;

/// A new id, as devices make them.
#[must_use]
pub fn id() -> Uuid {
    uuid_v7()
}

/// A transaction of these commands under a new id.
#[must_use]
pub fn transaction(commands: &[Value]) -> Value {
    json!({ "transaction_id": id(), "commands": commands })
}

/// A command without data, such as `task.complete`, of this moment.
#[must_use]
pub fn command(kind: &str, entity: Uuid) -> Value {
    json!({ "command_id": id(), "type": kind, "id": entity, "at": now_ms() })
}

/// A command with data, such as `goal.create`.
#[must_use]
pub fn command_with(kind: &str, entity: Uuid, data: Value) -> Value {
    let mut command = command(kind, entity);
    command["data"] = data;
    command
}

/// `task.create` of a to-do.
#[must_use]
pub fn create_task(entity: Uuid, title: &str) -> Value {
    command_with("task.create", entity, json!({ "title": title }))
}

/// `task.edit` that sets fields.
#[must_use]
pub fn edit_task(entity: Uuid, set: Value) -> Value {
    let mut command = command("task.edit", entity);
    command["set"] = set;
    command
}

/// A transaction that creates one to-do.
#[must_use]
pub fn new_task(title: &str) -> Value {
    transaction(&[create_task(id(), title)])
}
