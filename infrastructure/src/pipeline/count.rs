//! What is counted of what was answered. Labels come from the schema and from closed lists, never from what was sent.

use application::change::{Change, Op};
use application::submit::Committed;
use domain::entity::{EntityRef, Kind, OutcomeKind, Policy};
use domain::transaction::{CommandResult, Receipt, Verdict};
use metrics::{counter, histogram};
use serde_json::Value;

use super::queue::Waiting;
use crate::metric_names::{
    COMMANDS_TOTAL, FIELD_CONFLICTS_TOTAL, RECEIPTS_REPLAYED_TOTAL, REJECTIONS_TOTAL, TRANSACTIONS_TOTAL, WRITE_SECONDS,
};

/// A deletion that met an edit: the user is asked about it as about a field.
const DELETION: (&str, Policy) = ("deleted_at", Policy::Ask);

/// Counts an answer. What is repeated was counted when it was decided.
pub(super) fn answered(waiting: &Waiting, receipt: &Receipt, repeated: bool) {
    counter!(TRANSACTIONS_TOTAL, "status" => status(&receipt.verdict)).increment(1);
    histogram!(WRITE_SECONDS).record(waiting.came.at.elapsed());
    if repeated {
        return counter!(RECEIPTS_REPLAYED_TOTAL).increment(1);
    }
    match &receipt.verdict {
        Verdict::Committed { results, .. } => {
            let targets = waiting.submission.sent.commands.iter().flatten().map(|request| request.target);
            results.iter().zip(targets).for_each(|(result, target)| decided(result, target));
        }
        Verdict::Rejected { problem } => {
            counter!(REJECTIONS_TOTAL, "code" => problem.code.clone()).increment(1);
        }
        Verdict::Deferred { .. } => {}
    }
}

/// Counts the conflicts that were opened.
pub(super) fn opened(committed: &Committed) {
    let opened = |change: &&Change| change.entity == Kind::Conflict && change.op == Op::Create;
    for change in committed.changes.iter().map(|change| &**change).filter(opened) {
        let kind = change.fields.get("entity_kind").and_then(Value::as_str).and_then(Kind::from_name);
        let field = change.fields.get("field").and_then(Value::as_str);
        if let (Some(kind), Some(field)) = (kind, field) {
            met(kind, field);
        }
    }
}

const fn status(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Committed { .. } => "committed",
        Verdict::Rejected { .. } => "rejected",
        Verdict::Deferred { .. } => "deferred",
    }
}

fn decided(result: &CommandResult, target: EntityRef) {
    let outcome = match result.outcome.kind {
        OutcomeKind::Applied => "applied",
        OutcomeKind::Merged => "merged",
        OutcomeKind::Superseded => "superseded",
        OutcomeKind::Unchanged => "unchanged",
    };
    counter!(COMMANDS_TOTAL, "outcome" => outcome).increment(1);
    result.outcome.superseded.iter().for_each(|field| met(target.kind, field));
}

/// Counts a field that the schema has; a text from elsewhere would make a series of its own.
fn met(kind: Kind, field: &str) {
    let mut known = kind.policies().iter().copied().chain([DELETION]);
    if let Some((field, policy)) = known.find(|(known, _)| *known == field) {
        let labels = [("entity", kind.name()), ("field", field), ("policy", policy.name())];
        counter!(FIELD_CONFLICTS_TOTAL, &labels).increment(1);
    }
}
