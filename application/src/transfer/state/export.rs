//! The state of a space, line by line, while others write to it.
//!
//! Rows come as in a snapshot, with its tail. Then the days; and because rows and days are read by different
//! statements, the tail goes on behind them: whatever the log names meanwhile is written again, with all its days,
//! until rows and days are of one position. A reader lets what comes later replace what came before.

use std::collections::{BTreeMap, VecDeque};

use domain::entity::Kind;
use domain::id::{EntityId, SpaceId};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::days::{DayKey, DayRow, DayRows};
use super::format::{DayLine, DaysLine, End, FORMAT, Header, KINDS, Line, VERSION};
use super::limits::LINE_DAYS_MAX;
use crate::fault::Fault;
use crate::snapshot::{CurrentRows, NoPage, Rest, rows_page};

/// Rows that one step reads.
const ROWS: usize = 500;
/// Days that one step reads.
const DAYS: i64 = 1_000;
/// How often the tail may go on behind the days before the export gives up: the space is written to without a pause.
const ROUNDS_MAX: u32 = 1_000;

/// An export under way.
#[derive(Debug)]
pub struct StateExport {
    space: SpaceId,
    phase: Phase,
    hash: Sha256,
    lines: u64,
}

#[derive(Debug)]
enum Phase {
    Header,
    Rows(Option<String>),
    Days { position: i64, after: Option<DayKey> },
    Tail { position: i64, rounds: u32 },
    Done,
}

impl StateExport {
    /// The export of this space.
    pub fn of(space: SpaceId) -> Self {
        Self { space, phase: Phase::Header, hash: Sha256::new(), lines: 0 }
    }

    /// The next lines, some hundred at once; `None` behind the last.
    ///
    /// # Errors
    /// The store failed, or is being written to without a pause.
    pub async fn next<S: CurrentRows + DayRows>(&mut self, store: &S) -> Result<Option<String>, Fault> {
        Ok(Some(match std::mem::replace(&mut self.phase, Phase::Done) {
            Phase::Header => self.header(store).await?,
            Phase::Rows(token) => self.rows(store, token).await?,
            Phase::Days { position, after } => self.days(store, position, after).await?,
            Phase::Tail { position, rounds } => self.tail(store, position, rounds).await?,
            Phase::Done => return Ok(None),
        }))
    }

    async fn header<S: CurrentRows>(&mut self, store: &S) -> Result<String, Fault> {
        let head = store.tail(self.space, i64::MAX, 1).await?.head;
        let counts = store.tail(self.space, head.position, 1).await?.counts.unwrap_or_default();
        let header = Header {
            format: FORMAT.to_owned(),
            version: VERSION,
            space: self.space.0,
            epoch: head.epoch,
            position: head.position,
            counts: of_kinds(counts),
        };
        self.phase = Phase::Rows(None);
        Ok(self.write([Line::Header(header)]))
    }

    async fn rows<S: CurrentRows>(&mut self, store: &S, token: Option<String>) -> Result<String, Fault> {
        let page = rows_page(store, self.space, token.as_deref(), ROWS).await.map_err(|none| match none {
            NoPage::Fault(fault) => fault,
            NoPage::TokenInvalid => Fault::Unavailable("the log was replaced while it was exported".to_owned()),
        })?;
        self.phase = match page.rest {
            Rest::Next(token) => Phase::Rows(Some(token)),
            Rest::Complete(complete) => Phase::Days { position: complete.cursor.position, after: None },
        };
        let items = page.items.into_iter().filter(|item| KINDS.contains(&item.entity));
        let lines = items.map(|item| {
            let mut row = item.fields.to_map();
            row.insert("id".to_owned(), Value::from(item.id.to_string()));
            line(item.entity, row)
        });
        Ok(self.write(lines.collect::<Result<Vec<_>, _>>()?))
    }

    async fn days<S: DayRows>(&mut self, store: &S, position: i64, after: Option<DayKey>) -> Result<String, Fault> {
        let page = store.days(self.space, None, after, DAYS).await?;
        self.phase = match page.rows.last().filter(|_| page.rows.len() as i64 == DAYS) {
            Some(last) => Phase::Days { position, after: Some(last.key()) },
            None => Phase::Tail { position, rounds: 0 },
        };
        Ok(self.write(day_lines(page.rows)))
    }

    async fn tail<S: CurrentRows + DayRows>(&mut self, store: &S, position: i64, rounds: u32) -> Result<String, Fault> {
        let tail = store.tail(self.space, position, ROWS as i64).await?;
        let mut lines = Vec::new();
        let mut steady = true;
        for (kind, row) in tail.rows.into_iter().filter(|(kind, _)| KINDS.contains(kind)) {
            let written = line(kind, row)?;
            let with_days = match &written {
                Line::Entity(entity) if kind.has_days() => Some(entity.id),
                _ => None,
            };
            lines.push(written);
            if let Some(id) = with_days {
                let (days, stood) = all_days(store, self.space, id).await?;
                steady &= stood == tail.reached;
                lines.extend(day_lines(days));
            }
        }
        let mut text = self.write(lines);
        match tail.counts.filter(|_| steady && tail.reached == tail.head.position) {
            Some(counts) => text.push_str(&self.end(tail.reached, counts)),
            None if rounds >= ROUNDS_MAX => {
                return Err(Fault::Crowded("the space is written to without a pause".to_owned()));
            }
            None => self.phase = Phase::Tail { position: tail.reached, rounds: rounds + 1 },
        }
        Ok(text)
    }

    fn end(&mut self, position: i64, counts: BTreeMap<Kind, i64>) -> String {
        let checksum = hex(&self.hash.clone().finalize());
        Line::End(End { position, counts: of_kinds(counts), lines: self.lines, checksum }).text()
    }

    fn write(&mut self, lines: impl IntoIterator<Item = Line>) -> String {
        let mut text = String::new();
        for line in lines {
            text.push_str(&line.text());
            self.lines += 1;
        }
        self.hash.update(&text);
        text
    }
}

/// The counts of kinds that have lines.
fn of_kinds(mut counts: BTreeMap<Kind, i64>) -> BTreeMap<Kind, i64> {
    counts.retain(|kind, _| KINDS.contains(kind));
    counts
}

/// Sixty-four digits.
pub(super) fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn line(kind: Kind, row: Map<String, Value>) -> Result<Line, Fault> {
    Line::of_row(kind, row).ok_or_else(|| Fault::Refused(format!("a row of {} cannot be exported", kind.table())))
}

/// All days of one entity, and the last position at which they were read.
async fn all_days<S: DayRows>(store: &S, space: SpaceId, id: EntityId) -> Result<(Vec<DayRow>, i64), Fault> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = store.days(space, Some(id), after, DAYS).await?;
        let whole = (page.rows.len() as i64) < DAYS;
        after = page.rows.last().map(DayRow::key);
        all.extend(page.rows);
        if whole {
            return Ok((all, page.position));
        }
    }
}

/// Lines of days, each of one entity.
fn day_lines(rows: Vec<DayRow>) -> Vec<Line> {
    let mut rows: VecDeque<DayRow> = rows.into();
    let mut lines = Vec::new();
    while let Some(first) = rows.pop_front() {
        let (entity, id) = (first.kind, first.id);
        let mut days = vec![DayLine::of(first.day, first.entry)];
        while days.len() < LINE_DAYS_MAX && rows.front().is_some_and(|next| (next.kind, next.id) == (entity, id)) {
            days.extend(rows.pop_front().map(|next| DayLine::of(next.day, next.entry)));
        }
        lines.push(Line::Days(DaysLine { entity, id, days }));
    }
    lines
}
