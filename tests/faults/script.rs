//! What a device does, by chance: the everyday commands, some in one transaction, some on what its sibling device
//! touches too, and some that have to be refused.

use infrastructure::clock::now_ms;
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use uuid::Uuid;

/// Tasks that every device of an account acts on, whoever made them.
const SHARED_TASKS: u64 = 3;

/// The endless script of one device.
pub(crate) struct Script {
    chance: StdRng,
    account: Uuid,
    tasks: Vec<Uuid>,
    written: u64,
}

impl Script {
    pub(crate) fn new(chance: StdRng, account: Uuid) -> Self {
        Self { chance, account, tasks: Vec::new(), written: 0 }
    }

    /// The next transaction.
    pub(crate) fn next(&mut self, base: Option<String>) -> Value {
        self.written += 1;
        let commands = match self.chance.random_range(0..20) {
            0..6 => vec![self.create()],
            6..10 => vec![self.act("task.complete")],
            10..12 => vec![self.act("task.uncomplete")],
            12..15 => vec![self.edit()],
            15..16 => self.goal(),
            16..17 => vec![self.act("task.delete")],
            17..18 => vec![self.shared()],
            // The second command is refused, so nothing of the first may be there.
            18..19 => vec![self.create(), self.too_short()],
            _ => vec![self.create(), self.create(), self.act("task.complete")],
        };
        let transaction_id = self.id();
        json!({ "transaction_id": transaction_id, "base": base, "device_seq": self.written, "commands": commands })
    }

    fn id(&mut self) -> Uuid {
        Uuid::from_u128(self.chance.random())
    }

    /// A shared task has the same id on every device of the account.
    fn task(&mut self) -> Uuid {
        let number = self.chance.random_range(0..SHARED_TASKS);
        let own = self.chance.random_range(0..self.tasks.len().max(1));
        let shared = Uuid::new_v5(&self.account, &number.to_be_bytes());
        if self.chance.random_range(0..4) == 0 { shared } else { self.tasks.get(own).copied().unwrap_or(shared) }
    }

    fn command(&mut self, kind: &str, id: Uuid) -> Value {
        json!({ "command_id": self.id(), "type": kind, "id": id, "at": now_ms() })
    }

    fn act(&mut self, kind: &str) -> Value {
        let task = self.task();
        self.command(kind, task)
    }

    fn create(&mut self) -> Value {
        let id = self.id();
        self.tasks.push(id);
        self.create_as(id)
    }

    fn create_as(&mut self, id: Uuid) -> Value {
        let mut create = self.command("task.create", id);
        let category = if self.chance.random_range(0..4) == 0 { "habit" } else { "todo" };
        create["data"] = json!({ "title": format!("Work {}", self.written), "category": category, "tags": ["load"] });
        create
    }

    /// Whoever comes second is refused: it exists.
    fn shared(&mut self) -> Value {
        let number = self.chance.random_range(0..SHARED_TASKS);
        self.create_as(Uuid::new_v5(&self.account, &number.to_be_bytes()))
    }

    fn edit(&mut self) -> Value {
        let mut edit = self.act("task.edit");
        edit["set"] = json!({ "title": format!("Renamed {}", self.written), "difficulty": "hard" });
        edit
    }

    fn too_short(&mut self) -> Value {
        let mut edit = self.act("task.edit");
        edit["set"] = json!({ "title": "x" });
        edit
    }

    fn goal(&mut self) -> Vec<Value> {
        let (goal, milestone) = (self.id(), self.id());
        let mut create = self.command("goal.create", goal);
        create["data"] = json!({ "title": format!("Goal {}", self.written) });
        let mut part = self.command("milestone.create", milestone);
        part["data"] = json!({ "goal_id": goal, "title": "Half way" });
        vec![create, part, self.command("milestone.complete", milestone)]
    }
}
