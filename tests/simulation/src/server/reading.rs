//! What readers are answered: pages of the feed, resets, pages of a snapshot.

use application::cursor::Cursor;
use application::fault::Fault;
use application::feed::{self, Leap, Read, ResetReason};
use application::snapshot::{self, NoPage};

use super::Server;
use crate::bug::Bug;
use crate::message::Answer;
use crate::store::Store;

impl<S: Store> Server<S> {
    /// What changed since a cursor.
    pub(crate) async fn changes(&self, cursor: Option<&str>, rows: usize) -> Result<Answer, Fault> {
        let cursor = cursor.and_then(|token| Cursor::read(token).ok());
        let store = &self.seam.store;
        Ok(match feed::read(store, self.space, cursor, rows, Leap::Allowed).await? {
            Read::Page(page) => Answer::Changes(page),
            Read::Reset(mut reset) => {
                if self.bug == Some(Bug::ForgottenLife) && reset.reason == ResetReason::Epoch {
                    reset.resend_after = Some(store.after(self.space, 0, 1).await?.life.began);
                }
                Answer::Reset(reset)
            }
        })
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
