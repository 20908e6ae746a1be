//! What was taken out of the space stays out: rows of the legacy database go on saying it.

use std::collections::BTreeSet;

use domain::entity::EntityRef;
use domain::hero::PastActivity;
use domain::redaction::{PLACEHOLDER, Redaction, Veil};
use serde_json::Value;

use super::before::Here;
use super::map::Mapped;

/// Covers texts that were taken out of entities of the space.
pub(super) struct Veils {
    entities: BTreeSet<EntityRef>,
    texts: Vec<Veil>,
}

impl Veils {
    /// Over what the rows say still of what was taken out.
    pub(super) fn of(mapped: &Mapped, here: &Here) -> Self {
        let said = |(entity, field): &(EntityRef, String)| {
            let row = mapped.entities.iter().find(|one| EntityRef::new(one.kind, one.id) == *entity)?;
            let text = row.fields.get(field)?.as_str()?;
            Some(Redaction::of(mapped.space, *entity, field, text)?.veil())
        };
        let entities = here.redacted.iter().map(|(entity, _)| *entity).collect();
        Self { entities, texts: here.redacted.iter().filter_map(said).collect() }
    }

    /// A line without them. What is about such an entity says none of its words: they may be older than its row.
    pub(super) fn over(&self, mut past: PastActivity) -> PastActivity {
        if past.about.is_some_and(|about| self.entities.contains(&about)) {
            PLACEHOLDER.clone_into(&mut past.title);
            if let Some(details) = past.legacy.get_mut("details") {
                wordless(details);
            }
        }
        let mut title = Value::from(past.title);
        for veil in &self.texts {
            veil.cover(&mut title);
            veil.cover(&mut past.legacy);
        }
        past.title = title.as_str().unwrap_or_default().to_owned();
        past
    }
}

/// Every text gives way to the placeholder.
fn wordless(document: &mut Value) {
    match document {
        Value::String(text) => PLACEHOLDER.clone_into(text),
        Value::Array(members) => members.iter_mut().for_each(wordless),
        Value::Object(members) => members.values_mut().for_each(wordless),
        _ => {}
    }
}
