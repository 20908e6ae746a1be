//! Fields of policy S: a member keeps its adds, one per device, and is present while one is left.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::stamp::{Seen, Written};

/// The adds of each member of one set.
pub type Members = BTreeMap<String, Vec<Written>>;

/// What an edit does to one set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moves {
    /// Members whose add is recorded.
    pub added: Vec<String>,
    /// Members of which every add that the writer had seen is taken.
    pub removed: Vec<String>,
}

/// The adds after an edit. A member that is removed and added stays by its new add.
pub fn after(members: &Members, moves: &Moves, written: Written, seen: &Seen) -> Members {
    let mut members = members.clone();
    for member in &moves.removed {
        if let Some(adds) = members.get_mut(member) {
            adds.retain(|add| !seen.covers(add));
        }
    }
    for member in &moves.added {
        let adds = members.entry(member.clone()).or_default();
        adds.retain(|add| add.stamp.device != written.stamp.device);
        adds.push(written);
        adds.sort_by_key(|add| add.stamp);
    }
    members.retain(|_, adds| !adds.is_empty());
    members
}

/// The members of which the writer has seen an add.
pub fn seen_by<'a>(members: &'a Members, seen: &'a Seen) -> impl Iterator<Item = &'a String> {
    members.iter().filter(|(_, adds)| adds.iter().any(|add| seen.covers(add))).map(|(member, _)| member)
}

/// The texts of a JSON array.
pub fn texts(members: &Value) -> impl Iterator<Item = String> {
    members.as_array().into_iter().flatten().filter_map(|member| Some(member.as_str()?.to_owned()))
}

/// Texts as a JSON array.
pub fn array(members: impl IntoIterator<Item = String>) -> Value {
    members.into_iter().map(Value::String).collect()
}
