//! The connections that are open, and which of them are still owed something: what a server that stops waits for.
//!
//! A live connection that was told to come back is owed nothing more. Its client waits for the server to go away, and the server
//! used to wait for the client; so neither did, for as long as a client may take to close its side.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::dev::Extensions;
use tokio::sync::watch;

/// How many connections are owed something. Clones share the count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connections(Arc<watch::Sender<usize>>);

/// One connection, for as long as it is open.
#[derive(Debug)]
pub(crate) struct Open {
    connections: Connections,
    is_owed: AtomicBool,
}

impl Connections {
    /// Counts each connection that comes, and leaves its count with it.
    pub(crate) fn counting(&self) -> impl Fn(&dyn Any, &mut Extensions) + Send + Sync + 'static + use<> {
        let connections = self.clone();
        move |_, data| drop(data.insert(connections.open()))
    }

    /// Counts a new one.
    fn open(&self) -> Arc<Open> {
        self.0.send_modify(|owed| *owed += 1);
        Arc::new(Open { connections: self.clone(), is_owed: AtomicBool::new(true) })
    }

    /// Waits until none is owed anything.
    pub(crate) async fn settled(&self) {
        // The sender lives in what is borrowed here, so waiting cannot fail.
        drop(self.0.subscribe().wait_for(|owed| *owed == 0).await);
    }
}

impl Open {
    /// Everything was said on it that will be.
    pub(crate) fn settle(&self) {
        if self.is_owed.swap(false, Ordering::AcqRel) {
            self.connections.0.send_modify(|owed| *owed = owed.saturating_sub(1));
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.settle();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_connection_is_waited_for_until_it_is_gone_or_everything_was_said_on_it() {
        let connections = Connections::default();
        assert!(connections.settled().now_or_never().is_some(), "nobody is there");
        let (one, two) = (connections.open(), connections.open());
        one.settle();
        one.settle();
        assert!(connections.settled().now_or_never().is_none(), "the other is still served");
        drop(one);
        assert!(connections.settled().now_or_never().is_none(), "nobody counts twice");
        drop(two);
        assert!(connections.settled().now_or_never().is_some());
    }
}
