//! The live connection: subscribes from a cursor, yields what the server says, and comes back by itself after every cut
//! from the last cursor that it yielded. So a caller that applies each message it gets sees no gap and no duplicate.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

use super::error::{ClientError, Problem};
use super::heard::{Heard, Said};
use super::retry;
use super::session::Session;
use super::socket::{Event, Socket};

/// The server's word for "this token opens nothing here any more".
const CLOSE_AUTH: u16 = 4401;
/// The one reason for it that another token mends.
const TOKEN_EXPIRED: &str = "token_expired";

/// A subscription to the caller's own space that outlives its connections.
pub struct Live {
    session: Arc<Session>,
    cursor: Option<String>,
    acked: Option<String>,
    token: String,
    link: Link,
    been_up: bool,
    failures: u32,
    away_since: Instant,
    patience: Option<Duration>,
    server_asked: Option<Duration>,
    reads_all: bool,
    compressed: bool,
}

enum Link {
    Up(Box<Socket>),
    Down { until: Instant },
}

impl Live {
    /// Listens from `cursor`, or from the beginning of the log without one. Connects at the first `next`.
    #[must_use]
    pub fn from(session: Arc<Session>, cursor: Option<String>) -> Self {
        let now = Instant::now();
        Self {
            session,
            cursor,
            acked: None,
            token: String::new(),
            link: Link::Down { until: now },
            been_up: false,
            failures: 0,
            away_since: now,
            patience: None,
            server_asked: None,
            reads_all: false,
            compressed: false,
        }
    }

    /// Fails once the connection has been away for that long. Without it, it tries for ever.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// Wants every change, also when a snapshot would be shorter.
    #[must_use]
    pub fn reading_all(self, reads_all: bool) -> Self {
        Self { reads_all, ..self }
    }

    /// Asks the server to compress what it says.
    #[must_use]
    pub fn compressed(mut self, compressed: bool) -> Self {
        self.compressed = compressed;
        self
    }

    /// The cursor of the last changes that were yielded.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// The next thing heard. Nothing is lost when the future is dropped before it is ready. An error is for good.
    pub async fn next(&mut self) -> Result<Heard, ClientError> {
        loop {
            match &mut self.link {
                Link::Down { until } => {
                    sleep_until(*until).await;
                    return match self.connect().await {
                        Ok(()) => Ok(Heard::Connected { again: std::mem::replace(&mut self.been_up, true) }),
                        Err(error) if error.is_transient() => {
                            self.server_asked = error.retry_after();
                            self.lost(error.to_string())
                        }
                        Err(error) => Err(error),
                    };
                }
                Link::Up(socket) => match socket.read().await {
                    Event::Message(message) => {
                        if let Some(heard) = self.hear(message).await? {
                            return Ok(heard);
                        }
                    }
                    Event::Beat => self.beat().await,
                    Event::Cut { code: Some(CLOSE_AUTH), reason, why } if reason != TOKEN_EXPIRED => {
                        return Err(revoked(why));
                    }
                    Event::Cut { why, .. } => return self.lost(why),
                },
            }
        }
    }

    /// Sends transactions; the answer is the `Receipts` with the same `id`.
    pub async fn send(&mut self, id: u64, sent_at: i64, transactions: &[Value]) -> Result<(), ClientError> {
        let message = json!({ "type": "transactions", "id": id, "sent_at": sent_at, "transactions": transactions });
        self.say(&message).await
    }

    /// Goes on from another cursor, on this connection if there is one.
    pub async fn resume(&mut self, cursor: Option<String>) {
        self.cursor = cursor;
        // A connection that breaks here is noticed by the next read, which subscribes anew.
        let _ = self.subscribe().await;
    }

    /// Cuts the connection without a word, as a train in a tunnel does; `next` brings it back.
    pub fn cut(&mut self) {
        self.link = Link::Down { until: Instant::now() };
    }

    /// Says how far it has read, and goodbye.
    pub async fn close(mut self) {
        self.beat().await;
        if let Link::Up(socket) = &mut self.link {
            socket.close().await;
        }
    }

