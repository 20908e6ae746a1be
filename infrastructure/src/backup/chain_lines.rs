//! The backups of a chain, read as the one whole export that they come to. Each has its spaces in the order of their ids,
//! so that all are read side by side and nothing is held but what a space knows of its devices.
//!
//! Of a space, the newest that has lines of it says what its head and its other rows are. Its events follow each other from
//! the last that has it whole, and so do its receipts, in the order of their ids; of one that comes twice the newest counts.

use std::io;

use application::backup::Known;
use application::transfer::log::{Header, Part, VERSION, Writer};
use domain::id::SpaceId;
use uuid::Uuid;

use super::error::BackupError;
use super::folder::Folder;
use super::layer::{EventRow, HeadRow, Kind, Layer, ReceiptRow};
use super::spaces::{Spaces, Stood};
use super::{LOG, SPACES};
use crate::log_file::{LineSource, Read};

/// Rows of one step.
const ROWS_MAX: usize = 200;

/// The lines.
pub(super) struct ChainLines {
    layers: Vec<Layer>,
    spaces: Spaces,
    header: Header,
    place: Place,
    writer: Writer,
    text: String,
    at: usize,
}

enum Place {
    Beginning,
    Spaces,
    /// In the events of a space; the backups that have lines of it, and which of them is read.
    Events {
        space: SpaceId,
        of: Vec<usize>,
        at: usize,
    },
    Receipts {
        space: SpaceId,
        of: Vec<usize>,
    },
    Accounts,
    End,
}

impl ChainLines {
    /// The lines of a chain, before the first.
    pub(super) fn open(folder: &Folder, chain: &[&Known]) -> Result<Self, BackupError> {
        let layers = chain.iter().map(|known| Layer::open(&folder.file(known.name(), LOG)));
        let layers = layers.collect::<Result<Vec<_>, BackupError>>()?;
        let Some(newest) = chain.last() else { return Err(application::backup::Broken::None.into()) };
        let spaces = Spaces::open(&folder.file(newest.name(), SPACES))?;
        let (schema, epoch) = (newest.manifest.schema, newest.manifest.epoch);
        let header = Header { version: VERSION, schema, epoch, space: None, accounts: true };
        let (place, writer) = (Place::Beginning, Writer::default());
        Ok(Self { layers, spaces, header, place, writer, text: String::new(), at: 0 })
    }

    fn step(&mut self) -> io::Result<()> {
        self.place = match std::mem::replace(&mut self.place, Place::End) {
            Place::Beginning => {
                self.writer.header(&self.header);
                Place::Spaces
            }
            Place::Spaces => match self.spaces.next().map_err(io::Error::other)? {
                Some(stood) => self.enter(&stood)?,
                None => Place::Accounts,
            },
            Place::Events { space, of, at } => self.events(space, of, at)?,
            Place::Receipts { space, of } => self.receipts(space, of)?,
            Place::Accounts => self.accounts()?,
            Place::End => Place::End,
        };
        Ok(())
    }

    /// Goes to a space in every backup that has lines of it, and writes its head and its devices.
    fn enter(&mut self, stood: &Stood) -> io::Result<Place> {
        let (space, mut of, mut head, mut devices) = (stood.space_id, Vec::new(), String::new(), Vec::new());
        for (at, layer) in self.layers.iter_mut().enumerate() {
            if !layer.seek(space)? {
                continue;
            }
            of.push(at);
            layer.row()?.clone_into(&mut head);
            layer.advance()?;
            devices.clear();
            while layer.kind == Kind::Row(Part::Device) {
                devices.push(layer.row()?.to_owned());
                layer.advance()?;
            }
            // It has the space from its first event on: what those before it have does not count.
            if layer.kind == Kind::Row(Part::Event) && layer.parsed::<EventRow>()?.position == 1 {
                of.drain(..of.len() - 1);
            }
        }
        let read = serde_json::from_str::<HeadRow>(&head).ok().map(|head| head.position);
        if read != Some(stood.position) {
            let found = read.map_or("is not there".to_owned(), |position| format!("ends at position {position}"));
            let position = stood.position;
            return Err(io::Error::other(format!("space {space} stood at position {position} and {found}")));
        }
        self.writer.row(Part::Space, &head);
        devices.iter().for_each(|row| self.writer.row(Part::Device, row));
        Ok(Place::Events { space, of, at: 0 })
    }

