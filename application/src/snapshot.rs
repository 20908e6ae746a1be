//! The snapshot's rules: a whole space, page by page, while others go on writing to it.
//!
//! The first page fixes a position. The stages follow, each by id, as the rows are at the moment of each page; no
//! transaction is held between pages. Then the tail: every entity that the log names after that position, whole, as
//! tombstone too, until a page reaches the head that was read with it. What moved between stages, or changed after its
//! page, is named by the log and so comes again; the later row replaces the earlier. Cursor, counts and checksum of the
//! last page are those of that head.

mod json_fields;
mod stage;
#[cfg(test)]
mod tests;
mod token;
mod view;

use std::collections::BTreeMap;
use std::future::Future;

use domain::entity::Kind;
use domain::id::{EntityId, SpaceId};
use serde_json::{Map, Value};
use uuid::Uuid;

pub use json_fields::JsonFields;
pub use stage::Stage;
pub use view::View;

use self::token::{Place, Token};
use crate::cursor::Cursor;
use crate::fault::Fault;
use crate::ledger::Head;

/// How many statements one page may take. Empty stages cost a statement, not a page; a long tail of few entities costs
/// a page after this many.
const STATEMENTS_MAX: usize = 24;

/// Where a space stood at the moment of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The life of the log.
    pub epoch: Uuid,
    /// The last position.
    pub position: i64,
    /// Repairs of the projections so far; one changes rows without a position.
    pub repairs: i64,
}

/// Rows of a stage, as of one moment.
#[derive(Clone, Debug)]
pub struct StageRows {
    /// Where the space stood.
    pub standing: Standing,
    /// Entities of the stage, by id.
    pub items: Vec<Item>,
}

/// Rows that the log names after a position, as of one moment.
#[derive(Clone, Debug)]
pub struct TailRows {
    /// The head; that of a log without events if the space has none.
    pub head: Head,
    /// How far in the log these rows reach: every entity whose last event is in between is among them.
    pub reached: i64,
    /// Rows by the position of their last event, tombstones too.
    pub rows: Vec<(Kind, Map<String, Value>)>,
    /// Live entities of each kind, when they reach the head.
    pub counts: Option<BTreeMap<Kind, i64>>,
}

/// The current rows, to readers of snapshots. A space that nobody has written to is empty, at position 0.
pub trait CurrentRows: Send + Sync {
    /// At most `rows` live entities of the stage, by id, from the id `from` on, as `view` shows them.
    fn stage(
        &self,
        space: SpaceId,
        stage: Stage,
        view: View,
        from: EntityId,
        rows: i64,
    ) -> impl Future<Output = Result<StageRows, Fault>> + Send;

    /// At most `rows` rows that the log names after `position`. Unless `reached` is the head it is beyond `position`.
    fn tail(&self, space: SpaceId, position: i64, rows: i64) -> impl Future<Output = Result<TailRows, Fault>> + Send;
}

/// One entity as a reader is shown it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Kind of entity.
    pub entity: Kind,
    /// Which.
    pub id: EntityId,
    /// Its version.
    pub version: i64,
    /// What is shown of it, beside id and version.
    pub fields: JsonFields,
}

/// A page of a snapshot.
#[derive(Clone, Debug)]
pub struct Page {
    /// Rows. One may come again on a later page, which then replaces it.
    pub items: Vec<Item>,
    /// Where the space stood when the page was begun.
    pub standing: Standing,
    /// The last position of the log; on the last page, that of the cursor.
    pub head: i64,
    /// What follows.
    pub rest: Rest,
}

/// What follows a page of a snapshot.
#[derive(Clone, Debug)]
pub enum Rest {
    /// Another page, by this token.
    Next(String),
    /// Nothing: the snapshot is complete.
    Complete(Complete),
}

