//! A device that listens on the live connection and keeps a replica. The replica refuses what skips, repeats or
//! contradicts itself; the cursor survives every cut.

use std::sync::Arc;

use api::client::{Heard, Live, Replica, Session};
use serde_json::Value;
use tokio::sync::watch;

/// What a listener has heard.
#[derive(Default)]
pub(crate) struct Listened {
    pub(crate) replica: Replica,
    /// Notices, by code.
    pub(crate) notices: Vec<Value>,
    /// Why connections were lost.
    pub(crate) losses: Vec<String>,
}

/// Listens until the replica has come as far as the target says, once it says so.
pub(crate) async fn listen(
    session: Arc<Session>,
    cursor: watch::Sender<Option<String>>,
    mut target: watch::Receiver<Option<i64>>,
) -> Listened {
    let mut live = Live::from(session, None);
    let mut listened = Listened::default();
    loop {
        let position = listened.replica.position();
        if target.borrow_and_update().is_some_and(|target| position >= target) {
            live.close().await;
            return listened;
        }
        let heard = tokio::select! {
            heard = live.next() => heard.expect("a live connection comes back"),
            changed = target.changed() => {
                if changed.is_err() {
                    // The test is over before its end; whoever ended it says why.
                    return listened;
                }
                continue;
            }
        };
        match heard {
            Heard::Changes(page) => {
                listened.replica.apply(&page).expect("the feed has no gap and no duplicate");
                cursor.send_replace(Some(page.cursor));
            }
            Heard::Lost { why, .. } => listened.losses.push(why),
            Heard::Notice(notice) => listened.notices.push(notice),
            Heard::Refused(problem) => assert_eq!(problem.code, "unavailable", "{problem}"),
            Heard::Reset(reset) => panic!("the log of a living server was reset: {reset:?}"),
            Heard::Receipts { .. } => panic!("a receipt for nothing"),
            Heard::Connected { .. } => {}
        }
    }
}
