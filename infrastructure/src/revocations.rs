//! Which sessions have ended, on this node and in memory: looked at before every read and write, so it must cost
//! nothing; told at once by the use case that ended a session here, and by the directory of those that other nodes ended:
//! when a hint says so, and within a fraction of a second in any case.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use application::fault::Fault;
use application::identity::LiveSessions;
use deadpool_postgres::Pool;
use domain::id::SessionId;
use domain::session::Because;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::clock::now_ms;
use crate::hints::{Hints, Topic};
use crate::postgres::directory::revoke::REMEMBERED_MS;
use crate::postgres::directory::revoked::{self, Seen};

/// How often the directory is asked by itself what other nodes revoked: without hints, and while they come. Both are within
/// the second that is promised, because a hint may be lost.
const POLL_MS: u64 = 300;
const POLL_HEARD_MS: u64 = 800;

/// The sessions that ended before their tokens did. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Revocations {
    held: Arc<RwLock<Held>>,
    hints: Hints,
}

#[derive(Debug, Default)]
struct Held {
    ended: HashMap<SessionId, Ended>,
    /// Those who hold on to a session while it lives.
    watched: HashMap<SessionId, watch::Sender<Option<Because>>>,
}

#[derive(Clone, Copy, Debug)]
struct Ended {
    because: Because,
    /// When no access token of it can be good any more, ms.
    forget_at: i64,
}

/// A hold on one session, as a live connection has it.
#[derive(Debug)]
pub struct SessionWatch {
    revocations: Revocations,
    session: SessionId,
    ended: watch::Receiver<Option<Because>>,
}

impl Revocations {
    /// Those of a node that tells others when a session ends.
    pub fn telling(hints: Hints) -> Self {
        Self { hints, ..Self::default() }
    }

    /// Why the session ended, if it has.
    pub fn reason(&self, session: SessionId) -> Option<Because> {
        self.read().ended.get(&session).map(|ended| ended.because)
    }

    /// Holds on to a session, to hear of its end at once.
    pub fn watch(&self, session: SessionId) -> SessionWatch {
        let mut held = self.write();
        let ended = held.ended.get(&session).map(|ended| ended.because);
        let sender = held.watched.entry(session).or_insert_with(|| watch::Sender::new(ended));
        SessionWatch { revocations: self.clone(), session, ended: sender.subscribe() }
    }

    /// Asks the directory for all it has, once: before this, a node that starts knows of no end.
    ///
    /// # Errors
    /// The directory could not be asked.
    pub async fn look(&self, pool: &Pool) -> Result<(), Fault> {
        self.look_since(pool, Seen::default()).await.map(drop)
    }

    /// Asks the directory for what is new, again and again, until `stop`. The first look takes all.
    pub async fn follow(self, pool: Pool, stop: CancellationToken) {
        let mut rhythm = self.hints.rhythm(Topic::Sessions, POLL_MS, POLL_HEARD_MS);
        let mut seen = Seen::default();
        while stop.run_until_cancelled(rhythm.beat()).await.is_some() {
            match self.look_since(&pool, seen).await {
                Ok(now) => seen = now,
                Err(fault) => tracing::debug!(fault = %fault, "the ended sessions could not be looked up"),
            }
        }
    }

    /// Drops those whose tokens have all ended by themselves.
    pub fn forget(&self, now_ms: i64) {
        self.write().ended.retain(|_, ended| ended.forget_at > now_ms);
    }

    /// Takes what was not seen yet; what is seen then.
    async fn look_since(&self, pool: &Pool, seen: Seen) -> Result<Seen, Fault> {
        let (found, seen) = revoked::since(pool, seen, now_ms()).await?;
        found.into_iter().for_each(|one| self.end(one.session, one.because, one.forget_at));
        Ok(seen)
    }

    fn end(&self, session: SessionId, because: Because, forget_at: i64) {
        if self.reason(session).is_some() {
            return;
        }
        let mut held = self.write();
        held.ended.insert(session, Ended { because, forget_at });
        if let Some(watched) = held.watched.get(&session) {
            watched.send_replace(Some(because));
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LiveSessions for Revocations {
    fn ended(&self, sessions: &[SessionId], because: Because) {
        let forget_at = now_ms() + REMEMBERED_MS;
        if !sessions.is_empty() {
            self.hints.changed(Topic::Sessions);
        }
        sessions.iter().for_each(|session| self.end(*session, because, forget_at));
    }
}

impl SessionWatch {
    /// Waits until the session has ended; why.
    pub async fn ended(&mut self) -> Because {
        match self.ended.wait_for(Option::is_some).await.map(|because| *because) {
            Ok(Some(because)) => because,
            // The sender lives as long as this hold does.
            _ => std::future::pending().await,
        }
    }
}

impl Drop for SessionWatch {
    /// The last one who holds on to a session lets it go.
    fn drop(&mut self) {
        let mut held = self.revocations.write();
        if held.watched.get(&self.session).is_some_and(|watched| watched.receiver_count() <= 1) {
            held.watched.remove(&self.session);
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::id::SessionId;

    use super::*;
    use crate::clock::uuid_v7;

    #[tokio::test]
    async fn whoever_holds_on_to_a_session_hears_of_its_end() {
        let (revocations, session) = (Revocations::default(), SessionId(uuid_v7()));
        let (mut one, mut two) = (revocations.watch(session), revocations.watch(session));
        assert_eq!(revocations.reason(session), None);
        revocations.ended(&[session], Because::EndedElsewhere);
        assert_eq!((one.ended().await, two.ended().await), (Because::EndedElsewhere, Because::EndedElsewhere));
        assert_eq!(revocations.watch(session).ended().await, Because::EndedElsewhere, "also who comes later");
        revocations.ended(&[session], Because::Replayed);
        assert_eq!(revocations.reason(session), Some(Because::EndedElsewhere), "the first reason stays");
    }

    #[test]
    fn an_ended_session_is_remembered_as_long_as_its_tokens_could_be_good() {
        let (revocations, session) = (Revocations::default(), SessionId(uuid_v7()));
        revocations.end(session, Because::SignedOut, 1_000);
        revocations.forget(999);
        assert_eq!(revocations.reason(session), Some(Because::SignedOut));
        revocations.forget(1_000);
        assert_eq!(revocations.reason(session), None);
        assert!(revocations.read().ended.is_empty());
    }

    #[test]
    fn nothing_is_kept_of_sessions_that_nobody_holds() {
        let (revocations, session) = (Revocations::default(), SessionId(uuid_v7()));
        let (one, two) = (revocations.watch(session), revocations.watch(session));
        drop(one);
        assert_eq!(revocations.read().watched.len(), 1);
        drop(two);
        assert!(revocations.read().watched.is_empty());
    }
}
