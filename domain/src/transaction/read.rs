//! Reading a transaction, each by itself: a bad one never stops the next.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::command::{Request, read as read_command};
use super::plan::Plan;
use crate::checksum::canonical;
use crate::entity::fields::shape;
use crate::entity::{EntityRef, Kind, LifecycleCommand};
use crate::follow_up::life;
use crate::founding as founder;
use crate::id::{CommandId, SpaceId, TransactionId};
use crate::limits::TRANSACTION_COMMANDS_MAX;
use crate::rejection::Rejection;

/// A transaction as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// Its id, made by the device.
    pub id: TransactionId,
    /// SHA-256 over space and commands: the same content has the same digest.
    pub digest: [u8; 32],
    /// That content as canonical text: `{"commands":…,"space":…}`.
    pub content: Arc<str>,
    /// Up to where the device had applied the log (an opaque cursor).
    pub base: Option<String>,
    /// The device's count of its transactions in this space.
    pub device_seq: Option<i64>,
    /// Its commands, or why they are refused.
    pub commands: Result<Vec<Request>, Refusal>,
    /// What the server made it from, if the server did.
    pub plan: Option<Plan>,
    /// The name of the request that brought it, for whoever follows it through the logs; no part of its content.
    pub request: Option<Arc<str>>,
}

/// Why a transaction is refused, and for which of its commands.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// Which command, counted from 0.
    pub index: Option<usize>,
    /// Its id, if it could be read.
    pub command_id: Option<CommandId>,
    /// Why.
    pub rejection: Rejection,
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self { index: None, command_id: None, rejection }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    transaction_id: TransactionId,
    #[serde(default)]
    space_id: Option<SpaceId>,
    #[serde(default)]
    base: Option<String>,
    #[serde(default)]
    device_seq: Option<i64>,
    commands: Vec<Value>,
}

/// Reads a transaction's JSON text for `space`, the caller's own.
///
/// What passed as JSON in an envelope can still hold text that is no text: half a surrogate pair. Such a transaction is
/// refused under its id, which is read without looking at the rest.
///
/// # Errors
/// As for [`read`].
pub fn read_text(text: &str, space: SpaceId) -> Result<Sent, Rejection> {
    #[derive(Deserialize)]
    struct Named {
        transaction_id: TransactionId,
    }
    let unreadable = match serde_json::from_str(text) {
        Ok(value) => return read(value, space),
        Err(error) => unreadable(&error),
    };
    let named: Named = serde_json::from_str(text).map_err(|_| unreadable.clone())?;
    let (digest, content) = digest(space, &Value::from(text));
    let commands = Err(unreadable.into());
    Ok(Sent {
        id: named.transaction_id,
        digest,
        content,
        base: None,
        device_seq: None,
        commands,
        plan: None,
        request: None,
    })
}

/// Why text that has the grammar of JSON still says nothing that can be kept. serde_json tells it in words only.
fn unreadable(error: &serde_json::Error) -> Rejection {
    let said = error.to_string();
    if said.starts_with("recursion limit") {
        Rejection::field("", "too_deep", "the transaction is nested too deeply")
    } else if said.starts_with("number out of range") {
        Rejection::field("", "out_of_range", "the transaction holds a number that is beyond every range")
    } else {
        let message = "the transaction holds text that is not Unicode, such as half a surrogate pair";
        Rejection::field("", "text_invalid", message)
    }
}

/// Reads a transaction for `space`, the caller's own.
///
/// # Errors
/// Without a readable id there is nothing to keep a receipt under; any other fault is in the transaction's `commands`.
pub fn read(value: Value, space: SpaceId) -> Result<Sent, Rejection> {
    let named = value.get("transaction_id").cloned();
    let commands = value.get("commands").cloned().unwrap_or_default();
    let meant = value.get("space_id").and_then(|space| serde_json::from_value(space.clone()).ok());
    let (digest, content) = digest(meant.unwrap_or(space), &commands);
    let raw: Raw = match shape(value, "") {
        Ok(raw) => raw,
        Err(rejection) => {
            let id = named.and_then(|id| serde_json::from_value(id).ok()).ok_or_else(|| rejection.clone())?;
            return Ok(Sent {
                id,
                digest,
                content,
                base: None,
                device_seq: None,
                commands: Err(rejection.into()),
                plan: None,
                request: None,
            });
        }
    };
    let commands = if raw.space_id.is_some_and(|named| named != space) {
        Err(Rejection::SpaceUnknown.into())
    } else {
        read_commands(&raw.commands, space)
    };
    Ok(Sent {
        id: raw.transaction_id,
        digest,
        content,
        base: raw.base,
        device_seq: raw.device_seq,
        commands,
        plan: None,
        request: None,
    })
}

fn read_commands(values: &[Value], space: SpaceId) -> Result<Vec<Request>, Refusal> {
    if !(1..=TRANSACTION_COMMANDS_MAX).contains(&values.len()) {
        return Err(Rejection::CommandCount { max: TRANSACTION_COMMANDS_MAX }.into());
    }
    let mut requests: Vec<Request> = Vec::with_capacity(values.len());
    let mut seen = std::collections::HashSet::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let command_id = value.get("command_id").and_then(|id| serde_json::from_value(id.clone()).ok());
        let refuse = |rejection| Refusal { index: Some(index), command_id, rejection };
        let request = read_command(value, space).map_err(refuse)?;
        if !seen.insert(request.command_id) {
            return Err(refuse(Rejection::CommandRepeated));
        }
        requests.push(request);
    }
    Ok(requests)
}

/// The digest of the content, and the content.
pub(super) fn digest(space: SpaceId, commands: &Value) -> ([u8; 32], Arc<str>) {
    let content = canonical(&json!({ "space": space, "commands": commands }));
    (Sha256::digest(content.as_bytes()).into(), content.into())
}

/// The transaction that founds a space at the moment `at` (Unix ms); its id and digest depend on space and zone only.
pub fn founding(space: SpaceId, time_zone: &str, at: i64) -> Sent {
    let hero = (EntityRef::new(Kind::Hero, space.into()), founder::hero(time_zone));
    let skills = founder::CORE_SKILLS.into_iter().zip(1..);
    let skills = skills.map(|(skill, number)| {
        (EntityRef::new(Kind::Skill, founder::core_skill_id(space, number)), founder::core_skill(skill))
    });
    let requests = std::iter::once(hero).chain(skills).enumerate().map(|(number, (target, data))| Request {
        command_id: founder::command_id(space, number),
        at,
        target,
        command: life(target.kind, LifecycleCommand::Create(target.id, data)),
    });
    let (digest, content) = digest(space, &json!(["founding", time_zone]));
    let commands = Ok(requests.collect());
    Sent {
        id: founder::transaction_id(space),
        digest,
        content,
        base: None,
        device_seq: None,
        commands,
        plan: None,
        request: None,
    }
}