    fn events(&mut self, space: SpaceId, of: Vec<usize>, at: usize) -> io::Result<Place> {
        let Some(layer) = of.get(at).map(|at| &mut self.layers[*at]) else {
            return Ok(Place::Receipts { space, of });
        };
        for _ in 0..ROWS_MAX {
            if layer.kind != Kind::Row(Part::Event) {
                return Ok(Place::Events { space, of, at: at + 1 });
            }
            self.writer.row(Part::Event, layer.row()?);
            layer.advance()?;
        }
        Ok(Place::Events { space, of, at })
    }

    fn receipts(&mut self, space: SpaceId, of: Vec<usize>) -> io::Result<Place> {
        for _ in 0..ROWS_MAX {
            let mut least: Option<(Uuid, usize)> = None;
            for at in &of {
                let layer = &self.layers[*at];
                if layer.kind == Kind::Row(Part::Receipt) {
                    let id = layer.parsed::<ReceiptRow>()?.transaction_id;
                    // The newest of those with the same id.
                    least = least.filter(|(least, _)| *least < id).or(Some((id, *at)));
                }
            }
            let Some((id, newest)) = least else { return self.others(space, &of) };
            self.writer.row(Part::Receipt, self.layers[newest].row()?);
            for at in &of {
                let layer = &mut self.layers[*at];
                if layer.kind == Kind::Row(Part::Receipt) && layer.parsed::<ReceiptRow>()?.transaction_id == id {
                    layer.advance()?;
                }
            }
        }
        Ok(Place::Receipts { space, of })
    }

    /// What stands for itself, as the newest has it; the others are passed over when the next space is looked for.
    fn others(&mut self, space: SpaceId, of: &[usize]) -> io::Result<Place> {
        if let Some(layer) = of.last().map(|at| &mut self.layers[*at]) {
            while let Kind::Row(part) = layer.kind {
                self.writer.row(part, layer.row()?);
                layer.advance()?;
            }
            if layer.kind != Kind::SpaceEnd {
                return Err(layer.says(&format!("space {space} has no end")));
            }
        }
        self.writer.space_end(space);
        Ok(Place::Spaces)
    }

    fn accounts(&mut self) -> io::Result<Place> {
        let Some(layer) = self.layers.last_mut() else { return Ok(Place::End) };
        for _ in 0..ROWS_MAX {
            match layer.kind {
                Kind::Account => self.writer.row(Part::Account, layer.row()?),
                Kind::Over => {
                    self.writer.end();
                    return Ok(Place::End);
                }
                _ => {}
            }
            layer.advance()?;
        }
        Ok(Place::Accounts)
    }
}

impl LineSource for ChainLines {
    fn read(&mut self) -> io::Result<Read<'_>> {
        if self.at >= self.text.len() {
            self.at = 0;
            self.text = self.writer.take();
            while self.text.is_empty() && !matches!(self.place, Place::End) {
                self.step()?;
                self.text = self.writer.take();
            }
        }
        let rest = &self.text[self.at..];
        let Some(end) = rest.find('\n') else { return Ok(Read::Over) };
        self.at += end + 1;
        Ok(Read::Line(&rest[..=end]))
    }

    fn bytes(&self) -> u64 {
        self.layers.iter().map(|layer| layer.bytes().0).sum()
    }

    fn bytes_total(&self) -> u64 {
        self.layers.iter().map(|layer| layer.bytes().1).sum()
    }
}