/// What a complete snapshot is equal to.
#[derive(Clone, Debug, PartialEq)]
pub struct Complete {
    /// Where the feed goes on.
    pub cursor: Cursor,
    /// The checksum of the space there.
    pub checksum: u64,
    /// Live entities of each kind there.
    pub counts: BTreeMap<Kind, i64>,
}

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPage {
    /// The token is garbage, another space's, or of a log that this one is not.
    #[error("this is no page of this snapshot")]
    TokenInvalid,
    /// The store failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The page of this token, or the first; at most `rows` rows.
///
/// # Errors
/// See [`NoPage`].
pub async fn page<S: CurrentRows>(store: &S, space: SpaceId, token: Option<&str>, rows: usize) -> Result<Page, NoPage> {
    read_page(store, space, token, rows, View::Shown).await
}

/// The same with whole rows of the tables: nothing of them is hidden.
///
/// # Errors
/// See [`NoPage`].
pub async fn rows_page<S: CurrentRows>(
    store: &S,
    space: SpaceId,
    token: Option<&str>,
    rows: usize,
) -> Result<Page, NoPage> {
    read_page(store, space, token, rows, View::Whole).await
}

async fn read_page<S: CurrentRows>(
    store: &S,
    space: SpaceId,
    token: Option<&str>,
    rows: usize,
    view: View,
) -> Result<Page, NoPage> {
    let token = match token {
        Some(text) => Some(Token::read(text).filter(|token| token.space == space).ok_or(NoPage::TokenInvalid)?),
        None => None,
    };
    let mut reading = Reading {
        space,
        view,
        place: token.map_or(Place::Stage(Stage::Heroes, first()), |token| token.place),
        token,
        standing: None,
        items: Vec::new(),
        complete: None,
    };
    for _ in 0..STATEMENTS_MAX {
        let left = rows.saturating_sub(reading.items.len());
        if left == 0 || reading.complete.is_some() {
            break;
        }
        reading.step(store, i64::try_from(left).unwrap_or(i64::MAX)).await?;
    }
    reading.end()
}

/// A page while it is read.
struct Reading {
    space: SpaceId,
    view: View,
    token: Option<Token>,
    place: Place,
    /// Where the space stood at the first statement of the page, and at the last.
    standing: Option<(Standing, Standing)>,
    items: Vec<Item>,
    complete: Option<Complete>,
}

impl Reading {
    async fn step<S: CurrentRows>(&mut self, store: &S, rows: i64) -> Result<(), NoPage> {
        match self.place {
            Place::Stage(stage, from) => {
                let found = store.stage(self.space, stage, self.view, from, rows).await?;
                self.stand(found.standing)?;
                let whole = i64::try_from(found.items.len()).unwrap_or(i64::MAX) < rows;
                self.items.extend(found.items);
                let last = self.items.last().filter(|_| !whole);
                self.place = match last.and_then(|item| successor(item.id)) {
                    Some(from) => Place::Stage(stage, from),
                    None => stage.next().map_or(Place::Tail, |next| Place::Stage(next, first())),
                };
            }
            Place::Tail => {
                let position = self.token.map_or(0, |token| token.position);
                let found = store.tail(self.space, position, rows).await?;
                let Head { epoch, position, repairs, .. } = found.head;
                self.stand(Standing { epoch, position, repairs })?;
                for (kind, row) in found.rows {
                    self.items.push(self.view.item(kind, row)?);
                }
                self.reach(found.reached);
                self.complete = found.counts.filter(|_| found.reached == found.head.position).map(|counts| Complete {
                    cursor: Cursor::of_head(self.space, &found.head),
                    checksum: found.head.checksum,
                    counts,
                });
            }
        }
        Ok(())
    }

    /// Holds what a statement saw against the token; the first statement of all fixes the position.
    fn stand(&mut self, now: Standing) -> Result<(), NoPage> {
        let token = *self.token.get_or_insert(Token {
            epoch: now.epoch,
            space: self.space,
            position: now.position,
            place: self.place,
        });
        if token.epoch != now.epoch || token.position > now.position {
            return Err(NoPage::TokenInvalid);
        }
        self.standing = Some((self.standing.map_or(now, |(first, _)| first), now));
        Ok(())
    }

    fn reach(&mut self, position: i64) {
        if let Some(token) = &mut self.token {
            token.position = position;
        }
    }

    fn end(self) -> Result<Page, NoPage> {
        let nothing = || Fault::Refused("a page of a snapshot was read without a statement".to_owned());
        let ((standing, last), token) = self.standing.zip(self.token).ok_or_else(nothing)?;
        let rest = match self.complete {
            Some(complete) => Rest::Complete(complete),
            None => Rest::Next(Token { place: self.place, ..token }.text()),
        };
        Ok(Page { items: self.items, standing, head: last.position, rest })
    }
}

/// The smallest id.
fn first() -> EntityId {
    EntityId(Uuid::nil())
}

/// The next greater id, in the order of their bytes.
fn successor(id: EntityId) -> Option<EntityId> {
    id.0.as_u128().checked_add(1).map(|next| EntityId(Uuid::from_u128(next)))
}

pub(crate) fn item(kind: Kind, mut fields: Map<String, Value>) -> Result<Item, Fault> {
    let id = fields.remove("id").and_then(|id| serde_json::from_value(id).ok());
    let version = fields.remove("version").and_then(|version| version.as_i64());
    let damage = || Fault::Refused(format!("a row of {} has no id or version", kind.table()));
    let (id, version) = id.zip(version).ok_or_else(damage)?;
    let fields = JsonFields::of(&fields).map_err(|_| damage())?;
    Ok(Item { entity: kind, id, version, fields })
}
