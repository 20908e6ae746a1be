//! A refresh token as a state machine: what presenting it does, and what it is afterwards.
//!
//! ```text
//! Valid ── presented ──▶ Consumed ── again within the grace ──▶ Consumed, the same answer
//!   │                       │
//!   │ its time passes       └─────── again later ─────────────▶ Revoked, and every token of its session with it
//!   ▼
//! refused
//! ```
//!
//! A used token that comes again is either an answer that was lost and a second tab that was slower, or a thief. Which
//! of them cannot be known, only how long ago it was used. That reuse revokes the whole family is what RFC 9700
//! (section 4.14.2) asks for; the grace is what networks ask for.

use super::Because;
use crate::limits::REFRESH_GRACE_MS;

/// What a refresh token is. `S` is what its successor is made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refresh<S> {
    /// Nobody has used it.
    Valid(Valid),
    /// It was used.
    Consumed(Consumed<S>),
    /// Its session has ended.
    Revoked(Revoked),
}

/// A token that nobody has used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Valid {
    /// The last moment at which it can be used, ms.
    pub expires_at: i64,
}

/// A token that was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consumed<S> {
    /// When, ms.
    pub at: i64,
    /// What its successor was made with.
    pub salt: S,
    /// The last moment at which it could have been used, ms.
    pub expires_at: i64,
}

/// A token of a session that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Why.
    pub because: Because,
}

/// What presenting a token leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presented<S> {
    /// It becomes this, and its successor takes its place.
    Rotate(Consumed<S>),
    /// It was used a moment ago: the answer of then is given again.
    Repeat(Consumed<S>),
    /// It was used long ago: its session ends.
    Revoke(Revoked),
    /// Nothing.
    Refuse(Refused),
}

/// Why presenting a token leads to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its time has passed.
    Expired,
    /// Its session has ended.
    Revoked(Because),
}

impl<S> Refresh<S> {
    /// Presents the token at `now_ms`. `salt` makes the successor, if there is to be one.
    pub fn present(self, now_ms: i64, salt: S) -> Presented<S> {
        match self {
            Self::Valid(valid) if valid.expires_at > now_ms => Presented::Rotate(valid.consume(now_ms, salt)),
            Self::Consumed(consumed) if consumed.is_recent(now_ms) => Presented::Repeat(consumed),
            // A used token is forgotten at the same moment as an unused one, so nothing may depend on it after that.
            Self::Consumed(consumed) if consumed.expires_at > now_ms => Presented::Revoke(consumed.revoke()),
            Self::Valid(_) | Self::Consumed(_) => Presented::Refuse(Refused::Expired),
            Self::Revoked(revoked) => Presented::Refuse(Refused::Revoked(revoked.because)),
        }
    }
}

impl Valid {
    fn consume<S>(self, at: i64, salt: S) -> Consumed<S> {
        Consumed { at, salt, expires_at: self.expires_at }
    }
}

impl<S> Consumed<S> {
    /// Another node's clock may be ahead: what was used in the future was used just now.
    fn is_recent(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.at) <= REFRESH_GRACE_MS
    }

    fn revoke(self) -> Revoked {
        Revoked { because: Because::Replayed }
    }
}

impl<S> Presented<S> {
    /// Whether the session goes on.
    pub const fn is_granted(&self) -> bool {
        matches!(self, Self::Rotate(_) | Self::Repeat(_))
    }
}

#[cfg(test)]
mod tests;
