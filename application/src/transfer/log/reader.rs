//! An export while it is read, line by line: nothing is believed that was not checked. What is kept is one space's fold.

use domain::id::{AccountId, SpaceId, TransactionId};
use serde::Deserialize;

use super::VERSION;
use super::bad_line::{Bad, BadLine};
use super::line::{Header, Line, Part, SpaceEnd};
use super::space::{SpaceReader, parsed, rises};
use super::tally::Tally;

/// What a line was.
#[derive(Debug)]
pub enum Step<'a> {
    /// The header.
    Header(Header),
    /// A space begins; [`Reader::space`] has its head.
    Space(&'a str),
    /// What the space knows of a device.
    Device(&'a str),
    /// The next event.
    Event(&'a str),
    /// A receipt.
    Receipt(&'a str),
    /// The space is whole, and what it was exported as.
    SpaceEnd(Box<SpaceReader>),
    /// What was read of the space does not count.
    SpaceGone(SpaceId),
    /// An account.
    Account(AccountId, &'a str),
    /// All lines were read.
    End,
}

/// Up to where an export was read or written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Before the header.
    #[default]
    Beginning,
    /// Between two spaces.
    Spaces {
        /// The one before.
        after: Option<SpaceId>,
    },
    /// In the events of a space.
    Events {
        /// The space.
        space: SpaceId,
        /// The last event.
        position: i64,
    },
    /// In the receipts of a space.
    Receipts {
        /// The space.
        space: SpaceId,
        /// The last receipt.
        after: Option<TransactionId>,
    },
    /// In the accounts.
    Accounts {
        /// The last account.
        after: Option<AccountId>,
    },
    /// Behind the last line.
    End,
}

/// Reads an export.
#[derive(Debug, Default)]
pub struct Reader {
    line: u64,
    bytes: u64,
    tally: Tally,
    header: Option<Header>,
    space: Option<Box<SpaceReader>>,
    last_space: Option<SpaceId>,
    last_account: Option<AccountId>,
    ended: bool,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Deserialize)]
struct AccountRow {
    account_id: AccountId,
}

impl Reader {
    /// Reads the next line, with its end.
    ///
    /// # Errors
    /// It is not what it must be. Nothing behind it means anything.
    pub fn read<'a>(&mut self, line: &'a str) -> Result<Step<'a>, BadLine> {
        self.line += 1;
        self.bytes += line.len() as u64;
        self.step(line).map_err(|bad| self.bad(bad))
    }

    /// A problem with the next line, or with what stands in its place.
    pub fn next_is(&self, bad: Bad) -> BadLine {
        BadLine { line: self.line + 1, bad }
    }

    /// The file is over.
    ///
    /// # Errors
    /// Its last line is missing.
    pub fn over(&self) -> Result<(), BadLine> {
        if self.ended { Ok(()) } else { Err(self.next_is(Bad::Truncated)) }
    }

    /// The header, once it was read.
    pub fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// The space that is on its way.
    pub fn space(&mut self) -> Option<&mut SpaceReader> {
        self.space.as_deref_mut()
    }

    /// What was read so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Lines so far.
    pub fn lines(&self) -> u64 {
        self.line
    }

    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Up to where it was read.
    pub fn place(&self) -> Place {
        match (&self.header, &self.space) {
            (None, _) => Place::Beginning,
            _ if self.ended => Place::End,
            (_, Some(space)) => match space.reached() {
                (false, _) => Place::Events { space: space.id, position: space.position() },
                (true, after) => Place::Receipts { space: space.id, after },
            },
            _ if self.last_account.is_some() => Place::Accounts { after: self.last_account },
            _ => Place::Spaces { after: self.last_space },
        }
    }

    fn bad(&self, bad: Bad) -> BadLine {
        BadLine { line: self.line, bad }
    }

    fn step<'a>(&mut self, text: &'a str) -> Result<Step<'a>, Bad> {
        let is_first = self.header.is_none();
        let line = match serde_json::from_str::<Line<'a>>(text) {
            Ok(line) if is_first == matches!(line, Line::LevelupLog(_)) => line,
            _ if is_first => return Err(Bad::NotALog),
            Ok(_) => return Err(Bad::Misplaced { found: "levelup_log", place: "behind the first line" }),
            Err(error) => return Err(Bad::Unreadable(format!("this is no line of an export: {error}"))),
        };
        if self.ended {
            return Err(Bad::Misplaced { found: "of any kind", place: "behind the last" });
        }
        match line {
            Line::LevelupLog(row) => self.begin(row.get(), text),
            Line::Space(row) => self.begin_space(row.get(), text),
            Line::Device(row) => self.row(Part::Device, row.get(), text).map(|()| Step::Device(row.get())),
            Line::Event(row) => self.row(Part::Event, row.get(), text).map(|()| Step::Event(row.get())),
            Line::Receipt(row) => self.row(Part::Receipt, row.get(), text).map(|()| Step::Receipt(row.get())),
            Line::SpaceEnd(end) => self.end_space(&end, text),
            Line::SpaceGone(space) => self.drop_space(space, text),
            Line::Account(row) => self.account(row.get(), text),
            Line::End(end) => {
                self.no_space("end")?;
                let found = self.tally.end();
                same("the counts", &format!("{:?}", end.counts), &format!("{:?}", found.counts))?;
                same("the SHA-256 of all", &end.sha256, &found.sha256)?;
                self.ended = true;
                Ok(Step::End)
            }
        }
    }

    fn begin<'a>(&mut self, row: &str, text: &str) -> Result<Step<'a>, Bad> {
        let version = parsed::<Version>(row)?.version;
        if version != VERSION {
            return Err(Bad::Version(version));
        }
        let header: Header = parsed(row)?;
        self.tally.line(None, text);
        self.header = Some(header.clone());
        Ok(Step::Header(header))
    }

    fn begin_space<'a>(&mut self, row: &'a str, text: &str) -> Result<Step<'a>, Bad> {
        self.no_space("space")?;
        if self.last_account.is_some() {
            return Err(Bad::Misplaced { found: "space", place: "behind accounts" });
        }
        let space = SpaceReader::new(row)?;
        if self.header.as_ref().and_then(|header| header.space).is_some_and(|only| only != space.id) {
            return Err(Bad::Misplaced { found: "space", place: "in an export of another space" });
        }
        rises(&mut self.last_space, space.id, "space", space.id.0)?;
        self.tally.line(Some(Part::Space), text);
        self.space = Some(Box::new(space));
        Ok(Step::Space(row))
    }

    fn row(&mut self, part: Part, row: &str, text: &str) -> Result<(), Bad> {
        let outside = Bad::Misplaced { found: part.name(), place: "outside of a space" };
        let space = self.space.as_mut().ok_or(outside)?;
        match part {
            Part::Device => space.device(row)?,
            Part::Event => space.event(row)?,
            _ => space.receipt(row)?,
        }
        self.tally.line(Some(part), text);
        Ok(())
    }

    fn end_space<'a>(&mut self, end: &SpaceEnd, text: &str) -> Result<Step<'a>, Bad> {
        let outside = Bad::Misplaced { found: "space_end", place: "outside of a space" };
        let mut space = self.space.take().ok_or(outside)?;
        space.end()?;
        let found = self.tally.space_end(space.id);
        same("the space", &end.space_id, &found.space_id)?;
        let counts =
            |end: &SpaceEnd| format!("{} devices, {} events, {} receipts", end.devices, end.events, end.receipts);
        same("the count of its lines", &counts(end), &counts(&found))?;
        same("the SHA-256 of its lines", &end.sha256, &found.sha256)?;
        self.tally.line(None, text);
        self.tally.space_is_whole();
        Ok(Step::SpaceEnd(space))
    }

    fn drop_space<'a>(&mut self, gone: SpaceId, text: &str) -> Result<Step<'a>, Bad> {
        let outside = Bad::Misplaced { found: "space_gone", place: "outside of its space" };
        let space = self.space.take().filter(|space| space.id == gone).ok_or(outside)?;
        self.tally.line(None, text);
        self.tally.space_is_gone();
        Ok(Step::SpaceGone(space.id))
    }

    fn account<'a>(&mut self, row: &'a str, text: &str) -> Result<Step<'a>, Bad> {
        self.no_space("account")?;
        if self.header.as_ref().is_some_and(|header| !header.accounts) {
            return Err(Bad::Misplaced { found: "account", place: "in an export without accounts" });
        }
        let account = parsed::<AccountRow>(row)?.account_id;
        rises(&mut self.last_account, account, "account", account.0)?;
        self.tally.line(Some(Part::Account), text);
        Ok(Step::Account(account, row))
    }

    fn no_space(&self, found: &'static str) -> Result<(), Bad> {
        match self.space {
            Some(_) => Err(Bad::Misplaced { found, place: "inside of a space" }),
            None => Ok(()),
        }
    }
}

fn same<T: PartialEq + ToString>(what: &'static str, expected: &T, found: &T) -> Result<(), Bad> {
    if expected == found {
        return Ok(());
    }
    Err(Bad::Changed { what, expected: expected.to_string(), found: found.to_string() })
}
