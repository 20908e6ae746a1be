//! Redaction: one value of one field goes from everything that is kept of it, and the log goes on to be the truth.
//!
//! First, where the value is still shown, a transaction like any other puts the placeholder in its place, so that every device
//! hears of it. Then the store takes the value out of all that was, in one commit under the space's head. What wrote it again
//! in between is seen there, and both are done again. What was cut between the two is gone on with by asking for the same again:
//! the edit that put the placeholder there says what it replaced.

mod port;
#[cfg(test)]
mod tests;

use domain::entity::{Edit, EntityRef, LifecycleCommand};
use domain::follow_up::life;
use domain::id::{CommandId, SpaceId, TransactionId};
use domain::redaction::{PLACEHOLDER, Redaction, is_redactable, replaced, written};
use domain::transaction::{Plan, Problem, Request, Sent, Verdict, planned};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

pub use port::{Order, Places, Redactions, Standing, TakenOut};

use crate::cursor::Cursor;
use crate::fault::Fault;
use crate::identity;
use crate::ledger::Head;
use crate::submit::Actor;
use crate::undo::Writes;

/// Characters of the reason.
pub const REASON_CHARS_MAX: usize = 500;
/// How often both steps are done because the value was written again in between.
const TRIES_MAX: usize = 5;

/// What is to be taken out, and why.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Who writes the placeholder.
    pub actor: Actor,
    /// As whom that is logged.
    pub by: identity::Actor,
    /// Whose space.
    pub space: SpaceId,
    /// Of which entity.
    pub entity: EntityRef,
    /// Which field.
    pub field: String,
    /// The event that wrote the value; none: the value that is shown now.
    pub position: Option<i64>,
    /// Why; the log says it.
    pub reason: String,
    /// The id of this redaction; its transactions' ids follow from it.
    pub id: Uuid,
    /// The server's clock, Unix ms.
    pub at: i64,
    /// Only say what would be done.
    pub dry_run: bool,
}

/// What was done, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redacted {
    /// Whether the value was shown still, so that a transaction wrote the placeholder.
    pub was_shown: bool,
    /// In how many places of each kind it was.
    pub places: Places,
}

/// Why nothing was taken out.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    /// There is no such entity in such a space.
    NotFound,
    /// The field is none that holds a person's own text.
    Field,
    /// The event at that position is not one that wrote this field of this entity.
    Position,
    /// There is nothing, or the placeholder already.
    Nothing,
    /// No reason, too long a one, or one with control characters.
    Reason,
    /// The reason tells the value, and would be kept.
    ReasonTells,
    /// It is written again and again; later it may go.
    Moving,
    /// The write path refused the placeholder.
    Rejected(Box<Problem>),
    /// The store failed.
    Fault(Fault),
}

/// Takes a value out.
///
/// # Errors
/// See [`Refused`]. Nothing was taken out then; the placeholder may stand where the value was shown.
pub async fn redact<R: Redactions, W: Writes>(store: &R, writes: &W, wish: &Wish) -> Result<Redacted, Refused> {
    if !is_reason(&wish.reason) {
        return Err(Refused::Reason);
    }
    if !is_redactable(wish.entity.kind, &wish.field) {
        return Err(Refused::Field);
    }
    let standing = store.standing(wish.space, wish.entity).await?.ok_or(Refused::NotFound)?;
    let redaction = found(store, wish, &standing).await?;
    if redaction.is_told_by(&wish.reason) {
        return Err(Refused::ReasonTells);
    }
    let order = Order {
        space: wish.space,
        redaction,
        id: wish.id,
        by: wish.by,
        reason: wish.reason.trim().to_owned(),
        at: wish.at,
        dry_run: wish.dry_run,
    };
    let was_shown = shows(&order.redaction, &standing);
    if wish.dry_run {
        return match store.take_out(&order).await? {
            TakenOut::Done(places) | TakenOut::Shown(places) => Ok(Redacted { was_shown, places }),
        };
    }
    carry_out(store, writes, wish, &order, standing).await.map(|places| Redacted { was_shown, places })
}

fn is_reason(said: &str) -> bool {
    (1..=REASON_CHARS_MAX).contains(&said.trim().chars().count()) && !said.chars().any(char::is_control)
}

