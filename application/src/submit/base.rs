//! The base of a transaction: up to where its device had read the log when the user acted.

use std::sync::atomic::Ordering;

use domain::chain::Hash;
use domain::id::SpaceId;
use domain::transaction::Problem;

use super::Submission;
use super::working::Working;
use crate::cursor::Cursor;

/// Why there is no base to decide on.
#[derive(Debug)]
pub(super) enum NoBase {
    /// What is remembered does not know it; the log may, because another node wrote.
    Stale,
    /// The transaction is not decided.
    Deferred(Box<Problem>),
}

/// The position in the base of a transaction of this space, if it has a readable one.
pub(super) fn position(submission: &Submission, space: SpaceId) -> Option<i64> {
    let base = Cursor::read(submission.sent.base.as_deref()?).ok()?;
    (base.space == space).then_some(base.position)
}

/// The base as a place in this log. A base that this log cannot have had is not decided about: the device reads the feed, is
/// told that the log is another, and sends the transaction again with a base of this one.
pub(super) fn readable(working: &Working, submission: &Submission) -> Result<Option<Cursor>, NoBase> {
    if submission.deferred.load(Ordering::Relaxed) {
        return Err(deferred("after_deferred", "an earlier transaction of this request was not decided"));
    }
    let Some(token) = &submission.sent.base else {
        return Ok(None);
    };
    let base = Cursor::read(token)
        .map_err(|_| deferred("base_invalid", "base is no cursor; send one that this server gave"))?;
    let here = base.space == working.space;
    if here && base.epoch == working.head.epoch && fits(&base, working.bases.get(&base.position)) {
        return Ok(Some(base));
    }
    if here && !working.fresh {
        return Err(NoBase::Stale);
    }
    let detail = "base does not belong to this log; read the changes, then send the same transaction again";
    Err(deferred("base_unknown", detail))
}

/// Whether the log has this hash at the base. What is archived cannot be compared, and belonged to it.
fn fits(base: &Cursor, found: Option<&Option<Hash>>) -> bool {
    match found {
        Some(Some(hash)) => base.is_at(hash),
        Some(None) => true,
        None => false,
    }
}

fn deferred(code: &str, detail: &str) -> NoBase {
    NoBase::Deferred(Box::new(Problem::deferred(code, detail, None)))
}
