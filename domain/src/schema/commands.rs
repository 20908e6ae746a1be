//! Every command type and what it takes, found out from the reader of commands.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::fields::{fields, required};
use super::form::{Form, Parsed, names};
use crate::completion::FocusSession;
use crate::entity::Kind;
use crate::entity::fields::{checked, shape};
use crate::id::SpaceId;
use crate::rejection::{FieldError, Rejection};
use crate::transaction::read;

/// What may stand behind the point of a type; a test holds it to the reader.
pub(super) const ACTIONS: [&str; 10] =
    ["create", "edit", "delete", "restore", "complete", "uncomplete", "reopen", "focus", "restore_energy", "resolve"];
/// What a command may carry besides `command_id`, `type` and `at`.
const PARTS: [&str; 5] = ["id", "data", "set", "add", "remove"];

/// The schema of every command, by its type.
pub(super) fn commands() -> Map<String, Value> {
    let types = Kind::ALL.iter().flat_map(|kind| ACTIONS.iter().map(move |action| (*kind, *action)));
    types.filter_map(|(kind, action)| Some((format!("{}.{action}", kind.name()), command(kind, action)?))).collect()
}

fn command(kind: Kind, action: &str) -> Option<Value> {
    let name = format!("{}.{action}", kind.name());
    if refusal(&name, &[]) == Some(Rejection::CommandUnknown) {
        return None;
    }
    let identified = if misses(&name, &[], "id") { vec!["id"] } else { Vec::new() };
    let taken: Vec<&str> = PARTS.into_iter().filter(|part| !refuses(&name, &identified, part)).collect();
    let needed: Vec<&str> = taken.iter().copied().filter(|part| misses(&name, &without(&taken, part), part)).collect();
    let mut properties = json!({
        "command_id": { "type": "string", "format": "uuid" },
        "type": { "const": name },
        "at": { "type": "integer", "description": "When the user acted, by the device's clock, Unix ms." },
    });
    for part in &taken {
        properties[*part] = carried(kind, action, part);
    }
    let required: Vec<&str> = ["command_id", "type", "at"].into_iter().chain(needed.iter().copied()).collect();
    let mut schema =
        json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false });
    if needed == identified && taken.len() > needed.len() {
        let one: Vec<Value> = without(&taken, "id").iter().map(|part| json!({ "required": [part] })).collect();
        schema["anyOf"] = json!(one);
    }
    Some(schema)
}

/// What a part of a command holds.
fn carried(kind: Kind, action: &str, part: &str) -> Value {
    match (part, action) {
        ("id", _) => json!({ "type": "string", "format": "uuid" }),
        ("data", "create") => object(fields(kind), &required(kind)),
        ("data", "resolve") => choice(),
        ("data", _) => focus(),
        ("set", _) => object(writable(kind).map(|(name, field)| (name, undefaulted(field))).collect(), &[]),
        _ => {
            let sets = writable(kind).filter(|(_, field)| field["x-merge"] == "set");
            let members = |field: Value| json!({ "type": "array", "items": field["items"] });
            object(sets.map(|(name, field)| (name, members(field))).collect(), &[])
        }
    }
}

/// The fields that an edit may change.
fn writable(kind: Kind) -> impl Iterator<Item = (String, Value)> {
    fields(kind).into_iter().filter(|(_, field)| field["x-merge"] != "fixed")
}

/// An edit has no defaults: what is absent stays.
fn undefaulted(mut field: Value) -> Value {
    if let Value::Object(field) = &mut field {
        field.remove("default");
        field.remove("x-default-by");
    }
    field
}

fn object(properties: Map<String, Value>, required: &[String]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn focus() -> Value {
    let parse = |data: Map<String, Value>| -> Parsed {
        let session: FocusSession = checked(shape(Value::Object(data), "")?, "")?;
        Ok(serde_json::to_value(session).ok().and_then(|value| value.as_object().cloned()).unwrap_or_default())
    };
    let Some(form) = Form::of(&parse) else { return Value::Null };
    let required: Vec<String> = form.names().filter(|name| form.requires(name)).map(str::to_owned).collect();
    object(form.names().map(|name| (name.to_owned(), form.schema(name))).collect(), &required)
}

/// The choice between the sides of a conflict: those that stand for themselves, and those that bring a value.
fn choice() -> Value {
    let refused = |data: Value| refused("conflict.resolve", &[("id", json!(Uuid::nil())), ("data", data)]);
    let unknown = refused(json!({ "choice": "?" })).and_then(|refused| refused.errors().into_iter().next());
    let words = unknown.as_ref().and_then(names).unwrap_or_default();
    let (alone, valued): (Vec<String>, Vec<String>) =
        words.into_iter().partition(|word| refused(json!({ "choice": word })).is_none());
    let one = |words: Vec<String>, value: Option<Value>| {
        let required =
            if value.is_some() { vec!["choice".to_owned(), "value".to_owned()] } else { vec!["choice".to_owned()] };
        let choice = ("choice".to_owned(), json!({ "type": "string", "enum": words }));
        object(std::iter::once(choice).chain(value.map(|value| ("value".to_owned(), value))).collect(), &required)
    };
    json!({ "oneOf": [one(alone, None), one(valued, Some(json!({})))] })
}

/// Why a command with these parts is refused.
fn refusal(name: &str, parts: &[&str]) -> Option<Rejection> {
    let held = |part: &&str| if *part == "id" { json!(Uuid::nil()) } else { json!({}) };
    refused(name, &parts.iter().map(|part| (*part, held(part))).collect::<Vec<_>>())
}

/// Why a command that carries this is refused.
fn refused(name: &str, carried: &[(&str, Value)]) -> Option<Rejection> {
    let id = Uuid::nil();
    let mut command = json!({ "command_id": id, "type": name, "at": 0 });
    for (part, held) in carried {
        command[*part] = held.clone();
    }
    let sent = read(json!({ "transaction_id": id, "commands": [command] }), SpaceId(id)).ok()?;
    sent.commands.err().map(|refusal| refusal.rejection)
}

fn error(name: &str, parts: &[&str]) -> Option<FieldError> {
    refusal(name, parts)?.errors().into_iter().next()
}

/// Whether it is refused because this part is there.
fn refuses(name: &str, others: &[&str], part: &str) -> bool {
    let mut parts = without(others, part);
    parts.push(part);
    error(name, &parts).is_some_and(|error| error.code == "field_unknown" && error.pointer == format!("/{part}"))
}

/// Whether it is refused because this part is not there.
fn misses(name: &str, others: &[&str], part: &str) -> bool {
    error(name, others).is_some_and(|error| error.code == "field_missing" && error.pointer == format!("/{part}"))
}

fn without<'a>(parts: &[&'a str], part: &str) -> Vec<&'a str> {
    parts.iter().copied().filter(|other| *other != part).collect()
}
