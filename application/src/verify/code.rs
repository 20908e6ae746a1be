//! The stable names of flaws, and what follows from each: whether it forbids to rebuild, whether a repair mends it.

use super::flaw::Flaw;
use crate::rebuild::{Difference, How};

impl Flaw {
    /// Every code that a flaw can have.
    pub const CODES: [&str; 20] = [
        "position_gap",
        "payload_hash",
        "chain_hash",
        "event_misplaced",
        "sequence",
        "clock",
        "event_unreadable",
        "head",
        "head_missing",
        "orphans",
        "receipt_missing",
        "receipt",
        "second_reader",
        "row",
        "row_missing",
        "row_surplus",
        "row_checksum",
        "head_counter",
        "refused",
        "more",
    ];

    /// Those that say that the log itself is damaged.
    pub const CODES_OF_THE_LOG: [&str; 9] = [
        "position_gap",
        "payload_hash",
        "chain_hash",
        "event_misplaced",
        "sequence",
        "clock",
        "event_unreadable",
        "head",
        "head_missing",
    ];

    /// Those that a repair puts right where the log is sound: they are about rows that follow from it.
    pub const CODES_OF_ROWS: [&str; 5] = ["row", "row_missing", "row_surplus", "row_checksum", "head_counter"];

    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Gap { .. } => "position_gap",
            Self::Payload(_) => "payload_hash",
            Self::Chain(_) => "chain_hash",
            Self::Misplaced { .. } => "event_misplaced",
            Self::Sequence { .. } => "sequence",
            Self::Clock(_) => "clock",
            Self::Unreadable { .. } => "event_unreadable",
            Self::Head { .. } => "head",
            Self::Headless => "head_missing",
            Self::Orphans { .. } => "orphans",
            Self::Unreceipted(_) => "receipt_missing",
            Self::Receipt { .. } => "receipt",
            Self::SecondReader { .. } => "second_reader",
            Self::Row(difference) => of_row(difference),
            Self::Refused(_) => "refused",
            Self::More(_) => "more",
        }
    }

    /// Whether the log itself is damaged, so that nothing may be rebuilt from it.
    pub fn is_of_the_log(&self) -> bool {
        Self::CODES_OF_THE_LOG.contains(&self.code())
    }
}

fn of_row(difference: &Difference) -> &'static str {
    match &difference.how {
        _ if difference.table == "heads" => "head_counter",
        How::Missing => "row_missing",
        How::Surplus => "row_surplus",
        How::Columns(columns) if !columns.is_empty() && columns.iter().all(|column| column.name == "checksum") => {
            "row_checksum"
        }
        How::Columns(_) => "row",
    }
}
