//! A text that is covered wherever a loose document speaks of it.

use serde_json::Value;

use super::PLACEHOLDER;

/// From so many characters on a text is also covered inside of longer ones; a shorter one would be found by chance.
const INSIDE_CHARS_MIN: usize = 6;

/// Members under which the program itself speaks, never a person: a title `committed` is no status.
const OWN_WORDS: [&str; 12] = [
    "act", "code", "entity", "field", "kind", "op", "outcome", "pointer", "reason", "role", "status", "type",
];

/// Covers a text in documents whose shape says nothing about where it may be: whole texts that are equal, and longer ones
/// that hold it, if it is long enough to be told from others.
#[derive(Clone)]
pub struct Veil {
    text: String,
    inside: bool,
}

impl Veil {
    /// Over this text.
    pub(super) fn over(text: &str) -> Self {
        Self { text: text.to_owned(), inside: text.chars().count() >= INSIDE_CHARS_MIN }
    }

    /// What to look for to find rows that may speak of it: as it is, and as JSON writes it, without the quotes.
    pub fn traces(&self) -> [String; 2] {
        let quoted = Value::String(self.text.clone()).to_string();
        let bare = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned();
        [self.text.clone(), bare]
    }

    /// Covers it in a document; whether it was there. Names of members are never touched.
    pub fn cover(&self, document: &mut Value) -> bool {
        match document {
            Value::String(text) => self.cover_text(text),
            Value::Array(members) => members.iter_mut().fold(false, |found, member| self.cover(member) || found),
            Value::Object(members) => members
                .iter_mut()
                .filter(|(name, member)| !(member.is_string() && OWN_WORDS.contains(&name.as_str())))
                .fold(false, |found, (_, member)| self.cover(member) || found),
            _ => false,
        }
    }

    /// Covers it in a text, which may itself be a document.
    pub fn cover_text(&self, text: &mut String) -> bool {
        if text.starts_with(['{', '['])
            && let Ok(mut document) = serde_json::from_str::<Value>(text)
        {
            let found = self.cover(&mut document);
            if found {
                *text = document.to_string();
            }
            return found;
        }
        if *text == self.text {
            PLACEHOLDER.clone_into(text);
            return true;
        }
        let found = self.inside && text.contains(&self.text);
        if found {
            *text = text.replace(&self.text, PLACEHOLDER);
        }
        found
    }
}

impl std::fmt::Debug for Veil {
    /// Never the text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Veil").field("inside", &self.inside).finish_non_exhaustive()
    }
}