/// Which value is meant.
async fn found<R: Redactions>(store: &R, wish: &Wish, standing: &Standing) -> Result<Redaction, Refused> {
    let value = match wish.position {
        None => match standing.row.get(&wish.field).and_then(Value::as_str).ok_or(Refused::Nothing)? {
            PLACEHOLDER => left_behind(store, wish).await?,
            shown => shown.to_owned(),
        },
        Some(position) => {
            let payload = store.payload(wish.space, wish.entity, position).await?.ok_or(Refused::Position)?;
            written(&payload, &wish.field).ok_or(Refused::Position)?.to_owned()
        }
    };
    Redaction::of(wish.space, wish.entity, &wish.field, &value).ok_or(Refused::Nothing)
}

/// What a redaction that did not come to its second step has left in the log: the newest edit of redactions that still says
/// what it replaced.
async fn left_behind<R: Redactions>(store: &R, wish: &Wish) -> Result<String, Refused> {
    let payloads = store.written_by(wish.space, wish.entity, wish.actor.device).await?;
    let left = payloads.iter().find_map(|payload| replaced(payload, &wish.field));
    left.map(str::to_owned).ok_or(Refused::Nothing)
}

async fn carry_out<R: Redactions, W: Writes>(
    store: &R,
    writes: &W,
    wish: &Wish,
    order: &Order,
    mut standing: Standing,
) -> Result<Places, Refused> {
    let mut refused = Refused::Moving;
    for number in 0..TRIES_MAX {
        if shows(&order.redaction, &standing) && !replace(writes, wish, &standing, number).await? {
            standing = store.standing(wish.space, wish.entity).await?.ok_or(Refused::NotFound)?;
            continue;
        }
        match store.take_out(order).await {
            Ok(TakenOut::Done(places)) => return Ok(places),
            Ok(TakenOut::Shown(_)) => refused = Refused::Moving,
            // Somebody else went first, and nothing was taken out.
            Err(crowded @ Fault::Crowded(_)) => refused = crowded.into(),
            Err(fault) => return Err(fault.into()),
        }
        standing = store.standing(wish.space, wish.entity).await?.ok_or(Refused::NotFound)?;
    }
    Err(refused)
}

/// Whether the value is shown, or still among those that the person is asked about.
fn shows(redaction: &Redaction, standing: &Standing) -> bool {
    redaction.in_row(&mut Value::Object(standing.row.clone()), redaction.entity)
}

/// Writes the placeholder over what is shown; whether that was decided. A tombstone takes what comes from a writer that has
/// not seen its end, and where even that is refused, its row is changed with the log.
async fn replace<W: Writes>(writes: &W, wish: &Wish, standing: &Standing, number: usize) -> Result<bool, Refused> {
    let answered = writes.write(wish.actor, wish.space, edit(wish, standing, number)).await?;
    match answered.receipt.verdict {
        Verdict::Committed { .. } => Ok(true),
        Verdict::Deferred { .. } => Ok(false),
        Verdict::Rejected { .. } if !standing.is_live => Ok(true),
        Verdict::Rejected { problem } => Err(Refused::Rejected(Box::new(problem))),
    }
}

fn edit(wish: &Wish, standing: &Standing, number: usize) -> Sent {
    let under = TransactionId(Uuid::new_v5(&wish.id, &number.to_be_bytes()));
    let set = Map::from_iter([(wish.field.clone(), Value::from(PLACEHOLDER))]);
    let command = life(wish.entity.kind, LifecycleCommand::Edit(Edit { set, ..Edit::default() }));
    let command_id = CommandId(Uuid::new_v5(&under.0, b"edit"));
    let request = Request { command_id, at: wish.at, target: wish.entity, command };
    let versions = BTreeMap::from([(wish.entity, standing.version)]);
    let plan = Plan { versions, ..Plan::default() };
    let asked = json!(["redact", wish.id, number]);
    let sent = planned((under, wish.space), &asked, base(wish.space, &standing.head), vec![request], plan);
    if standing.is_live { sent } else { Sent { base: None, ..sent } }
}

fn base(space: SpaceId, head: &Head) -> String {
    Cursor::of_head(space, head).token()
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
