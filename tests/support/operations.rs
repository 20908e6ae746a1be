//! Random commands of several devices on one space: everything that clients can ask for, most of it sensible, so that
//! entities meet in every state.

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Ids of one kind at most: few, so that commands meet.
const IDS_MAX: usize = 24;
const TEXTS: [&str; 6] =
    ["Read", "Run a mile", "读书", "𝔘𝔫𝔦 \u{1f600}", "tab\tand \"quotes\" \\", "Ünïcode e\u{301} \u{2028}"];
const ZONES: [&str; 5] = ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Shanghai", "America/New_York"];
const DAY_MS: i64 = 86_400_000;

/// Random commands, and the ids that they are about.
#[derive(Debug)]
pub struct Operations {
    chance: StdRng,
    tasks: Vec<Uuid>,
    goals: Vec<Uuid>,
    milestones: Vec<Uuid>,
    skills: Vec<Uuid>,
    /// Conflicts that somebody has seen.
    pub conflicts: Vec<Uuid>,
    now: i64,
}

impl Operations {
    /// Commands around this moment.
    #[must_use]
    pub fn new(chance: StdRng, now: i64) -> Self {
        let none = Vec::new;
        Self { chance, tasks: none(), goals: none(), milestones: none(), skills: none(), conflicts: none(), now }
    }

    /// The chance that it draws from.
    pub fn chance(&mut self) -> &mut StdRng {
        &mut self.chance
    }

