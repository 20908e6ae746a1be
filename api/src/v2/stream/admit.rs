//! Who may begin a live connection: by the header's token, or by a first `auth` message.

use std::time::Duration;

use actix_ws::AggregatedMessage;
use application::identity::Network;
use futures_util::stream::StreamExt;
use tokio::time::timeout;

use super::end::{CLOSE_AUTH, CLOSE_TRY_LATER, End};
use super::message::{FromClient, read};
use super::session::Connection;
use crate::caller::{Caller, authenticate_newest};
use crate::feeds::OpenFeed;
use crate::problem::{Code, Problem};

/// How long a connection without a token may take to bring one.
const AUTH_S_MAX: Duration = Duration::from_secs(5);

impl Connection {
    /// Lets a caller in, and counts the feed.
    pub(super) async fn admit(&mut self, caller: Option<Caller>) -> Result<(Caller, OpenFeed), End> {
        let caller = match caller {
            Some(caller) => caller,
            None => self.introduced().await?,
        };
        let open = self
            .app
            .feeds
            .open(caller.account, caller.device, "stream")
            .map_err(|full| End::Close(CLOSE_TRY_LATER, full))?;
        Ok((caller, open))
    }

    async fn introduced(&mut self) -> Result<Caller, End> {
        let refuse = |problem| End::Close(CLOSE_AUTH, problem);
        let missing = || Problem::new(Code::TokenMissing).detail("Send auth {token} within 5 seconds.");
        let first = timeout(AUTH_S_MAX, self.messages.next()).await;
        let bytes = match first {
            Ok(Some(Ok(AggregatedMessage::Text(text)))) => text.into_bytes(),
            Ok(Some(Ok(AggregatedMessage::Binary(bytes)))) => bytes,
            Ok(None | Some(Err(_))) => return Err(End::Gone),
            _ => return Err(refuse(missing())),
        };
        let bytes = self.wire.opened(bytes).await?;
        match read(self.wire.format(), &bytes) {
            Ok(FromClient::Auth { token }) => {
                let caller = authenticate_newest(&self.app, &token).await.map_err(refuse)?;
                Ok(Caller { network: self.address.map(Network::of), ..caller })
            }
            _ => Err(refuse(missing())),
        }
    }
}
