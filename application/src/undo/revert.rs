//! Reverting a transaction: what it did and nobody has changed since is taken back by another, the rest is listed.

use std::collections::BTreeMap;

use domain::entity::EntityRef;
use domain::founding;
use domain::id::{CommandId, SpaceId, TransactionId};
use domain::transaction::{Notice, Plan, Positions, Receipt, Request, Verdict, planned};
use domain::undo::{Kept, Past as PastOf, Writer, revert as take_back};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Answered, Refused, Writes};
use crate::cursor::Cursor;
use crate::fault::Fault;
use crate::ledger::Head;
use crate::past::{Logged, Past, PastEvent, PastReceipt, logged};
use crate::submit::{Actor, PLAN_STALE};

/// How often a revert is made anew because its entities were written meanwhile.
const TRIES_MAX: usize = 5;
/// What is left as it is stands in the receipt as notices of this code.
const KEPT: &str = "kept";
/// So many of them; a receipt has to stay readable.
const KEPT_MAX: usize = 1_000;

/// What is to be reverted.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Who asks.
    pub actor: Actor,
    /// Whose space.
    pub space: SpaceId,
    /// Which transaction.
    pub transaction: TransactionId,
    /// The id of the transaction that reverts it; none: one that follows from it, so that asking again is no second revert.
    pub under: Option<TransactionId>,
    /// The server's clock, Unix ms.
    pub now: i64,
}

/// What became of it.
#[derive(Clone, Debug)]
pub struct Reverted {
    /// The answer of the write path.
    pub answered: Answered,
    /// What is left as it is.
    pub kept: Vec<Kept>,
}

/// Reverts a transaction.
///
/// # Errors
/// See [`Refused`].
pub async fn revert<P: Past, W: Writes>(past: &P, writes: &W, wish: &Wish) -> Result<Reverted, Refused> {
    let found = past.receipts(wish.space, &[wish.transaction]).await?;
    let span = revertible(wish.space, found.first())?;
    let under = wish.under.unwrap_or_else(|| default_id(wish));
    for _ in 0..TRIES_MAX {
        let head = past.head(wish.space).await?;
        let plan = plan(past, wish, span, &head).await?;
        let notices = plan.kept.iter().take(KEPT_MAX).map(notice).collect();
        let sent = planned(
            (under, wish.space),
            &json!(["revert", wish.transaction]),
            Cursor::of_head(wish.space, &head).token(),
            requests(under, wish.now, plan.commands),
            Plan { versions: plan.versions, notices },
        );
        let answered = writes.write(wish.actor, wish.space, sent).await?;
        match &answered.receipt.verdict {
            Verdict::Deferred { problem } if problem.code == PLAN_STALE => {}
            Verdict::Deferred { problem } => return Err(Refused::Deferred(Box::new(problem.clone()))),
            Verdict::Rejected { problem } => return Err(Refused::Rejected(Box::new(problem.clone()))),
            Verdict::Committed { .. } => return Ok(Reverted { kept: kept(&answered.receipt), answered }),
        }
    }
    Err(Refused::Moving)
}

/// What the receipt of a revert says was left as it is.
pub fn kept(receipt: &Receipt) -> Vec<Kept> {
    let notices = receipt.notices.iter().filter(|notice| notice.code == KEPT);
    notices.filter_map(|notice| serde_json::from_value(Value::Object(notice.facts.clone())).ok()).collect()
}

/// The events of the transaction, if there is something to take back.
fn revertible(space: SpaceId, receipt: Option<&PastReceipt>) -> Result<Positions, Refused> {
    let receipt = receipt.ok_or(Refused::NotFound)?;
    if receipt.transaction == founding::transaction_id(space) {
        return Err(Refused::Founding);
    }
    if !receipt.committed {
        return Err(Refused::WasRejected);
    }
    receipt.positions.ok_or(Refused::WroteNothing)
}

fn default_id(wish: &Wish) -> TransactionId {
    TransactionId(Uuid::new_v5(&wish.space.0, format!("revert/{}", wish.transaction).as_bytes()))
}

/// The commands as requests, under ids that follow from the transaction's.
pub(super) fn requests(
    under: TransactionId,
    at: i64,
    commands: Vec<(EntityRef, domain::entity::Command)>,
) -> Vec<Request> {
    let named = |(number, (target, command)): (usize, _)| Request {
        command_id: CommandId(Uuid::new_v5(&under.0, &number.to_be_bytes())),
        at,
        target,
        command,
    };
    commands.into_iter().enumerate().map(named).collect()
}

/// What a revert would do, as of one head.
struct Planned {
    commands: Vec<(EntityRef, domain::entity::Command)>,
    kept: Vec<Kept>,
    versions: BTreeMap<EntityRef, i64>,
}

async fn plan<P: Past>(past: &P, wish: &Wish, span: Positions, head: &Head) -> Result<Planned, Fault> {
    let targets = past.spoken_of(wish.space, span).await?;
    let mut events: BTreeMap<EntityRef, Vec<Option<PastOf>>> = BTreeMap::new();
    logged(past, wish.space, &targets, head.position, |one| {
        events.entry(one.past.entity).or_default().push(as_seen(one, wish.transaction));
    })
    .await?;
    let versions = events.iter().map(|(entity, events)| (*entity, i64::try_from(events.len()).unwrap_or(i64::MAX)));
    let versions = versions.collect();
    let (mut commands, mut kept) = (Vec::new(), Vec::new());
    for target in targets {
        // Without the payload of every event nothing says what an entity was.
        let Some(events) = events.remove(&target).unwrap_or_default().into_iter().collect::<Option<Vec<_>>>() else {
            kept.push(unknown(target));
            continue;
        };
        let (more, left) = take_back(target, events);
        commands.extend(more.into_iter().map(|command| (target, command)));
        kept.extend(left);
    }
    Ok(Planned { commands, kept, versions })
}

fn as_seen(one: Logged, transaction: TransactionId) -> Option<PastOf> {
    let PastEvent { position, recorded_at, cause, device, transaction: by, .. } = one.past;
    let writer = Writer { device_id: device, transaction_id: by, position, recorded_at };
    Some(PastOf { event: one.event?, writer, ours: by == transaction, follows: cause.is_some() })
}

fn unknown(entity: EntityRef) -> Kept {
    let (field, reason) = ("id".to_owned(), domain::undo::Reason::Unknown);
    Kept { entity, field, day: None, member: None, reason, now: Value::Null, by: None }
}

fn notice(kept: &Kept) -> Notice {
    let facts = match serde_json::to_value(kept) {
        Ok(Value::Object(facts)) => facts,
        _ => Map::new(),
    };
    let detail = format!("{} of the {} stays as it is", kept.field, kept.entity.kind.name());
    Notice { code: KEPT.to_owned(), detail, facts }
}
