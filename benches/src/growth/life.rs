//! What one generated person does: a few habits, a goal, tasks that are made, edited, worked on and mostly done.

use std::collections::VecDeque;

use infrastructure::clock::uuid_v7;
use serde_json::{Value, json};
use uuid::Uuid;

/// A turn of what somebody does, over and over.
const TURN: usize = 12;
const DIFFICULTIES: [&str; 4] = ["trivial", "easy", "medium", "hard"];
const HABITS: usize = 3;

/// A life as it is lived.
#[derive(Debug, Default)]
pub(super) struct Life {
    number: usize,
    goal: Option<Uuid>,
    habits: Vec<Uuid>,
    open: VecDeque<Uuid>,
}

impl Life {
    /// The next transaction, at this moment.
    pub(super) fn next(&mut self, at: i64) -> Value {
        self.number += 1;
        let commands = self.commands(at);
        json!({ "transaction_id": uuid_v7(), "device_seq": self.number, "commands": commands })
    }

    fn commands(&mut self, at: i64) -> Vec<Value> {
        if self.habits.is_empty() {
            return self.begin(at);
        }
        let newest = self.open.back().copied();
        match (self.number % TURN, newest) {
            (0, _) => vec![command("task.complete", self.habits[self.number / TURN % HABITS], at, json!({}))],
            (1, Some(task)) => vec![command("task.edit", task, at, json!({ "set": { "difficulty": "hard" } }))],
            (2, Some(task)) => {
                vec![command("task.focus", task, at, json!({ "data": { "minutes": 25, "cycles": 1 } }))]
            }
            (turn, _) if turn % 2 == 0 && self.number > TURN * 2 => self.complete(at),
            _ => vec![self.create(at)],
        }
    }

    fn begin(&mut self, at: i64) -> Vec<Value> {
        let goal = uuid_v7();
        self.goal = Some(goal);
        self.habits = (0..HABITS).map(|_| uuid_v7()).collect();
        let mut commands =
            vec![command("goal.create", goal, at, json!({ "data": { "title": "Ten books this year" } }))];
        for step in ["The first", "The fifth", "The tenth"] {
            let data = json!({ "data": { "goal_id": goal, "title": step } });
            commands.push(command("milestone.create", uuid_v7(), at, data));
        }
        for habit in &self.habits {
            let data = json!({ "data": { "title": "Ten pages before bed", "category": "habit", "tags": ["evening"] } });
            commands.push(command("task.create", *habit, at, data));
        }
        commands
    }

    fn create(&mut self, at: i64) -> Value {
        let (task, number) = (uuid_v7(), self.number);
        self.open.push_back(task);
        let about = format!("Take notes about chapter {number}, and look up what is new.");
        let data = json!({
            "title": format!("Read chapter {number} before bed"),
            "description": number.is_multiple_of(3).then_some(about),
            "difficulty": DIFFICULTIES[number % DIFFICULTIES.len()],
            "estimated_minutes": 10 + number % 50,
            "goal_id": number.is_multiple_of(5).then_some(self.goal),
            "tags": ["book", "evening"],
        });
        command("task.create", task, at, json!({ "data": data }))
    }

    fn complete(&mut self, at: i64) -> Vec<Value> {
        match self.open.pop_front() {
            Some(task) => vec![command("task.complete", task, at, json!({}))],
            None => vec![self.create(at)],
        }
    }
}

fn command(kind: &str, id: Uuid, at: i64, more: Value) -> Value {
    let mut command = json!({ "command_id": uuid_v7(), "type": kind, "id": id, "at": at });
    if let (Some(command), Value::Object(more)) = (command.as_object_mut(), more) {
        command.extend(more);
    }
    command
}
