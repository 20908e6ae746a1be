//! Every way in which talking to a server can fail, as a sentence, and which of them pass by waiting.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::replica::Divergence;

/// Why a request got no useful answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody answered, or the connection broke. What was sent may have been done: send the same ids again.
    #[error("No server answers at {url}: {why}.")]
    Unreachable {
        /// Where it should have been.
        url: String,
        /// The outermost useful cause.
        why: String,
    },
    /// The server answered with a problem.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// The server answered with something that this client does not understand.
    #[error("The server's answer to {asked} cannot be read: {why}.")]
    Unreadable {
        /// The request.
        asked: String,
        /// What was wrong.
        why: String,
    },
    /// The server signs nobody in before the address is proven.
    #[error("The server wants {email} proven before anybody signs in, and has sent a mail there.")]
    ProofAwaited {
        /// The account's address.
        email: String,
    },
    /// The address cannot be used.
    #[error("{url} is not an address of a server: {why}.")]
    Address {
        /// What was given.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// The certificates that are to be believed cannot be used.
    #[error("{why}.")]
    Trust {
        /// Which, and what is wrong with them.
        why: String,
    },
    /// What the feed said does not fit what it said before.
    #[error(transparent)]
    Diverged(#[from] Divergence),
    /// The live connection stayed away for longer than the caller wanted to wait.
    #[error("The live connection has been away for {away_s} s; the last reason was: {why}.")]
    GaveUp {
        /// Seconds since it was lost.
        away_s: u64,
        /// Why the last attempt failed.
        why: String,
    },
}

/// A problem document (RFC 9457), as far as this client uses it.
#[derive(Clone, Debug, Default, Deserialize, thiserror::Error)]
#[error("{} ({code})", .detail.as_deref().or(.title.as_deref()).unwrap_or("The server refused without a word"))]
pub struct Problem {
    /// The HTTP status; 0 for a problem inside a receipt or on the live connection.
    #[serde(default)]
    pub status: u16,
    /// The stable code.
    #[serde(default)]
    pub code: String,
    /// The kind of problem in words.
    #[serde(default)]
    pub title: Option<String>,
    /// This problem in words.
    #[serde(default, alias = "message")]
    pub detail: Option<String>,
    /// How long the server asks to wait.
    #[serde(default)]
    pub retry_after_ms: Option<u64>,
    /// Why the session was ended, if that is the problem.
    #[serde(default)]
    pub because: Option<String>,
    /// The fields at fault.
    #[serde(default)]
    pub errors: Vec<Value>,
}

impl ClientError {
    /// The stable code of the server's problem, if it is one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => Some(&problem.code),
            _ => None,
        }
    }

    /// The HTTP status of the server's problem, if it is one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem(problem) => Some(problem.status),
            _ => None,
        }
    }

    /// Whether somebody ended the session on purpose.
    #[must_use]
    pub fn is_end_of_session(&self) -> bool {
        matches!(self, Self::Problem(problem) if problem.because.is_some())
    }

    /// Whether the same request may succeed later without anybody changing it.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Problem(problem) => matches!(problem.status, 408 | 425 | 429 | 502 | 503 | 504),
            _ => false,
        }
    }

    /// How long the server asked to wait, if it did.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Problem(problem) => problem.retry_after_ms.map(Duration::from_millis),
            _ => None,
        }
    }
}