    /// A new id, random in all digits.
    pub fn id(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.chance.random()).into_uuid()
    }

    /// The clock of the server, a little later each time.
    pub fn tick(&mut self) -> i64 {
        self.now += self.chance.random_range(0..DAY_MS / 8);
        self.now
    }

    /// The next command.
    pub fn command(&mut self) -> Value {
        let mut command = match self.chance.random_range(0..100) {
            0..16 => self.create(),
            16..44 => self.edit(),
            44..54 => self.life(),
            54..76 => self.task(),
            76..88 => self.goal(),
            88..96 => self.hero(),
            _ => self.resolve(),
        };
        command["command_id"] = json!(self.id());
        let late = if self.chance.random_bool(0.2) { 3 * DAY_MS } else { 60_000 };
        command["at"] = json!(self.now - self.chance.random_range(0..late));
        command
    }

    fn create(&mut self) -> Value {
        let (kind, data) = match self.chance.random_range(0..10) {
            0..5 => (
                "task",
                self.some_of(
                    &[
                        "title",
                        "description",
                        "category",
                        "difficulty",
                        "tags",
                        "skill_id",
                        "goal_id",
                        "parent_id",
                        "due_at",
                    ],
                    &["title"],
                ),
            ),
            5..7 => (
                "goal",
                self.some_of(&["title", "description", "tags", "skill_id", "parent_id", "priority"], &["title"]),
            ),
            7..9 => ("milestone", self.some_of(&["title", "description", "goal_id"], &["title", "goal_id"])),
            _ => ("skill", self.some_of(&["name", "color", "prerequisites"], &["name"])),
        };
        let id = self.id();
        let ids = self.ids(kind);
        let id = if ids.len() < IDS_MAX {
            ids.push(id);
            id
        } else {
            ids[usize::from(id.as_bytes()[0]) % IDS_MAX]
        };
        json!({ "type": format!("{kind}.create"), "id": id, "data": data })
    }

    fn edit(&mut self) -> Value {
        let (kind, fields): (&str, &[&str]) = match self.chance.random_range(0..10) {
            0..6 => (
                "task",
                &[
                    "title",
                    "description",
                    "category",
                    "difficulty",
                    "exp_reward",
                    "skill_id",
                    "goal_id",
                    "parent_id",
                    "due_at",
                    "estimated_minutes",
                ],
            ),
            6..8 => ("goal", &["title", "description", "status", "skill_id", "parent_id", "target_at"]),
            8 => ("milestone", &["title", "description", "goal_id"]),
            _ => ("skill", &["name", "color", "unlocked"]),
        };
        let id = self.known(kind);
        let mut command = json!({ "type": format!("{kind}.edit"), "id": id, "set": self.some_of(fields, &[]) });
        let set = match kind {
            "task" | "goal" => "tags",
            "skill" => "prerequisites",
            _ => return command,
        };
        for part in ["add", "remove"] {
            if self.chance.random_bool(0.4) {
                command[part] = json!({ set: self.value(set) });
            }
        }
        command
    }

    fn life(&mut self) -> Value {
        let kind = *["task", "goal", "milestone", "skill"].choose(&mut self.chance).unwrap();
        let act = if self.chance.random() { "delete" } else { "restore" };
        json!({ "type": format!("{kind}.{act}"), "id": self.known(kind) })
    }

    fn task(&mut self) -> Value {
        let id = self.known("task");
        match self.chance.random_range(0..3) {
            0 => json!({ "type": "task.complete", "id": id }),
            1 => json!({ "type": "task.uncomplete", "id": id }),
            _ => {
                json!({ "type": "task.focus", "id": id, "data": { "minutes": self.chance.random_range(1..90), "cycles": self.chance.random_range(0..4) } })
            }
        }
    }

    fn goal(&mut self) -> Value {
        let (goal, milestone) = (self.known("goal"), self.known("milestone"));
        match self.chance.random_range(0..5) {
            0 => json!({ "type": "goal.complete", "id": goal }),
            1 => json!({ "type": "goal.reopen", "id": goal }),
            2 => json!({ "type": "milestone.complete", "id": milestone }),
            3 => json!({ "type": "milestone.reopen", "id": milestone }),
            _ => json!({ "type": "goal.focus", "id": goal, "data": { "minutes": 25, "cycles": 1, "balls": 2 } }),
        }
    }

    fn hero(&mut self) -> Value {
        if self.chance.random_bool(0.2) {
            return json!({ "type": "hero.restore_energy" });
        }
        json!({ "type": "hero.edit", "set": self.some_of(&["time_zone", "name", "mission", "energy_max", "onboarded"], &["name"]) })
    }

    fn resolve(&mut self) -> Value {
        let id = self.conflicts.choose(&mut self.chance).copied();
        let id = id.unwrap_or_else(|| self.id());
        let choice = *["current", "other"].choose(&mut self.chance).unwrap();
        json!({ "type": "conflict.resolve", "id": id, "data": { "choice": choice } })
    }

    fn ids(&mut self, kind: &str) -> &mut Vec<Uuid> {
        match kind {
            "task" => &mut self.tasks,
            "goal" => &mut self.goals,
            "milestone" => &mut self.milestones,
            _ => &mut self.skills,
        }
    }

    /// An id of this kind, seldom one that never was.
    fn known(&mut self, kind: &str) -> Uuid {
        let number: usize = self.chance.random_range(0..IDS_MAX);
        let never = self.id();
        let ids = self.ids(kind);
        if ids.is_empty() { never } else { ids[number % ids.len()] }
    }

    /// Values for all of `required`, and for some other of the fields.
    fn some_of(&mut self, fields: &[&str], required: &[&str]) -> Map<String, Value> {
        let mut values = Map::new();
        for field in fields {
            if required.contains(field) || self.chance.random_bool(0.3) {
                values.insert((*field).to_owned(), self.value(field));
            }
        }
        values
    }

    fn value(&mut self, field: &str) -> Value {
        let is_null = self.chance.random_bool(0.25);
        let text = *TEXTS.choose(&mut self.chance).unwrap();
        let number: i64 = self.chance.random_range(5..40);
        match field {
            "description" | "due_at" | "target_at" | "skill_id" | "parent_id" if is_null => Value::Null,
            "due_at" | "target_at" => json!(self.now + number * DAY_MS),
            "skill_id" => json!(self.known("skill")),
            "goal_id" => json!(self.known("goal")),
            "parent_id" => json!(self.known(if number % 2 == 0 { "task" } else { "goal" })),
            "prerequisites" => json!([self.known("skill")]),
            "category" => json!(["todo", "goal", "habit", "habit"].choose(&mut self.chance)),
            "difficulty" => json!(["trivial", "easy", "medium", "hard"].choose(&mut self.chance)),
            "priority" => json!(["low", "medium", "high"].choose(&mut self.chance)),
            "status" => json!(["active", "paused"].choose(&mut self.chance)),
            "time_zone" => json!(ZONES.choose(&mut self.chance)),
            "color" => json!(["#112233", "#AABBCC"].choose(&mut self.chance)),
            "unlocked" | "onboarded" => json!(is_null),
            "exp_reward" | "estimated_minutes" | "energy_max" => json!(number),
            "tags" => json!([text, "b", "a"][..self.chance.random_range(1..=3)].to_vec()),
            _ => json!(text),
        }
    }
}
