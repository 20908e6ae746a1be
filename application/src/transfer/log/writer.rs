//! An export while it is written.

use domain::id::SpaceId;
use serde::Serialize;

use super::line::{Header, Part};
use super::tally::Tally;

/// Makes lines of rows, and counts them.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    tally: Tally,
    text: String,
}

impl Writer {
    /// Goes on behind lines that were written before.
    pub fn behind(tally: Tally) -> Self {
        Self { tally, text: String::new() }
    }

    /// The first line.
    pub fn header(&mut self, header: &Header) {
        self.line("levelup_log", header);
    }

    /// A row, as the store writes it.
    pub fn row(&mut self, part: Part, row: &str) {
        self.put(Some(part), part.name(), row);
    }

    /// The space is whole.
    pub fn space_end(&mut self, space: SpaceId) {
        self.line("space_end", &self.tally.space_end(space));
        self.tally.space_is_whole();
    }

    /// The space was erased while it was read.
    pub fn space_gone(&mut self, space: SpaceId) {
        self.line("space_gone", &space);
        self.tally.space_is_gone();
    }

    /// The last line.
    pub fn end(&mut self) {
        self.line("end", &self.tally.end());
    }

    /// Bytes that were not taken yet.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// The lines since they were last taken.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// What was written, taken or not.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    fn line(&mut self, name: &str, value: &impl Serialize) {
        // Numbers and texts cannot fail to become JSON.
        let value = serde_json::to_string(value).unwrap_or_default();
        self.put(None, name, &value);
    }

    fn put(&mut self, part: Option<Part>, name: &str, value: &str) {
        let start = self.text.len();
        for piece in ["{\"", name, "\":", value, "}\n"] {
            self.text.push_str(piece);
        }
        self.tally.line(part, &self.text[start..]);
    }
}