    async fn connect(&mut self) -> Result<(), ClientError> {
        self.token = self.session.access_token().await?;
        let socket = match Socket::open(self.session.server(), &self.token, self.compressed).await {
            Err(refused) if refused.status() == Some(401) => {
                self.token = self.session.renewed(&self.token).await?;
                Socket::open(self.session.server(), &self.token, self.compressed).await?
            }
            outcome => outcome?,
        };
        self.link = Link::Up(Box::new(socket));
        self.subscribe().await
    }

    async fn subscribe(&mut self) -> Result<(), ClientError> {
        let snapshot = if self.reads_all { "never" } else { "auto" };
        let message = json!({ "type": "subscribe", "space": null, "cursor": self.cursor, "snapshot": snapshot });
        self.say(&message).await
    }

    async fn say(&mut self, message: &Value) -> Result<(), ClientError> {
        let why = match &mut self.link {
            Link::Up(socket) => match socket.send(message).await {
                Ok(()) => return Ok(()),
                Err(why) => why,
            },
            Link::Down { .. } => "the live connection is down".to_owned(),
        };
        Err(ClientError::Unreachable { url: self.session.server().stream_url(), why })
    }

    /// The heartbeat, and with it how far this reader has come.
    async fn beat(&mut self) {
        // A send that fails is followed by a read that fails, and that one is handled.
        let _ = self.say(&json!({ "type": "ping" })).await;
        if self.cursor.is_some() && self.cursor != self.acked {
            let _ = self.say(&json!({ "type": "ack", "cursor": self.cursor })).await;
            self.acked.clone_from(&self.cursor);
        }
    }

    /// A refresh that fails for now is left to the reconnection that follows when the old token ends.
    async fn show_new_token(&mut self) -> Result<(), ClientError> {
        match self.session.renewed(&self.token).await {
            Ok(token) => {
                self.token = token;
                let _ = self.say(&json!({ "type": "auth", "token": self.token })).await;
                Ok(())
            }
            Err(error) if error.is_transient() => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn lost(&mut self, why: String) -> Result<Heard, ClientError> {
        let now = Instant::now();
        if matches!(self.link, Link::Up(_)) {
            self.away_since = now;
        }
        if self.patience.is_some_and(|patience| self.away_since + patience <= now) {
            return Err(ClientError::GaveUp { away_s: self.away_since.elapsed().as_secs(), why });
        }
        let retry_in = retry::delay(self.failures, self.server_asked.take());
        self.failures += 1;
        self.link = Link::Down { until: now + retry_in };
        Ok(Heard::Lost { why, retry_in })
    }

    async fn hear(&mut self, message: Value) -> Result<Option<Heard>, ClientError> {
        // Only a server that talks ends a series of failures: one that accepts and hangs up must not be hammered.
        self.failures = 0;
        let said = Said::deserialize(&message)
            .map_err(|error| ClientError::Unreadable { asked: "the live connection".into(), why: error.to_string() })?;
        Ok(match said {
            Said::Changes(page) => {
                self.cursor = Some(page.cursor.clone());
                Some(Heard::Changes(page))
            }
            Said::Receipts { id, receipts } => Some(Heard::Receipts { id, receipts }),
            Said::Reset(reset) => Some(Heard::Reset(reset)),
            Said::Notice => Some(Heard::Notice(message)),
            Said::Error(problem) => {
                // Close codes get lost on some platforms, so the wait is told before the close.
                self.server_asked = problem.retry_after_ms.map(Duration::from_millis);
                Some(Heard::Refused(problem))
            }
            Said::Expiring {} => {
                self.show_new_token().await?;
                None
            }
            Said::Other => None,
        })
    }
}

fn revoked(why: String) -> ClientError {
    let code = "session_revoked".to_owned();
    ClientError::Problem(Box::new(Problem { status: 401, code, detail: Some(why), ..Problem::default() }))
}
