//! A text that is covered wherever a loose document speaks of it.

use serde_json::Value;

use super::PLACEHOLDER;

/// From so many characters on a text is also covered inside of longer ones; a shorter one would be found by chance.
const INSIDE_CHARS_MIN: usize = 6;
/// So many characters tell a long text from others: what quotes it may have cut it off behind them.
const HEAD_CHARS_MAX: usize = 64;

/// Members under which the program itself speaks, never a person: a title `committed` is no status.
const OWN_WORDS: [&str; 12] =
    ["act", "code", "entity", "field", "kind", "op", "outcome", "pointer", "reason", "role", "status", "type"];

/// Covers a text in documents whose shape says nothing about where it may be: whole texts that are equal, and longer ones
/// that hold it, if it is long enough to be told from others. Messages about a value quote it, so what it is in quotes counts too.
#[derive(Clone)]
pub struct Veil {
    /// As it is, and as it is quoted.
    forms: Vec<String>,
    inside: bool,
}

impl Veil {
    /// Over this text.
    pub(super) fn over(text: &str) -> Self {
        let mut forms = vec![text.to_owned()];
        let quoted = bare(&format!("{text:?}"));
        if quoted != text {
            forms.push(quoted);
        }
        Self { forms, inside: text.chars().count() >= INSIDE_CHARS_MIN }
    }

    /// What to look for to find rows that may speak of it: the beginning of each form as it is, and as JSON writes it.
    pub fn traces(&self) -> Vec<String> {
        let heads = self.forms.iter().map(|form| head(form));
        let both = |head: &str| [head.to_owned(), bare(&Value::from(head).to_string())];
        let mut traces: Vec<String> = heads.flat_map(both).collect();
        traces.sort_unstable();
        traces.dedup();
        traces
    }

    /// Covers it in a document; whether it was there. Names of members are never touched.
    pub fn cover(&self, document: &mut Value) -> bool {
        match document {
            Value::String(text) => self.cover_text(text),
            // Every one of them is covered, also behind the first that was found.
            Value::Array(members) => {
                members.iter_mut().map(|member| self.cover(member)).filter(|found| *found).count() > 0
            }
            Value::Object(members) => {
                members
                    .iter_mut()
                    .filter(|(name, member)| !(member.is_string() && OWN_WORDS.contains(&name.as_str())))
                    .map(|(_, member)| self.cover(member))
                    .filter(|found| *found)
                    .count()
                    > 0
            }
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
        if self.forms.contains(text) {
            PLACEHOLDER.clone_into(text);
            return true;
        }
        let forms = self.forms.iter().filter(|_| self.inside);
        forms.map(|form| cover_inside(text, form)).filter(|found| *found).count() > 0
    }
}

/// Covers a form inside of a text, as far as it goes on there.
fn cover_inside(text: &mut String, form: &str) -> bool {
    let (mut left, mut rest) = (String::new(), text.as_str());
    while let Some(start) = rest.find(head(form)) {
        let same = rest[start..].chars().zip(form.chars()).take_while(|(one, other)| one == other);
        let length: usize = same.map(|(one, _)| one.len_utf8()).sum();
        left.push_str(&rest[..start]);
        left.push_str(PLACEHOLDER);
        rest = &rest[start + length..];
    }
    if left.is_empty() {
        return false;
    }
    left.push_str(rest);
    *text = left;
    true
}

fn head(form: &str) -> &str {
    form.char_indices().nth(HEAD_CHARS_MAX).map_or(form, |(end, _)| &form[..end])
}

/// A quoted text without its quotes.
fn bare(quoted: &str) -> String {
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(quoted).to_owned()
}

impl std::fmt::Debug for Veil {
    /// Never the text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Veil").field("inside", &self.inside).finish_non_exhaustive()
    }
}
