//! What became of each account: a line each for people, and every row that was not taken as it is in a file.

use std::collections::BTreeMap;
use std::fs::{File, rename};
use std::io::Write;
use std::path::{Path, PathBuf};

use application::legacy_import::{Amounts, Fate, Notes, account_id};
use infrastructure::legacy_source::LegacyUser;
use serde_json::{Value, json};

use super::meter::Meter;
use crate::cli::{CliError, Exit};

/// How an account fared.
pub(super) enum Fared {
    /// It is here, or would be.
    Done { amounts: Amounts, notes: Notes, rows: u64 },
    /// It stays where it is.
    Skipped { code: &'static str, why: &'static str },
    /// It is here in part.
    Failed { why: String, notes: Notes, rows: u64 },
}

/// The report, while it is written.
pub(super) struct Report {
    file: Option<(PathBuf, File)>,
    is_dry: bool,
    counts: BTreeMap<(Fate, &'static str), u64>,
    done: u64,
    skipped: u64,
    failed: u64,
    left_out: BTreeMap<String, u64>,
}

impl Fared {
    pub(super) fn skipped(code: &'static str, why: &'static str) -> Self {
        Self::Skipped { code, why }
    }

    fn sentence(&self) -> String {
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
        }
    }

    fn notes(&self) -> Option<&Notes> {
        match self {
            Self::Done { notes, .. } | Self::Failed { notes, .. } => Some(notes),
            Self::Skipped { .. } => None,
        }
    }

    fn json(&self, user: &LegacyUser, is_dry: bool) -> Value {
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
        };
        if let (Value::Object(entry), Value::Object(more)) = (&mut entry, more) {
            entry.extend(more);
        }
        entry
    }
}

impl Report {
    /// Opens the file, if there is to be one. It has its name when it is whole.
    pub(super) fn open(path: Option<&Path>, is_dry: bool) -> Result<Self, CliError> {
        let open = |path: &Path| -> Result<(PathBuf, File), CliError> {
            let mut file = File::create(part(path)).map_err(|error| unwritable(path, &error))?;
            file.write_all(b"{\"accounts\":[").map_err(|error| unwritable(path, &error))?;
            Ok((path.to_owned(), file))
        };
        let file = path.map(open).transpose()?;
        Ok(Self { file, is_dry, counts: BTreeMap::new(), done: 0, skipped: 0, failed: 0, left_out: BTreeMap::new() })
    }

    /// Tables of which nothing is carried over, and how many rows each has.
    pub(super) fn left_out(&mut self, tables: BTreeMap<String, u64>) {
        self.left_out = tables;
    }

    /// Tells of an account.
    pub(super) fn add(&mut self, user: &LegacyUser, fared: &Fared, meter: &Meter) -> Result<(), CliError> {
        let counts = fared.notes().map(Notes::counts).unwrap_or_default();
        let of = |fate: Fate| counts.iter().filter(|((one, _), _)| *one == fate).map(|(_, count)| count).sum::<u64>();
        let (changed, merged, skipped) = (of(Fate::Changed), of(Fate::Merged), of(Fate::Skipped));
        let rows = match (changed, merged, skipped) {
            (0, 0, 0) => String::new(),
            _ => format!("; changed: {changed}, merged: {merged}, left out: {skipped}"),
        };
        meter.line(&format!("{}: {}{rows}", user.id, fared.sentence()));
        counts.into_iter().for_each(|(what, count)| *self.counts.entry(what).or_default() += count);
        let is_first = self.done + self.skipped + self.failed == 0;
        match fared {
            Fared::Done { .. } => self.done += 1,
            Fared::Skipped { .. } => self.skipped += 1,
            Fared::Failed { .. } => self.failed += 1,
        }
        let Some((path, file)) = &mut self.file else { return Ok(()) };
        let entry = fared.json(user, self.is_dry);
        let comma = if is_first { "" } else { "," };
        write!(file, "{comma}\n{entry}").map_err(|error| unwritable(path, &error))
    }

    /// Ends it: what was done to rows, and what to do about accounts that failed.
    pub(super) fn end(mut self, took: &str) -> Result<(), CliError> {
        let named =
            |((fate, code), count): (&(Fate, &str), &u64)| json!({ "fate": fate, "code": code, "count": count });
        let totals: Vec<Value> = self.counts.iter().map(named).collect();
        for ((fate, code), count) in &self.counts {
            println!("  {count} {fate:?}: {code}");
        }
        for (table, rows) in &self.left_out {
            println!("  {rows} rows of {table} are left out: nothing of that table has a place here");
        }
        let Self { done, skipped, failed, .. } = self;
        if let Some((path, file)) = &mut self.file {
            let totals = json!({
                "imported": done, "skipped": skipped, "failed": failed, "notes": totals, "left_out": self.left_out,
            });
            let written = write!(file, "\n],\"totals\":{totals}}}\n").and_then(|()| file.sync_all());
            let named = written.and_then(|()| rename(part(path), &*path));
            named.map_err(|error| unwritable(path, &error))?;
        }
        let would = if self.is_dry { "would be imported" } else { "imported" };
        println!("accounts: {done} {would}, {skipped} skipped, {failed} failed; {took}");
        if failed == 0 {
            return Ok(());
        }
        let next =
            "What was brought of them stays. `levelup verify` tells whether the database is sound; run it again.";
        Err(CliError::new(Exit::Failed, format!("{failed} accounts are not here in whole"), next))
    }
}

fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

fn unwritable(path: &Path, error: &std::io::Error) -> CliError {
    CliError::new(Exit::Environment, format!("{}: {error}", path.display()), "Name another file with --report.")
}
