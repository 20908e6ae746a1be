//! An export is pulled: each call reads one stretch of rows in one short statement and gives its lines. Nothing is held
//! between two calls, neither a transaction nor rows, so whoever takes the lines sets the pace.
//!
//! What is exported of a space is what it was when its head was read. Events after that are left to the next export.

use application::fault::Fault;
use application::transfer::log::{Header, Part, Place, Reader, VERSION, Writer};
use domain::id::{AccountId, SpaceId};
use tokio_postgres::types::ToSql;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::super::fault::read;
use super::super::migrations;
use super::by_name::{After, EVERYTHING};

/// Rows that one call reads at most.
const ROWS_MAX: i64 = 200;
/// Bytes of lines after which a call ends, though it could read on.
pub(super) const BLOCK_BYTES: usize = 256 * 1024;

/// What to export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// One space, or all.
    pub space: Option<SpaceId>,
    /// Accounts too, with what their passwords hash to.
    pub accounts: bool,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Spaces.
    pub spaces: u64,
    /// Events.
    pub events: u64,
}

/// The head of the space that is on its way.
#[derive(Clone, Copy, Debug)]
struct Upto {
    position: i64,
    recorded_at: i64,
}

/// An export on its way.
#[derive(Debug)]
pub struct Export {
    scope: Scope,
    pub(super) writer: Writer,
    pub(super) place: Place,
    upto: Upto,
    after: After,
    /// Parts whose table this schema has; asked for once.
    parts: Option<Vec<Part>>,
}

impl Export {
    /// An export before its first line.
    pub fn new(scope: Scope) -> Self {
        let upto = Upto { position: 0, recorded_at: 0 };
        Self { scope, writer: Writer::default(), place: Place::Beginning, upto, after: EVERYTHING, parts: None }
    }

    /// Goes on behind the lines that were read of an export that was cut off.
    pub fn behind(scope: Scope, read: &mut Reader) -> Self {
        let upto =
            read.space().map(|space| Upto { position: space.head.position, recorded_at: space.head.recorded_at });
        let upto = upto.unwrap_or(Upto { position: 0, recorded_at: 0 });
        let (writer, place) = (Writer::behind(read.tally().clone()), read.place());
        Self { scope, writer, place, upto, after: EVERYTHING, parts: None }
    }

    /// What was written so far.
    pub fn writer(&self) -> &Writer {
        &self.writer
    }

    /// How much there is to export.
    ///
    /// # Errors
    /// The database failed.
    pub async fn totals(&self, client: &impl GenericClient) -> Result<Totals, Fault> {
        let (after, upto) = self.stretch(None);
        let row = client.query_one(include_str!("../sql/log_copy/totals.sql"), &[&after, &upto]).await;
        let row = row.map_err(|error| read(&error))?;
        let count = |name: &str| row.get::<_, i64>(name).cast_unsigned();
        Ok(Totals { spaces: count("spaces"), events: count("events") })
    }

    /// The next lines; none after the last.
    ///
    /// # Errors
    /// The database failed. What was given before stays right, and the same call may be made again.
    pub async fn next(&mut self, client: &impl GenericClient) -> Result<Option<String>, Fault> {
        while self.place != Place::End && self.writer.bytes() < BLOCK_BYTES {
            self.step(client).await?;
        }
        Ok(Some(self.writer.take()).filter(|lines| !lines.is_empty()))
    }

    pub(super) async fn step(&mut self, client: &impl GenericClient) -> Result<(), Fault> {
        match self.place {
            Place::Beginning => self.begin(client).await,
            Place::Spaces { after } => self.next_space(client, after).await,
            Place::Events { space, position } => self.events(client, space, position).await,
            Place::Behind { space, part, after } => self.rows_behind(client, space, (part, after)).await,
            Place::Accounts { after } => self.accounts(client, after).await,
            Place::End => Ok(()),
        }
    }

    pub(super) async fn begin(&mut self, client: &impl GenericClient) -> Result<(), Fault> {
        let row = client.query_one(include_str!("../sql/log_copy/epoch.sql"), &[]).await;
        let epoch = row.map_err(|error| read(&error))?.get("epoch");
        let schema = migrations::newest_version();
        let Scope { space, accounts } = self.scope;
        self.writer.header(&Header { version: VERSION, schema, epoch, space, accounts });
        self.place = Place::Spaces { after: None };
        Ok(())
    }

    async fn next_space(&mut self, client: &impl GenericClient, after: Option<SpaceId>) -> Result<(), Fault> {
        let (after, upto) = self.stretch(after.map(|space| space.0));
        let rows = query(client, include_str!("../sql/log_copy/next_space.sql"), &[&after, &upto]).await?;
        let Some(first) = rows.first() else {
            self.place = Place::Accounts { after: None };
            return Ok(());
        };
        self.head(SpaceId(first.get("space_id")), &rows, EVERYTHING);
        Ok(())
    }

    /// Writes what begins a space: its head and its devices.
    pub(super) fn head(&mut self, space: SpaceId, rows: &[Row], after: After) {
        let Some(first) = rows.first() else { return };
        self.upto = Upto { position: first.get("position"), recorded_at: first.get("recorded_at") };
        self.after = after;
        self.writer.row(Part::Space, first.get("head"));
        rows.iter().filter_map(|row| row.get("device")).for_each(|row| self.writer.row(Part::Device, row));
        self.place = Place::Events { space, position: after.position };
    }

