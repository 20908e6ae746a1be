//! What became of each account and of every row that was not taken as it is: a text for people, and a file for programs.

mod fared;

use std::collections::BTreeMap;
use std::path::Path;

use application::legacy_import::{Fate, Note, Notes};
use infrastructure::legacy_source::LegacyUser;
use serde_json::{Value, json};

use self::fared::line;
use super::meter::Meter;
use crate::cli::whole_file::WholeFile;
use crate::cli::{CliError, Exit};

pub(super) use self::fared::Fared;

/// The report, while it is written.
pub(super) struct Report {
    json: Option<WholeFile>,
    text: Option<WholeFile>,
    is_dry: bool,
    counts: BTreeMap<(Fate, &'static str), u64>,
    done: u64,
    skipped: u64,
    failed: u64,
    stopped: u64,
    left_out: BTreeMap<String, u64>,
}

impl Report {
    /// Begins the files that there are to be. They have their names when the import has ended, however it did.
    pub(super) fn open(json: Option<&Path>, text: Option<&Path>, is_dry: bool) -> Result<Self, CliError> {
        let mut json = json.map(WholeFile::begin).transpose()?;
        if let Some(file) = &mut json {
            file.add("{\"accounts\":[")?;
        }
        let text = text.map(WholeFile::begin).transpose()?;
        let (counts, left_out) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { json, text, is_dry, counts, done: 0, skipped: 0, failed: 0, stopped: 0, left_out })
    }

    /// Tables of which nothing is carried over, and how many rows each has.
    pub(super) fn left_out(&mut self, tables: BTreeMap<String, u64>) {
        self.left_out = tables;
    }

    /// Tells of an account. Its rows are told on the terminal, if no file takes them.
    pub(super) fn add(&mut self, user: &LegacyUser, fared: &Fared, meter: &Meter) -> Result<(), CliError> {
        let counts = fared.notes().map(Notes::counts).unwrap_or_default();
        let of = |fate: Fate| counts.iter().filter(|((one, _), _)| *one == fate).map(|(_, count)| count).sum::<u64>();
        let (changed, merged, skipped) = (of(Fate::Changed), of(Fate::Merged), of(Fate::Skipped));
        let rows = match (changed, merged, skipped) {
            (0, 0, 0) => String::new(),
            _ => format!("; changed: {changed}, merged: {merged}, left out: {skipped}"),
        };
        let account = format!("{}: {}{rows}", user.id, fared.sentence());
        let notes: &[Note] = fared.notes().map(|notes| notes.0.as_slice()).unwrap_or_default();
        meter.line(&account);
        match &mut self.text {
            Some(text) => {
                text.add(&format!("{account}\n"))?;
                notes.iter().try_for_each(|note| text.add(&format!("{}\n", line(note))))?;
            }
            None if self.json.is_none() => notes.iter().for_each(|note| meter.line(&line(note))),
            None => {}
        }
        self.count(fared, counts);
        let is_first = self.done + self.skipped + self.failed + self.stopped == 1;
        let Some(file) = &mut self.json else { return Ok(()) };
        file.add(&format!("{}\n{}", if is_first { "" } else { "," }, fared.json(user, self.is_dry)))
    }

    fn count(&mut self, fared: &Fared, counts: BTreeMap<(Fate, &'static str), u64>) {
        counts.into_iter().for_each(|(what, count)| *self.counts.entry(what).or_default() += count);
        match fared {
            Fared::Done { .. } => self.done += 1,
            Fared::Skipped { .. } => self.skipped += 1,
            Fared::Failed { .. } => self.failed += 1,
            Fared::Stopped { .. } => self.stopped += 1,
        }
    }

    /// Ends it: what was done to rows, and what to do about accounts that are not here in whole.
    pub(super) fn end(self, took: &str) -> Result<(), CliError> {
        let mut lines: Vec<String> =
            self.counts.iter().map(|((fate, code), count)| format!("  {count} {fate:?}: {code}")).collect();
        let not_carried = |(table, rows): (&String, &u64)| {
            format!("  {rows} rows of {table} are left out: nothing of that table has a place here")
        };
        lines.extend(self.left_out.iter().map(not_carried));
        let Self { done, skipped, failed, stopped, .. } = self;
        let would = if self.is_dry { "would be imported" } else { "imported" };
        let cut = if stopped > 0 { format!(", {stopped} stopped") } else { String::new() };
        lines.push(format!("accounts: {done} {would}, {skipped} skipped, {failed} failed{cut}; {took}"));
        println!("{}", lines.join("\n"));
        if let Some(mut text) = self.text {
            text.add(&format!("\n{}\n", lines.join("\n")))?;
            text.finish()?;
        }
        if let Some(mut file) = self.json {
            let named =
                |((fate, code), count): (&(Fate, &str), &u64)| json!({ "fate": fate, "code": code, "count": count });
            let notes: Vec<Value> = self.counts.iter().map(named).collect();
            let mut totals = json!({
                "imported": done, "skipped": skipped, "failed": failed, "notes": notes, "left_out": self.left_out,
            });
            if stopped > 0 {
                totals["stopped"] = stopped.into();
            }
            file.add(&format!("\n],\"totals\":{totals}}}\n"))?;
            file.finish()?;
        }
        if failed == 0 {
            return Ok(());
        }
        let next =
            "What was brought of them stays. `levelup verify` tells whether the database is sound; run it again.";
        Err(CliError::new(Exit::Failed, format!("{failed} accounts are not here in whole"), next))
    }
}
