//! How an account fared, in a line for people and as a member of the report.

use std::collections::BTreeMap;

use application::legacy_import::{Amounts, Note, Notes, Progress, account_id};
use infrastructure::legacy_source::LegacyUser;
use serde_json::{Value, json};

/// How an account fared.
pub(in crate::cli::import_legacy) enum Fared {
    /// It is here, or would be.
    Done { amounts: Amounts, notes: Notes, rows: u64 },
    /// It stays where it is.
    Skipped { code: &'static str, why: String },
    /// It is here in part.
    Failed { why: String, notes: Notes, rows: u64 },
    /// Somebody stopped it; it is here in part.
    Stopped { progress: Progress, notes: Notes, rows: u64 },
}

impl Fared {
    pub(in crate::cli::import_legacy) fn skipped(code: &'static str, why: impl Into<String>) -> Self {
        Self::Skipped { code, why: why.into() }
    }

    pub(super) fn sentence(&self) -> String {
        match self {
            Self::Done { amounts, .. } if *amounts == (Amounts { present: amounts.present, ..Amounts::default() }) => {
                "nothing new".to_owned()
            }
            Self::Done { amounts, .. } => {
                let kinds = amounts.created.iter().map(|(kind, count)| format!("{count} {}", kind.table()));
                let mut all: Vec<String> = kinds.collect();
                let Amounts { days, past, xp, .. } = amounts;
                all.push(format!("{days} days, {past} lines of the log, {xp} XP"));
                all.join(", ")
            }
            Self::Skipped { why, .. } => format!("skipped: {why}"),
            Self::Failed { why, .. } => format!("failed: {why}"),
            Self::Stopped { progress: Progress { done, of }, .. } => {
                format!("stopped after {done} of {of} changes; the same command brings the rest")
            }
        }
    }

    /// What was done to its rows.
    pub(super) fn notes(&self) -> Option<&Notes> {
        match self {
            Self::Done { notes, .. } | Self::Failed { notes, .. } | Self::Stopped { notes, .. } => Some(notes),
            Self::Skipped { .. } => None,
        }
    }

    pub(super) fn json(&self, user: &LegacyUser, is_dry: bool) -> Value {
        let mut entry = json!({ "legacy_id": user.id, "account": account_id(&user.id), "notes": self.notes() });
        let more = match self {
            Self::Done { amounts, rows, .. } => json!({
                "outcome": if is_dry { "would_import" } else { "imported" },
                "rows": rows,
                "created": amounts.created.iter().map(|(kind, count)| (kind.table(), *count)).collect::<BTreeMap<_, _>>(),
                "present": amounts.present, "days": amounts.days, "activity": amounts.past, "xp": amounts.xp,
                "core_skills": amounts.joined,
            }),
            Self::Skipped { code, why } => json!({ "outcome": "skipped", "code": code, "message": why }),
            Self::Failed { why, rows, .. } => json!({ "outcome": "failed", "message": why, "rows": rows }),
            Self::Stopped { progress, rows, .. } => {
                json!({ "outcome": "stopped", "rows": rows, "done": progress.done, "of": progress.of })
            }
        };
        if let (Value::Object(entry), Value::Object(more)) = (&mut entry, more) {
            entry.extend(more);
        }
        entry
    }
}

/// A line about a row: what became of it, where it is, and why.
pub(super) fn line(note: &Note) -> String {
    let Note { table, row, column, fate, code, message } = note;
    let fate = format!("{fate:?}").to_lowercase();
    let column = column.map(|column| format!(" {column}")).unwrap_or_default();
    format!("  {fate} {table} {row}{column}: {message} ({code})")
}
