//! Legacy values in the ranges of the fields that they become. Each change is noted.

use domain::limits::{INSTANT_MS_MAX, INSTANT_MS_MIN, TAG_CHARS_MAX, TAGS_MAX};
use serde_json::{Map, Value, json};

use super::columns::{int, moment, said, text, texts};
use super::notes::{About, Fate, Notes};
use super::source::Row;

/// What stands for a title that says nothing.
pub(super) const UNTITLED: &str = "未命名";
/// Characters of a title.
const TITLE_CHARS: (usize, usize) = (2, 200);
/// Characters of a description.
const DESCRIPTION_CHARS_MAX: usize = 2_000;
/// Bytes of each column or table that is kept beside the fields of one row.
const EXTRAS_BYTES_MAX: usize = 256 * 1024;

/// Reads the columns of one row into fields.
pub(super) struct Reading<'a> {
    pub(super) row: &'a Row,
    pub(super) about: About,
    pub(super) notes: &'a mut Notes,
}

impl Reading<'_> {
    /// A title: what says nothing gets a name, what is too short a mark, what is too long is cut.
    pub(super) fn title(&mut self, column: &'static str) -> String {
        let raw = text(self.row, column).unwrap_or_default();
        let cut = self.cut(column, raw, TITLE_CHARS.1);
        if cut.chars().all(char::is_whitespace) {
            self.notes.changed(&self.about, column, "blank", "it says nothing and gets a name");
            return UNTITLED.to_owned();
        }
        if cut.chars().count() < TITLE_CHARS.0 {
            self.notes.changed(&self.about, column, "too_short", "one character gets a mark behind it");
            return format!("{cut}…");
        }
        cut
    }

    /// A description; what says nothing is none.
    pub(super) fn description(&mut self) -> Value {
        let raw = text(self.row, "description").unwrap_or_default();
        let cut = self.cut("description", raw, DESCRIPTION_CHARS_MAX);
        if cut.chars().all(char::is_whitespace) { Value::Null } else { cut.into() }
    }

    /// A text of at most so many characters; what says nothing is none.
    pub(super) fn short(&mut self, column: &'static str, max: usize) -> Option<String> {
        let raw = said(self.row, column)?;
        let cut = self.cut(column, &raw, max);
        (!cut.chars().all(char::is_whitespace)).then_some(cut)
    }

    fn cut(&mut self, column: &'static str, raw: &str, max: usize) -> String {
        let count = raw.chars().count();
        if count <= max {
            return raw.to_owned();
        }
        self.notes.changed(&self.about, column, "cut", format!("{count} characters are cut to {max}"));
        raw.chars().take(max).collect()
    }

    /// A number in its range; `None`: there is none.
    pub(super) fn number(&mut self, column: &'static str, min: i64, max: i64) -> Option<i64> {
        let raw = int(self.row, column)?;
        let held = raw.clamp(min, max);
        if held != raw {
            let message = format!("{raw} is brought into {min} to {max}");
            self.notes.changed(&self.about, column, "out_of_range", message);
        }
        Some(held)
    }

    /// A word out of a list, by what an unknown one becomes; nothing becomes the default without a note.
    pub(super) fn word(
        &mut self,
        column: &'static str,
        default: &'static str,
        known: impl Fn(&str) -> Option<&'static str>,
    ) -> &'static str {
        let Some(raw) = said(self.row, column) else { return default };
        let word = known(&raw).unwrap_or(default);
        if word != raw {
            self.notes.changed(&self.about, column, "unknown_value", format!("what it holds is read as {word}"));
        }
        word
    }

    /// A moment of the past; one that is still to come is now, and that is told.
    pub(super) fn past(&mut self, column: &'static str, now: i64) -> Option<i64> {
        let read = self.moment(column)?;
        if read > now {
            self.notes.changed(&self.about, column, "in_the_future", "it is later than now, and now stands");
        }
        Some(read.min(now))
    }

    /// A moment in the range of instants.
    pub(super) fn moment(&mut self, column: &'static str) -> Option<i64> {
        let read = moment(self.row, column).map(|at| at.clamp(INSTANT_MS_MIN, INSTANT_MS_MAX));
        if read.is_none() && self.row.get(column).is_some_and(|value| !value.is_null()) {
            self.notes.changed(&self.about, column, "moment_invalid", "it is no moment and left out");
        }
        read
    }

    /// Tags: those that say nothing or come again are left out, as are too many; long ones are cut.
    pub(super) fn tags(&mut self, column: &'static str) -> Value {
        let raw = texts(self.row, column);
        let cut = |tag: &String| tag.chars().take(TAG_CHARS_MAX).collect::<String>();
        let mut tags: Vec<String> = Vec::new();
        for tag in raw.iter().map(cut) {
            if !tag.chars().all(char::is_whitespace) && !tags.contains(&tag) && tags.len() < TAGS_MAX {
                tags.push(tag);
            }
        }
        if tags != raw {
            let message = format!("{} of {} tags stay, of at most {TAG_CHARS_MAX} characters", tags.len(), raw.len());
            self.notes.changed(&self.about, column, "tags", message);
        }
        json!(tags)
    }

    /// The columns that no field here has, as they are.
    pub(super) fn extras(&mut self, mapped: &[&str]) -> Map<String, Value> {
        let rest = self.row.iter().filter(|(name, value)| !mapped.contains(&name.as_str()) && !value.is_null());
        let extras: Map<String, Value> = rest.map(|(name, value)| (name.clone(), value.clone())).collect();
        self.held(extras)
    }

    /// What is kept beside the fields. What is far too much is left out, of a table's rows only the oldest.
    pub(super) fn held(&mut self, extras: Map<String, Value>) -> Map<String, Value> {
        let mut held = Map::new();
        for (name, value) in extras {
            let (value, all, kept) = cut_down(value);
            if kept < all {
                let message = format!("of {name}, {} of {all} come to more than {EXTRAS_BYTES_MAX} bytes", all - kept);
                self.notes.add(&self.about, None, (Fate::Changed, "extras_too_large"), message);
            }
            held.extend(value.map(|value| (name, value)));
        }
        held
    }
}

/// A value that is not too large, of how many parts it was and how many of them are left: the rows of a table, or one.
fn cut_down(value: Value) -> (Option<Value>, usize, usize) {
    let bytes = |value: &Value| serde_json::to_string(value).map_or(0, |text| text.len());
    match value {
        Value::Array(rows) => {
            let (all, mut sum) = (rows.len(), 0_usize);
            let fits = |row: &Value| {
                sum = sum.saturating_add(bytes(row) + 1);
                sum <= EXTRAS_BYTES_MAX
            };
            let mut newest: Vec<Value> = rows.into_iter().rev().take_while(fits).collect();
            newest.reverse();
            let kept = newest.len();
            ((kept > 0 || all == 0).then_some(Value::Array(newest)), all, kept)
        }
        other => {
            let fits = bytes(&other) <= EXTRAS_BYTES_MAX;
            (fits.then_some(other), 1, usize::from(fits))
        }
    }
}
