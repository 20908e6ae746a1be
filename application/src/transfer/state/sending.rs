//! How the transactions of an import are sent: under ids that follow from the import, each durable before the next.

use domain::checksum::canonical;
use domain::id::{SpaceId, TransactionId};
use domain::transaction::{Sent, Verdict};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::commands::Made;
use super::import::{Target, Writer};
use super::limits::ATTEMPTS_MAX;
use super::refusal::Stopped;
use crate::fault::Fault;

/// Whose import into which space.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sending {
    /// The space that it goes into.
    pub(crate) space: SpaceId,
    /// The import.
    pub(crate) import: Uuid,
}

/// The commands of one transaction, and what they say.
#[derive(Debug)]
pub(crate) struct Parcel {
    commands: Vec<Made>,
    content: String,
    /// SHA-256 over space and commands.
    pub(crate) digest: [u8; 32],
}

impl Sending {
    /// Makes a transaction of commands.
    pub(crate) fn pack(self, commands: Vec<Made>) -> Parcel {
        let content: Vec<Value> = commands.iter().map(|made| made.content.clone()).collect();
        let content = canonical(&json!({ "space": self.space, "commands": content }));
        let digest = Sha256::digest(content.as_bytes()).into();
        Parcel { commands, content, digest }
    }

    /// Writes a transaction under a name that is its own in the import.
    ///
    /// # Errors
    /// See [`Stopped`]. What was written before stays.
    pub(crate) async fn send<T: Target, W: Writer>(
        self,
        name: &str,
        parcel: Parcel,
        target: &T,
        writer: &W,
    ) -> Result<(), Stopped> {
        let id = self.free_id(name, target).await?;
        let Parcel { commands, content, digest } = parcel;
        let commands = Ok(commands.into_iter().map(|made| made.request).collect());
        let content = content.into();
        let sent = Sent { id, digest, content, base: None, device_seq: None, commands, plan: None, request: None };
        match writer.write(self.space, sent).await?.verdict {
            Verdict::Committed { .. } => Ok(()),
            // The body of an old receipt is gone; that it was committed is not.
            Verdict::Rejected { problem } if problem.code == "receipt_expired" => Ok(()),
            Verdict::Rejected { problem } if problem.code == "transaction_reused" => Err(Stopped::Changed),
            Verdict::Rejected { problem } => Err(Stopped::Rejected(Box::new(problem))),
            Verdict::Deferred { problem } => Err(Fault::Unavailable(problem.detail).into()),
        }
    }

    /// The id under which this transaction was committed or is yet to be decided. One that was rejected stays so under
    /// its id; what was in its way may be gone.
    async fn free_id<T: Target>(self, name: &str, target: &T) -> Result<TransactionId, Fault> {
        let id = |attempt: u32| TransactionId(Uuid::new_v5(&self.import, format!("{name}/{attempt}").as_bytes()));
        for attempt in 0..ATTEMPTS_MAX {
            if !target.was_rejected(self.space, id(attempt)).await? {
                return Ok(id(attempt));
            }
        }
        Ok(id(ATTEMPTS_MAX))
    }
}
