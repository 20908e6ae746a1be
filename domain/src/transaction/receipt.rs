//! Receipts: the stored answer to a transaction. A retry gets it again.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::read::Refusal;
use crate::entity::Outcome;
use crate::id::{CommandId, TransactionId};
use crate::rejection::{FieldError, Rejection};

/// The answer to one transaction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Whose; null only if the sent id was unreadable.
    pub transaction_id: Option<TransactionId>,
    /// What became of it.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What the client should know beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
}

/// What became of a transaction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Verdict {
    /// Decided and durable.
    Committed {
        /// Its events; null when nothing was written.
        positions: Option<Positions>,
        /// One for each command, in order.
        results: Vec<CommandResult>,
    },
    /// Refused, and nothing of it applied.
    Rejected {
        /// Why.
        problem: Problem,
    },
    /// Not decided: no receipt is kept; send the same id again.
    Deferred {
        /// Why.
        problem: Problem,
    },
}

/// First and last position of a transaction's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Positions {
    /// Of its first event.
    pub first: i64,
    /// Of its last event.
    pub last: i64,
}

/// How one command fared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommandResult {
    /// Which.
    pub command_id: CommandId,
    /// How.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The entity's version now.
    pub version: i64,
    /// The integer that API v1 knows a created entity by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legacy_id: Option<i64>,
}

/// Something to know that is no refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Stable code, such as `device_seq_gap`.
    pub code: String,
    /// A sentence.
    pub detail: String,
    /// Facts of this code.
    #[serde(flatten)]
    pub facts: Map<String, Value>,
}

/// Why a transaction was refused or not decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable code.
    pub code: String,
    /// A sentence.
    pub detail: String,
    /// The command that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_id: Option<CommandId>,
    /// The fields that it is about, as pointers from the transaction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// When to try again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// Facts of this code: the open milestones, the limit that was hit.
    #[serde(flatten)]
    pub facts: Map<String, Value>,
}

impl Problem {
    /// Not decided now; worth trying again after `retry_after_ms`.
    pub fn deferred(code: &str, detail: &str, retry_after_ms: Option<u64>) -> Self {
        Self { retry_after_ms, ..Self::plain(code, detail) }
    }

    /// A problem that is about no field and no command.
    fn plain(code: &str, detail: &str) -> Self {
        Self {
            code: code.to_owned(),
            detail: detail.to_owned(),
            command_id: None,
            errors: Vec::new(),
            retry_after_ms: None,
            facts: Map::new(),
        }
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        let Refusal { index, command_id, rejection } = refusal;
        let prefix = index.map(|index| format!("/commands/{index}")).unwrap_or_default();
        let errors = rejection.errors().into_iter();
        let errors = errors.map(|error| FieldError { pointer: format!("{prefix}{}", error.pointer), ..error });
        Self {
            code: rejection.code().to_owned(),
            detail: rejection.to_string(),
            command_id: *command_id,
            errors: errors.collect(),
            retry_after_ms: None,
            facts: rejection.facts(),
        }
    }
}

impl Receipt {
    /// The receipt of a refused transaction.
    pub fn rejected(transaction_id: Option<TransactionId>, refusal: &Refusal) -> Self {
        let verdict = Verdict::Rejected { problem: refusal.into() };
        Self { transaction_id, verdict, notices: Vec::new() }
    }

    /// The answer that this id was used for other content.
    pub fn reused(transaction_id: TransactionId) -> Self {
        Self::rejected(Some(transaction_id), &Rejection::TransactionReused.into())
    }

    /// What is left of a receipt after its time: what became of the transaction, and where its events are.
    pub fn expired(transaction_id: TransactionId, committed: bool, positions: Option<Positions>) -> Self {
        let (code, detail) =
            ("receipt_expired", "this was decided long ago; what it was answered in full is no longer kept");
        let verdict = if committed {
            Verdict::Committed { positions, results: Vec::new() }
        } else {
            Verdict::Rejected { problem: Problem::plain(code, detail) }
        };
        let notices = vec![Notice { code: code.to_owned(), detail: detail.to_owned(), facts: Map::new() }];
        Self { transaction_id: Some(transaction_id), verdict, notices }
    }

    /// The answer to a transaction that was not decided.
    pub fn deferred(transaction_id: TransactionId, problem: Problem) -> Self {
        Self { transaction_id: Some(transaction_id), verdict: Verdict::Deferred { problem }, notices: Vec::new() }
    }

    /// Its events, if any were written.
    pub fn positions(&self) -> Option<Positions> {
        if let Verdict::Committed { positions, .. } = &self.verdict { *positions } else { None }
    }
}
