//! The first reading of an import: every line is checked, and where it stands is kept; nothing is written. What a line
//! says is not kept, so that memory grows with the number of lines and not with their length.

use std::collections::{BTreeMap, HashMap};

use domain::checksum::canonical;
use domain::entity::{EntityRef, Kind};
use domain::id::EntityId;
use domain::limits::SPACE_LIVE_ENTITIES_MAX;
use domain::rejection::FieldError;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::clamp::{clamp, clamp_day};
use super::export::hex;
use super::format::{DaysLine, End, EntityLine, FORMAT, Header, KINDS, Line, VERSION, kept_fields};
use super::limits::{ENTITY_DAYS_MAX, LINE_BYTES_MAX, LINES_MAX};
use super::mapping::{core_number, hero};
use super::order::followers;
use super::refusal::{Broken, LineRefusal};
use super::report::Report;

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which, counted from 1.
    pub line: u64,
    /// Bytes before it.
    pub offset: u64,
    /// Its bytes, without the line feed.
    pub bytes: usize,
}

/// An entity of the import.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) place: Place,
    /// What of the same kind it refers to.
    upward: Vec<EntityId>,
    /// What else it refers to.
    needs: Vec<EntityRef>,
    /// The core skill that it is.
    pub(super) core: Option<usize>,
}

/// An import that was read once.
#[derive(Debug, Default)]
pub struct Plan {
    pub(super) header: Option<Header>,
    /// The header in its canonical form: what an import is known by.
    pub(super) header_text: String,
    pub(super) entities: BTreeMap<EntityRef, Placed>,
    pub(super) days: HashMap<EntityRef, (Vec<Place>, usize)>,
    pub(super) report: Report,
    /// Entities in the order of their creation.
    pub(super) order: Vec<EntityRef>,
    end: Option<End>,
    hash: Sha256,
    lines: u64,
    offset: u64,
}

impl Plan {
    /// Reads the next line, without its line feed.
    ///
    /// # Errors
    /// It is none of a state export, or more than may be.
    pub fn read(&mut self, text: &[u8]) -> Result<(), Broken> {
        let place = Place { line: self.lines + 1, offset: self.offset, bytes: text.len() };
        let invalid = |reason: &str| Broken::LineInvalid { line: place.line, reason: reason.to_owned() };
        if place.line > LINES_MAX {
            return Err(Broken::TooLarge);
        }
        if text.len() > LINE_BYTES_MAX {
            return Err(Broken::LineTooLong { line: place.line });
        }
        if self.end.is_some() {
            return Err(invalid("it follows the last line"));
        }
        let line = if self.header.is_none() { header(text)? } else { line(text, place.line)? };
        if !matches!(line, Line::End(_)) {
            self.hash.update(text);
            self.hash.update(b"\n");
            self.lines += 1;
        }
        self.offset += text.len() as u64 + 1;
        match line {
            Line::Header(_) if self.header.is_some() => return Err(invalid("it is a second header")),
            Line::Header(header) => {
                self.header_text = serde_json::to_value(&header).map(|value| canonical(&value)).unwrap_or_default();
                self.header = Some(header);
            }
            Line::Entity(entity) => self.entity(place, entity)?,
            Line::Gone(gone) => drop(self.entities.remove(&EntityRef::new(gone.entity, gone.id))),
            Line::Days(days) => self.days(place, days)?,
            Line::End(end) => self.end = Some(end),
        }
        Ok(())
    }

    /// Ends the reading: everything came, as it was exported.
    ///
    /// # Errors
    /// It was cut off or changed on its way.
    pub fn end(&mut self) -> Result<(), Broken> {
        if self.header.is_none() {
            return Err(Broken::FormatUnknown);
        }
        let end = self.end.clone().ok_or(Broken::Truncated { lines: self.lines })?;
        if end.checksum != hex(&self.hash.clone().finalize()) {
            return Err(Broken::Damaged("the checksum"));
        }
        if end.lines != self.lines {
            return Err(Broken::Damaged("the number of lines"));
        }
        let mut counts: BTreeMap<Kind, i64> = BTreeMap::new();
        self.entities.keys().for_each(|entity| *counts.entry(entity.kind).or_default() += 1);
        if KINDS.iter().any(|kind| counts.get(kind).unwrap_or(&0) != end.counts.get(kind).unwrap_or(&0)) {
            return Err(Broken::Damaged("the number of entities"));
        }
        self.look_at_references();
        self.days.retain(|entity, _| self.entities.contains_key(entity));
        self.put_in_order();
        Ok(())
    }

    fn entity(&mut self, place: Place, mut line: EntityLine) -> Result<(), Broken> {
        if !KINDS.contains(&line.entity) {
            let reason = format!("a {} is not imported", line.entity.name());
            return Err(Broken::LineInvalid { line: place.line, reason });
        }
        let name = EntityRef::new(line.entity, line.id);
        self.check(place.line, &mut line);
        let refers = refers(line.entity, &line.fields);
        let (upward, needs): (Vec<_>, Vec<_>) = refers.into_iter().partition(|target| target.kind == line.entity);
        let text = |field: &str| line.fields.get(field).and_then(Value::as_str);
        let space = self.header.as_ref().map(|header| header.space).unwrap_or_default();
        let core = (line.entity == Kind::Skill).then(|| core_number(space, line.id, text("kind"), text("name")));
        let placed =
            Placed { place, upward: upward.into_iter().map(|target| target.id).collect(), needs, core: core.flatten() };
        self.entities.insert(name, placed);
        if self.entities.len() as i64 > SPACE_LIVE_ENTITIES_MAX { Err(Broken::TooLarge) } else { Ok(()) }
    }

