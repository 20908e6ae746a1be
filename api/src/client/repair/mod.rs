//! Repair of a replica: when its checksum is not the space's, it finds the entities that differ by comparing buckets, and
//! fetches just those.
//!
//! What does not help is not done again: after a repair that did not last, or when too much differs, the replica is read
//! anew from a snapshot, once. If it then still differs, it says so and stops; asking for ever would mend nothing.

mod descent;
#[cfg(test)]
mod tests;
mod wire;

use serde_json::Value;

use self::descent::{Descent, Question};
use self::wire::{Compared, asked};
use super::checksum::to_hex;
use super::error::ClientError;
use super::feed;
use super::replica::{Applied, Divergence, Replica};
use super::session::Session;
use super::wire::ChangesPage;

/// The server's word for "this device has repaired often enough".
const EXHAUSTED: &str = "repairs_exhausted";

/// What became of a replica that differed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mended {
    /// It does not differ after all: the checksum that it was held against was not the space's.
    Agreed,
    /// So many entities were fetched or dropped; nothing differs any more.
    Entities(usize),
    /// The log has gone on: it is compared further once that is read.
    Behind,
    /// It was read anew from a snapshot. The feed goes on at its cursor.
    StartedAgain,
}

/// What repairs have cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Comparisons asked for.
    pub requests: usize,
    /// Bytes of them.
    pub bytes_sent: usize,
    /// Bytes of their answers.
    pub bytes_received: usize,
    /// Entities that the answers carried.
    pub entities: usize,
}

/// Compares a replica at each end of the log, and mends it.
#[derive(Debug, Default)]
pub struct Mender {
    descent: Option<Descent>,
    tried: Tried,
    traffic: Traffic,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tried {
    #[default]
    Nothing,
    Repair,
    Snapshot,
}

impl Mender {
    /// What repairs have cost so far.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// Takes a page of the log into a forgiving replica, and mends it if it then differs. Says what each change did.
    pub async fn apply(
        &mut self,
        session: &Session,
        replica: &mut Replica,
        page: &ChangesPage,
    ) -> Result<(Vec<Applied>, Option<Mended>), ClientError> {
        let applied = replica.advance(page)?;
        if !page.caught_up {
            return Ok((applied, None));
        }
        match replica.verify_page(page) {
            Ok(()) => {
                self.rest();
                Ok((applied, None))
            }
            Err(divergence) => Ok((applied, Some(self.mend(session, replica, divergence).await?))),
        }
    }

    /// Mends a replica that differs at the end of the log.
    pub async fn mend(
        &mut self,
        session: &Session,
        replica: &mut Replica,
        divergence: Divergence,
    ) -> Result<Mended, ClientError> {
        match self.tried {
            Tried::Nothing => {}
            Tried::Repair => return self.start_again(session, replica).await,
            Tried::Snapshot => return Err(divergence.into()),
        }
        replica.recount();
        let mut descent = self.descent.take().unwrap_or_default();
        loop {
            let question = descent.question(&replica.shares());
            let answer = match &question {
                Question::TooMuch => None,
                Question::Sums(_) | Question::Held(_) => self.compare(session, replica, &question).await?,
            };
            let Some(answer) = answer.filter(|answer| !answer.reset) else {
                return self.start_again(session, replica).await;
            };
            if answer.status == "behind" {
                self.descent = Some(descent);
                return Ok(Mended::Behind);
            }
            if let Question::Held(_) = question {
                return self.take(session, replica, answer).await;
            }
            let agrees = answer.checksum.as_deref() == Some(&*to_hex(replica.checksum()));
            descent.narrow(answer.differ);
            if descent.is_over() {
                return if agrees { Ok(Mended::Agreed) } else { self.start_again(session, replica).await };
            }
        }
    }

    /// The replica is what the space is: whatever was tried has helped.
    fn rest(&mut self) {
        self.tried = Tried::Nothing;
        self.descent = None;
    }

    /// Puts the entities in that differed. What more there is to mend, or does not fit then, is not mended one by one.
    async fn take(
        &mut self,
        session: &Session,
        replica: &mut Replica,
        answer: Compared,
    ) -> Result<Mended, ClientError> {
        self.tried = Tried::Repair;
        let entities = answer.rows.len() + answer.gone.len();
        self.traffic.entities += entities;
        let gone: Vec<_> = answer.gone.into_iter().map(|gone| (gone.entity, gone.id)).collect();
        replica.mend(answer.rows, &gone);
        if answer.more || answer.checksum.as_deref() != Some(&*to_hex(replica.checksum())) {
            return self.start_again(session, replica).await;
        }
        Ok(Mended::Entities(entities))
    }

    async fn start_again(&mut self, session: &Session, replica: &mut Replica) -> Result<Mended, ClientError> {
        let snapshot = feed::snapshot(session).await;
        // What passes by waiting has not been tried yet.
        if !snapshot.as_ref().is_err_and(ClientError::is_transient) {
            self.tried = Tried::Snapshot;
            self.descent = None;
        }
        replica.begin_again(snapshot?);
        Ok(Mended::StartedAgain)
    }

    /// The answer to a question; none if this device has asked for enough.
    async fn compare(
        &mut self,
        session: &Session,
        replica: &Replica,
        question: &Question,
    ) -> Result<Option<Compared>, ClientError> {
        let body = asked(replica.cursor().unwrap_or_default(), question);
        self.traffic.requests += 1;
        self.traffic.bytes_sent += body.to_string().len();
        let answer: Value = match session.post("/api/v2/checksums", &body).await {
            Err(refused) if refused.code() == Some(EXHAUSTED) => return Ok(None),
            outcome => outcome?,
        };
        self.traffic.bytes_received += answer.to_string().len();
        let read = serde_json::from_value(answer);
        read.map(Some).map_err(|error| ClientError::Unreadable { asked: "checksums".into(), why: error.to_string() })
    }
}
