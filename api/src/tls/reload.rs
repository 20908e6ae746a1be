//! Shows a new certificate once both of its files are there. While one is written and the other is not, or when they are
//! wrong, the old one stays.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::{Certificate, PairError, pair};

/// How often the files are compared with what is shown.
const POLL_S: u64 = 2;

/// What came of a look at the files.
#[derive(Debug)]
pub(super) enum Look {
    /// They are what is shown.
    Same,
    /// They are new, and shown from now on.
    Taken,
    /// They cannot be shown; the digest names this state of them, if they could be read.
    Wrong(PairError, Option<[u8; 32]>),
}

impl Certificate {
    /// Looks at the files every other second, and at once on SIGHUP, until `stop`. What cannot be shown is told of once.
    pub async fn follow(self, stop: CancellationToken) {
        let mut ticks = interval(Duration::from_secs(POLL_S));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut hangups = signal(SignalKind::hangup()).ok();
        let mut complained = None;
        loop {
            let asked = async {
                match &mut hangups {
                    Some(hangups) => drop(hangups.recv().await),
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => {}
                () = asked => {}
            }
            let certificate = self.clone();
            // A disk may take its time.
            let Ok(look) = tokio::task::spawn_blocking(move || certificate.look()).await else { continue };
            complained = tell(look, complained);
        }
    }

    /// Compares the files with what is shown, and takes them if they are another good pair.
    pub(super) fn look(&self) -> Look {
        let content = match pair::content(&self.files) {
            Ok(content) if content.digest == self.digest() => return Look::Same,
            Ok(content) => content,
            Err(error) => return Look::Wrong(error, None),
        };
        match pair::parse(&self.files, &content) {
            Ok(pair) => {
                self.show(pair);
                Look::Taken
            }
            Err(error) => Look::Wrong(error, Some(content.digest)),
        }
    }
}

/// What was complained of last, so that it is not said again.
fn tell(look: Look, complained: Option<Option<[u8; 32]>>) -> Option<Option<[u8; 32]>> {
    match look {
        Look::Same => None,
        Look::Taken => {
            tracing::info!("a new certificate is shown from now on");
            None
        }
        Look::Wrong(_, state) if complained == Some(state) => complained,
        Look::Wrong(error, state) => {
            tracing::warn!(error.cause = %error, "the certificate changed and cannot be shown; the old one stays");
            Some(state)
        }
    }
}
