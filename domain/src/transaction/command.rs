//! Commands of the wire: `{command_id, type, id, at, data | set, add, remove}`.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::completion::FocusSession;
use crate::conflict::ConflictCommand;
use crate::entity::fields::{checked, shape};
use crate::entity::{Choice, Command, Edit, EntityRef, Kind, LifecycleCommand};
use crate::follow_up::life;
use crate::goal::GoalCommand;
use crate::hero::HeroCommand;
use crate::id::{CommandId, EntityId, SpaceId};
use crate::milestone::MilestoneCommand;
use crate::rejection::Rejection;
use crate::task::TaskCommand;

/// A command with its envelope.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The command's own id.
    pub command_id: CommandId,
    /// The device's clock when the user acted, Unix ms.
    pub at: i64,
    /// Whom it is for.
    pub target: EntityRef,
    /// What it asks.
    pub command: Command,
}

/// What a command type asks for, after its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `create`: takes `data`.
    Create,
    /// `edit`: takes `set`, `add`, `remove`.
    Edit,
    /// `delete`.
    Delete,
    /// `restore`.
    Restore,
    /// `complete`.
    Complete,
    /// `uncomplete` of a task, `reopen` of a goal or milestone.
    Undo,
    /// `focus`: takes `data`.
    Focus,
    /// `restore_energy`.
    RestoreEnergy,
    /// `resolve` of a conflict: takes `data`.
    Resolve,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    command_id: CommandId,
    #[serde(rename = "type")]
    command_type: String,
    id: Option<EntityId>,
    at: i64,
    data: Option<Map<String, Value>>,
    set: Option<Map<String, Value>>,
    add: Option<BTreeMap<String, Vec<Value>>>,
    remove: Option<BTreeMap<String, Vec<Value>>>,
}

/// The kind and action of a command type.
fn command_type(name: &str) -> Option<(Kind, Action)> {
    let (kind, action) = name.split_once('.')?;
    let kind = Kind::from_name(kind)?;
    let action = match (kind, action) {
        (Kind::Hero, "edit") => Action::Edit,
        (Kind::Hero, "restore_energy") => Action::RestoreEnergy,
        (Kind::Conflict, "resolve") => Action::Resolve,
        (Kind::Hero | Kind::Conflict, _) => return None,
        (_, "create") => Action::Create,
        (_, "edit") => Action::Edit,
        (_, "delete") => Action::Delete,
        (_, "restore") => Action::Restore,
        (Kind::Task | Kind::Goal | Kind::Milestone, "complete") => Action::Complete,
        (Kind::Task, "uncomplete") | (Kind::Goal | Kind::Milestone, "reopen") => Action::Undo,
        (Kind::Task | Kind::Goal, "focus") => Action::Focus,
        _ => return None,
    };
    Some((kind, action))
}

/// Reads one command. A hero's command is for the hero of `space` and carries no id.
///
/// # Errors
/// An unknown type, a field too many or too few, a value of the wrong type.
pub fn read(value: &Value, space: SpaceId) -> Result<Request, Rejection> {
    // An unknown type is told before a field that this type does not have.
    let named = value.get("type").and_then(Value::as_str);
    let known = named.map(|name| command_type(name).ok_or(Rejection::CommandUnknown)).transpose()?;
    let raw: Raw = shape(value.clone(), "")?;
    let (kind, action) = known.or_else(|| command_type(&raw.command_type)).ok_or(Rejection::CommandUnknown)?;
    takes(&raw, kind, action)?;
    let id = if kind == Kind::Hero { space.into() } else { raw.id.unwrap_or_default() };
    let (command_id, at) = (raw.command_id, raw.at);
    let command = command(kind, action, id, raw)?;
    Ok(Request { command_id, at, target: EntityRef::new(kind, id), command })
}

/// Checks that the command carries what its type takes, and nothing else.
fn takes(raw: &Raw, kind: Kind, action: Action) -> Result<(), Rejection> {
    let needs_data = matches!(action, Action::Create | Action::Focus | Action::Resolve);
    let takes_edit = action == Action::Edit;
    let parts = [
        ("id", raw.id.is_some(), kind != Kind::Hero, kind != Kind::Hero),
        ("data", raw.data.is_some(), needs_data, needs_data),
        ("set", raw.set.is_some(), takes_edit, false),
        ("add", raw.add.is_some(), takes_edit, false),
        ("remove", raw.remove.is_some(), takes_edit, false),
    ];
    for (field, present, allowed, required) in parts {
        if present && !allowed {
            return Err(Rejection::field(format!("/{field}"), "field_unknown", format!("this type takes no {field}")));
        }
        if required && !present {
            return Err(Rejection::field(format!("/{field}"), "field_missing", format!("{field} is required")));
        }
    }
    if takes_edit && raw.set.is_none() && raw.add.is_none() && raw.remove.is_none() {
        return Err(Rejection::field("/set", "field_missing", "an edit needs set, add or remove"));
    }
    Ok(())
}

fn command(kind: Kind, action: Action, id: EntityId, raw: Raw) -> Result<Command, Rejection> {
    let edit = || Edit {
        set: raw.set.clone().unwrap_or_default(),
        add: raw.add.clone().unwrap_or_default(),
        remove: raw.remove.clone().unwrap_or_default(),
    };
    Ok(match (action, kind) {
        (Action::Create, _) => life(kind, LifecycleCommand::Create(id, raw.data.unwrap_or_default())),
        (Action::Edit, _) => life(kind, LifecycleCommand::Edit(edit())),
        (Action::Delete, _) => life(kind, LifecycleCommand::Delete),
        (Action::Restore, _) => life(kind, LifecycleCommand::Restore),
        (Action::Complete, Kind::Task) => Command::Task(TaskCommand::Complete),
        (Action::Complete, Kind::Goal) => Command::Goal(GoalCommand::Complete),
        (Action::Complete, _) => Command::Milestone(MilestoneCommand::Complete),
        (Action::Undo, Kind::Task) => Command::Task(TaskCommand::Uncomplete),
        (Action::Undo, Kind::Goal) => Command::Goal(GoalCommand::Reopen),
        (Action::Undo, _) => Command::Milestone(MilestoneCommand::Reopen),
        (Action::Focus, Kind::Goal) => Command::Goal(GoalCommand::Focus(focus(raw.data)?)),
        (Action::Focus, _) => Command::Task(TaskCommand::Focus(focus(raw.data)?)),
        (Action::Resolve, _) => Command::Conflict(ConflictCommand::Resolve(choice(raw.data)?)),
        (Action::RestoreEnergy, _) => Command::Hero(HeroCommand::RestoreEnergy),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    choice: Word,
    #[serde(default, deserialize_with = "present")]
    value: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Current,
    Other,
    Value,
}

/// A null that was sent is a value; only what was not sent is none.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn choice(data: Option<Map<String, Value>>) -> Result<Choice, Rejection> {
    let chosen: Chosen = shape(Value::Object(data.unwrap_or_default()), "/data")?;
    match (chosen.choice, chosen.value) {
        (Word::Current, None) => Ok(Choice::Current),
        (Word::Other, None) => Ok(Choice::Other),
        (Word::Value, Some(value)) => Ok(Choice::Value(value)),
        (Word::Value, None) => Err(Rejection::field("/data/value", "field_missing", "value is required")),
        (_, Some(_)) => Err(Rejection::field("/data/value", "field_unknown", "only the choice value takes a value")),
    }
}

fn focus(data: Option<Map<String, Value>>) -> Result<FocusSession, Rejection> {
    checked(shape(Value::Object(data.unwrap_or_default()), "/data")?, "/data")
}
