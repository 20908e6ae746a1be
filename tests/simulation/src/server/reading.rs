//! What readers are answered: pages of the feed, resets, pages of a snapshot.

use application::cursor::Cursor;
use application::fault::Fault;
use application::feed::{self, Read, ResetReason};
use application::ledger::Head;
use application::snapshot::{self, NoPage};

use super::Server;
use crate::message::{Answer, Reset};
use crate::store::Store;

impl<S: Store> Server<S> {
    /// What changed since a cursor.
    pub(crate) async fn changes(&self, cursor: Option<&str>, rows: usize) -> Result<Answer, Fault> {
        let cursor = cursor.and_then(|token| Cursor::read(token).ok());
        let store = &self.seam.store;
        Ok(match feed::read(store, self.space, cursor, rows).await? {
            Read::Page(page) => Answer::Changes(page),
            Read::Reset(reason) => Answer::Reset(self.reset(reason, cursor).await?),
        })
    }

    async fn reset(&self, reason: ResetReason, cursor: Option<Cursor>) -> Result<Reset, Fault> {
        let head = self.seam.store.after(self.space, 0, 1).await?.head;
        let resend_after = match reason {
            ResetReason::Epoch => self.began.unwrap_or_default(),
            ResetReason::Ahead => head.position,
            ResetReason::Forked => 0,
        };
        let known = cursor.map_or(0, |cursor| cursor.position);
        let base = self.cursor_at(resend_after.min(known).min(head.position), &head).await?;
        Ok(Reset { reason: reason.name(), resend_after, base })
    }

    async fn cursor_at(&self, position: i64, head: &Head) -> Result<String, Fault> {
        let slice = self.seam.store.after(self.space, position - 1, 1).await?;
        let at = |change: &application::change::Change| {
            Cursor::at(self.space, head.epoch, position, &change.hash, change.at)
        };
        let found = slice.changes.first().filter(|change| change.position == position);
        Ok(found.map_or_else(|| feed::start(self.space, head), |change| at(change)).token())
    }

    /// A page of the snapshot.
    pub(crate) async fn snapshot(&self, page: Option<&str>, rows: usize) -> Result<Answer, Fault> {
        match snapshot::page(&self.seam.store, self.space, page, rows).await {
            Ok(page) => Ok(Answer::Snapshot(page)),
            Err(NoPage::TokenInvalid) => Ok(Answer::SnapshotGone),
            Err(NoPage::Fault(fault)) => Err(fault),
        }
    }
}