    /// Checks what the line says as a creation would; counters out of range are brought into it.
    fn check(&mut self, number: u64, line: &mut EntityLine) {
        let is_foreign = self.header.as_ref().is_some_and(|header| hero(header.space).id != line.id);
        if line.entity == Kind::Hero && is_foreign {
            let (pointer, code) = ("/id".to_owned(), "hero_foreign".to_owned());
            let message = "the hero's id is the space's".to_owned();
            self.report.refuse(LineRefusal { line: number, pointer, code, message });
        }
        if let Err(rejection) = line.entity.check_fields(&line.fields, "/fields") {
            for FieldError { pointer, code, message, .. } in rejection.errors() {
                self.report.refuse(LineRefusal { line: number, pointer, code, message });
            }
        }
        for (pointer, code, message) in clamp(line) {
            self.report.clamp(LineRefusal { line: number, pointer, code: code.to_owned(), message });
        }
        if let Ok(Value::Object(kept)) = serde_json::to_value(&line.kept) {
            for field in kept.keys().filter(|field| !kept_fields(line.entity).contains(&field.as_str())) {
                let message = format!("a {} keeps no {field}", line.entity.name());
                let (pointer, code) = (format!("/kept/{field}"), "field_unknown".to_owned());
                self.report.refuse(LineRefusal { line: number, pointer, code, message });
            }
        }
    }

    fn days(&mut self, place: Place, line: DaysLine) -> Result<(), Broken> {
        if !line.entity.has_days() {
            let reason = format!("a {} has no days", line.entity.name());
            return Err(Broken::LineInvalid { line: place.line, reason });
        }
        let (places, count) = self.days.entry(EntityRef::new(line.entity, line.id)).or_default();
        places.push(place);
        *count += line.days.len();
        if *count > ENTITY_DAYS_MAX {
            return Err(Broken::TooLarge);
        }
        for (at, mut day) in line.days.into_iter().enumerate() {
            if clamp_day(&mut day) {
                let (pointer, code) = (format!("/days/{at}"), "out_of_range".to_owned());
                let message = format!("what was counted on {} is brought into its range", day.day);
                self.report.clamp(LineRefusal { line: place.line, pointer, code, message });
            }
        }
        Ok(())
    }

    /// What an entity cannot be without has to be there; any other reference to what is missing is left out.
    fn look_at_references(&mut self) {
        for (name, placed) in &self.entities {
            let missing = placed.needs.iter().find(|target| !self.entities.contains_key(target));
            if let (Kind::Milestone, Some(goal)) = (name.kind, missing) {
                self.report.refuse(LineRefusal {
                    line: placed.place.line,
                    pointer: "/fields/goal_id".to_owned(),
                    code: "reference_missing".to_owned(),
                    message: format!("the export has no goal {}", goal.id),
                });
            }
        }
    }

    fn put_in_order(&mut self) {
        for kind in KINDS {
            let all: Vec<(EntityRef, Vec<EntityRef>)> = self
                .entities
                .iter()
                .filter(|(name, _)| name.kind == kind)
                // What a core skill builds on is taken over when every skill is there.
                .map(|(name, placed)| (*name, placed.core.map_or(placed.upward.as_slice(), |_| &[])))
                .map(|(name, upward)| (name, upward.iter().map(|id| EntityRef::new(kind, *id)).collect()))
                .collect();
            match followers(&all) {
                Some(ordered) => self.order.extend(ordered),
                None => self.report.refuse(LineRefusal {
                    line: 0,
                    pointer: String::new(),
                    code: "reference_cycle".to_owned(),
                    message: format!("some {} refer to each other in a circle", kind.table()),
                }),
            }
        }
    }
}

/// The only member of the first line of an export of the log.
const LOG_HEADER: &str = "levelup_log";

/// What the writable fields of an entity refer to.
pub(super) fn refers(kind: Kind, fields: &serde_json::Map<String, Value>) -> Vec<EntityRef> {
    let ids = |value: &Value| -> Vec<EntityId> {
        let id = |value: &Value| value.as_str().and_then(|text| text.parse().ok()).map(EntityId);
        match value {
            Value::Array(members) => members.iter().filter_map(id).collect(),
            one => id(one).into_iter().collect(),
        }
    };
    let of = |(field, target): &(&'static str, Kind)| {
        let found = fields.get(*field).map(ids).unwrap_or_default();
        found.into_iter().map(|id| EntityRef::new(*target, id)).collect::<Vec<_>>()
    };
    kind.references().iter().flat_map(of).collect()
}

fn header(text: &[u8]) -> Result<Line, Broken> {
    let value: Value = serde_json::from_slice(text).map_err(|_| Broken::FormatUnknown)?;
    if value.get(LOG_HEADER).is_some() {
        return Err(Broken::Log);
    }
    let format = value.get("format").and_then(Value::as_str).ok_or(Broken::FormatUnknown)?;
    if format != FORMAT {
        return Err(Broken::FormatUnknown);
    }
    let version = value.get("version").and_then(Value::as_u64).and_then(|version| u32::try_from(version).ok());
    match version {
        Some(VERSION) => {}
        Some(other) => return Err(Broken::VersionUnsupported(other)),
        None => return Err(Broken::FormatUnknown),
    }
    match serde_json::from_value(value) {
        Ok(Line::Header(header)) => Ok(Line::Header(header)),
        _ => Err(Broken::FormatUnknown),
    }
}

fn line(text: &[u8], number: u64) -> Result<Line, Broken> {
    serde_json::from_slice(text).map_err(|error| {
        let reason = if error.is_data() { error.to_string() } else { "it is not JSON".to_owned() };
        Broken::LineInvalid { line: number, reason: reason.chars().take(200).collect() }
    })
}