    async fn events(&mut self, client: &impl GenericClient, space: SpaceId, after: i64) -> Result<(), Fault> {
        let upto = self.upto.position;
        let sql = include_str!("../sql/log_copy/events.sql");
        let rows = query(client, sql, &[&space.0, &after, &upto, &ROWS_MAX]).await?;
        let mut position = after;
        for row in &rows {
            if row.get::<_, i64>("position") != position + 1 {
                break;
            }
            self.writer.row(Part::Event, row.get("row"));
            position += 1;
        }
        if position == after && position < upto {
            return self.missing(client, space, position + 1).await;
        }
        self.place = match position < upto {
            true => Place::Events { space, position },
            false => Place::Behind { space, part: Part::Receipt, after: None },
        };
        Ok(())
    }

    async fn rows_behind(
        &mut self,
        client: &impl GenericClient,
        space: SpaceId,
        (part, after): (Part, Option<Uuid>),
    ) -> Result<(), Fault> {
        let start = after.unwrap_or(Uuid::nil());
        let Upto { position, recorded_at } = self.upto;
        let rows = match part {
            Part::RestorePoint => kept(client, part, "t.position <= $3", (space, start, position)).await?,
            Part::Rejection => kept(client, part, "t.decided_at <= $3", (space, start, recorded_at)).await?,
            _ => {
                let sql = include_str!("../sql/log_copy/receipts.sql");
                let from = self.after;
                let bounds: &[&(dyn ToSql + Sync)] =
                    &[&space.0, &start, &position, &recorded_at, &ROWS_MAX, &from.position, &from.recorded_at];
                query(client, sql, bounds).await?
            }
        };
        rows.iter().for_each(|row| self.writer.row(part, row.get("row")));
        if let Some(last) = rows.last() {
            self.place = Place::Behind { space, part, after: Some(last.get(part.key())) };
            return Ok(());
        }
        let parts = self.parts(client).await?;
        match parts.iter().skip_while(|one| **one != part).nth(1) {
            Some(next) => self.place = Place::Behind { space, part: *next, after: None },
            None => self.end_space(client, space).await?,
        }
        Ok(())
    }

    async fn end_space(&mut self, client: &impl GenericClient, space: SpaceId) -> Result<(), Fault> {
        // Rows of a space that is erased go piece by piece: what was read since may have holes.
        if query(client, include_str!("../sql/log_copy/is_there.sql"), &[&space.0]).await?.is_empty() {
            self.writer.space_gone(space);
        } else {
            self.writer.space_end(space);
        }
        self.place = Place::Spaces { after: Some(space) };
        Ok(())
    }

    /// The parts behind events whose tables are here.
    async fn parts(&mut self, client: &impl GenericClient) -> Result<Vec<Part>, Fault> {
        if let Some(parts) = &self.parts {
            return Ok(parts.clone());
        }
        let names: Vec<&str> = Part::BEHIND_EVENTS.iter().map(|part| part.table()).collect();
        let rows = query(client, include_str!("../sql/log_copy/tables_there.sql"), &[&names]).await?;
        let there: Vec<&str> = rows.iter().map(|row| row.get("name")).collect();
        let parts: Vec<Part> = Part::BEHIND_EVENTS.into_iter().filter(|part| there.contains(&part.table())).collect();
        self.parts = Some(parts.clone());
        Ok(parts)
    }

    /// An event is not there: its space was erased meanwhile, or the log is damaged.
    async fn missing(&mut self, client: &impl GenericClient, space: SpaceId, position: i64) -> Result<(), Fault> {
        if query(client, include_str!("../sql/log_copy/is_there.sql"), &[&space.0]).await?.is_empty() {
            self.writer.space_gone(space);
            self.place = Place::Spaces { after: Some(space) };
            return Ok(());
        }
        Err(Fault::Refused(format!("position {position} of space {space} is missing; see `levelup verify`")))
    }

    async fn accounts(&mut self, client: &impl GenericClient, after: Option<AccountId>) -> Result<(), Fault> {
        let (start, upto) = self.stretch(after.map(|account| account.0));
        let mut rows = Vec::new();
        if self.scope.accounts {
            let sql = include_str!("../sql/log_copy/accounts.sql");
            rows = query(client, sql, &[&start, &upto, &ROWS_MAX]).await?;
        }
        rows.iter().for_each(|row| self.writer.row(Part::Account, row.get("row")));
        if let Some(last) = rows.last() {
            self.place = Place::Accounts { after: Some(AccountId(last.get("account_id"))) };
            return Ok(());
        }
        self.writer.end();
        self.place = Place::End;
        Ok(())
    }

    /// The ids of the scope after one: greater than the first, up to the second.
    fn stretch(&self, after: Option<Uuid>) -> (Uuid, Uuid) {
        match self.scope.space {
            Some(space) => {
                let before = Uuid::from_u128(space.0.as_u128().saturating_sub(1));
                (after.unwrap_or(before).max(before), space.0)
            }
            None => (after.unwrap_or(Uuid::nil()), Uuid::max()),
        }
    }
}

/// Rows that stand for themselves, up to a bound.
async fn kept(
    client: &impl GenericClient,
    part: Part,
    bound: &str,
    (space, after, upto): (SpaceId, Uuid, i64),
) -> Result<Vec<Row>, Fault> {
    let sql = include_str!("../sql/log_copy/kept.sql");
    let sql = sql.replace("{table}", part.table()).replace("{key}", part.key()).replace("{bound}", bound);
    query(client, &sql, &[&space.0, &after, &upto, &ROWS_MAX]).await
}

pub(super) async fn query(
    client: &impl GenericClient,
    sql: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, Fault> {
    client.query(sql, parameters).await.map_err(|error| read(&error))
}
