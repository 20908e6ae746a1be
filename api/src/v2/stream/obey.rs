//! What a client's message leads to.

use std::time::Duration;

use actix_web::web;
use actix_ws::AggregatedMessage;
use application::feed::Leap;
use application::sync_history::Channel;
use infrastructure::request_name;
use serde_json::{Value, json};
use tokio::time::Instant;
use tracing::{Instrument, Span};

use super::charge::charge;
use super::end::{CLOSE_AUTH, End};
use super::message::{FromClient, Unread, read};
use super::session::Connection;
use crate::caller::{Caller, authenticate_newest};
use crate::problem::{Code, Problem};
use crate::state::App;
use crate::v2::feed::cursor;
use crate::v2::noting::Noting;
use crate::v2::write::submit;

/// After how long a silence the other side is not there.
pub(super) const SILENCE_S_MAX: Duration = Duration::from_secs(60);

/// What cannot be done, and about which message; the connection stays usable.
type Refused = (Problem, Value);

impl Connection {
    /// Does what was asked. A caller comes back when somebody has shown a fresh token.
    pub(super) async fn message(&mut self, caller: &Caller, message: AggregatedMessage) -> Result<Option<Caller>, End> {
        self.heard = Instant::now();
        let bytes = match message {
            AggregatedMessage::Text(text) => text.into_bytes(),
            AggregatedMessage::Binary(bytes) => bytes,
            AggregatedMessage::Ping(bytes) => {
                self.wire.pong(&bytes).await?;
                return Ok(None);
            }
            AggregatedMessage::Pong(_) => return Ok(None),
            AggregatedMessage::Close(_) => return Err(End::Gone),
        };
        let bytes = self.wire.opened(bytes).await?;
        let done = match read(self.wire.format(), &bytes) {
            Ok(message) => {
                let span = span(caller, &message);
                self.obey(caller, message).instrument(span).await?
            }
            Err(unread) => Err(alone(charge(&self.app, caller, self.address, None).err().unwrap_or(unread))),
        };
        match done {
            Ok(fresh) => Ok(fresh),
            Err((problem, about)) => {
                self.wire.error(&problem, Some(&about)).await?;
                Ok(None)
            }
        }
    }

    async fn obey(&mut self, caller: &Caller, message: FromClient) -> Result<Result<Option<Caller>, Refused>, End> {
        if let Err(refused) = charge(&self.app, caller, self.address, Some(&message)) {
            return Ok(Err((refused, message.about())));
        }
        let done = match message {
            FromClient::Auth { token } => return Ok(shown(&self.app, caller, &token).await?.map(Some).map_err(alone)),
            FromClient::Ping => {
                self.wire.send(&json!({ "type": "pong" })).await?;
                Ok(())
            }
            FromClient::Subscribe { space, cursor, snapshot } => {
                self.subscribe(caller, space, cursor.as_deref(), snapshot.into())
            }
            FromClient::Transactions { id, sent_at, transactions } => self.write(caller, id, sent_at, transactions),
            FromClient::Ack { cursor } => self.acknowledge(caller, &cursor).await.map_err(alone),
        };
        Ok(done.map(|()| None))
    }

    fn subscribe(
        &mut self,
        caller: &Caller,
        space: Option<uuid::Uuid>,
        token: Option<&str>,
        leap: Leap,
    ) -> Result<(), Refused> {
        if space.is_some_and(|space| space != caller.space.0) {
            return Err(alone(Problem::new(Code::SpaceUnknown)));
        }
        let from = cursor(caller, token).map_err(alone)?;
        self.reader = Some(self.app.readers.open(caller.space, from).with_leap(leap).near(0));
        self.behind = true;
        Ok(())
    }

    fn write(&mut self, caller: &Caller, id: Value, sent_at: Option<i64>, transactions: Unread) -> Result<(), Refused> {
        let noting = Noting::begin(&self.app, caller, Channel::Stream);
        match submit(&self.app, caller, noting, sent_at, transactions.read(caller.space)) {
            Ok(written) => {
                self.writes.push_back(Box::pin(async move { (id, written.await) }));
                Ok(())
            }
            Err(problem) => Err((problem, id)),
        }
    }

    async fn acknowledge(&self, caller: &Caller, token: &str) -> Result<(), Problem> {
        if let Some(cursor) = cursor(caller, Some(token))? {
            self.app.readers.log().acknowledge(caller.space, caller.device, cursor.position).await?;
        }
        Ok(())
    }
}

/// The span around a message, as that around a request. Its name is that of the request which opened the connection.
fn span(caller: &Caller, message: &FromClient) -> Span {
    let request = request_name::current();
    tracing::info_span!(
        "message",
        message.kind = message.kind(),
        request.id = request.as_deref(),
        account.id = %caller.account,
        device.id = %caller.device,
    )
}

/// What cannot be done of a message that has no id.
fn alone(problem: Problem) -> Refused {
    (problem, Value::Null)
}

/// A fresh token of the same account and device takes the place of the old one; its session may be another, if that
/// one goes on. A bad one leaves the old in force, and somebody else's ends the connection.
async fn shown(app: &web::Data<App>, caller: &Caller, token: &str) -> Result<Result<Caller, Problem>, End> {
    match authenticate_newest(app, token).await {
        Ok(fresh) if (fresh.account, fresh.device) == (caller.account, caller.device) => {
            Ok(Ok(Caller { network: caller.network, ..fresh }))
        }
        Ok(_) => Err(End::Close(CLOSE_AUTH, Problem::new(Code::TokenInvalid))),
        Err(problem) => Ok(Err(problem)),
    }
}
